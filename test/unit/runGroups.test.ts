import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/shared/model'
import { groupRuns, summarize, type GroupKey } from '../../src/shared/runGroups'
import { compareText } from '../../src/shared/textOrder'
import { frameOf, randomOf, runOf, runsOf } from './madeUpRuns'

const valueOf = (run: Run | undefined, { entity, key }: GroupKey): string | undefined =>
  (entity === 'param' ? run?.params : run?.tags)?.get(key)

const groupings: readonly GroupKey[] = [
  { entity: 'param', key: 'x' },
  { entity: 'tag', key: 'y' },
  { entity: 'tag', key: '__proto__' },
  { entity: 'param', key: 'nowhere' },
]

describe('groups', () => {
  test.each(Array.from({ length: 20 }, (_, seed) => seed))('are what collecting run by run gives (%i)', (seed) => {
    const random = randomOf(seed)
    const runs = runsOf(random, 300)
    const frame = frameOf(runs)
    const keys = groupings.filter(() => random() < 0.5)
    const rows = runs.map((_, row) => row).filter(() => random() < 0.9)
    const expected = new Map<string, number[]>()
    for (const row of rows) {
      const identity = JSON.stringify(keys.map((key) => valueOf(runs[row], key) ?? null))
      expected.set(identity, [...(expected.get(identity) ?? []), row])
    }
    const groups = groupRuns(frame, keys, rows)
    const found = groups.map((group) => [JSON.stringify(group.values.map((value) => value ?? null)), [...group.rows]])
    expect(new Map(found as [string, number[]][])).toEqual(expected)
    expect(groups.length).toBe(expected.size)
    for (const { rows: own, count, metric } of groups) {
      expect(count).toBe(own.length)
      const logged = Array.from(own, (row) => runs[row]?.metrics.get('y')?.value)
      const finite = logged.filter((value) => value !== undefined && Number.isFinite(value)) as number[]
      const found = metric('y')
      expect(found).toMatchObject({
        finite: finite.length,
        nan: logged.filter((value) => Number.isNaN(value)).length,
        infinite: logged.filter((value) => value === Infinity || value === -Infinity).length,
        missing: logged.filter((value) => value === undefined).length,
        min: finite.length === 0 ? undefined : Math.min(...finite),
        max: finite.length === 0 ? undefined : Math.max(...finite),
      })
      const mean = finite.reduce((sum, value) => sum + value / finite.length, 0)
      const scale = Math.max(...finite.map(Math.abs), 1)
      if (finite.length > 0) expect(Math.abs((found.mean ?? NaN) - mean) / scale).toBeLessThan(1e-12)
      else expect(found.mean).toBeUndefined()
    }
  })

  test('stand in the order of their values, those without one last, whatever the order of the rows', () => {
    const random = randomOf(4)
    const runs = runsOf(random, 200)
    const keys: GroupKey[] = [
      { entity: 'param', key: 'x' },
      { entity: 'tag', key: 'y' },
    ]
    const orders = [runs, runs.toReversed(), runs.toSorted(() => random() - 0.5)].map((some) =>
      groupRuns(frameOf(some), keys).map(({ values }) => values),
    )
    const [values = []] = orders
    expect(orders[1]).toEqual(values)
    expect(orders[2]).toEqual(values)
    expect(values.at(-1)).toEqual([undefined, undefined])
    const first = values.map(([value]) => value)
    const some = first.filter((value) => value !== undefined)
    expect(first.slice(0, some.length)).toEqual(some.toSorted(compareText))
  })

  test('by nothing are one group of all, and of no runs none', () => {
    const frame = frameOf(runsOf(randomOf(2), 3))
    expect(groupRuns(frame, []).map(({ values, rows }) => ({ values, rows }))).toEqual([
      { values: [], rows: Uint32Array.of(0, 1, 2) },
    ])
    expect(groupRuns(frameOf([]), groupings)).toEqual([])
  })

  test('tell what a metric came to even where its sum is beyond a number', () => {
    const values = [Number.MAX_VALUE, Number.MAX_VALUE, NaN, Infinity, undefined]
    const runs = values.map((value, at): Run => {
      const metrics = new Map(value === undefined ? [] : [['m', { value, step: 0, timestamp: 0 }]])
      return { ...runOf(randomOf(1), String(at)), metrics }
    })
    const summary = { finite: 2, mean: Number.MAX_VALUE, min: Number.MAX_VALUE, max: Number.MAX_VALUE }
    expect(summarize(frameOf(runs), 'm', [0, 1, 2, 3, 4])).toEqual({ ...summary, nan: 1, infinite: 1, missing: 1 })
    expect(summarize(frameOf(runs), 'other', [0, 1]).missing).toBe(2)
  })
})
