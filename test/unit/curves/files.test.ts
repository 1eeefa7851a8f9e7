import { describe, expect, it } from 'vitest'
import { curvesCsv } from '../../../src/extension/panels/curvesFile'
import { Layouts } from '../../../src/extension/panels/layouts'
import { loadedSeries } from '../../../src/extension/panels/seriesCache'
import type { CurvesFile } from '../../../src/shared/protocol'

const never = new AbortController().signal
const info = {
  ...{
    runId: 'r',
    experimentId: '0',
    runName: '',
    userId: '',
    status: 'FINISHED' as const,
    startTime: 1000,
    endTime: null,
  },
  ...{ artifactUri: '', lifecycleStage: 'active' as const },
}

const file = (change: Partial<CurvesFile> = {}): CurvesFile => ({
  ...{ name: 'loss', key: 'loss', axis: 'step', xKey: '', range: null, smoothing: 0 },
  series: [{ run: { connection: 'c', runId: 'r' }, name: '=cmd, "x"', group: '' }],
  ...change,
})

const series = (values: readonly number[]) =>
  loadedSeries(
    {
      ...{ runId: 'r', key: 'loss' },
      steps: Float64Array.from(values.keys()),
      values: Float64Array.from(values),
      timestamps: Float64Array.from(values, (_, at) => 1000 + at),
    },
    0,
  )

async function linesOf(asked: CurvesFile, values: readonly number[], along?: readonly number[]): Promise<string[]> {
  const read = () =>
    Promise.resolve({ series: { loaded: series(values), run: { info } }, along: along && series(along) })
  return (await curvesCsv(asked, read, never)).split('\r\n')
}

describe('curves as a CSV file', () => {
  it('have a row for each point in range, with values as Python reads them and names that no spreadsheet runs', async () => {
    const lines = await linesOf(file({ range: [1, 3] }), [1, NaN, Number.MAX_VALUE, 0.1, 5])
    expect(lines).toEqual([
      'run,run_id,step,timestamp,loss',
      `"'=cmd, ""x""",r,1,1970-01-01T00:00:01.001Z,nan`,
      `"'=cmd, ""x""",r,2,1970-01-01T00:00:01.002Z,inf`,
      `"'=cmd, ""x""",r,3,1970-01-01T00:00:01.003Z,0.1`,
      '',
    ])
  })

  it.each(['step', 'time', 'relative'] as const)('have times as charts take them, on the axis %s', async (axis) => {
    const startTime = Date.UTC(2026, 0, 1)
    const loaded = loadedSeries({ ...{ runId: 'r', key: 'loss' }, steps: Float64Array.of(0), values: Float64Array.of(1), timestamps: Float64Array.of(startTime / 1000 + 60) }, 0) // prettier-ignore
    const read = () => Promise.resolve({ series: { loaded, run: { info: { ...info, startTime } } }, along: undefined })
    expect(await curvesCsv(file({ axis }), read, never)).toContain(',2026-01-01T00:01:00.000Z,')
  })

  it('have their x, their group and what was smoothed', async () => {
    const grouped = file({ series: [{ run: { connection: 'c', runId: 'r' }, name: 'n', group: 'lr = 1' }] })
    const lines = await linesOf({ ...grouped, axis: 'metric', xKey: 'acc', smoothing: 0.5 }, [4, 2, 3], [9, 7, NaN])
    expect(lines.slice(0, 2)).toEqual([
      'run,run_id,group,step,timestamp,acc,loss,loss (smoothed by 0.5)',
      'n,r,lr = 1,1,1970-01-01T00:00:01.001Z,7,2,2',
    ])
    expect(lines).toHaveLength(4)
    expect(lines[2]).toMatch(/^n,r,lr = 1,0,.*,9,4,3\.3/)
  })
})

describe('saved layouts', () => {
  it('are kept by name, replaced, deleted, and survive what another version wrote', async () => {
    const kept = new Map<string, unknown>([['mlflow.compare.layouts', 'nonsense']])
    const layouts = new Layouts({
      get: (key) => kept.get(key),
      update: (key, value) => Promise.resolve(void kept.set(key, value)),
    })
    expect(layouts.all).toEqual([])
    await layouts.save('b', { smoothing: 1 })
    await layouts.save('a', {})
    await layouts.save('b', { smoothing: 2 })
    expect(layouts.all).toEqual([
      { name: 'a', layout: {} },
      { name: 'b', layout: { smoothing: 2 } },
    ])
    await layouts.delete('a')
    expect(layouts.all.map(({ name }) => name)).toEqual(['b'])
  })
})
