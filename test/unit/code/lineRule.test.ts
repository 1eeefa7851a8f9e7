import { describe, expect, test } from 'vitest'
import { filterOf, parseBlame, ruleFor } from '../../../src/extension/code/lineRule'
import { parseFilter } from '../../../src/shared/filter'

const commit = 'a'.repeat(40)
const porcelain = (id: string): string =>
  [`${id} 3 4 1`, 'author ann', 'committer-time 1700000000', 'summary Use huber loss', 'filename x.py', '\tcode'].join(
    '\n',
  )

describe('runs that ran with a line', () => {
  test('blame tells the commit, or that there is none yet', () => {
    expect(parseBlame(porcelain(commit))).toEqual({ commit, time: 1_700_000_000_000, summary: 'Use huber loss' })
    expect(parseBlame(porcelain('0'.repeat(40)))?.commit).toBeUndefined()
    expect(parseBlame('fatal')).toBeUndefined()
  })

  test('the commit decides where it is known, else the time', () => {
    const having = new Set([commit])
    const known = new Set([commit, 'b'])
    expect(ruleFor(commit, 0, having, known, 5)).toBe('commit')
    expect(ruleFor('b', 9, having, known, 5)).toBeUndefined()
    expect(ruleFor('c', 9, having, known, 5)).toBe('time')
    expect(ruleFor(undefined, 4, having, known, 5)).toBeUndefined()
    expect(ruleFor(undefined, null, having, known, 5)).toBeUndefined()
  })

  test('the filter says the same, within what a table takes', () => {
    const many = Array.from({ length: 200 }, (_, n) => n.toString(16).padStart(40, '0'))
    for (const rule of [
      { having: [], unknown: [] },
      { having: [commit], unknown: [] },
      { having: many, unknown: many },
    ]) {
      const filter = filterOf({ ...rule, since: 1.5 })
      expect(parseFilter(filter, 'runs')).toBeDefined()
      expect(filter.length).toBeLessThan(20_000)
    }
  })
})
