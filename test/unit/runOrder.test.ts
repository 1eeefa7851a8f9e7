import { describe, expect, test } from 'vitest'
import { parseOrderBy, type Ordering } from '../../src/shared/filter'
import type { Run } from '../../src/shared/model'
import { compareRuns, sortRuns } from '../../src/shared/runOrder'
import { atOnce } from '../../src/shared/steps'
import { compareText, sortedTexts, textRanks } from '../../src/shared/textOrder'
import { frameOf, oneOf, randomOf, runOf, runsOf, textOf } from './madeUpRuns'

const by = (...entries: readonly string[]): Ordering[] => parseOrderBy(entries, 'runs')

/** What the order is by, the slow way: rank (value, NaN, missing) and value. */
function valueOf(run: Run, { name }: Ordering): number | string | undefined {
  const { info } = run
  const attributes: Record<string, number | string | null> = {
    run_id: info.runId,
    run_name: info.runName,
    user_id: info.userId,
    status: info.status,
    artifact_uri: info.artifactUri,
    start_time: info.startTime,
    end_time: info.endTime,
    duration: info.startTime === null || info.endTime === null ? null : info.endTime - info.startTime,
  }
  switch (name.entity) {
    case 'metric':
      return run.metrics.get(name.key)?.value
    case 'param':
      return run.params.get(name.key)
    case 'tag':
      return run.tags.get(name.key)
    default:
      return attributes[name.key] ?? undefined
  }
}

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

function naively(runs: readonly Run[], orderings: readonly Ordering[]): string[] {
  const all = [...orderings, ...by('start_time DESC')]
  const compared = (a: Run, b: Run): number => {
    for (const ordering of all) {
      const [x, y] = [valueOf(a, ordering), valueOf(b, ordering)]
      const rank = (value: unknown): number => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0)
      if (rank(x) !== rank(y)) return rank(x) - rank(y)
      if (rank(x) > 0 || x === y) continue
      const difference =
        typeof x === 'string' ? Buffer.compare(bytes(x), bytes(String(y))) : Number(x) < Number(y) ? -1 : 1
      if (difference !== 0) return ordering.ascending ? difference : -difference
    }
    return Buffer.compare(bytes(a.info.runId), bytes(b.info.runId))
  }
  return runs.toSorted(compared).map(({ info }) => info.runId)
}

const names = [
  ...['metrics.x', 'metrics.y', 'metrics.nowhere', 'params.x', 'params.`__proto__`', 'params.nowhere', 'tags.y'],
  ...['run_id', 'run_name', 'user_id', 'status', 'artifact_uri', 'start_time', 'end_time', 'duration'],
]
const directed = names.flatMap((name) => [`${name} ASC`, `${name} DESC`])

describe('sorting', () => {
  test.each(directed)('by %s', (entry) => {
    const runs = runsOf(randomOf(directed.indexOf(entry)), 400)
    const frame = frameOf(runs)
    expect(Array.from(sortRuns(frame, by(entry)), (row) => frame.runId(row))).toEqual(naively(runs, by(entry)))
  })

  test.each(Array.from({ length: 30 }, (_, seed) => seed))('by several, and some rows only (%i)', (seed) => {
    const random = randomOf(seed)
    const runs = runsOf(random, seed % 3 === 0 ? 3000 : 200)
    const frame = frameOf(runs)
    const chosen = [...new Set([oneOf(random, names), oneOf(random, names), oneOf(random, names)])]
    const orderings = by(...chosen.map((name) => `${name} ${oneOf(random, ['ASC', 'DESC'])}`))
    const rows = runs.map((_, row) => row).filter(() => random() < 0.8)
    const sorted = sortRuns(frame, orderings, rows)
    const some = rows.map((row) => runs[row]).filter((run) => run !== undefined)
    expect(Array.from(sorted, (row) => frame.runId(row))).toEqual(naively(some, orderings))
  })

  test('without an order is newest first, those without a start last', () => {
    const at = (runId: string, startTime: number | null): Run => {
      const run = runOf(randomOf(1), runId)
      return { ...run, info: { ...run.info, startTime } }
    }
    const frame = frameOf([at('c', null), at('b', 5), at('a', 5), at('d', 9), at('0', null)])
    expect(Array.from(sortRuns(frame, []), (row) => frame.runId(row))).toEqual(['d', 'a', 'b', '0', 'c'])
    expect(sortRuns(frameOf([]), by('metrics.x'))).toEqual(new Uint32Array(0))
  })

  test('leaves NaN just before what is missing, both last, in both directions', () => {
    const values = [NaN, undefined, 1, -Infinity, Infinity, -0, 0]
    const runs = values.map((value, at): Run => {
      const run = runOf(randomOf(1), String(at))
      const metrics = new Map(value === undefined ? [] : [['m', { value, step: 0, timestamp: 0 }]])
      return { ...run, info: { ...run.info, startTime: 0 }, metrics }
    })
    const sorted = (entry: string) => Array.from(sortRuns(frameOf(runs), by(entry)))
    expect(sorted('metrics.m')).toEqual([3, 5, 6, 2, 4, 0, 1])
    expect(sorted('metrics.m DESC')).toEqual([4, 2, 5, 6, 3, 0, 1])
  })
})

