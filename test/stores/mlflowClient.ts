/** A real MLflow client in a process of its own, which changes a store while we look at it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import type { MlflowMajor } from './servers'

export interface MlflowClient extends AsyncDisposable {
  /** Calls a function of mlflowClient.py. @throws Error with what it raised */
  call<T = unknown>(name: string, ...given: readonly unknown[]): Promise<T>
}

export async function mlflowClient(version: MlflowMajor, trackingUri: string): Promise<MlflowClient> {
  const executable = await ensurePython(`mlflow-${version}`)
  const script = path.join(import.meta.dirname, 'mlflowClient.py')
  // Where a database lies; MLflow puts artifacts into the current folder's mlruns.
  const cwd = trackingUri.startsWith('sqlite:///') ? path.dirname(trackingUri.slice('sqlite:///'.length)) : os.tmpdir()
  const child = spawn(executable, [script, trackingUri], { cwd, stdio: ['pipe', 'pipe', 'pipe'] })
  const waiting: PromiseWithResolvers<unknown>[] = []
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4000)))
  createInterface(child.stdout).on('line', (line) => {
    const answer = JSON.parse(line) as { result?: unknown; error?: string }
    const asked = waiting.shift()
    if (answer.error === undefined) asked?.resolve(answer.result)
    else asked?.reject(new Error(answer.error))
  })
  const ended = once(child, 'exit').then(() => {
    for (const asked of waiting) asked.reject(new Error(`the client ended: ${complaints}`))
  })
  return {
    call<T>(name: string, ...given: readonly unknown[]) {
      const asked = Promise.withResolvers<unknown>()
      waiting.push(asked)
      child.stdin.write(`${JSON.stringify([name, ...given])}\n`)
      return asked.promise as Promise<T>
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
