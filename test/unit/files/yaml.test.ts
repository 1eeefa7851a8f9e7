import { describe, expect, test } from 'vitest'
import { numberAt, parseYaml, textAt, textsAt } from '../../../src/extension/stores/files/yaml'

const valueOf = (text: string) => parseYaml(`key: ${text}\n`)?.get('key')

describe('meta.yaml', () => {
  // What Python's yaml.safe_load makes of each, asked of PyYAML 6.
  test.each<[string, unknown]>([
    ['null', null],
    ['~', null],
    ['', null],
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['N', 'N'],
    ['0', 0],
    ['-12', -12],
    ['010', 8],
    ['0x1F', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['123456789012345678901', 123456789012345678901n],
    ['1.5', 1.5],
    ['1e5', '1e5'],
    ['1.0e+5', 100000],
    ['-.5', '-.5'],
    ['.5', 0.5],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['0.', 0],
    ['12e03', '12e03'],
    ['00123abc00123abc00123abc00123abc', '00123abc00123abc00123abc00123abc'],
    ['12345678901234567890123456789012', 12345678901234567890123456789012n],
    ["'0123'", '0123'],
    ["'it''s'", "it's"],
    ["''", ''],
    ['"a\\nb \\U0001F680 \\x41"', 'a\nb 🚀 A'],
    ['plain text, of words', 'plain text, of words'],
    ['a: b', undefined],
    ['a #comment', 'a'],
    ['a#b', 'a#b'],
    ['file:///tmp/mlruns/1', 'file:///tmp/mlruns/1'],
    ['bold-fish-12', 'bold-fish-12'],
    ['ünïcode 模型', 'ünïcode 模型'],
    ['[]', []],
    ['{}', new Map()],
    ['[1, a]', [1, 'a']],
    ['folded\n  over lines', 'folded over lines'],
    ["'folded\n\n  over lines'", 'folded\nover lines'],
    ['|\n  kept\n  lines\n', 'kept\nlines\n'],
  ])('%j', (text, value) => {
    expect(valueOf(text)).toEqual(value)
  })

  test('is read alike with CRLF and a BOM', () => {
    const text = 'name: a b\nstart_time: 12\ntags: []\n'
    expect(parseYaml(`\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(parseYaml(text))
  })

  test.each(['', '\n', '\0\0\0\0', 'just text', '- a\n- b\n', 'a: [', "a: 'b", 'a: "b\n', '\u0001{:', 'a: b: c'])(
    'refuses %j',
    (text) => {
      expect(parseYaml(text)).toBeUndefined()
    },
  )

  test('does not follow aliases, by which a small file becomes a huge one', () => {
    const levels = Array.from({ length: 30 }, (_, at) => `k${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]`)
    expect(parseYaml(['k0: &a0 [x]', ...levels].join('\n'))?.get('k30')).toEqual([null, null, null])
  })

  test('the last of two equal keys counts, and no key is special', () => {
    const map = parseYaml('a: 1\na: 2\n__proto__: 3\n')
    expect(map?.get('a')).toBe(2)
    expect(map?.get('__proto__')).toBe(3)
  })

  test('values are given as what is asked for', () => {
    const map = parseYaml("id: 12\nname: '12'\ntime: 9007199254740993\ntags: {a: 1, b: null, c: 'x'}\nnone: null\n")
    if (!map) throw new Error('not read')
    expect(textAt(map, 'id')).toBe('12')
    expect(numberAt(map, 'name')).toBeNull()
    expect(numberAt(map, 'time')).toBe(9007199254740992)
    expect(textAt(map, 'none')).toBe('')
    expect(textsAt(map, 'tags')).toEqual(new Map([['a', '1'], ['b', ''], ['c', 'x']])) // prettier-ignore
  })
})
