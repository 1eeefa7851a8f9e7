import { globSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { findMlflowCalls } from '../../src/extension/editor/pythonCalls'
import { writtenText } from '../../src/extension/editor/textLiterals'
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
  const direct = findMlflowCalls(source).filter(({ isIndirect }) => !isIndirect)
  const found = direct.map((call) => {
    const { fn, flavor, key, keys, line, endLine, isClient, isDecorator, blockEnd, inRun, range } = call
    const text = source.slice(range.start, range.end)
    const said = { fn, flavor, key, keys, line, endLine, isClient, isDecorator, blockEnd, inRun: inRun !== undefined }
    return { ...said, text: isDecorator ? text.replace(/^@/, '') : text }
  })
  expect(sorted(found)).toEqual(sorted(oracle[file] ?? []))
})

const sorted = (calls: readonly Call[]): Call[] => [...calls].sort((a, b) => (a.text + a.fn < b.text + b.fn ? -1 : 1))

test('the scripts call enough to tell', () => {
  const all = Object.values(oracle).flatMap((calls) => calls ?? [])
  expect(all.length).toBeGreaterThan(180)
  expect(new Set(all.map((call) => call.fn)).size).toBeGreaterThan(20)
})

test('texts are what Python reads, and each character is where it is written', async () => {
  const written = [
    '"plain"',
    String.raw`'it\'s "so"'`,
    String.raw`"a\n\t\\b\x41\u00e9\U0001F600\101\0\q"`,
    String.raw`r"\d+\""`,
    '"""two\nlines"""',
    '"joined\\\nlines"',
    '"one" \'two\'\n  "three"',
    '("in brackets"\n "and more")',
    '"a" + "b" + ("c" "d")',
    'f"{{braces}}"',
    'u"é…"',
    "''",
  ]
  const script = 'import json, sys\nprint(json.dumps([eval(f"({each})") for each in json.loads(sys.argv[1])]))'
  const read = JSON.parse(await python('3', ['-c', script, JSON.stringify(written)])) as string[]
  const found = written.map((text) => writtenText(`x = ${text}  # "no"`, { start: 4, end: 4 + text.length }))
  expect(found.map((each) => each?.text)).toEqual(read)
  for (const each of found)
    expect(each?.places).toEqual([...(each?.places ?? [])].sort((a, b) => a.start - b.start || a.end - b.end))
})
