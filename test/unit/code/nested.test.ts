/** Clones within clones, by the real git. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clonesOf, commitOf } from '../../../src/extension/code/repository'
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
  })
})
