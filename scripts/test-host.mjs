// Runs test/host inside a real VS Code: the one @vscode/test-electron downloads where that works, else code-server's.
// `node scripts/test-host.mjs [--grep TEXT] [--editor electron|code-server]`
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser } from './lib/browser.mjs'
import { guardedUsers, startMlflow } from './lib/mlflow.mjs'
import { underNode24 } from './lib/node24.mjs'
import { run, until } from './lib/run.mjs'
import { ensurePython, root, step } from './lib/toolchain.mjs'
import { copyDemo, quietSettings, serveWorkbench } from './lib/workbench.mjs'

await underNode24()
const { values: options } = parseArgs({
  options: { grep: { type: 'string' }, editor: { type: 'string' }, results: { type: 'string' } },
})

const temporary = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-host-'))
const results = options.results ?? path.join(temporary, 'results.json')
const workspace = copyDemo()
const served = copyDemo()
const tests = path.join(root, 'out/test/index.js')
// VS Code's own Git writes to a process that has ended where a test removes its repository, and Mocha takes that for the test's fault.
const settings = { 'git.enabled': false }
const servers = []
const start = async (version, place, database, isGuarded) => {
  const folder = path.join(temporary, place)
  mkdirSync(folder, { recursive: true })
  const server = await startMlflow({ python: await ensurePython(`mlflow-${version}`), folder, database, isGuarded })
  servers.push(server)
  return server.url
}
try {
  await run(process.execPath, ['esbuild.mjs', '--tests'], { cwd: root })
  const python = await ensurePython('mlflow-3')
  step('starting MLflow servers for the host suite')
  // In turn: two at once would take as long, and more memory.
  const plain = await start('3', 'served', path.join(served, 'mlflow.db'))
  const older = await start('2', 'older', path.join(temporary, 'older.db'))
  const guarded = await start('3', 'guarded', path.join(temporary, 'guarded.db'), true)
  const env = {
    MLFLOW_LENS_RESULTS: results,
    MLFLOW_LENS_TEST_PYTHON: python,
    MLFLOW_LENS_TEST_SERVER: plain,
    MLFLOW_LENS_TEST_SERVER_2: older,
    MLFLOW_LENS_TEST_OLDER_DATABASE: path.join(temporary, 'older.db'),
    MLFLOW_LENS_TEST_GUARDED: JSON.stringify({ url: guarded, ...guardedUsers }),
    ...(options.grep && { MLFLOW_LENS_GREP: options.grep }),
  }
  const executable = options.editor === 'code-server' ? undefined : await downloaded()
  if (executable) await inElectron(executable, env)
  else await inCodeServer(env)
  const outcome = JSON.parse(readFileSync(results, 'utf8'))
  console.log(outcome.output)
  for (const failure of outcome.failures) console.log(`FAILED ${failure.title}\n${failure.message}`)
  console.log(`host: ${outcome.passed} passed, ${outcome.failed} failed`)
  process.exitCode = outcome.failed === 0 ? 0 : 1
} finally {
  await Promise.all(servers.map((server) => server.stop()))
  for (const folder of [temporary, path.dirname(workspace), path.dirname(served)])
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

/** The executable of a downloaded VS Code; undefined where it can't be downloaded. */
async function downloaded() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron')
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: path.join(root, '.vscode-test') })
  } catch (error) {
    if (options.editor === 'electron') throw error
    step(`VS Code can't be downloaded here (${error.message}): using code-server`)
    return undefined
  }
}

async function inElectron(vscodeExecutablePath, extensionTestsEnv) {
  const { runTests } = await import('@vscode/test-electron')
  const userData = path.join(temporary, 'user-data')
  mkdirSync(path.join(userData, 'User'), { recursive: true })
  writeFileSync(path.join(userData, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }))
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      extensionTestsEnv,
      launchArgs: [workspace, '--disable-workspace-trust', '--disable-extensions', `--user-data-dir=${userData}`],
    })
  } catch (error) {
    if (!existsSync(results)) throw error // otherwise tests failed, and the results say which
  }
}

async function inCodeServer(env) {
  const workbench = await serveWorkbench({ env, settings })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const messages = []
    page.on('console', (message) => messages.push(message.text()))
    await page.goto(workbench.url(workspace, { tests }))
    await until(() => existsSync(results), 'results of the host suite', { timeout: 900_000 }).catch((error) => {
      throw new Error(`${error.message}\n${messages.slice(-30).join('\n')}`)
    })
  } finally {
    await browser.close()
    await workbench.stop()
  }
}
