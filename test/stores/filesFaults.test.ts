/** Folders that are broken, old or odd: no run costs the others, and what is wrong with it is said. */
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TrackingStore } from '../../src/extension/stores'
import { openStore } from '../../src/extension/stores'
import type { Run } from '../../src/shared/model'
import { all, openFolder, runsOf } from './folderStores'
import { MadeUpFolder, start, yaml } from './madeUpFolder'
import { workers } from './workers'

let folder: MadeUpFolder
let store: TrackingStore | undefined
beforeEach(() => (folder = new MadeUpFolder()))
afterEach(async () => {
  await store?.[Symbol.asyncDispose]()
  store = undefined
  folder[Symbol.dispose]()
})

async function runs(): Promise<Map<string, Run>> {
  store ??= await openFolder(folder.root)
  const found = await runsOf(store.searchRuns({ experimentIds: ['1'], view: 'ALL' }))
  return new Map(found.map((run) => [run.info.runId, run]))
}

/** Old enough not to be waited for. */
function age(file: string): void {
  const time = new Date(Date.now() - 60_000)
  utimesSync(file, time, time)
}

describe('a run is there with what can be read of it, where', () => {
  let good = ''
  beforeEach(() => {
    good = folder.run({ metrics: { loss: '1 0.5 1\n' }, params: { lr: '0.1' } })
  })

  async function broken(id: string, problem: RegExp): Promise<Run> {
    const found = await runs()
    expect(found.get(good)?.info.problem).toBeUndefined()
    expect(found.get(good)?.metrics.get('loss')?.value).toBe(0.5)
    const run = found.get(id)
    expect(run?.info.problem).toMatch(problem)
    if (!run) throw new Error('left out')
    expect(await store?.getRun(id)).toEqual(run)
    return run
  }

  const whole = { metrics: { loss: '1 0.25 1\n' }, params: { lr: '0.2' }, tags: { 'mlflow.runName': 'by tag' } }

  test.each<[string, string | Uint8Array]>([
    ['empty', ''],
    ['binary', new Uint8Array([0, 255, 254, 10, 1])],
    ['cut in a text', "artifact_uri: 'file:///x"],
    ['no map', '- a\n- b\n'],
  ])('its meta.yaml is %s', async (_, content) => {
    const id = folder.run(whole)
    folder.write(folder.of(id, 'meta.yaml'), content)
    age(folder.of(id, 'meta.yaml'))
    const run = await broken(id, /^meta\.yaml of this run is damaged or incomplete/)
    expect(run.info).toMatchObject({ runId: id, experimentId: '1', runName: 'by tag', startTime: null })
    expect(run.params.get('lr')).toBe('0.2')
    expect(run.metrics.get('loss')?.value).toBe(0.25)
  })

  test('its meta.yaml is cut between lines', async () => {
    const id = folder.run(whole)
    folder.write(folder.of(id, 'meta.yaml'), yaml({ artifact_uri: 'x', experiment_id: "'1'", run_id: id }))
    age(folder.of(id, 'meta.yaml'))
    await broken(id, /lacks end_time, start_time, user_id/)
  })

  test('its meta.yaml is a folder', async () => {
    const id = folder.run(whole)
    rmSync(folder.of(id, 'meta.yaml'))
    mkdirSync(folder.of(id, 'meta.yaml'))
    await broken(id, /meta\.yaml of this run can’t be read: it is a folder/)
  })

  test('its meta.yaml belongs to another run, as after copying a folder', async () => {
    const id = folder.run({ ...whole, meta: { run_id: good } })
    await broken(id, new RegExp(`belongs to another one, ${good}`))
  })

  test('it names another experiment', async () => {
    const id = folder.run({ ...whole, meta: { experiment_id: "'2'" } })
    expect((await broken(id, /names another experiment, 2/)).info.experimentId).toBe('1')
  })

  test('a file is where a folder should be', async () => {
    const id = folder.run(whole)
    rmSync(folder.of(id, 'params'), { recursive: true })
    folder.write(folder.of(id, 'params'), 'oops')
    const run = await broken(id, /^params can’t be read/)
    expect(run.metrics.size).toBe(1)
  })

  test('a folder is not for us', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything')
    const id = folder.run(whole)
    chmodSync(folder.of(id, 'params'), 0)
    await broken(id, /^params can’t be read: EACCES/)
    chmodSync(folder.of(id, 'params'), 0o700)
  })

  test('a metric has damaged lines', async () => {
    const id = folder.run({
      metrics: { loss: '1 0.5 1\nrubbish\n2 0.25\0 2\n3 0.125 3\n', bad: '\0\0\0\0', empty: '' },
    })
    for (const name of ['loss', 'bad', 'empty']) age(folder.of(id, 'metrics', name))
    const run = await broken(id, /damaged lines? (was|were) left out|is empty/)
    expect(run.metrics.get('loss')).toEqual({ value: 0.125, step: 3, timestamp: 3 })
    expect([...run.metrics.keys()]).toEqual(['loss'])
    const { values } = (await store?.getMetricHistory(id, 'loss')) ?? { values: [] }
    expect([...values]).toEqual([0.5, 0.125])
  })

  test('a parameter is 100 MB long', async () => {
    const id = folder.run(whole)
    writeFileSync(folder.of(id, 'params', 'huge'), 'x')
    truncateSync(folder.of(id, 'params', 'huge'), 100e6)
    const run = await broken(id, /^params\/huge has 95 MB; only the beginning is shown/)
    expect(run.params.get('huge')).toHaveLength(1024 * 1024)
    expect(run.params.get('lr')).toBe('0.2')
  })

  test('an input is damaged', async () => {
    const id = folder.run(whole)
    folder.write(folder.of(id, 'inputs', 'x', 'meta.yaml'), '[')
    age(folder.of(id, 'inputs', 'x', 'meta.yaml'))
    await broken(id, /^inputs\/x\/meta\.yaml is damaged/)
  })
})

