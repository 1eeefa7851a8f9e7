/** Launching against the real MLflow 3 and 2: on a server and on a database, to the end and to all the bad ends. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as esbuild from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { type LaunchedRun, type LaunchRequest, startRun } from '../../src/extension/projects/launchedRun'
import { chooseInterpreter, type Interpreter, probeWith } from '../../src/extension/python/interpreter'
import { guardSchema, schemaState, sqliteUri } from '../../src/extension/python/schemaGuard'
import { openStore, type TrackingStore } from '../../src/extension/stores'
import { type MlflowMajor, type MlflowServer, python, startServer } from './servers'
import { workers } from './workers'

const scripts = path.resolve('src/python')
const majors: readonly MlflowMajor[] = ['3', '2']
const minutes = 60_000

let folder = ''
let project = ''
const interpreters = new Map<MlflowMajor, Interpreter>()

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-lens-launch-'))
  project = path.join(folder, 'a project #1')
  await cp('test/fixtures/project', project, { recursive: true })
  for (const major of majors) {
    const candidate = { path: await ensurePython(`mlflow-${major}`), source: 'test' }
    interpreters.set(major, await chooseInterpreter([candidate], probeWith(scripts)))
  }
}, 10 * minutes)

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

function interpreterOf(major: MlflowMajor): Interpreter {
  const interpreter = interpreters.get(major)
  if (!interpreter) throw new Error(`no interpreter with MLflow ${major}`)
  return interpreter
}

/** An empty database as the MLflow of `major` makes it. */
async function freshDatabase(major: MlflowMajor, name: string): Promise<string> {
  const database = path.join(folder, name)
  const program = 'import mlflow, sys; mlflow.MlflowClient(sys.argv[1]).search_experiments()'
  await python(major, ['-c', program, sqliteUri(database)])
  return database
}

interface Launch {
  readonly run: LaunchedRun
  readonly output: () => string
}

async function launch(store: TrackingStore, major: MlflowMajor, request: Partial<LaunchRequest>): Promise<Launch> {
  let output = ''
  const parameters = request.parameters ?? new Map<string, string>()
  const run = await startRun(
    {
      interpreter: interpreterOf(major),
      project,
      entryPoint: 'main',
      envManager: 'local',
      trackingUri: store.uri,
      credentials: undefined,
      allParameters: parameters,
      ...request,
      parameters,
    },
    {
      store,
      scripts,
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_RUN_ID: 'not this one' },
      onOutput(text) {
        output += text
      },
      log: () => undefined,
      isTaken: () => false,
    },
  )
  return { run, output: () => output }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until<Value>(probe: () => Value | undefined, what: string): Promise<Value> {
  const deadline = Date.now() + minutes
  while (Date.now() < deadline) {
    const value = probe()
    if (value !== undefined) return value
    await delay(50)
  }
  throw new Error(`${what}: not within a minute`)
}

