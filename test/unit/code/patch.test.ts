import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isInside } from '../../../src/extension/code/inside'
import { patched, readDiff } from '../../../src/extension/code/patch'

/** Git's own diffs, of a real repository. */
describe('a diff of git’s', () => {
  let folder = ''
  const place = (file: string): string => path.join(folder, file)
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, encoding: 'utf8' })
  const before: Record<string, string> = {
    'a/é b.py': 'one\ntwo\nthree\n',
    'windows.txt': 'one\r\ntwo\r\n',
    'no-end': 'one\ntwo',
    gone: 'x\n',
    old: 'a\nb\nc\nd\n',
    bin: '\0\x01',
    twice: Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join(''),
  }

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-patch-'))
    mkdirSync(place('a'))
    git('init', '-q')
    git('config', 'core.autocrlf', 'false')
    for (const [file, text] of Object.entries(before)) writeFileSync(place(file), text)
    git('add', '.')
    git('commit', '-qm', 'first')
    writeFileSync(place('a/é b.py'), 'one\n2\nthree\nfour\n')
    writeFileSync(place('windows.txt'), 'one\r\n2\r\n')
    writeFileSync(place('no-end'), 'one\ntwo\n')
    unlinkSync(place('gone'))
    renameSync(place('old'), place('new name'))
    writeFileSync(place('new name'), 'a\nb\nc\nD\n')
    writeFileSync(place('bin'), '\0\x02')
    writeFileSync(place('added'), 'hello')
    writeFileSync(place('empty'), '')
    git('add', '-A')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each([
    ['as it is', []],
    ['without prefixes', ['--no-prefix']],
    ['with few lines around', ['-U0']],
    ['with binary content', ['--binary']],
  ])('%s, gives the files as they are with it', (_, how) => {
    const files = readDiff(git('diff', 'HEAD', '-M', ...how))
    expect([...files.values()].map(({ path: file, kind, oldPath }) => [file, kind, oldPath]).sort()).toEqual(
      [
        ['a/é b.py', 'changed', undefined],
        ['added', 'added', undefined],
        ['bin', 'changed', undefined],
        ['empty', 'added', undefined],
        ['gone', 'deleted', undefined],
        ['new name', 'renamed', 'old'],
        ['no-end', 'changed', undefined],
        ['windows.txt', 'changed', undefined],
      ]
        // Without prefixes nothing tells where one of two names ends, unless there are hunks.
        .filter(([file]) => !how.includes('--no-prefix') || (file !== 'bin' && file !== 'empty'))
        .sort(),
    )
    for (const [file, change] of files) {
      if (change.kind === 'deleted' || file === 'bin' || (file === 'empty' && how.includes('--binary'))) continue
      expect(patched(before[change.oldPath ?? file] ?? '', change)).toBe(readFileSync(place(file), 'utf8'))
    }
    const bin = files.get('bin')
    if (bin) expect(() => patched('\0\x01', bin)).toThrow(/binary/)
  })

  test.each([
    ['of index and working tree', 'diff.mnemonicPrefix=true'],
    ['none', 'diff.noprefix=true'],
  ])('with other prefixes, %s, has the names that it tells, next to entries without any', (_, setting) => {
    const files = readDiff(git('-c', setting, 'diff', 'HEAD', '-M'))
    const named = ['a/é b.py', 'added', 'gone', 'new name', 'no-end', 'windows.txt']
    expect([...files.keys()].filter((file) => file !== 'bin' && file !== 'empty').sort()).toEqual(named)
    renameSync(place('new name'), place('exact'))
    try {
      writeFileSync(place('exact'), before.old ?? '')
      git('add', '-A')
      const { kind, oldPath } = readDiff(git('-c', setting, 'diff', 'HEAD', '-M')).get('exact') ?? {}
      expect([kind, oldPath]).toEqual(['renamed', 'old'])
    } finally {
      renameSync(place('exact'), place('new name'))
      writeFileSync(place('new name'), 'a\nb\nc\nD\n')
      git('add', '-A')
    }
  })

  test('of what was staged and changed again, in the order in which MLflow writes both', () => {
    git('checkout', '-q', 'HEAD', '--', 'twice')
    const lines = (before.twice ?? '').split('\n')
    writeFileSync(place('twice'), ['staged', ...lines].join('\n'))
    git('add', 'twice')
    writeFileSync(
      place('twice'),
      ['staged', 'and changed', ...lines.slice(0, 20), 'again', ...lines.slice(20)].join('\n'),
    )
    const logged = `${git('diff')}\n${git('diff', '--cached')}`.trimEnd()
    const change = readDiff(logged).get('twice')
    expect(change && patched(before.twice ?? '', change)).toBe(readFileSync(place('twice'), 'utf8'))
  })

  test('that does not fit, is no diff, or leads out, is refused', () => {
    const change = readDiff(git('diff', 'HEAD')).get('no-end')
    expect(() => change && patched('something else\n', change)).toThrow(/does not fit no-end/)
    for (const text of ['', 'hello\nthere', '@@ -1,3 +1,9 @@\nx'])
      expect(() => readDiff(text), JSON.stringify(text)).toThrow(/logged diff/)
    for (const name of ['../x', '/etc/passwd', '.git/config', 'a/../../x', 'C:/x'])
      expect(() => readDiff(`--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-a\n+b\n`), name).toThrow(/outside/)
  })
})

test.each(['', '/', '/a', 'a//b', 'a/', './a', 'a/..', 'a\\..\\b', '.git/x', '.GIT', 'c:/x', 'a\0b'])(
  '%j does not lie inside a repository',
  (file) => expect(isInside(file)).toBe(false),
)
test.each(['a', 'a/b.py', '.github/x', 'a/.gitignore', 'a..b', '-x', ':x'])('%j does', (file) =>
  expect(isInside(file)).toBe(true),
)
