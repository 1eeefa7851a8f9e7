/** Artifacts of a local store: found where they were recorded or, if the store was moved or copied, beside it; never outside. */
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localArtifacts, type LocalArtifacts } from '../../src/extension/stores/artifacts'
import { StoreError, type StoreErrorReason } from '../../src/extension/stores/errors'
import type { LoggedModel } from '../../src/shared/model'

let folder: string
/** That of the store. */
let here: string

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'mlflow-artifacts-')))
  here = path.join(folder, 'here')
  await mkdir(here)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Artifacts of runs whose id is their artifact URI. */
function artifacts(models: readonly LoggedModel[] = []): LocalArtifacts {
  return localArtifacts([here], (artifactUri) => Promise.resolve({ artifactUri, models }))
}

async function put(...names: string[]): Promise<string> {
  const file = path.join(...names)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `content of ${path.basename(file)}`)
  return file
}

async function names(local: LocalArtifacts, uri: string, below = ''): Promise<string[]> {
  return (await local.list(uri, below)).map((file) => file.path)
}

async function content(local: LocalArtifacts, uri: string, file: string): Promise<string> {
  return Buffer.concat(await Array.fromAsync(local.read(uri, file))).toString()
}

async function expectError(promise: Promise<unknown>, reason: StoreErrorReason, message: RegExp): Promise<void> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StoreError)
  expect((error as StoreError).message).toMatch(message)
  expect((error as StoreError).reason).toBe(reason)
}

describe('found where they were recorded', () => {
  test.each([
    ['a path', (root: string) => root],
    ['a file: URI', (root: string) => pathToFileURL(root).href],
    ['a file: URI without slashes', (root: string) => `file:${pathToFileURL(root).pathname}`],
  ])('as %s', async (_, uriOf) => {
    const root = path.join(folder, 'else where', '100% #1', '1', 'abc', 'artifacts')
    await put(root, 'a folder', 'model.txt')
    await put(root, 'b.txt')
    const local = artifacts()
    expect(await local.list(uriOf(root), '')).toEqual([
      { path: 'a folder', isDir: true, fileSize: null },
      { path: 'b.txt', isDir: false, fileSize: 16 },
    ])
    expect(await names(local, uriOf(root), 'a folder')).toEqual(['a folder/model.txt'])
    expect(await content(local, uriOf(root), 'a folder/model.txt')).toBe('content of model.txt')
  })

  test('a path that is relative to the store', async () => {
    await put(here, 'mlruns/1/abc/artifacts/x.txt')
    expect(await names(artifacts(), './mlruns/1/abc/artifacts')).toEqual(['x.txt'])
  })

  test('folders come first, then names in order', async () => {
    const root = path.join(folder, '1/abc/artifacts')
    for (const name of ['b', 'a', 'Z', 'd/x', 'c/x', 'ä']) await put(root, name)
    expect(await names(artifacts(), root)).toEqual(['c', 'd', 'Z', 'a', 'b', 'ä'])
  })

  test('large files come in pieces, and can be left or cancelled', async () => {
    const root = path.join(folder, '1/abc/artifacts')
    await mkdir(root, { recursive: true })
    const bytes = Buffer.alloc(1_000_000, 'x')
    await writeFile(path.join(root, 'large'), bytes)
    const pieces = await Array.fromAsync(artifacts().read(root, 'large'))
    expect(pieces.length).toBeGreaterThan(1)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    for await (const _ of artifacts().read(root, 'large')) break
    const abort = new AbortController()
    const reading = artifacts().read(root, 'large', abort.signal)[Symbol.asyncIterator]()
    await reading.next()
    abort.abort()
    await expectError(reading.next(), 'cancelled', /./)
  })
})

