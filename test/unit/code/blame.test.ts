/** By the real git. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { blameLine } from '../../../src/extension/code/blame'

let folder = ''
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=a@b.c', ...args], { cwd: folder, encoding: 'utf8' })
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text)
const blame = (name: string, text?: string, line = 1) => blameLine({ name, text }, line, { folder })

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-blame-'))
  git('init', '-q')
})
afterEach(() => rmSync(folder, { recursive: true }))

function commit(...names: string[]): string {
  git('add', ...names)
  git('commit', '-qm', 'Begin')
  return git('rev-parse', 'HEAD').trim()
}

test('a line of a file is of the commit that made it; of what an editor holds, unless that is not committed', async () => {
  write('a.py', 'one\ntwo\n')
  const first = commit('a.py')
  expect(await blame('a.py', undefined, 2)).toMatchObject({ commit: first, summary: 'Begin' })
  expect(await blame('a.py', 'one\nthree\n', 2)).toMatchObject({ commit: undefined })
  expect(await blame('a.py', 'zero\none\ntwo\n', 3)).toMatchObject({ commit: first })
})

test('the first line of a file with a byte order mark is committed', async () => {
  write('a.py', '\ufeffone\n')
  const first = commit('a.py')
  expect(await blame('a.py')).toMatchObject({ commit: first })
})

test('of a file that is not committed, or where nothing is, no line is', async () => {
  write('a.py', 'one\n')
  expect(await blame('a.py', 'one\n')).toMatchObject({ commit: undefined, summary: '' })
  commit('a.py')
  write('b.py', 'one\n')
  for (const text of [undefined, 'one\n']) expect((await blame('b.py', text)).time).toBeGreaterThan(Date.now() - 60_000)
})

test('commits to be ignored are, and a missing list of them is no obstacle', async () => {
  write('a.py', 'one\n')
  const first = commit('a.py')
  write('a.py', 'One\n')
  const second = commit('a.py')
  git('config', 'blame.ignoreRevsFile', '.ignored')
  expect(await blame('a.py')).toMatchObject({ commit: second })
  write('.ignored', second)
  expect(await blame('a.py')).toMatchObject({ commit: first })
})

test('what git can’t do, it says', async () => {
  write('a.py', 'one\n')
  commit('a.py')
  await expect(blame('a.py', undefined, 2)).rejects.toThrow('has only 1 line')
})
