import { expect, it } from 'vitest'
import type { RunDetails } from '../../src/shared/protocol'
import { latestOf, metricIndex, versionOf } from '../../src/webview/ui/runDetails'

const detailsOf = (status: string): RunDetails =>
  ({
    status,
    metrics: { keys: ['loss', '__proto__'], values: [1, 2], steps: [9, 0], timestamps: [5, 6] },
  }) as unknown as RunDetails

it('a run that goes on may have new points before its latest, one that is over may not', () => {
  const versions = [
    ...[1000, 2000].map((asOf) => versionOf({ details: detailsOf('RUNNING'), asOf })),
    ...[3000, 4000].map((asOf) => versionOf({ details: detailsOf('FINISHED'), asOf })),
  ]
  expect(new Set(versions).size).toBe(3)
  expect(versions[2]).toBe(versions[3])
})

it('a metric is found by its key, whatever that is', () => {
  const details = detailsOf('RUNNING')
  expect(['loss', '__proto__', 'constructor'].map((key) => metricIndex(details, key))).toEqual([0, 1, undefined])
  expect(['loss', '__proto__', 'toString'].map((key) => latestOf(details, key))).toEqual(['9 5 1', '0 6 2', ''])
})
