import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { until } from '../../scripts/lib/run.mjs'

/** Ids of the processes that inherited `mark` in their environment. Linux only: elsewhere there is no such list without a tool. */
function processesMarked(mark: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return (
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark) &&
        !readFileSync(`/proc/${name}/stat`, 'latin1').includes(') Z ')
      )
    } catch {
      return false // it ended while we looked
    }
  })
}

async function startHeadless(mark: string): Promise<{ url: string; child: ReturnType<typeof spawn> }> {
  const child = spawn('npm', ['start', '--', '--headless'], {
    env: { ...process.env, MLFLOW_LENS_TEST_MARK: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // a group of its own, as a shell gives it: Ctrl+C reaches all of it

    shell: process.platform === 'win32',
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const url = await until(
    () => /^ready (http:\/\/127\.0\.0\.1:\d+\/\S+)$/m.exec(output)?.[1],
    'npm start -- --headless',
    {
      failed: () => (child.exitCode === null ? undefined : `it ended: ${output}`),
    },
  )
  return { url, child }
}

test.skipIf(process.platform !== 'linux').each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'npm start -- --headless serves the workbench and, ended by %s, leaves no process behind',
  { timeout: 180_000 },
  async (signal) => {
    const mark = `mark-${randomUUID()}`
    const { url, child } = await startHeadless(mark)
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('workbench')
    expect(processesMarked(mark).length).toBeGreaterThan(2)
    if (signal === 'SIGINT') process.kill(-(child.pid ?? 0), signal)
    else child.kill(signal)
    await once(child, 'exit')
    await until(() => processesMarked(mark).length === 0, 'end of every process that npm start began', {
      timeout: 30_000,
    })
  },
)
