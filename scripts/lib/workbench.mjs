// A real VS Code with the extension in it: the VS Code server of the npm package code-server, served on loopback.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { startGroup, until } from './run.mjs'
import { ensureCodeServer, node24, nodeEnv, root } from './toolchain.mjs'

/** No welcome pages, no AI: what the tests and pictures should see. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
}

/** Copies the demo to a new temporary folder; resolves to the copy. */
export function copyDemo() {
  const folder = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-'))), 'demo')
  cpSync(path.join(root, 'demo'), folder, { recursive: true })
  return folder
}

export async function freePort() {
  const server = createServer()
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Serves VS Code with this extension on loopback. `url(folder, { tests })` is the page that opens a workspace
 * folder, running the module `tests` in the extension host where it is given. `stop()` ends the server with all it started and removes its data.
 */
export async function serveWorkbench({ settings = {}, env = {}, trust = false } = {}) {
  const serverMain = await ensureCodeServer()
  const data = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-server-'))
  const writeSettings = (changed) => {
    for (const scope of ['User', 'Machine']) {
      mkdirSync(path.join(data, 'data', scope), { recursive: true })
      writeFileSync(
        path.join(data, 'data', scope, 'settings.json'),
        JSON.stringify({ ...quietSettings, ...settings, ...changed }),
      )
    }
  }
  writeSettings({})
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const server = startGroup(
    node24,
    [
      ...[serverMain, '--host', '127.0.0.1', '--port', String(port), '--server-data-dir', data],
      ...[
        '--without-connection-token',
        '--accept-server-license-terms',
        '--enable-smoke-test-driver',
        '--telemetry-level',
        'off',
      ],
      ...(trust ? [] : ['--disable-workspace-trust']),
    ],
    { env: nodeEnv(env) },
  )
  const answers = () =>
    fetch(origin).then(
      (response) => response.ok,
      () => false,
    ) // refused until it listens
  await until(answers, 'VS Code server', { failed: () => server.hasExited() && `it ended: ${server.output()}` })
  const remote = (file) =>
    `vscode-remote://127.0.0.1:${port}${file.startsWith('/') ? '' : '/'}${file.replaceAll('\\', '/')}`
  return {
    port,
    writeSettings,
    exited: server.exited,
    output: server.output,
    url(folder, { tests, extension = root } = {}) {
      const payload = [
        ['extensionDevelopmentPath', remote(extension)],
        ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
      ]
      return `${origin}/?folder=${encodeURI(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`
    },
    async stop() {
      await server.stop()
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}
