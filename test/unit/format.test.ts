import { afterEach, describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatExact, formatMetric, formatRelativeTime } from '../../src/shared/format'
import { setTranslator, translatorOf } from '../../src/shared/l10n'

describe('formatMetric', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [42, '42'],
    [-3, '−3'],
    [0.1 + 0.2, '0.3'],
    [0.123456789, '0.123457'],
    [-1234.5678, '−1234.57'],
    [1e-5, '1e−5'],
    [0.0001, '0.0001'],
    [1.23456789e-7, '1.23457e−7'],
    [123456789, '123456789'],
    [1.5e12, '1.5e12'],
    [99999.95, '99999.9'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    // What MLflow's databases hold for an infinity.
    [Number.MAX_VALUE, '∞'],
    [-Number.MAX_VALUE, '−∞'],
  ])('writes %d as %s', (value, text) => {
    expect(formatMetric(value)).toBe(text)
  })

  it('writes each of a list alike', () => {
    expect([1 / 3, 1 / 3].map(formatMetric)).toEqual(['0.333333', '0.333333'])
  })
})

describe('formatExact', () => {
  it('gives back every digit, and infinities as Python reads them', () => {
    expect([0.1 + 0.2, NaN, Infinity, -Infinity].map(formatExact)).toEqual([
      '0.30000000000000004',
      'nan',
      'inf',
      '-inf',
    ])
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [850, '850 ms'],
    [999.7, '999 ms'],
    [1500, '1.5 s'],
    [12_000, '12 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [3_600_000, '1 h'],
    [100 * 3_600_000, '4 d 4 h'],
    [-1500, '−1.5 s'],
    [NaN, 'unknown'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('formatRelativeTime', () => {
  const now = 1_800_000_000_000
  it.each([
    [0, 'just now'],
    [12_000, '12 s ago'],
    [5 * 60_000, '5 min ago'],
    [47 * 3_600_000, '1 d ago'],
    [90 * 86_400_000, '2 mo ago'],
    [800 * 86_400_000, '2 y ago'],
    [-2 * 3_600_000, 'in 2 h'],
    [NaN, 'unknown'],
  ])('writes %d ms ago as %s', (span, text) => {
    expect(formatRelativeTime(now - span, now)).toBe(text)
  })
})

describe('formatBytes', () => {
  it('uses the largest unit that leaves a number above one', () => {
    expect([0, 812, 1024, 1_482_113, 23_000_000, 5e12].map(formatBytes)).toEqual([
      '0 B',
      '812 B',
      '1 KB',
      '1.4 MB',
      '22 MB',
      '4.5 TB',
    ])
  })
})

describe('translation', () => {
  afterEach(() => setTranslator(translatorOf({})))

  it('reaches units too', () => {
    setTranslator(translatorOf({ '{0} min ago': 'vor {0} Min.' }))
    expect(formatRelativeTime(0, 120_000)).toBe('vor 2 Min.')
  })
})
