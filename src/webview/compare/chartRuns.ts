import type { ChartRun } from '../charts/types'
import { metricIndex } from '../ui/runDetails'
import type { RunSlot } from '../ui/runs'
import type { Comparison } from './comparison'
import type { Group } from './groups'

/** The runs that have logged a metric and are shown, or the groups that have such runs. */
export function chartRunsOf(
  { loaded, runs, view }: Pick<Comparison, 'loaded' | 'runs' | 'view'>,
  key: string,
  groups: readonly Group<RunSlot>[] | undefined,
  shown: ReadonlySet<string>,
): ChartRun[] {
  const have = (slots: readonly RunSlot[]): RunSlot[] =>
    slots.filter(({ id, details }) => shown.has(id) && details && metricIndex(details, key) !== undefined)
  if (!groups) return have(loaded).map((slot) => runs.chartRun(slot, key))
  return groups.flatMap(({ id, name, mark, slots }) => {
    const members = have(slots)
    const [first] = members
    if (!first) return []
    const version = members.map((slot) => `${slot.id}${runs.chartRun(slot, key).version}`).join('\n')
    const group = { runs: members.map(({ ref }) => ref), spread: view.spread }
    return [{ id, ref: first.ref, name: `${name} (${members.length})`, mark, version, group }]
  })
}