describe.each(majors)('MLflow %s', (major) => {
  test(
    'a run is ended also where the process was killed in the middle of a write to the database',
    async () => {
      await using store = await openStore(sqliteUri(await freshDatabase(major, `torn-${major}.db`)), { workers })
      const { run, output } = await launch(store, major, { entryPoint: 'torn' })
      const outcome = await run.ended
      expect(outcome, output()).toMatchObject({ status: 'FAILED', leftover: undefined, stopped: false })
      expect((await store.getRun(outcome.runId ?? '')).info.status).toBe('FAILED')
    },
    5 * minutes,
  )

  describe.each(['database', 'server'] as const)('%s', (kind) => {
    let server: MlflowServer | undefined
    let store: TrackingStore

    beforeAll(async () => {
      if (kind === 'server') server = await startServer({ version: major })
      const uri = server?.url ?? sqliteUri(await freshDatabase(major, `launch-${major}.db`))
      store = await openStore(uri, { workers })
    }, 5 * minutes)

    afterAll(async () => {
      await store[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    })

    test(
      'a run is known while it trains, and finishes',
      async () => {
        const parameters = new Map([
          ['pause', '0.3'],
          ['steps', '12'],
        ])
        const request = { parameters, allParameters: new Map([...parameters, ['label', 'a b']]) }
        const { run, output } = await launch(store, major, {
          ...request,
          experimentName: "it's launched",
          runName: 'named',
        })
        const runId = await run.runId
        if (runId === undefined) throw new Error(output())
        expect((await store.getRun(runId)).info.status).toBe('RUNNING')
        await until(() => (output().includes('step 2') ? true : undefined), 'the first steps')
        expect((await store.getRun(runId)).metrics.has('loss')).toBe(true)

        const outcome = await run.ended
        expect(outcome).toEqual({
          exitCode: 0,
          stopped: false,
          runId,
          status: 'FINISHED',
          explanation: undefined,
          leftover: undefined,
        })
        expect(output()).toContain(`trained ${runId}`)
        const { info, tags, params } = await store.getRun(runId)
        expect((await store.getExperiment(info.experimentId)).name).toBe("it's launched")
        expect(info.runName).toBe('named')
        expect(tags.get('mlflow.source.type')).toBe('PROJECT')
        expect(tags.get('mlflow.source.name')).toBe(project)
        expect(tags.get('mlflow.project.entryPoint')).toBe('main')
        expect(tags.get('label')).toBe('a b')
        expect(Object.fromEntries(params)).toMatchObject({ steps: '12', pause: '0.3' })
        expect((await store.getMetricHistory(runId, 'loss')).values).toHaveLength(12)
        expect(lives(run.pid)).toBe(false)
      },
      2 * minutes,
    )

    test(
      'a project that fails gives a FAILED run and says why',
      async () => {
        const { run } = await launch(store, major, { entryPoint: 'fails' })
        const { status, explanation, exitCode } = await run.ended
        expect({ status, exitCode }).toEqual({ status: 'FAILED', exitCode: 1 })
        expect(explanation).toContain('ValueError: the learning rate is too high')
      },
      2 * minutes,
    )

    test(
      'a launch that dies before its command leaves no run RUNNING',
      async () => {
        const { run } = await launch(store, major, { entryPoint: 'unknown_placeholder' })
        const { runId = '', status, explanation } = await run.ended
        expect(status).toBe('FAILED')
        expect(explanation).toContain('{nowhere}')
        expect((await store.getRun(runId)).info.status).toBe('FAILED')
      },
      2 * minutes,
    )

    test(
      'stopping ends the whole family of processes, and kills the run',
      async () => {
        const { run, output } = await launch(store, major, { entryPoint: 'family' })
        const [, parent, child] = await until(() => /family (\d+) (\d+)/.exec(output()) ?? undefined, 'the family')
        const family = [run.pid, Number(parent), Number(child)]
        expect(family.map(lives)).toEqual([true, true, true])
        await run.stop()
        expect(family.map(lives)).toEqual([false, false, false])
        const { runId = '', status, stopped, leftover } = await run.ended
        expect({ status, stopped, leftover }).toEqual({ status: 'KILLED', stopped: true, leftover: undefined })
        const { info } = await store.getRun(runId)
        expect(info.status).toBe('KILLED')
        expect(info.endTime).toBeGreaterThan(info.startTime ?? Infinity)
      },
      2 * minutes,
    )
  })
})

describe.each(majors)('MLflow %s', (major) => {
  test(
    'when the host is killed, the family of processes ends, and the run with it',
    async () => {
      const uri = sqliteUri(await freshDatabase(major, `killed-${major}.db`))
      const outfile = path.join(folder, 'host.cjs')
      const host = { contents: hostSource, resolveDir: process.cwd(), loader: 'ts' } as const
      await esbuild.build({ stdin: host, outfile, bundle: true, platform: 'node', format: 'cjs' })
      const plan = { interpreter: interpreterOf(major), project, entryPoint: 'family', envManager: 'local' }
      const options = JSON.stringify({ ...plan, trackingUri: uri, scripts })
      const killed = spawn(process.execPath, [outfile, options], { stdio: ['ignore', 'pipe', 'inherit'] })
      let output = ''
      killed.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
      const [, parent, child] = await until(() => /family (\d+) (\d+)/.exec(output) ?? undefined, 'the family')
      killed.kill('SIGKILL')
      const family = [Number(parent), Number(child)]
      await until(() => (family.some(lives) ? undefined : true), 'the end of the family')

      await using store = await openStore(uri, { workers })
      const status = async (): Promise<string | undefined> => {
        for await (const runs of store.searchRuns({ experimentIds: ['0'] })) return runs.info(0).status
        return undefined
      }
      await expect.poll(status, { timeout: minutes }).toBe('FAILED')
    },
    2 * minutes,
  )
})

/** What an extension host does to launch, alone in a process that can be killed. */
const hostSource = `
import { launch } from './src/extension/projects/launch'
const { scripts, ...plan } = JSON.parse(process.argv[2] ?? '')
const empty = { parameters: new Map(), credentials: undefined, experiment: { id: '0' } }
const onOutput = (text: string) => process.stdout.write(text)
void launch({ ...plan, ...empty }, { env: process.env, scripts, onOutput })
`

describe('an older database under a newer MLflow', () => {
  let database = ''
  beforeAll(async () => {
    database = await freshDatabase('2', 'old.db')
  }, 2 * minutes)

  const guard = (major: MlflowMajor, answer: boolean) => {
    const asked: unknown[] = []
    const mayUpgrade = (upgrade: unknown): Promise<boolean> => {
      asked.push(upgrade)
      return Promise.resolve(answer)
    }
    const log = (): void => undefined
    return { asked, done: guardSchema(interpreterOf(major), database, { scripts, mayUpgrade, log }) }
  }
  const digest = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(database))
      .digest('hex')

  test('the MLflow that made it may open it, unasked', async () => {
    const { asked, done } = guard('2', false)
    await expect(done).resolves.toBeUndefined()
    expect(asked).toEqual([])
  })

  test('the newer one may not, when the user says no; the file stays as it was', async () => {
    const before = await digest()
    const { asked, done } = guard('3', false)
    await expect(done).rejects.toThrow('Nothing was started: mlflow 3')
    expect(asked).toMatchObject([{ database, revision: interpreterOf('2').head, head: interpreterOf('3').head }])
    expect(await digest()).toBe(before)
  })

  test(
    'it is backed up and upgraded when the user says yes, after which the older one is refused',
    async () => {
      const backup = (await guard('3', true).done) ?? ''
      expect(backup.startsWith(`${database}.backup-${interpreterOf('2').head}-`)).toBe(true)
      expect(await schemaState(interpreterOf('2'), backup, { scripts })).toEqual({ kind: 'same' })
      expect(await schemaState(interpreterOf('3'), database, { scripts })).toEqual({ kind: 'same' })
      await expect(guard('3', false).done).resolves.toBeUndefined()
      await expect(guard('2', true).done).rejects.toThrow('a newer MLflow made it')
    },
    2 * minutes,
  )

  test(
    'an upgrade that has begun is not broken off by who gave it up, and who comes next waits for it',
    async () => {
      const database = await freshDatabase('2', 'given up.db')
      const abort = new AbortController()
      let asked = 0
      const mayUpgrade = (): Promise<boolean> => Promise.resolve(++asked > 0)
      const begun = Promise.withResolvers<undefined>()
      // Told when the copy has been made, right before the upgrade begins.
      const log = (): void => begun.resolve(undefined)
      const first = guardSchema(interpreterOf('3'), database, { scripts, mayUpgrade, log, signal: abort.signal })
      await begun.promise
      await new Promise((resolve) => setImmediate(resolve))
      abort.abort()
      const second = guardSchema(interpreterOf('3'), database, { scripts, mayUpgrade, log })
      expect(await second).toBeUndefined()
      expect(await first).toContain('given up.db.backup-')
      expect(asked).toBe(1)
      expect(await schemaState(interpreterOf('3'), database, { scripts })).toEqual({ kind: 'same' })
    },
    2 * minutes,
  )

  test(
    'an upgrade that fails names its reason, and the copy to go back to',
    async () => {
      const database = await freshDatabase('2', 'in the way.db')
      const inTheWay = `import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute("CREATE TABLE evaluation_datasets (dataset_id TEXT)")
c.commit()`
      await python('2', ['-c', inTheWay, database])
      const mayUpgrade = (): Promise<boolean> => Promise.resolve(true)
      const failing = guardSchema(interpreterOf('3'), database, { scripts, mayUpgrade, log: () => undefined })
      await expect(failing).rejects.toThrow(/evaluation_datasets already exists.*in the way\.db\.backup-\S+ back/s)
    },
    2 * minutes,
  )

  test.each(majors)(
    'the head that is read from the files of MLflow %s is the one that it says itself',
    async (major) => {
      const program = 'from mlflow.store.db.utils import _get_latest_schema_revision as r; print(r())'
      expect((await python(major, ['-c', program])).trim()).toBe(interpreterOf(major).head)
    },
  )
})
