/** Frames and arrangements for the tests of the runs table. */
import type { RunInfo } from '../../../src/shared/model'
import { RunFrameBuilder, type RunFrame } from '../../../src/shared/runFrame'
import { arrange, type Arranged } from '../../../src/shared/runsTable/arrange'
import { nothingBeyond, type Beyond } from '../../../src/shared/runsTable/fields'
import { defaultView, type TableView } from '../../../src/shared/runsTable/view'
import { atOnce } from '../../../src/shared/steps'

export interface Made extends Partial<RunInfo> {
  readonly metrics?: Readonly<Record<string, number>>
  readonly params?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  readonly datasets?: readonly string[]
}

export function frameOf(runs: Readonly<Record<string, Made>>): RunFrame {
  const builder = new RunFrameBuilder()
  for (const [runId, { metrics = {}, params = {}, tags = {}, datasets = [], ...info }] of Object.entries(runs)) {
    const row = builder.addRun({
      experimentId: '1',
      runName: runId,
      userId: 'ada',
      status: 'FINISHED',
      startTime: 0,
      endTime: 10,
      artifactUri: '',
      lifecycleStage: 'active',
      ...info,
      runId,
    })
    for (const [key, value] of Object.entries(metrics)) builder.setMetric(row, key, value, 0, 0)
    for (const [key, value] of Object.entries(params)) builder.setParam(row, key, value)
    for (const [key, value] of Object.entries(tags)) builder.setTag(row, key, value)
    for (const name of datasets) {
      const dataset = { name, digest: `d-${name}`, sourceType: '', source: '', schema: null, profile: null }
      builder.addDataset(row, { dataset, tags: new Map() })
    }
  }
  return builder.build()
}

export interface Arranging {
  readonly beyond?: Beyond
  readonly former?: Arranged
  readonly now?: number
}

export function arranged(
  frame: RunFrame,
  view: Partial<TableView> = {},
  { beyond = nothingBeyond, former, now = 1000 }: Arranging = {},
): Arranged {
  const base = Uint32Array.from({ length: frame.length }, (_, row) => row)
  const input = { frame, base: former?.input.frame === frame ? former.input.base : base, view: { ...defaultView, ...view }, beyond, stars: new Set<string>(), several: false, now } // prettier-ignore
  return atOnce(arrange(input, former))
}

/** Rows as text: two blanks a level, `+` or `-` where there is something below that is shut or open, `(…)` for context. */
export function shown({ layout, input, groups, groupKeys, expanded, forest }: Arranged): string[] {
  return Array.from(layout.items, (item, at) => {
    const indent = '  '.repeat(layout.depths[at] ?? 0)
    if (item < 0) {
      const group = groups[-1 - item]
      const sign = expanded.has(groupKeys[-1 - item] ?? '') ? '-' : '+'
      return `${indent}${sign}${group?.values.map((value) => value ?? '?').join('/') ?? ''} × ${group?.count ?? 0}`
    }
    const id = input.frame.runId(item)
    const children = forest.children(item).length
    const isContext = forest.context[item] === 1
    const sign = children === 0 ? '' : isContext || expanded.has(id) ? '-' : '+'
    return `${indent}${sign}${isContext ? `(${id})` : id}`
  })
}

export const ids = ({ ordered, input }: Arranged): string[] => Array.from(ordered, (row) => input.frame.runId(row))
