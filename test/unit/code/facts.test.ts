import { describe, expect, test } from 'vitest'
import { locate, projectFolder, scriptOf } from '../../../src/extension/code/locate'
import { codeFactsOf, isSameRepository, uncommittedText } from '../../../src/extension/code/runFacts'

const factsOf = (tags: Record<string, string>) =>
  codeFactsOf(new Map(Object.entries(tags).map(([key, value]) => [`mlflow.source.${key}`, value])))

describe('what a run says of its code', () => {
  test('is taken from its tags', () => {
    const commit = 'ABCDEF0123456789abcdef0123456789abcdef01'
    expect(factsOf({ 'git.commit': commit, name: 'train.py', 'git.dirty': 'True' })).toMatchObject({
      commit: commit.toLowerCase(),
      source: 'train.py',
      dirty: true,
      diff: '',
      entryPoint: 'main',
    })
    expect(factsOf({ 'git.repoURL': 'https://user:secret@host/a.git' }).repository).toBe('https://host/a.git')
  })

  test.each(['', 'HEAD', '--output=x', 'abc', 'abcdefg1234', 'deadbeef; rm', '0'.repeat(65)])(
    '%j is no commit',
    (text) => expect(factsOf({ 'git.commit': text }).commit).toBeUndefined(),
  )

  test('what is not known is said to be so', () => {
    expect(uncommittedText(factsOf({}), undefined)).toMatch(/does not say/)
    expect(uncommittedText(factsOf({ 'git.dirty': 'true' }), undefined)).toMatch(/were not logged/)
    expect(uncommittedText(factsOf({ 'git.dirty': 'false' }), undefined)).toMatch(/no changes/)
    expect(uncommittedText(factsOf({ 'git.dirty': 'true' }), 2)).toMatch(/2 files/)
  })
})

test.each([
  ['https://github.com/a/b.git', 'git@github.com:a/b'],
  ['https://user:x@github.com/A/b/', 'ssh://git@github.com:22/a/b.git'],
  ['https://github.com/a/b#sub/dir', 'https://github.com/a/b.git'],
])('%s and %s are one repository', (one, other) => expect(isSameRepository(one, other)).toBe(true))
test.each([
  ['https://github.com/a/b', 'https://github.com/a/bc'],
  ['https://github.com/a/b', 'https://gitlab.com/a/b'],
])('%s and %s are two', (one, other) => expect(isSameRepository(one, other)).toBe(false))

describe('the file that a run ran', () => {
  const files = ['README.md', 'old/train.py', 'src/models/train.py', 'train.py', 'src/eval.py', 'MLproject']
  const root = '/home/ann/shop'
  test.each([
    ['/home/ann/shop/train.py', ['train.py']],
    ['/home/ann/shop/old/train.py', ['old/train.py']],
    ['/home/bob/work/src/models/train.py', ['src/models/train.py']],
    ['C:\\work\\shop\\src\\eval.py', ['src/eval.py']],
    ['./train.py', ['train.py', 'old/train.py', 'src/models/train.py']],
    ['models/train.py', ['src/models/train.py']],
    ['/usr/lib/python3/ipykernel_launcher.py', []],
    ['<console>', []],
    ['', []],
  ])('%s is %j', (name, found) => expect(locate(files, { name, root })).toEqual(found))

  test('of a project is the script of its entry point', () => {
    const projectFiles = ['sub/train.py', 'sub/MLproject', 'train.py']
    expect(scriptOf('python "train.py" --lr {lr}', 'sub', projectFiles)).toBe('sub/train.py')
    expect(scriptOf('python -m train', 'sub', projectFiles)).toBeUndefined()
    expect(projectFolder('https://host/a.git#sub/dir')).toBe('sub/dir')
    expect(projectFolder('/home/ann/shop')).toBeUndefined()
  })
})
