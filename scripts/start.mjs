// `npm start`: installs, builds, and opens a VS Code with the extension on a copy of demo/.
// `npm start -- --headless`: only serves the workbench on loopback and prints where.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { ended, underNode24 } from './lib/node24.mjs'
import { run, succeeds } from './lib/run.mjs'
import { root, step } from './lib/toolchain.mjs'
import { copyDemo, serveWorkbench } from './lib/workbench.mjs'

const headless = process.argv.includes('--headless')
const oldestVSCode = [1, 105]

try {
  await underNode24()
  step('building the extension')
  await run(process.execPath, ['esbuild.mjs'], { cwd: root })
  await ((!headless && ((await openInstalled()) || (await openDownloaded()))) || serve())
} catch (error) {
  console.error(`npm start: ${error.message}`)
  process.exitCode = 1
}

/** Opens the `code` on PATH; false where there is none that is new enough. */
async function openInstalled() {
  if (!(await succeeds('code', ['--version']))) return skip('no `code` on PATH')
  const version = (await run('code', ['--version'], { quiet: true })).split('\n')[0] ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVSCode[0] || (major === oldestVSCode[0] && minor < oldestVSCode[1]))
    return skip(`\`code\` on PATH is ${version}; the extension needs ${oldestVSCode.join('.')} or later`)
  const demo = copyDemo()
  step(`opening VS Code ${version}, the \`code\` on PATH`)
  await run('code', ['--new-window', `--extensionDevelopmentPath=${root}`, '--disable-workspace-trust', demo])
  console.log(`ready window of VS Code ${version} on ${demo}`)
  return true
}

/** Opens a VS Code that @vscode/test-electron downloads; false where it can't be downloaded. */
async function openDownloaded() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return skip('no display for a VS Code window')
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron')
  let executable
  try {
    executable = await downloadAndUnzipVSCode({ version: 'stable', cachePath: path.join(root, '.vscode-test') })
  } catch (error) {
    return skip(`VS Code can't be downloaded here (${error.message})`)
  }
  const demo = copyDemo()
  step('opening the downloaded VS Code')
  const profile = ['user-data', 'extensions'].map((name) => path.join(path.dirname(demo), name))
  spawn(
    executable,
    [
      `--extensionDevelopmentPath=${root}`,
      `--user-data-dir=${profile[0]}`,
      `--extensions-dir=${profile[1]}`,
      '--disable-workspace-trust',
      demo,
    ],
    { detached: true, stdio: 'ignore' },
  ).unref()
  console.log(`ready window of VS Code on ${demo}`)
  return true
}

function skip(reason) {
  step(`${reason}: trying the next way`)
  return false
}

/** Serves the VS Code of the npm package code-server until this process is ended. */
async function serve() {
  step(`serving the VS Code of the npm package code-server${headless ? ' (--headless)' : ''}`)
  const demo = copyDemo()
  const clean = () => rmSync(path.dirname(demo), { recursive: true, force: true })
  let workbench
  try {
    workbench = await serveWorkbench()
  } catch (error) {
    clean()
    throw error
  }
  const url = workbench.url(demo)
  if (!headless && (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY))
    openBrowser(url)
  console.log(`ready ${url}`)
  await Promise.race([ended(), workbench.exited])
  await workbench.stop()
  clean()
  process.exit()
}

function openBrowser(url) {
  const [command, ...args] = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'] }[
    process.platform
  ] ?? ['xdg-open']
  spawn(command, [...args, url], { detached: true, stdio: 'ignore' })
    .on('error', () => step(`no browser could be opened by ${command}: open the address below yourself`))
    .unref()
}
