// The scripts' first step: npm packages in place, and this script running on the Node 24 that one of them brings.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { ensureDependencies, node24, nodeEnv } from './toolchain.mjs'

/** Returns only under Node 24; otherwise runs this same script there and exits with its code. */
export async function underNode24() {
  await ensureDependencies()
  if (realpathSync(process.execPath) === realpathSync(node24)) return
  const child = spawn(node24, process.argv.slice(1), { stdio: 'inherit', env: nodeEnv() })
  void ended().then((name) => child.kill(name))
  const code = await new Promise((resolve, reject) =>
    child.once('error', reject).once('exit', (exit) => resolve(exit ?? 130)),
  )
  process.exit(code)
}

/** Resolves to the signal's name when this process is asked to end, or when the npm that started it is gone without a word. */
export function ended() {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => resolve(name))
    if (!process.env.npm_lifecycle_event) return
    const callers = [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1) // npm, or npm behind a shell
    setInterval(() => callers.every(isAlive) || resolve('SIGTERM'), 500).unref()
  })
}

/** 0 where the system has no /proc. */
function parentOf(pid) {
  const status = `/proc/${pid}/status`
  return existsSync(status) ? Number(/^PPid:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) : 0
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM' // there, but another user's
  }
}
