/** Pages put together, merged and cut out: against lists of runs that the same is done to. */
import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/shared/model'
import { RunFrame, RunFrameBuilder } from '../../src/shared/runFrame'
import { contentOf, frameOf, oneOf, randomOf, runOf, runsOf, type Random } from './madeUpRuns'

const seeds = Array.from({ length: 20 }, (_, seed) => seed)

function pagesOf(random: Random, runs: readonly Run[]): Run[][] {
  const pages: Run[][] = []
  for (let at = 0; at < runs.length;) {
    const size = Math.floor(random() * 20)
    pages.push(runs.slice(at, at + size))
    at += size
  }
  return pages
}

describe('pages', () => {
  test.each(seeds)('add up to the runs in them, and frames handed out before stay as they were (%i)', (seed) => {
    const random = randomOf(seed)
    const runs = runsOf(random, 150)
    const builder = new RunFrameBuilder(oneOf(random, [1, 50, 1000]))
    const views: { frame: RunFrame; runs: Run[] }[] = []
    let count = 0
    for (const page of pagesOf(random, runs)) {
      builder.append(frameOf(page))
      count += page.length
      if (random() < 0.5) views.push({ frame: builder.view(), runs: runs.slice(0, count) })
    }
    expect(contentOf(builder.view())).toEqual(runs)
    expect(contentOf(builder.build())).toEqual(runs)
    for (const view of views) {
      expect(contentOf(view.frame)).toEqual(view.runs)
      expect(view.frame.runIds()).toEqual(view.runs.map(({ info }) => info.runId))
      expect(view.frame.rowOf(runs.at(-1)?.info.runId ?? '')).toBe(view.runs.length === runs.length ? count - 1 : -1)
    }
  })

  test('can be views themselves, of which more is known by now', () => {
    const runs = runsOf(randomOf(1), 40)
    const source = new RunFrameBuilder()
    source.append(frameOf(runs.slice(0, 20)))
    const early = source.view()
    source.append(frameOf(runs.slice(20)))
    const builder = new RunFrameBuilder()
    builder.append(early)
    expect(contentOf(builder.build())).toEqual(runs.slice(0, 20))
    expect(contentOf(early.merge(frameOf(runs.slice(30))))).toEqual([...runs.slice(0, 20), ...runs.slice(30)])
    expect(contentOf(early.slice([19, 3]))).toEqual([runs[19], runs[3]])
    expect(() => early.slice([20])).toThrow(RangeError)
    expect(() => early.runId(20)).toThrow(RangeError)
    expect(() => early.info(20)).toThrow(RangeError)
  })

  test('take no more memory at the end than the runs need', () => {
    const builder = new RunFrameBuilder()
    for (let page = 0; page < 10; page++) builder.append(frameOf(runsOf(randomOf(page), 100)))
    const { data, length } = builder.build()
    for (const { values, steps, timestamps, logged } of data.metrics.values())
      for (const column of [values, steps, timestamps, logged])
        expect(column.buffer.byteLength).toBe(length * column.BYTES_PER_ELEMENT)
  })

  test('cost in proportion to their own rows, not to those before', () => {
    const page = frameOf(runsOf(randomOf(3), 100))
    const bytesMoved = (pages: number): number => {
      const builder = new RunFrameBuilder()
      const buffers = new Set<ArrayBufferLike>()
      for (let at = 0; at < pages; at++) {
        builder.append(page)
        const values = builder.view().metric('x')?.values
        if (values) buffers.add(values.buffer)
      }
      return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)
    }
    expect(bytesMoved(400)).toBeLessThan(400 * 100 * 8 * 5) // all that was ever reserved is a few times the end's size
  })
})

describe('merging', () => {
  test.each(seeds)('is what replacing and adding run by run gives (%i)', (seed) => {
    const random = randomOf(seed)
    let runs = runsOf(random, 60)
    let frame = frameOf(runs)
    for (let round = 0; round < 5; round++) {
      const replaced = runs.filter(() => random() < 0.1).map(({ info }) => runOf(random, info.runId))
      const added = runsOf(random, Math.floor(random() * 5))
      const newer = [...replaced, ...added].sort(() => random() - 0.5)
      const before = contentOf(frame)
      const merged = frame.merge(frameOf(newer))
      expect(contentOf(frame)).toEqual(before)
      const byId = new Map([...runs, ...newer].map((run) => [run.info.runId, run]))
      runs = [...byId.values()]
      expect(contentOf(merged)).toEqual(runs)
      expect(contentOf(new RunFrame(structuredClone(merged.data)))).toEqual(runs)
      frame = merged
    }
  })

  test('shares the columns in which nothing changes', () => {
    const runs = runsOf(randomOf(5), 50)
    const frame = frameOf(runs)
    const same = frame.merge(frame.slice([7, 3]))
    for (const [key, column] of frame.data.metrics) expect(same.metric(key)?.values).toBe(column.values)
    for (const [key, column] of frame.data.params) expect(same.param(key)).toBe(column)
    expect(same.data.infos.runNames).toBe(frame.data.infos.runNames)
    expect(same.data.infos.runIds).toBe(frame.data.infos.runIds)
  })

  test('forgets texts that are nowhere any more, however often a run changes', () => {
    const run = runOf(randomOf(6), 'a')
    let frame = frameOf([run])
    for (let round = 0; round < 200; round++)
      frame = frame.merge(frameOf([{ ...run, tags: new Map([['progress', `step ${round}`]]) }]))
    expect(frame.tagAt(0, 'progress')).toBe('step 199')
    expect(frame.tag('progress')?.dictionary.length).toBeLessThan(30)
  })
})

describe('a slice', () => {
  test.each(seeds)('holds the rows asked for, in that order (%i)', (seed) => {
    const random = randomOf(seed)
    const runs = runsOf(random, 80)
    const rows = Uint32Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * runs.length))
    expect(contentOf(frameOf(runs).slice(rows))).toEqual(Array.from(rows, (row) => runs[row]))
  })

  test('has only the columns and texts of its rows', () => {
    const frame = frameOf(runsOf(randomOf(9), 500))
    const row = frame.data.metrics.get('x')?.logged.indexOf(0) ?? -1
    const slice = frame.slice([row])
    expect(slice.metricKeys).not.toContain('x')
    expect(slice.data.infos.runNames.dictionary.length).toBe(1)
  })
})
