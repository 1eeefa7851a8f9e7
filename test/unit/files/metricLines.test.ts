import { describe, expect, test } from 'vitest'
import { Latest, readLines } from '../../../src/extension/stores/files/metricLines'

function read(text: string): { points: number[][]; malformed: number; end: number } {
  const points: number[][] = []
  const parsed = readLines(Buffer.from(text, 'latin1'), (...point) => points.push(point))
  return { points, ...parsed }
}

function latestOf(text: string) {
  const latest = new Latest()
  const { malformed } = latest.readLines(Buffer.from(text))
  return { ...latest.metric, malformed }
}

describe('lines of a metric', () => {
  test.each<[string, number[]]>([
    ['1750000000000 0.5', [0, 0.5, 1750000000000]],
    ['1750000000000 0.5 7', [7, 0.5, 1750000000000]],
    ['1750000000000 0.5 7 train d1gest', [7, 0.5, 1750000000000]],
    ['1 -1e-320 -3', [-3, -1e-320, 1]],
    ['1 nan 0', [0, NaN, 1]],
    ['1 -inf 0', [0, -Infinity, 1]],
    ['1 inf 0\r', [0, Infinity, 1]],
    ['1 1.7976931348623157e+308 9223372036854775807', [2 ** 63, Number.MAX_VALUE, 1]],
    ['1 0.30000000000000004 1', [1, 0.1 + 0.2, 1]],
    ['1 123456789012345.6 1', [1, 123456789012345.6, 1]],
    ['1 5e-324 1', [1, 5e-324, 1]],
    ['-5 .5 1', [1, 0.5, -5]],
    ['1 5. 1', [1, 5, 1]],
    ['1 -0.0 1', [1, -0, 1]],
  ])('%j', (line, point) => {
    expect(read(`${line}\n`)).toMatchObject({ points: [point], malformed: 0 })
  })

  test.each([
    '1',
    'x',
    '1 x',
    '1 0.5 x',
    '1  0.5 1',
    'x 0.5 1',
    '1.5 0.5 1',
    '1 0.5 1.5',
    '1 - 1',
    '1 . 1',
    '1 1-2 1',
    '\0\0',
  ])('refuses %j, and goes on behind it', (line) => {
    expect(read(`${line}\n2 0.25 2\n`)).toMatchObject({ points: [[2, 0.25, 2]], malformed: 1 })
  })

  test('empty lines are nothing, and a line without an end is left', () => {
    expect(read('\n1 1 1\n\r\n2 2')).toEqual({ points: [[1, 1, 1]], malformed: 0, end: 9 })
  })

  test('every double is read as JavaScript reads it', () => {
    let state = 12345
    const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32
    const values = Array.from({ length: 20_000 }, () => {
      const value = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20)
      return random() < 0.5 ? value : Number(value.toPrecision(1 + Math.floor(random() * 17)))
    })
    const { points, malformed } = read(values.map((value, at) => `1 ${value} ${at}\n`).join(''))
    expect(malformed).toBe(0)
    expect(points.map(([, value]) => value)).toEqual(values)
  })
})

describe('the latest value', () => {
  test.each<[string, object]>([
    ['1 0.5 1\n2 0.25 2\n', { step: 2, value: 0.25, timestamp: 2, malformed: 0 }],
    ['9 0.5 1\n2 0.25 2\n', { step: 2, value: 0.25 }],
    ['9 0.5 2\n2 0.25 2\n', { step: 2, value: 0.5, timestamp: 9 }],
    ['9 0.5 2\n9 0.75 2\n9 -1 2\n', { value: 0.75 }],
    ['9 nan 2\n9 -1 2\n', { value: NaN }], // MLflow's databases have NaN as 0
    ['9 1 2\n9 nan 2\n', { value: 1 }],
    ['1 0.5 1\n2 rubbish 2\n', { value: 0.5, malformed: 1 }],
    ['rubbish\n2 0.5 -2\n', { step: -2, value: 0.5, malformed: 1 }],
    ['', { malformed: 0 }],
  ])('%j', (text, expected) => {
    expect(latestOf(text)).toMatchObject(expected)
  })

  test('that are damaged are counted wherever they stand, also where only the latest is wanted', () => {
    expect(latestOf('1 torn\n2 0.5 7\n')).toMatchObject({ step: 7, value: 0.5, malformed: 1 })
    expect(latestOf('2 0.5 7\n1 0.5x 3\n')).toMatchObject({ step: 7, value: 0.5, malformed: 1 })
    expect(latestOf('2 1e-05 7\n1 -Infinity 3\n1 NaN 2\n')).toMatchObject({ step: 7, value: 1e-5, malformed: 0 })
  })
})