test('a folder without meta.yaml is no run, and neither are links that lead round in circles', async () => {
  const id = folder.run({ params: { lr: '1' } })
  mkdirSync(folder.of('b'.repeat(32), 'artifacts'), { recursive: true })
  symlinkSync(path.join(folder.root, '1'), folder.of('loop'), 'junction')
  symlinkSync(folder.of(id), folder.of(id, 'params', 'round'), 'junction')
  symlinkSync('self', folder.of(id, 'params', 'self'))
  symlinkSync('nowhere', folder.of(id, 'tags', 'nowhere'))
  const found = await runs()
  expect([...found.keys()]).toEqual([id])
  expect(found.get(id)?.params).toEqual(new Map([['lr', '1']]))
  expect(found.get(id)?.info.problem).toBeUndefined()
})

test('a pipe in place of a file blocks nothing', async ({ skip }) => {
  if (process.platform === 'win32') skip('no pipes there')
  const id = folder.run()
  const { execFileSync } = await import('node:child_process')
  execFileSync('mkfifo', [folder.of(id, 'params', 'pipe')])
  rmSync(folder.of(id, 'meta.yaml'))
  execFileSync('mkfifo', [folder.of(id, 'meta.yaml')])
  expect((await runs()).get(id)?.info.problem).toMatch(/is not a file/)
})

test('keys that differ in case only, and keys with slashes', async ({ skip }) => {
  const id = folder.run({ params: { lr: '1', 'a/b': '2', 'a/c/d': '3' }, metrics: { 'val/loss': '1 2 3\n' } })
  folder.write(folder.of(id, 'params', 'LR'), '4')
  const { params, metrics } = (await runs()).get(id) ?? { params: new Map(), metrics: new Map() }
  expect(metrics.has('val/loss')).toBe(true)
  if (params.size === 3) skip('this file system does not tell case apart')
  expect(params).toEqual(new Map([['lr', '1'], ['LR', '4'], ['a/b', '2'], ['a/c/d', '3']])) // prettier-ignore
})

