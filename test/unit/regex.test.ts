import { describe, expect, test } from 'vitest'
import { FilterError, regexTest } from '../../src/shared/filter'

const where = { start: 0, end: 0 }
const found = (pattern: string, text: string): boolean => regexTest(pattern, where)(text)

describe('a regular expression of RLIKE', () => {
  const patterns = [
    ...[
      'a',
      '^a',
      'a$',
      '^a$',
      '',
      '^$',
      'a|b',
      '^(a|b)$',
      '(?:ab)+',
      '^(ab|a)(c|bcd)?$',
      'a*',
      '^a*b',
      'a+?b',
      'a{2}',
    ],
    ...[
      'a{2,}',
      '^a{1,3}$',
      '(a{0,2}b){2}',
      '[a-c]',
      '[^a-c]',
      '^[^\\]]$',
      '\\d+',
      '\\w+@\\w+',
      '^\\s*$',
      '\\S',
      '\\bab\\b',
    ],
    ...[
      'a\\Bb',
      '.',
      '^.$',
      '^..$',
      '\\.',
      'a.c',
      '\\u{1F680}',
      '\\ud83d\\ude80',
      '[🚀-🛰]',
      '\\p{Lu}',
      '\\P{L}',
      '^\\p{L}+$',
    ],
    ...[
      '(?<name>a)b',
      '((a*)*)*',
      '(a|a)*c',
      'x*y*z*',
      '(|a)b',
      '()',
      '\\x41',
      '\\u0041',
      '\\n',
      '\\t',
      '\\/',
      '[\\w-]+$',
    ],
    ...['^(a|ab)(c|bcd)(d*)$', '[]', '[^]', 'a(?:b|c(?:d|e))f', '\\cJ', '^(?:a?){10}a{10}$', '\\0', '[\\b]', '[.]'],
  ]
  const texts = [
    ...[
      '',
      'a',
      'b',
      'ab',
      'abc',
      'abcd',
      'aab',
      'aaa',
      'aaaaaaaaaa',
      'aabaab',
      'ba',
      'c',
      'acf',
      'acdf',
      'a.c',
      'x',
      ']',
    ],
    ...[
      'A',
      'user@host',
      ' \t',
      '\n',
      'ab cd',
      '🚀',
      'x🚀y',
      'é',
      'Ünï',
      '12',
      'a1',
      '.',
      'xyz',
      '\0',
      '\b',
      'a\nc',
      'cde',
      '-',
    ],
  ]

  test('finds what JavaScript finds', () => {
    const different = patterns.flatMap((pattern) =>
      texts
        .filter((text) => found(pattern, text) !== new RegExp(pattern, 'u').test(text))
        .map((text) => [pattern, text]),
    )
    expect(different).toEqual([])
  })

  test('takes no longer for a pattern that makes JavaScript try for ever', () => {
    const hostile: [string, string][] = [
      ['.*accuracy.*improved.*dataset', 'accuracy improved '.repeat(400)],
      ['.*a.*b.*c', 'ab'.repeat(4000)],
      ['(a+)+$', `${'a'.repeat(8000)}b`],
      [`^${'(a|b|ab)?'.repeat(22)}$`, `${'ab'.repeat(22)}c`],
      ['(x+x+)+y', 'x'.repeat(8000)],
      ['(.*)*(.*)*(.*)*z', 'a'.repeat(8000)],
    ]
    for (const [pattern, text] of hostile) expect(found(pattern, text), pattern).toBe(false)
  })

  test.each([
    ['(?=a)', /\(\?= is not supported/],
    ['(?!a)b', /not supported/],
    ['(?<=a)b', /not supported/],
    ['(a)\\1', /\\1 is not supported/],
    ['(?<x>a)\\k<x>', /\\k is not supported/],
    ['((a{50}){50}){50}', /repeats too much/],
    ['(', /no regular expression/],
    ['a'.repeat(1001), /1000 characters at most/],
  ])('%j is refused, and it says why', (pattern, message) => {
    expect(() => regexTest(pattern, where)).toThrow(message)
    expect(() => regexTest(pattern, where)).toThrow(FilterError)
  })
})
