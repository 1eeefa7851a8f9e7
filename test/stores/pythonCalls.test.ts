import { globSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { findMlflowCalls } from '../../src/extension/editor/pythonCalls'
import { python } from './servers'

/** A call as test/fixtures/python_calls.py tells of it. */
interface Call {
  readonly fn: string
  readonly text: string
  readonly isDecorator: boolean
}

const files = [...globSync('test/fixtures/python/*.py'), ...globSync('demo/*.py')].sort()
let oracle: Readonly<Record<string, Call[] | undefined>>

beforeAll(async () => {
  oracle = JSON.parse(await python('3', ['test/fixtures/python_calls.py', ...files])) as typeof oracle
})

test.each(files)("%s: the same calls as Python's ast finds", (file) => {
  const source = readFileSync(file, 'utf8')
  const found = findMlflowCalls(source).map(({ range, named: _, environment: __, isNested: ___, ...call }) => {
    const { registeredName: ____, inRun, ...rest } = call
    const text = source.slice(range.start, range.end)
    return { ...rest, inRun: inRun !== undefined, text: call.isDecorator ? text.replace(/^@/, '') : text }
  })
  expect(sorted(found)).toEqual(sorted(oracle[file] ?? []))
})

const sorted = (calls: readonly Call[]): Call[] => [...calls].sort((a, b) => (a.text + a.fn < b.text + b.fn ? -1 : 1))

test('the scripts call enough to tell', () => {
  const all = Object.values(oracle).flatMap((calls) => calls ?? [])
  expect(all.length).toBeGreaterThan(180)
  expect(new Set(all.map((call) => call.fn)).size).toBeGreaterThan(20)
})
