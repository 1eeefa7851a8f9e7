import { expect, test } from 'vitest'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import { statementsOf } from '../../../src/extension/editor/statements'

const long = 'x'.repeat(30_000_000)

test.each([
  ['a docstring', `"""${long}"""`],
  ['a string', `'${long}'`],
  ['a string of escapes', `"${String.raw`\n`.repeat(15_000_000)}"`],
  ['a comment', `#${long}`],
  ['a docstring of backslashes', `'''${'\\'.repeat(30_000_000)}'''`],
])('calls after %s of many megabytes are found', { timeout: 60_000 }, (_, text) => {
  const calls = findMlflowCalls(`import mlflow\n${text}\nmlflow.log_metric("loss", 1)\n`)
  expect(calls.map(({ line, key }) => [line, key])).toEqual([[2, 'loss']])
})

test('a docstring of many megabytes that is never closed takes the rest of the file', { timeout: 60_000 }, () => {
  expect(findMlflowCalls(`import mlflow\n"""${long}\nmlflow.log_metric("loss", 1)\n`)).toEqual([])
})

test.each([
  ['"""a"""', true],
  [String.raw`"""a\""""`, true],
  [String.raw`"""a\"""b"""`, true],
  [String.raw`"""a\\"""`, true],
  ["'''a\"\"\"b'''", true],
  ["'''a''b'''", true],
  ['""', true],
  [String.raw`"\""`, true],
  [String.raw`"\\"`, true],
  ['"a\\\nb"', true],
  ['"a # b"', true],
  [String.raw`"""a\"""`, false],
  ['"""a""', false],
])('%s ends where Python says', (text, isClosed) => {
  expect(statementsOf(`x = ${text}\ny = 1\n`)).toHaveLength(isClosed ? 2 : 1)
})
