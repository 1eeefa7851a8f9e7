import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clonesOf } from '../../../src/extension/code/clones'
import { CodeMissing } from '../../../src/extension/code/codeMissing'
import { changesBetween, commitOf, contentOf } from '../../../src/extension/code/repository'
import { codeFactsOf } from '../../../src/extension/code/runFacts'

let folder = ''
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=a@b.c', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-git-'))
  git('init', '-q')
})
afterAll(() => rmSync(folder, { recursive: true }))

const idOf = async (commit: string): Promise<string> => {
  const facts = codeFactsOf(new Map([['mlflow.source.git.commit', commit]]))
  return (await commitOf(facts, await clonesOf([folder], undefined))).id
}

test('a commit given short is that commit, whatever branches and tags are called', async () => {
  git('commit', '-q', '--allow-empty', '-m', 'first')
  const first = git('rev-parse', 'HEAD')
  git('commit', '-q', '--allow-empty', '-m', 'second')
  const short = first.slice(0, 7)
  expect(await idOf(short)).toBe(first)
  git('branch', short)
  git('tag', 'abcdef1')
  expect(await idOf(short.toUpperCase())).toBe(first)
  expect(await idOf(first)).toBe(first)
  await expect(idOf('abcdef1')).rejects.toThrow(CodeMissing)
  git('tag', 'a'.repeat(64))
  await expect(idOf('a'.repeat(64))).rejects.toThrow(CodeMissing)
})

test('a submodule that was moved, added or taken away is a change, whose content is the commit', async () => {
  const [one, other] = ['1'.repeat(40), '2'.repeat(40)]
  const commit = (...libraries: readonly (readonly [path: string, id: string])[]): string => {
    git('read-tree', '--empty')
    for (const [at, id] of libraries) git('update-index', '--add', '--cacheinfo', `160000,${id},${at}`)
    git('commit', '-q', '--allow-empty', '-m', 'libraries')
    return git('rev-parse', 'HEAD')
  }
  const [before, after] = [commit(['lib/moved', one], ['old', one]), commit(['lib/moved', other], ['new[1]', other])]
  // Whoever looks at them with git itself may have chosen not to see them.
  git('config', 'diff.ignoreSubmodules', 'all')
  const [clone] = await clonesOf([folder], undefined)
  if (!clone) throw new Error('no clone')
  const [from, to] = [
    { clone, id: before },
    { clone, id: after },
  ]
  expect(await changesBetween(from, to)).toEqual([
    { kind: 'changed', path: 'lib/moved' },
    { kind: 'added', path: 'new[1]' },
    { kind: 'deleted', path: 'old' },
  ])
  expect((await contentOf(from, 'lib/moved')).toString()).toBe(`Subproject commit ${one}\n`)
  expect((await contentOf(to, 'new[1]')).toString()).toBe(`Subproject commit ${other}\n`)
  await expect(contentOf(to, 'old')).rejects.toThrow('old')
  await expect(contentOf(to, 'lib')).rejects.toThrow('lib')
})