describe('comparing runs of two frames', () => {
  test.each(directed)('by %s agrees with sorting them together', (entry) => {
    const random = randomOf(directed.indexOf(entry))
    const runs = runsOf(random, 120)
    const [some, others] = [runs.slice(0, 60), runs.slice(60)]
    const compare = compareRuns(frameOf(some), frameOf(others), by(entry))
    const place = new Map(naively(runs, by(entry)).map((id, at) => [id, at]))
    const placeOf = (run: Run | undefined): number => place.get(run?.info.runId ?? '') ?? -1
    for (let row = 0; row < 60; row++)
      for (let other = 0; other < 60; other++)
        expect(Math.sign(compare(row, other))).toBe(Math.sign(placeOf(some[row]) - placeOf(others[other])))
  })

  test('works where one of them lacks the column', () => {
    const run = runOf(randomOf(1), 'a')
    const [without, having] = [
      frameOf([{ ...run, metrics: new Map(), params: new Map() }]),
      frameOf([
        { ...run, metrics: new Map([['m', { value: 1, step: 0, timestamp: 0 }]]), params: new Map([['p', '']]) },
      ]),
    ]
    for (const entry of ['metrics.m', 'params.p DESC']) {
      expect(compareRuns(without, having, by(entry))(0, 0)).toBeGreaterThan(0)
      expect(compareRuns(having, without, by(entry))(0, 0)).toBeLessThan(0)
      expect(compareRuns(having, having, by(entry))(0, 0)).toBe(0)
    }
  })
})

describe('texts', () => {
  const byBytes = (a: string, b: string): number => Buffer.compare(bytes(a), bytes(b))

  test.each(Array.from({ length: 20 }, (_, seed) => seed))('are in the order of their UTF-8 bytes (%i)', (seed) => {
    const random = randomOf(seed)
    const texts = Array.from({ length: 3000 }, () => textOf(random, oneOf(random, [2, 6, 40])))
    expect(Array.from(sortedTexts(texts), (at) => texts[at])).toEqual(texts.toSorted(byBytes))
    for (let at = 1; at < texts.length; at++) {
      const [a = '', b = ''] = [texts[at - 1], texts[at]]
      expect(Math.sign(compareText(a, b))).toBe(byBytes(a, b))
    }
    const ranks = atOnce(textRanks(texts))
    for (let at = 1; at < texts.length; at++)
      expect(Math.sign((ranks[at - 1] ?? 0) - (ranks[at] ?? 0))).toBe(byBytes(texts[at - 1] ?? '', texts[at] ?? ''))
  })

  test('that differ only in characters that look like an end, or not at all, come to an end', () => {
    const texts = Array.from({ length: 500 }, (_, at) => `same${'\0'.repeat(at % 90)}`)
    expect(Array.from(sortedTexts(texts), (at) => texts[at])).toEqual(texts.toSorted(byBytes))
    expect(sortedTexts(Array.from({ length: 100 }, () => 'one'))).toEqual(
      Uint32Array.from({ length: 100 }, (_, at) => at),
    )
  })

  test('texts that each begin with the one before, however many', { timeout: 30_000 }, () => {
    const texts = Array.from({ length: 3000 }, (_, at) => 'a'.repeat(((at * 7) % 3000) * 8))
    const lengths = Array.from(sortedTexts(texts), (at) => texts[at]?.length ?? -1)
    expect(lengths).toEqual(Array.from({ length: 3000 }, (_, at) => at * 8))
  })

  test('beyond U+FFFF come after those below', () => {
    expect(compareText('\u{10000}', '\uffff')).toBeGreaterThan(0)
    expect(['\uffff', '\u{10000}'].sort()).toEqual(['\u{10000}', '\uffff']) // what JavaScript says
    expect(compareText('a', 'ab')).toBeLessThan(0)
    expect(compareText('😀', '😀x')).toBeLessThan(0)
  })
})
