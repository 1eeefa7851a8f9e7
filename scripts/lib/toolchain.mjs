// What building, starting and testing need beyond the checkout, installed on demand into a per-user cache that all clones share.
// A broken install is never taken for whole: it is renamed into place, or marked, only when it is finished.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, succeeds } from './run.mjs'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const windows = process.platform === 'win32'

/** A variable's folder; nothing where it is empty or relative, which counts as unset by the XDG Base Directory Specification. */
const folderOf = (variable) => (path.isAbsolute(process.env[variable] ?? '') ? process.env[variable] : undefined)

/** The cache: `MLFLOW_LENS_CACHE`, else the platform's own place for caches. */
export const cacheDir =
  folderOf('MLFLOW_LENS_CACHE') ??
  path.join(
    windows
      ? (folderOf('LOCALAPPDATA') ?? os.homedir())
      : (folderOf('XDG_CACHE_HOME') ??
          path.join(os.homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')),
    'mlflow-lens',
  )

export const codeServerVersion = '4.139.1'

/** Node 24 of the npm package `node`: what VS Code runs extensions on. There after `ensureDependencies`. */
export const node24 = path.join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')

/** What an npm tells the scripts it runs of itself; an npm that they run must not take it for its own. */
const saidByNpm = /^npm_(config_user_agent|node_execpath|execpath|command|lifecycle_\w+|package_\w+)$/

/** Environment with Node 24 first on PATH. */
export const nodeEnv = (extra = {}) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !saidByNpm.test(name))),
  PATH: `${path.dirname(node24)}${path.delimiter}${process.env.PATH ?? ''}`,
  ...extra,
})

export const step = (text) => console.log(`\u2022 ${text}`)

/** Installs `final` by `make(temporary)` unless it is there. */
export async function installOnce(final, what, make) {
  if (existsSync(final)) return final
  step(`installing ${what} into ${final}`)
  mkdirSync(path.dirname(final), { recursive: true })
  const temporary = `${final}.tmp-${process.pid}`
  rmSync(temporary, { recursive: true, force: true })
  try {
    await make(temporary)
    try {
      renameSync(temporary, final)
    } catch (error) {
      if (!existsSync(final)) throw error // otherwise another clone finished first: use its install
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
  return final
}

/** `npm ci`, unless node_modules already matches package-lock.json. */
export async function ensureDependencies() {
  const lock = path.join(root, 'package-lock.json')
  const installed = path.join(root, 'node_modules', '.package-lock.json')
  if (existsSync(installed) && existsSync(node24) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  step('installing npm packages (npm ci)')
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, quiet: true })
}

/** Debian packages: installed where we are root, otherwise named with the command that installs them. */
export async function ensureSystemPackages(packages, why) {
  if (process.platform !== 'linux' || !(await succeeds('dpkg', ['--version']))) return
  const missing = []
  for (const name of packages) if (!(await succeeds('dpkg', ['-s', name]))) missing.push(name)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0)
    throw new Error(`${why} needs system packages that are not installed. Run: sudo ${command}`)
  step(`${why} needs system packages: ${command}`)
  await run('apt-get', ['update'], { quiet: true })
  await run('apt-get', command.split(' ').slice(1), {
    quiet: true,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

/** The npm package `code-server`, which carries a built VS Code server; resolves to its `lib/vscode/out/server-main.js`. */
export async function ensureCodeServer() {
  await ensureSystemPackages(
    ['libkrb5-dev', 'libx11-dev', 'libxkbfile-dev', 'libsecret-1-dev', 'g++', 'make', 'python3'],
    'compiling the add-ons of code-server',
  )
  const folder = await installOnce(
    path.join(cacheDir, `code-server-${codeServerVersion}`),
    `code-server ${codeServerVersion} (620 MB, a few minutes)`,
    (temporary) => {
      mkdirSync(temporary, { recursive: true })
      // Headers of the Node that is installed spare node-gyp a download; the add-ons use the stable Node-API.
      const prefix = windows
        ? undefined
        : ['/usr', '/usr/local', path.resolve(process.execPath, '../..')].find((p) =>
            existsSync(path.join(p, 'include/node/node_api.h')),
          )
      return run(
        'npm',
        ['install', '--no-audit', '--no-fund', '--prefix', temporary, `code-server@${codeServerVersion}`],
        {
          cwd: temporary,
          quiet: true,
          env: nodeEnv(prefix ? { npm_config_nodedir: prefix } : {}),
        },
      )
    },
  )
  return path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js')
}

/** A Chromium for the browser suites; resolves to its executable. */
export async function ensureChromium() {
  const candidates = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ]
  const find = () => candidates.find((file) => file && existsSync(file))
  const found = find()
  if (found) return found
  await ensureSystemPackages(['chromium'], 'the browser suite')
  const installed = find()
  if (!installed) throw new Error('No Chromium or Chrome found. Install one, or set CHROMIUM_PATH to its executable.')
  return installed
}

/** Python of a virtual environment holding what `test/python/<name>.txt` pins; keyed by the file's content. */
export async function ensurePython(name) {
  const requirements = path.join(root, 'test/python', `${name}.txt`)
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8)
  const folder = path.join(cacheDir, `python-${name}-${key}`)
  const bin = (base, file) => path.join(base, windows ? 'Scripts' : 'bin', windows ? `${file}.exe` : file)
  const python = process.env.PYTHON ?? (windows ? 'python' : 'python3')
  const whole = path.join(folder, '.whole') // written last: a virtual environment knows its own path, so it can't be renamed
  if (existsSync(whole)) return bin(folder, 'python')
  if (!(await succeeds(python, ['-c', 'import venv, ensurepip, sys; assert sys.version_info >= (3, 10)'])))
    await ensureSystemPackages(['python3', 'python3-venv'], 'the real MLflow')
  step(`installing ${name} for tests into ${folder} (a minute or two)`)
  rmSync(folder, { recursive: true, force: true })
  await run(python, ['-m', 'venv', folder], { quiet: true })
  await run(bin(folder, 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements], { quiet: true })
  writeFileSync(whole, '')
  return bin(folder, 'python')
}
