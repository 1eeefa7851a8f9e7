/** A folder store becomes a database by the real MLflow 3; the folder stays as it was, to the last byte. */
import { createHash } from 'node:crypto'
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { takeCensus } from '../../src/extension/migration/census'
import { compare, type Comparison } from '../../src/extension/migration/compare'
import {
  freeTarget,
  migrate,
  MigrationError,
  type MigrationPlan,
  problemOfTarget,
  shownCommand,
} from '../../src/extension/migration/migrate'
import { reportOf } from '../../src/extension/migration/report'
import { chooseInterpreter, type Interpreter, probeWith } from '../../src/extension/python/interpreter'
import { openStore } from '../../src/extension/stores'
import { type MlflowMajor, python } from './servers'
import { workers } from './workers'

const scripts = path.resolve('src/python')
const majors: readonly MlflowMajor[] = ['2', '3']
const minutes = 60_000
const { signal: never } = new AbortController()

let base = ''
const interpreters = new Map<MlflowMajor, Interpreter>()
const folders = new Map<MlflowMajor, string>()

beforeAll(async () => {
  base = await realpath(await mkdtemp(path.join(os.tmpdir(), 'mlflow-lens-migration-')))
  for (const major of majors) {
    const candidate = { path: await ensurePython(`mlflow-${major}`), source: 'test' }
    interpreters.set(major, await chooseInterpreter([candidate], probeWith(scripts)))
    const folder = path.join(base, `made by ${major} #1`, 'mlruns')
    await mkdir(path.dirname(folder))
    await python(major, [path.join(import.meta.dirname, 'folder_store.py'), folder])
    folders.set(major, folder)
  }
}, 10 * minutes)

afterAll(() => rm(base, { recursive: true, force: true, maxRetries: 5 }))

function of<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key)
  if (value === undefined) throw new Error(`nothing for ${String(key)}`)
  return value
}

/** A copy of the store made by `major`, in a folder of its own. */
async function copyOf(major: MlflowMajor, name: string): Promise<string> {
  const folder = path.join(base, name, 'mlruns')
  await cp(of(folders, major), folder, { recursive: true, preserveTimestamps: true })
  return folder
}