describe('found beside a store that was moved', () => {
  const run = 'f00d'.repeat(8)
  const elsewhere = [
    `/home/ana/project/mlruns/1/${run}/artifacts`,
    `file:///home/ana/project/mlruns/1/${run}/artifacts`,
    `C:\\Users\\ana\\my project\\mlruns\\1\\${run}\\artifacts`,
    `C:/Users/ana/project/mlruns/1/${run}/artifacts`,
    `file:///C:/Users/ana/my%20project/mlruns/1/${run}/artifacts`,
    `file://server/share/project/mlruns/1/${run}/artifacts`,
    `\\\\server\\share\\project\\mlruns\\1\\${run}\\artifacts`,
    `/Users/ana/project/./mlruns//1/${run}/artifacts/`,
  ]

  test.each(elsewhere)('%s', async (uri) => {
    await put(here, 'mlruns', '1', run, 'artifacts', 'x.txt')
    expect(await names(artifacts(), uri)).toEqual(['x.txt'])
    expect(await content(artifacts(), uri, 'x.txt')).toBe('content of x.txt')
  })

  test.each(['', 'mlruns', 'mlartifacts', 'artifacts', 'project/mlruns'])('in its folder “%s”', async (name) => {
    await put(here, name, '1', run, 'artifacts', 'x.txt')
    expect(await names(artifacts(), elsewhere[0] ?? '')).toEqual(['x.txt'])
  })

  test('and so are those of other runs', async () => {
    await put(here, 'mlruns', '1', run, 'artifacts', 'x.txt')
    await put(here, 'mlruns', '2', 'beef', 'artifacts', 'y.txt')
    const local = artifacts()
    await local.list(elsewhere[0] ?? '', '')
    expect(await names(local, '/home/ana/project/mlruns/2/beef/artifacts')).toEqual(['y.txt'])
    expect(await names(local, '/home/ana/project/mlruns/2/cafe/artifacts')).toEqual([]) // a run without any
  })

  test('also when it is moved while it is open', async () => {
    await put(here, 'mlruns', '1', run, 'artifacts', 'x.txt')
    const local = artifacts()
    expect(await names(local, elsewhere[0] ?? '')).toEqual(['x.txt'])
    await mkdir(path.join(here, 'mlartifacts'))
    await rename(path.join(here, 'mlruns', '1'), path.join(here, 'mlartifacts', '1'))
    expect(await names(local, elsewhere[0] ?? '')).toEqual(['x.txt'])
  })

  test('rather than elsewhere, only where the recorded folder is gone', async () => {
    const recorded = path.join(folder, 'there', 'mlruns', '1', run, 'artifacts')
    await put(recorded, 'there.txt')
    await put(here, 'mlruns', '1', run, 'artifacts', 'here.txt')
    expect(await names(artifacts(), recorded)).toEqual(['there.txt'])
    await rm(path.join(folder, 'there'), { recursive: true })
    expect(await names(artifacts(), recorded)).toEqual(['here.txt'])
  })

  test.each([
    'mlflow-artifacts:/1/abc/artifacts',
    'mlflow-artifacts://host:5000/1/abc/artifacts',
    'mlflow-artifacts:///1/abc/artifacts',
  ])('that was served: %s', async (uri) => {
    await put(here, 'mlartifacts/1/abc/artifacts/x.txt')
    expect(await names(artifacts(), uri)).toEqual(['x.txt'])
  })

  test('unless they were left behind, which it says', async () => {
    await expectError(artifacts().list(elsewhere[2] ?? '', ''), 'notFound', /C:\\Users.*not on this machine.*Copy/)
    // But no complaint where the place is known and only this run has none.
    await mkdir(path.join(here, 'mlruns', '1'), { recursive: true })
    expect(await names(artifacts(), elsewhere[2] ?? '')).toEqual([])
    expect(await names(artifacts(), path.join(here, 'mlruns', '9', run, 'artifacts'))).toEqual([])
  })
})

