import { describe, expect, test } from 'vitest'
import type { RunInfo } from '../../src/shared/model'
import { RunFrame, RunFrameBuilder, transferablesOf } from '../../src/shared/runFrame'

function info(runId: string, runName = runId): RunInfo {
  return {
    runId,
    runName,
    experimentId: '1',
    userId: '',
    status: 'FINISHED',
    startTime: 0,
    endTime: null,
    artifactUri: '',
    lifecycleStage: 'active',
  }
}

interface Values {
  readonly metrics?: Readonly<Record<string, number>>
  readonly params?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  readonly outputs?: readonly string[]
}

function frameOf(runs: Readonly<Record<string, Values>>, capacity?: number): RunFrame {
  const builder = new RunFrameBuilder(capacity)
  for (const [id, { metrics = {}, params = {}, tags = {}, outputs = [] }] of Object.entries(runs)) {
    const row = builder.addRun(info(id))
    for (const [key, value] of Object.entries(metrics)) builder.setMetric(row, key, value, row, row * 10)
    for (const [key, value] of Object.entries(params)) builder.setParam(row, key, value)
    for (const [key, value] of Object.entries(tags)) builder.setTag(row, key, value)
    for (const modelId of outputs) builder.addModelOutput(row, { modelId, step: 0 })
  }
  return builder.build()
}

const rows = (frame: RunFrame) => Array.from({ length: frame.length }, (_, row) => frame.run(row))

describe('a frame', () => {
  test('tells a logged NaN from a missing value', () => {
    const frame = frameOf({ a: { metrics: { loss: NaN } }, b: {}, c: { metrics: { loss: -Infinity } } })
    expect(frame.metric('loss')?.values).toEqual(Float64Array.of(NaN, NaN, -Infinity))
    expect(frame.metric('loss')?.logged).toEqual(Uint8Array.of(1, 0, 1))
    expect(frame.metricAt(0, 'loss')).toEqual({ value: NaN, step: 0, timestamp: 0 })
    expect(frame.metricAt(1, 'loss')).toBeUndefined()
    expect(frame.metricAt(2, 'loss')).toEqual({ value: -Infinity, step: 2, timestamp: 20 })
    expect(frame.metric('missing')).toBeUndefined()
  })

  test('keeps strings by number', () => {
    const frame = frameOf({
      a: { params: { opt: 'adam' } },
      b: { params: { opt: 'sgd' } },
      c: {},
      d: { params: { opt: 'adam' } },
    })
    expect(frame.param('opt')).toEqual({ codes: Int32Array.of(0, 1, -1, 0), dictionary: ['adam', 'sgd'] })
    expect([0, 1, 2, 3].map((row) => frame.paramAt(row, 'opt'))).toEqual(['adam', 'sgd', undefined, 'adam'])
  })

  test('takes any key and an empty text', () => {
    const values = Object.fromEntries(['__proto__', 'constructor', '', '🚀'].map((key) => [key, '']))
    const frame = frameOf({ a: { params: values, tags: values } })
    expect(frame.run(0).params).toEqual(new Map(Object.entries(values)))
    expect(frame.tagAt(0, 'constructor')).toBe('')
    expect(frame.tagAt(0, 'toString')).toBeUndefined()
  })

  test('finds runs, and refuses rows that it has not', () => {
    const frame = frameOf({ a: {}, b: {} })
    expect([frame.rowOf('b'), frame.rowOf('x')]).toEqual([1, -1])
    expect(() => frame.run(2)).toThrow(RangeError)
    expect(RunFrame.empty.length).toBe(0)
  })

  test.each([1, 64, 300, 1000])('grows from a capacity of %i', (capacity) => {
    const builder = new RunFrameBuilder(capacity)
    for (let row = 0; row < 300; row++) {
      builder.addRun(info(String(row)))
      if (row % 2) builder.setMetric(row, 'm', row, row, row)
      if (row % 3 === 0) builder.setParam(row, 'p', String(row % 5))
    }
    const frame = builder.build()
    for (const row of [0, 63, 64, 150, 297, 299]) {
      expect(frame.metricAt(row, 'm')?.value).toBe(row % 2 ? row : undefined)
      expect(frame.paramAt(row, 'p')).toBe(row % 3 === 0 ? String(row % 5) : undefined)
    }
    expect(frame.metric('m')?.values.length).toBe(300)
  })

  test('crosses to another thread by handing over its buffers', () => {
    const { data } = frameOf({ a: { metrics: { m: 1 }, params: { p: 'x' } }, b: { tags: { t: 'y' } } })
    const expected = rows(new RunFrame(data))
    const moved = structuredClone(data, { transfer: transferablesOf(data) })
    expect(rows(new RunFrame(moved))).toEqual(expected)
    expect(data.metrics.get('m')?.values.length).toBe(0)
  })
})

describe('merging', () => {
  const older = frameOf({
    a: { metrics: { loss: 1, old: 5 }, params: { p: 'x' }, outputs: ['m-1'] },
    b: { metrics: { loss: 2 }, tags: { t: 'kept' } },
    c: { params: { p: 'y' } },
  })
  const newer = frameOf({
    d: { metrics: { fresh: NaN }, params: { p: 'z' }, outputs: ['m-3'] },
    a: { metrics: { loss: 0.5 }, tags: { t: 'new' } },
  })

  test('replaces runs in their place and appends new ones', () => {
    const merged = older.merge(newer)
    expect(merged.runIds()).toEqual(['a', 'b', 'c', 'd'])
    expect(rows(merged)).toEqual([newer.run(1), older.run(1), older.run(2), newer.run(0)])
    expect(merged.metricAt(0, 'old')).toBeUndefined()
    expect(merged.rowOf('d')).toBe(3)
  })

  test('changes neither frame', () => {
    const before = structuredClone([older.data, newer.data])
    older.merge(newer)
    expect([older.data, newer.data]).toEqual(before)
  })

  test('with nothing is nothing', () => {
    expect(older.merge(RunFrame.empty)).toBe(older)
    expect(RunFrame.empty.merge(older)).toBe(older)
  })

  test('gives the same as building at once', () => {
    const all = frameOf({
      a: { metrics: { m: 1 }, params: { p: 'x' } },
      b: { params: { p: 'y' } },
      c: { metrics: { m: 3 } },
      d: { tags: { t: 'x' } },
    })
    const one = new RunFrameBuilder()
    const two = new RunFrameBuilder()
    for (const row of [0, 1]) one.addRow(all, row)
    for (const row of [2, 3]) two.addRow(all, row)
    expect(rows(one.build().merge(two.build()))).toEqual(rows(all))
  })
})