test('values are kept to the byte, also with CRLF, a BOM and what is no UTF-8', async () => {
  const id = folder.run({ params: { crlf: 'a\r\nb', bom: '\ufeffa', end: 'a\n' } })
  folder.write(folder.of(id, 'params', 'latin'), Buffer.from('caf\xe9', 'latin1'))
  folder.write(
    folder.of(id, 'meta.yaml'),
    `\ufeff${yaml({ end_time: 5, experiment_id: "'1'", run_name: 'x', start_time: 1, status: 4, user_id: 'ana' }).replaceAll('\n', '\r\n')}`,
  )
  const run = (await runs()).get(id)
  expect(run?.params).toEqual(new Map([['crlf', 'a\r\nb'], ['bom', '\ufeffa'], ['end', 'a\n'], ['latin', 'caf\ufffd']])) // prettier-ignore
  expect(run?.info).toMatchObject({ runName: 'x', startTime: 1, endTime: 5, status: 'FAILED' })
  expect(run?.info.problem).toBeUndefined()
})

/** After the sources of MLflow 0.2, 0.8, 1.0 and 1.20: none of them runs here. */
describe('what old versions of MLflow wrote:', () => {
  test('runs without run_id, with the name in meta.yaml or a tag, status as a word, ids as numbers', async () => {
    const bare = { run_id: 'null', run_name: 'null' }
    const old = folder.run({ meta: { ...bare, experiment_id: 1, name: "''", status: 'FINISHED', lifecycle_stage: 'active' }, tags: { 'mlflow.runName': 'by tag' }, metrics: { loss: '1 0.5\n2 0.25\n' } }) // prettier-ignore
    const older = folder.run({ meta: { ...bare, name: 'by name', tags: '\n- key: a\n  value: b' } })
    const found = await runs()
    expect(found.get(old)?.info).toMatchObject({ runName: 'by tag', status: 'FINISHED', experimentId: '1' })
    expect(found.get(old)?.metrics.get('loss')).toEqual({ value: 0.25, step: 0, timestamp: 2 })
    expect(found.get(older)?.info).toMatchObject({ runName: 'by name' })
    for (const run of found.values()) expect(run.info.problem).toBeUndefined()
  })

  test('runs are found by the name that is in their tag', async () => {
    const id = folder.run({ meta: { run_name: "''" }, tags: { 'mlflow.runName': 'by tag' } })
    await runs()
    const found = store?.searchRuns({ experimentIds: ['1'], filter: "run_name = 'by tag'" })
    expect(found && (await runsOf(found)).map(({ info }) => info.runId)).toEqual([id])
  })

  test('experiments in the trash whose meta.yaml does not say so', async () => {
    folder.experiment('2', 'gone', path.join(folder.root, '.trash'))
    folder.run({}, '.trash/2')
    store = await openFolder(folder.root)
    const names = async (view: 'ACTIVE_ONLY' | 'DELETED_ONLY') =>
      (await all(store?.searchExperiments({ view }) ?? emptyPages())).map(({ name }) => name)
    expect(await names('DELETED_ONLY')).toEqual(['gone'])
    expect(await names('ACTIVE_ONLY')).toEqual(['made up'])
    expect((await runsOf(store.searchRuns({ experimentIds: ['2'] }))).length).toBe(1)
  })
})

test('an experiment whose meta.yaml is damaged keeps its runs; one that is a copy is left out, as MLflow does', async () => {
  folder.run()
  folder.write('1/meta.yaml', '\0')
  age(path.join(folder.root, '1/meta.yaml'))
  folder.write('7/meta.yaml', yaml({ experiment_id: "'6'", name: 'copy' }))
  folder.experiment('8', 'whole')
  expect((await runs()).size).toBe(1)
  const experiments = await all(store?.searchExperiments() ?? emptyPages())
  expect(experiments.map(({ experimentId, name }) => [experimentId, name])).toEqual(
    expect.arrayContaining([['1', '1'], ['8', 'whole']]), // prettier-ignore
  )
  expect(experiments).toHaveLength(2)
})