describe('refused', () => {
  test.each([
    's3://bucket/1/abc/artifacts',
    'gs://b/x',
    'wasbs://c@a.blob/x',
    'dbfs:/x',
    'hdfs://n/x',
    'ftp://h/x',
    'https://h/x',
  ])('what is not on this machine: %s', async (uri) => {
    await expectError(artifacts().list(uri, ''), 'unsupported', /not on this machine.*server/)
    await expectError(content(artifacts(), uri, 'x'), 'unsupported', /server/)
  })

  test.each(['..', '../x', 'a/../../x', '/etc/passwd', 'C:\\x', 'c:/x', 'a\\..\\..\\x', 'a\0b'])(
    'the path %j',
    async (outside) => {
      const root = path.join(folder, '1/abc/artifacts')
      await put(root, 'x.txt')
      await put(folder, '1/abc/x')
      await expectError(artifacts().list(root, outside), 'refused', /leads out/)
      await expectError(content(artifacts(), root, outside), 'refused', /leads out/)
    },
  )

  test('symbolic links that lead out, but not those that stay inside', async () => {
    const root = path.join(folder, '1/abc/artifacts')
    const secret = await put(folder, 'secret', 'key.txt')
    await put(root, 'real', 'x.txt')
    await symlink(secret, path.join(root, 'file'))
    await symlink(path.dirname(secret), path.join(root, 'folder'))
    await symlink('real', path.join(root, 'inside'))
    await symlink('nowhere', path.join(root, 'broken'))
    const local = artifacts()
    await expectError(content(local, root, 'file'), 'refused', /leads out/)
    await expectError(content(local, root, 'folder/key.txt'), 'refused', /leads out/)
    await expectError(local.list(root, 'folder'), 'refused', /leads out/)
    expect(await names(local, root, 'inside')).toEqual(['inside/x.txt'])
    expect(await names(local, root)).toEqual(['folder', 'inside', 'real', 'broken', 'file'])
    await expectError(content(local, root, 'broken'), 'notFound', /broken/)
  })

  test('a recorded folder that climbs', async () => {
    await put(folder, 'secret', 'artifacts', 'x.txt')
    expect(await names(artifacts(), 'mlflow-artifacts:/../secret/artifacts')).toEqual([])
    expect(await names(artifacts(), 'mlflow-artifacts:/%2e%2e/secret/artifacts')).toEqual([])
  })

  test('what is no ordinary file', async () => {
    const root = path.join(folder, '1/abc/artifacts')
    await put(root, 'a', 'x.txt')
    await expectError(content(artifacts(), root, 'a'), 'badRequest', /is a folder/)
    await expectError(content(artifacts(), root, ''), 'badRequest', /folder/)
    await expectError(content(artifacts(), root, 'nothing'), 'notFound', /nothing/)
  })
})

test('logged models are folders of the run, where it has none of that name', async () => {
  const root = path.join(folder, '1/abc/artifacts')
  await put(root, 'own', 'x.txt')
  const model = (name: string, modelId: string, uri: string) => ({ name, modelId, artifactUri: uri }) as LoggedModel
  await put(here, 'mlruns/1/models/m-2/artifacts/MLmodel')
  const models = [
    model('net', 'm-2', '/gone/mlruns/1/models/m-2/artifacts'),
    model('net', 'm-1', '/gone/mlruns/1/models/m-1/artifacts'),
    model('own', 'm-3', '/gone/mlruns/1/models/m-3/artifacts'),
    model('far', 'm-4', 's3://bucket/m-4'),
  ]
  const local = artifacts(models)
  expect(await local.list(root, '')).toEqual([
    { path: 'far', isDir: true, fileSize: null, modelId: 'm-4' },
    { path: 'net', isDir: true, fileSize: null, modelId: 'm-2' },
    { path: 'own', isDir: true, fileSize: null },
  ])
  expect(await local.list(root, 'net')).toEqual([{ path: 'net/MLmodel', isDir: false, fileSize: 18, modelId: 'm-2' }])
  expect(await content(local, root, 'net/MLmodel')).toBe('content of MLmodel')
  expect(await names(local, root, 'own')).toEqual(['own/x.txt'])
  await expectError(local.list(root, 'far'), 'unsupported', /s3/)
  await expectError(content(local, root, 'net/../../x'), 'refused', /leads out/)
})
