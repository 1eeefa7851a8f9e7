import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parsedByLezer } from '../../../src/extension/editor/expressions'
import { simpleCall } from '../../../src/extension/editor/simpleCalls'
import { statementsOf } from '../../../src/extension/editor/statements'

test.each([
  'mlflow.log_metric("loss", loss, step=epoch)',
  "f('a')",
  'a.b.c( "x" ,  y.z , k = 1.5 , t=True, n=None )',
  'f(x, 1_000, 0x1f)',
  'f("with (brackets), # and = signs", \'"\')',
  'f("", "é…")',
])('%s is what the parser says', (text) => {
  expect(simpleCall(text)).toEqual(parsedByLezer(text))
  expect(simpleCall(text)).toBeDefined()
})

test.each([
  'f()',
  'f(',
  'f("a"',
  'f("a) ',
  'f("a" "b")',
  'f("""a""")',
  'f("a\\n")',
  'f(r"a")',
  'f(f"{a}")',
  'f(-1)',
  'f(a[0])',
  'f(a.b())',
  'f(*a)',
  'f(**a)',
  'f(a + b)',
  'f(a,)',
  'f(a).g(b)',
  'f(a) if b else c',
  'x = f(a)',
  'f(a); g(b)',
  'f(a)  # why',
  'await f(a)',
  'f[0](a)',
])('%s is left to the parser', (text) => {
  expect(simpleCall(text)).toBeUndefined()
})

test('all statements of the scripts, and pieces of them, are read alike', () => {
  const scripts = [...globSync('test/fixtures/python/*.py'), ...globSync('demo/**/*.py')]
  let simple = 0
  for (const script of scripts) {
    const source = readFileSync(script, 'utf8')
    for (const { start, end } of statementsOf(source))
      for (const to of [end, start + ((end - start) >> 1), end - 1]) {
        const text = source.slice(start, to)
        const read = simpleCall(text)
        if (!read) continue
        simple++
        expect(read).toEqual(parsedByLezer(text))
      }
  }
  expect(simple).toBeGreaterThan(50)
}, 60_000)