/** Every name, content and time of change in a folder. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name)).sort()
  expect(files.length).toBeGreaterThan(50)
  for (const file of files) {
    const { mtimeMs, mode } = await stat(file)
    const isFile = entries.some((entry) => entry.isFile() && path.join(entry.parentPath, entry.name) === file)
    hash.update(JSON.stringify([file, mtimeMs, mode])).update(isFile ? await readFile(file) : '')
  }
  return hash.digest('hex')
}

interface Run {
  readonly plan: MigrationPlan
  readonly lines: string[]
  readonly done: Promise<void>
}

function start(folder: string, target: string, { signal = never, major = '3' } = {}): Run {
  const plan = { interpreter: of(interpreters, major), folder, target }
  const lines: string[] = []
  const onLine = (line: string): void => void lines.push(line)
  return { plan, lines, done: migrate(plan, { scripts, env: process.env, onLine, signal }) }
}

async function compared(folder: string, target: string): Promise<Comparison> {
  await using before = await openStore(folder, { workers })
  await using after = await openStore(target, { workers })
  const none = (): void => undefined
  return compare(await takeCensus(before, none, never), await takeCensus(after, none, never))
}

test('a point that was logged twice is no obstacle, and counts once', async () => {
  const folder = await copyOf('3', 'twice')
  const [metric] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('metrics/loss'))
  const file = path.join(folder, metric ?? '')
  const [line] = (await readFile(file, 'utf8')).split('\n')
  await appendFile(file, `${line ?? ''}\n${line ?? ''} train d1\n`)
  const target = await freeTarget(folder)
  await start(folder, target).done
  expect((await compared(folder, target)).differences).toEqual([])
})

describe.each(majors)('a folder made by MLflow %s', (major) => {
  test('becomes a database that has all of it; nothing in the folder has changed', async () => {
    const folder = of(folders, major)
    const target = await freeTarget(folder)
    expect(path.basename(target)).toBe('mlflow.db')
    const before = await fingerprint(folder)
    const { plan, lines, done } = start(folder, target)
    await done
    expect(await fingerprint(folder)).toBe(before)
    expect(lines.some((line) => line.includes('Migration completed successfully'))).toBe(true)
    expect(await readdir(path.dirname(folder))).toEqual(['mlflow.db', 'mlruns'])

    const comparison = await compared(folder, target)
    expect(comparison.differences).toEqual([])
    const counts = Object.fromEntries(comparison.counts.map(({ what, after }) => [what, after]))
    expect(counts).toMatchObject({
      experiments: 2,
      deletedExperiments: 1,
      runs: 4,
      deletedRuns: 2,
      params: 18,
      metrics: 18,
      metricPoints: 6 * 54,
      datasets: 6,
      registeredModels: 1,
      modelVersions: 3,
      aliases: 1,
      loggedModels: major === '3' ? 1 : 0,
    })
    expect(await fingerprint(folder)).toBe(before)
    expect(reportOf(plan, comparison)).toContain('| Metric points | 324 | 324 |')
    expect(path.basename(await freeTarget(folder))).toBe('mlflow-2.db')
    await rm(target)
  })
})

describe('what is refused before anything is started', () => {
  test('a file that exists, a place inside the folder, a folder that is not there', async () => {
    const folder = of(folders, '3')
    const taken = path.join(base, 'taken.db')
    await writeFile(taken, 'mine')
    await expect(start(folder, taken).done).rejects.toThrow(/taken\.db exists already/)
    expect(await readFile(taken, 'utf8')).toBe('mine')
    await expect(start(folder, path.join(folder, 'x.db')).done).rejects.toThrow(/inside the folder/)
    await expect(start(folder, path.join(base, 'nowhere', 'x.db')).done).rejects.toThrow(/There is no folder/)
    expect(await problemOfTarget(path.join(base, 'free.db'), folder)).toBeUndefined()
    await symlink(path.join(folder, 'models'), path.join(base, 'elsewhere'))
    expect(await problemOfTarget(path.join(base, 'elsewhere', 'x.db'), folder)).toMatch(/inside the folder/)
    expect(await problemOfTarget(path.join(folder, '..foo.db'), folder)).toMatch(/inside the folder/)
  })

  test('an MLflow that is too old, with the next step', async () => {
    const target = path.join(base, 'old.db')
    const { done } = start(of(folders, '3'), target, { major: '2' })
    await expect(done).rejects.toThrow(/mlflow 2\.22.*came with 3\.10.*pip install -U mlflow/)
    await expect(done).rejects.toBeInstanceOf(MigrationError)
  })

  test('a folder with another mlruns in it, which MLflow would take instead', async () => {
    const folder = await copyOf('3', 'outer')
    await mkdir(path.join(folder, 'mlruns'))
    await expect(start(folder, path.join(base, 'outer.db')).done).rejects.toThrow(/a folder mlruns in it/)
  })
})

describe('what goes wrong on the way leaves nothing behind', () => {
  const leftovers = async (): Promise<string[]> => (await readdir(base)).filter((name) => name.includes('migration-'))

  test.each([
    ['17', /broken line: '17'.*warning/],
    ['1750000000 torn\n', /broken line: .*'torn'.*warning/],
  ])('a metric file with a broken line: %j', async (line, explanation) => {
    const folder = await copyOf('3', `broken ${line.length}`)
    const [metric = ''] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('metrics/loss'))
    await appendFile(path.join(folder, metric), line)
    const target = path.join(base, 'broken.db')
    await expect(start(folder, target).done).rejects.toThrow(explanation)
    expect(await leftovers()).toEqual([])
    await expect(stat(target)).rejects.toThrow(/ENOENT/)
  })

  test('a run that was copied into another experiment', async () => {
    const folder = await copyOf('3', 'copied run')
    const metas = (await readdir(folder, { recursive: true })).filter((name) =>
      /^[^.][^/]*\/[0-9a-f]{32}\/meta\.yaml$/.test(name),
    )
    const [first = ''] = metas
    const [experiment = '', run = ''] = first.split('/')
    const other =
      (await readdir(folder)).find((name) => /^\d+$/.test(name) && name !== experiment) ?? expect.fail('no other')
    await cp(path.join(folder, experiment, run), path.join(folder, other, run), { recursive: true })
    await expect(start(folder, path.join(base, 'copied.db')).done).rejects.toThrow(
      /there twice: a run’s folder was copied/,
    )
    expect(await leftovers()).toEqual([])
  })

  test('a cancelled one, whose process has ended', async () => {
    const abort = new AbortController()
    const target = path.join(base, 'cancelled.db')
    const plan = { interpreter: of(interpreters, '3'), folder: of(folders, '3'), target }
    const reason = new Error('changed my mind')
    const onLine = (line: string): void => {
      if (line.startsWith('Source:')) abort.abort(reason)
    }
    await expect(migrate(plan, { scripts, env: process.env, onLine, signal: abort.signal })).rejects.toBe(reason)
    expect(await leftovers()).toEqual([])
    await expect(stat(target)).rejects.toThrow(/ENOENT/)
  })

  test('one that takes too long', async () => {
    const plan = { interpreter: of(interpreters, '3'), folder: of(folders, '3'), target: path.join(base, 'late.db') }
    const surroundings = { scripts, env: process.env, onLine: () => undefined, signal: never, deadline: 1 }
    await expect(migrate(plan, surroundings)).rejects.toThrow(/did not finish/)
    expect(await leftovers()).toEqual([])
  })

  test('a file that appears under the name meanwhile stays as it is', async () => {
    const target = path.join(base, 'appeared.db')
    const plan = { interpreter: of(interpreters, '3'), folder: of(folders, '3'), target }
    let written: Promise<void> | undefined
    const onLine = (): void => void (written ??= writeFile(target, 'somebody else’s'))
    await expect(migrate(plan, { scripts, env: process.env, onLine, signal: never })).rejects.toThrow(/appeared while/)
    await written
    expect(await readFile(target, 'utf8')).toBe('somebody else’s')
    expect(await leftovers()).toEqual([])
  })
})

test('paths that SQLAlchemy reads otherwise are no obstacle', async () => {
  const place = path.join(base, 'a %41 b?c=d')
  await mkdir(place)
  const target = path.join(place, 'it’s.db')
  const { plan, done } = start(of(folders, '2'), target)
  await done
  expect((await stat(target)).size).toBeGreaterThan(100_000)
  expect(shownCommand(plan)).toContain(`'sqlite:///${place}/it’s.db'`)
})

test('what is missing or different in the database is named', async () => {
  const folder = await copyOf('3', 'differs')
  const target = path.join(base, 'differs.db')
  await start(folder, target).done
  const files = await readdir(folder, { recursive: true })
  const runs = files.filter((name) => /^\d+\/[0-9a-f]{32}\/meta\.yaml$/.test(name)).sort()
  const [changed = '', added = ''] = runs.map((name) => path.dirname(path.join(folder, name)))
  await writeFile(path.join(changed, 'params', 'lr'), 'another')
  await writeFile(path.join(added, 'params', 'new'), 'one')
  const { differences } = await compared(folder, target)
  expect(differences.toSorted()).toEqual([
    'Parameters: 19 in the folder, 18 in the database.',
    ...[added, changed].map(() => expect.stringMatching(/^The run /) as string),
  ])
  const ofRun = (folder: string) => differences.find((line) => line.includes(path.basename(folder)))
  expect(ofRun(changed)).toMatch(/parameter or a tag has another value/)
  expect(ofRun(added)).toMatch(/parameters 3 of 4/)
})