describe('what is no store says so:', () => {
  const open = (place: string) => openStore(place, { workers })

  test('a folder of something else', async () => {
    const empty = path.join(folder.root, 'empty')
    mkdirSync(empty)
    await expect(open(empty)).rejects.toMatchObject({
      reason: 'notAStore',
      message: expect.stringMatching(/has no experiments/) as string,
    })
  })

  test('the artifacts beside a database', async () => {
    const artifacts = path.join(folder.root, 'artifacts')
    mkdirSync(path.join(artifacts, '3', 'f'.repeat(32), 'artifacts'), { recursive: true })
    await expect(open(artifacts)).rejects.toMatchObject({
      reason: 'notAStore',
      message: expect.stringMatching(/only artifacts.*mlflow\.db/) as string,
    })
  })

  test('a folder that vanishes, and comes back as another one', async () => {
    const before = folder.run()
    expect([...(await runs()).keys()]).toEqual([before])
    renameSync(folder.root, `${folder.root}-moved`)
    try {
      await expect(runs()).rejects.toMatchObject({
        reason: 'notFound',
        message: expect.stringMatching(/is not there/) as string,
      })
      await expect(store?.getRun(before)).rejects.toMatchObject({ reason: 'notFound' })
      folder.experiment('1', 'another')
      const after = folder.run()
      expect([...(await runs()).keys()]).toEqual([after])
    } finally {
      rmSync(`${folder.root}-moved`, { recursive: true, force: true })
    }
  })

  test('a run, an experiment and a metric that are not there', async () => {
    await runs()
    await expect(store?.getRun('f'.repeat(32))).rejects.toMatchObject({ reason: 'notFound' })
    await expect(store?.getRun('../1')).rejects.toMatchObject({ reason: 'notFound' })
    await expect(store?.getExperiment('..')).rejects.toMatchObject({ reason: 'notFound' })
    await expect(store?.getExperiment('9')).rejects.toMatchObject({ reason: 'notFound' })
  })
})

test('artifact links that lead out of the run are refused, and circles end', async () => {
  const id = folder.run({ meta: { artifact_uri: `file://${folder.root}/1/${'1'.padStart(32, 'a')}/artifacts` } })
  folder.write('secret.txt', 'secret')
  symlinkSync(path.join(folder.root, 'secret.txt'), folder.of(id, 'artifacts', 'link.txt'))
  symlinkSync('.', folder.of(id, 'artifacts', 'circle'))
  store = await openFolder(folder.root)
  expect((await store.listArtifacts(id)).map((file) => file.path).sort()).toEqual(['circle', 'link.txt'])
  await expect(Array.fromAsync(store.readArtifact(id, 'link.txt'))).rejects.toMatchObject({ reason: 'refused' })
  await expect(Array.fromAsync(store.readArtifact(id, '../meta.yaml'))).rejects.toMatchObject({ reason: 'refused' })
  expect(await store.listArtifacts(id, 'circle')).toHaveLength(2)
})

describe('a metric of five million lines', () => {
  const lines = 5_000_000

  test('is read in bounded memory, then continued, and can be cancelled', async () => {
    const id = folder.run()
    const file = folder.of(id, 'metrics', 'long')
    const piece = 50_000
    for (let at = 0; at < lines; at += piece)
      writeFileSync(file, Array.from({ length: piece }, (_, n) => `${start + at + n} ${1 / (1 + at + n)} ${at + n}\n`).join(''), { flag: 'a' }) // prettier-ignore
    age(file)
    store = await openFolder(folder.root)
    expect((await runs()).get(id)?.metrics.get('long')?.step).toBe(lines - 1)

    const before = performance.now()
    const known = await store.getMetricHistory(id, 'long')
    const whole = performance.now() - before
    expect(known.steps).toHaveLength(lines)
    expect(known.values[lines - 1]).toBe(1 / lines)
    expect(whole).toBeLessThan(20_000)

    writeFileSync(file, `${start + lines} 7 ${lines}\n`, { flag: 'a' })
    const begin = performance.now()
    const grown = await store.getMetricHistory(id, 'long', undefined, known)
    expect(grown.steps).toHaveLength(lines + 1)
    expect(performance.now() - begin).toBeLessThan(whole)

    const abort = new AbortController()
    const cancelled = store.getMetricHistory(id, 'long', abort.signal)
    abort.abort()
    await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' })
    expect(statSync(file).size).toBeGreaterThan(150e6)
  })
})

async function* emptyPages(): AsyncGenerator<never[]> {
  // nothing: the store was not opened
}
