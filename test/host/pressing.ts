import { setTimeout as delay } from 'node:timers/promises'
import * as vscode from 'vscode'

const limit = 60_000

/** Runs a command of the quick input, as a key would, until `asking` has settled; resolves to its value. */
export async function pressing<Value>(command: string, asking: Thenable<Value>): Promise<Value> {
  const state = { settled: false }
  const settle = (): void => {
    state.settled = true
  }
  asking.then(settle, settle)
  const deadline = Date.now() + limit
  while (!state.settled) {
    if (Date.now() > deadline) throw new Error(`still asking after ${limit / 1000} s of ${command}`)
    await vscode.commands.executeCommand(command)
    await delay(100)
  }
  return asking
}
