/** What VS Code calls to run the suites of this folder inside its extension host. Results go to a file that the runner waits for. */
import { renameSync, writeFileSync } from 'node:fs'
import Mocha from 'mocha'

export interface HostResults {
  readonly passed: number
  readonly failed: number
  readonly failures: readonly { readonly title: string; readonly message: string }[]
  readonly output: string
}

export async function run(): Promise<void> {
  const file = process.env.MLFLOW_LENS_RESULTS
  if (!file) throw new Error('MLFLOW_LENS_RESULTS names no file for the results')
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: 60_000,
    color: false,
    ...(process.env.MLFLOW_LENS_GREP && { grep: process.env.MLFLOW_LENS_GREP }),
  })
  mocha.suite.emit('pre-require', globalThis, 'all suites', mocha)
  await import('glob:suites')

  const lines: string[] = []
  const failures: { title: string; message: string }[] = []
  let passed = 0
  const write = (error?: unknown): void => {
    const broken =
      error === undefined
        ? []
        : [{ title: 'the run itself', message: error instanceof Error ? (error.stack ?? error.message) : 'unknown' }]
    const results: HostResults = {
      passed,
      failed: failures.length + broken.length,
      failures: [...failures, ...broken],
      output: lines.join('\n'),
    }
    writeFileSync(`${file}.part`, JSON.stringify(results))
    renameSync(`${file}.part`, file)
  }
  try {
    const failed = await new Promise<number>((resolve) => {
      mocha
        .run(resolve)
        .on('pass', (test) => {
          passed++
          lines.push(`  ok ${test.fullTitle()} (${String(test.duration ?? 0)} ms)`)
        })
        .on('fail', (test, error: Error) => {
          failures.push({ title: test.fullTitle(), message: error.stack ?? error.message })
          lines.push(`  FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`)
        })
    })
    write()
    if (failed > 0) throw new Error(`${failed} tests failed`)
  } catch (error) {
    if (failures.length === 0) write(error)
    throw error
  }
}
