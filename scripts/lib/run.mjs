// Child processes for the scripts: argument vectors only, output streamed or kept, whole process groups ended.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** npm and code are .cmd files on Windows, which Node starts only through a shell. Our arguments there are fixed words. */
const needsShell = (command) => process.platform === 'win32' && /^(npm|npx|code)$/.test(command)

/**
 * Runs a command to its end and resolves to its standard output; rejects with the last lines it printed when it fails.
 * `quiet` keeps the output to itself, otherwise it is passed on.
 */
export async function run(command, args, { cwd, env = process.env, quiet = false } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: needsShell(command) })
  let stdout = ''
  let tail = ''
  const keep = (text) => {
    tail = (tail + text).slice(-6000)
    if (!quiet) process.stdout.write(text)
  }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    keep(text)
  })
  child.stderr.setEncoding('utf8').on('data', keep)
  const [code, signal] = await once(child, 'close')
  if (code === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}\n${quiet ? tail : ''}`)
}

/** True if `command args` starts and exits with 0. */
export async function succeeds(command, args) {
  try {
    await run(command, args, { quiet: true })
    return true
  } catch {
    return false // absent or failing: that is the answer
  }
}

/**
 * Starts a long-lived process with everything that it will start in one group, which ends when `stop` is called or when this
 * process ends for whatever reason. `output()` is the tail of what it printed.
 */
export function startGroup(command, args, { cwd, env = process.env } = {}) {
  const keeper = path.join(path.dirname(fileURLToPath(import.meta.url)), 'keeper.mjs')
  const child = spawn(process.execPath, [keeper, command, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let tail = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (tail = (tail + text).slice(-20000)))
  const exited = once(child, 'exit')
  child.stdin.on('error', () => undefined) // it ended before we did
  return {
    process: child,
    exited,
    output: () => tail,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      child.stdin.end()
      await exited
    },
  }
}

/**
 * Polls `probe` until it resolves to something truthy; rejects after `timeout` ms, or at once when `failed()` gives a reason.
 * @template T
 * @param {() => T | Promise<T>} probe
 * @param {string} what
 * @param {{ timeout?: number, failed?: () => string | false | undefined }} options
 */
export async function until(probe, what, { timeout = 120_000, failed = () => undefined } = {}) {
  const deadline = Date.now() + timeout
  for (;;) {
    const result = await probe()
    if (result) return result
    const reason = failed()
    if (reason) throw new Error(`${what}: ${reason}`)
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeout / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
