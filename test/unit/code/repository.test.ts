import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clonesOf } from '../../../src/extension/code/clones'
import { CodeMissing } from '../../../src/extension/code/codeMissing'
import { commitOf } from '../../../src/extension/code/repository'
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
