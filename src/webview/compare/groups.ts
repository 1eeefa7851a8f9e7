import { t } from '../../shared/l10n'
import type { RunDetails } from '../../shared/protocol'
import { type Mark, marksOf, paletteSize } from '../../shared/runColor'
import type { GroupBy } from './layout'

/** A run, as far as grouping goes. */
interface Grouped {
  readonly details?: RunDetails
}

/** Runs that are drawn as one curve. */
export interface Group<Slot extends Grouped> {
  readonly id: string
  readonly name: string
  readonly mark: Mark
  readonly slots: readonly Slot[]
}

const collator = new Intl.Collator('en', { numeric: true })

function valueOf({ details }: Grouped, { kind, key }: GroupBy): string | undefined {
  if (kind === 'experiment') return details?.experimentName
  return (kind === 'param' ? details?.params : details?.tags)?.find(([name]) => name === key)?.[1]
}

/** Runs by what they have logged, in the order of these values; those without come last. A group has its colour whichever of its runs are hidden. */
export function groupsOf<Slot extends Grouped>(slots: readonly Slot[], by: GroupBy): Group<Slot>[] {
  const groups = new Map<string | undefined, Slot[]>()
  for (const slot of slots) {
    const value = valueOf(slot, by)
    const group = groups.get(value)
    if (group) group.push(slot)
    else groups.set(value, [slot])
  }
  const sorted = [...groups].sort(([a], [b]) => (a === undefined ? 1 : b === undefined ? -1 : byValue(a, b)))
  const marks = marksOf(sorted.map((_, index) => index % paletteSize))
  return sorted.map(([value, members], index) => ({
    id: `${by.kind}\n${by.key}\n${value === undefined ? '' : `=${value}`}`,
    name: nameOfGroup(by, value),
    mark: marks[index] ?? { color: 0, dash: [] },
    slots: members,
  }))
}

/** Numbers by what they are, everything else as words. */
function byValue(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => (text.trim() === '' ? NaN : Number(text))) as [number, number]
  return x - y || collator.compare(a, b) || (a < b ? -1 : 1)
}

function nameOfGroup({ kind, key }: GroupBy, value: string | undefined): string {
  if (kind === 'experiment') return value ?? ''
  return value === undefined ? t('without {0}', key) : `${key} = ${value}`
}

/** By what runs can be grouped: parameters and tags of which they have several values, and experiments if they are of several. */
export function groupings(slots: readonly Grouped[]): { readonly by: GroupBy; readonly values: number }[] {
  const values = new Map<string, { readonly by: GroupBy; readonly found: Set<string>; runs: number }>()
  const add = (kind: GroupBy['kind'], key: string, value: string): void => {
    const id = `${kind}\n${key}`
    const entry = values.get(id) ?? { by: { kind, key }, found: new Set(), runs: 0 }
    entry.found.add(value)
    entry.runs++
    values.set(id, entry)
  }
  for (const { details } of slots) {
    if (!details) continue
    add('experiment', '', details.experimentName)
    for (const [key, value] of details.params) add('param', key, value)
    for (const [key, value] of details.tags) if (!key.startsWith('mlflow.')) add('tag', key, value)
  }
  return [...values.values()]
    .map(({ by, found, runs }) => ({ by, values: found.size + (runs < slots.length ? 1 : 0) }))
    .filter((one) => one.values > 1)
    .sort((a, b) => collator.compare(a.by.key, b.by.key))
}
