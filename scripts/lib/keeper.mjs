// Runs a command in its own process group and ends the whole group when this process is told to, or when whoever started it
// is gone for whatever reason (its end of our standard input closes). `node keeper.mjs COMMAND ARG…`
import { spawn } from 'node:child_process'

const [command, ...args] = process.argv.slice(2)
const windows = process.platform === 'win32'
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !windows })

function signalGroup(name) {
  if (windows) return void spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'])
  try {
    process.kill(-child.pid, name)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error // ESRCH: the group is gone already
  }
}

let ending = false
function end() {
  if (ending) return
  ending = true
  signalGroup('SIGTERM')
  setTimeout(() => signalGroup('SIGKILL'), 4000).unref()
}

child.on('error', (error) => {
  console.error(`${command}: ${error.message}`)
  process.exit(127)
})
child.on('exit', (code) => {
  signalGroup('SIGKILL') // what the command started and left behind
  process.exit(code ?? 1)
})
process.stdin.on('end', end).on('error', end).resume()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, end)
