/** Clones within clones, by the real git. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cloneAt, clonesOf } from '../../../src/extension/code/clones'
import { CodeMissing } from '../../../src/extension/code/codeMissing'
import { commitOf } from '../../../src/extension/code/repository'
import { codeFactsOf } from '../../../src/extension/code/runFacts'

describe('a run’s commit', () => {
  let base = ''
  const git = (folder: string, ...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=ann', '-c', 'user.email=a@b.c', '-c', 'protocol.file.allow=always', ...args],
      {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim()

  /** A repository with one commit. Returns its id. */
  function repository(folder: string): string {
    mkdirSync(folder, { recursive: true })
    git(folder, 'init', '-q', '-b', 'main')
    writeFileSync(path.join(folder, 'train.py'), folder)
    git(folder, 'add', '.')
    git(folder, 'commit', '-qm', 'Begin')
    return git(folder, 'rev-parse', 'HEAD')
  }

  beforeAll(() => {
    base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-nested-')))
  })
  afterAll(() => rmSync(base, { recursive: true, force: true }))

  it('is found in a submodule, and in a clone that git does not track', async () => {
    const [library, project] = [path.join(base, 'library'), path.join(base, 'project')]
    const ofLibrary = repository(library)
    repository(project)
    git(project, 'submodule', 'add', '-q', library, 'vendor/library')
    git(project, 'commit', '-qm', 'Add the library')
    const ofNested = repository(path.join(project, 'nested'))
    writeFileSync(path.join(project, '.gitmodules'), '[submodule "out"]\n\tpath = ../library\n[submodule "in"]\n\tpath = vendor/library\n') // prettier-ignore

    const clones = await clonesOf([project], undefined)
    const find = (commit: string) => commitOf(codeFactsOf(new Map([['mlflow.source.git.commit', commit]])), clones)
    expect((await find(ofLibrary)).clone.root).toBe(path.join(project, 'vendor', 'library'))
    expect((await find(ofNested)).clone.root).toBe(path.join(project, 'nested'))
    await expect(find('f'.repeat(40))).rejects.toThrow('Commit fffffff is not in')

    const nested = path.join(project, 'nested')
    expect((await cloneAt(nested, clones))?.root).toBe(nested)
    expect((await cloneAt(project, clones))?.root).toBe(project)
    expect(await cloneAt(path.join(project, 'vendor'), clones)).toBeUndefined()
  })

  it('is found in a clone that lies beside others in a folder without one', async () => {
    const folder = path.join(base, 'several')
    const ids = [repository(path.join(folder, 'one')), repository(path.join(folder, 'two'))]
    const clones = await clonesOf([folder, path.join(folder, 'one')], undefined)
    expect(clones.map(({ root }) => root).sort()).toEqual([path.join(folder, 'one'), path.join(folder, 'two')])
    for (const id of ids)
      expect((await commitOf(codeFactsOf(new Map([['mlflow.source.git.commit', id]])), clones)).id).toBe(id)
  })

  // Only root may give a folder to somebody else.
  it.skipIf(process.getuid?.() !== 0)('is not said to be nowhere where git refuses to look', async () => {
    const [foreign, own] = [path.join(base, 'foreign'), path.join(base, 'own')]
    repository(foreign)
    repository(own)
    chownSync(foreign, 12_345, 12_345)
    const refusal: unknown = await clonesOf([foreign], undefined).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(CodeMissing)
    expect(refusal).toMatchObject({
      message: expect.stringContaining(`Git refuses to read ${foreign}`) as string,
      remedy: { command: `git config --global --add safe.directory ${foreign}` },
    })
    expect(await clonesOf([foreign, own], undefined)).toHaveLength(1)
  })
})
