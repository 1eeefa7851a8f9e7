/** A process with all that it starts: begun together, ended together. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

const windows = process.platform === 'win32'
const grace = 5_000 // milliseconds between asking to end and killing
const reaping = 2_000 // milliseconds that the system may take to clear away what was killed

export interface GroupExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ProcessGroup {
  readonly pid: number
  /** Resolves when its first process has ended and what that left behind is ended too. */
  readonly exited: Promise<GroupExit>
  /** Asks all to end, kills them after a few seconds; resolves when they are gone. */
  stop(): Promise<void>
}

const living = new Set<number>()
// The last resort, should the host end without disposing of its launcher.
process.on('exit', () => living.forEach((pid) => signalGroup(pid, 'SIGKILL')))

/**
 * Starts `command` from an argument vector, in a group of its own. Its standard input is a pipe that stays empty and open for as
 * long as this process lives, so that it can tell when nobody is left to end it.
 * @param onOutput gets what it prints, both streams in the order they arrive
 * @throws the error of `spawn` where it can't be started
 */
export async function startGroup(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  onOutput: (text: string) => void,
): Promise<ProcessGroup> {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command, args, {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: !windows, // a new session, and so a new group
    windowsHide: true,
  })
  const gone = new Promise<GroupExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', onOutput)
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
  child.on('error', () => undefined) // from here on: a signal that could not be sent, which `exited` tells better
  const pid = child.pid
  if (pid === undefined) throw new Error(`${command} has no process id`)
  living.add(pid)

  let ending: Promise<void> | undefined
  const end = (): Promise<void> => (ending ??= endGroup(pid))
  const exited = gone.then(async (exit) => {
    await end()
    await Promise.race([closed, delay(1_000)]) // the last output; a process that left the group may hold the pipes
    child.stdout.destroy()
    child.stderr.destroy()
    living.delete(pid)
    return exit
  })
  return { pid, exited, stop: () => end().then(() => exited.then(() => undefined)) }
}

async function endGroup(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM')
  if (await isGone(pid, grace)) return
  signalGroup(pid, 'SIGKILL')
  await isGone(pid, reaping)
}

async function isGone(pid: number, within: number): Promise<boolean> {
  const deadline = Date.now() + within
  while (groupLives(pid)) {
    if (Date.now() > deadline) return false
    await delay(50)
  }
  return true
}

function groupLives(pid: number): boolean {
  try {
    process.kill(windows ? pid : -pid, 0)
    return true
  } catch {
    return false // no such group
  }
}

/** Windows has no groups and no signals: the tree is ended at once. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (windows) {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    )
    return
  }
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
