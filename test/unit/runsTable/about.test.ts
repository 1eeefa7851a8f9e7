import { expect, test } from 'vitest'
import { aboutRun } from '../../../src/shared/runsTable/about'
import { frameOf } from './tables'

test('a run in a few lines: the first of its metrics and parameters, each on one line', () => {
  const metrics = { 'system/cpu': 3, ['two\nlines']: NaN, a: 1, b: 2, c: 3, d: 4, e: 5 }
  const frame = frameOf({
    done: { startTime: 0, endTime: 61_000, metrics, params: { prompt: 'x'.repeat(6000) } },
    going: { startTime: 0, endTime: null, status: 'RUNNING' },
    never: { startTime: null, endTime: null, status: 'SCHEDULED' },
  })
  expect(aboutRun(frame, 0, 90_000).slice(1)).toEqual([
    ...['Duration: 1 min 1 s', 'two lines: NaN', 'a: 1', 'b: 2', 'c: 3', 'd: 4', 'and 1 more'],
    `prompt: ${'x'.repeat(120)}…`,
  ])
  expect(aboutRun(frame, 1, 90_000).slice(1)).toEqual(['Running for: 1 min 30 s'])
  expect(aboutRun(frame, 2, 90_000)).toEqual([])
})
