/** Groups of runs by their parameters, tags, datasets or attributes. */
import { t } from '../l10n'
import type { RunFrame } from '../runFrame'
import { groupRows, type RunGroup } from '../runGroups'
import type { Steps } from '../steps'
import { fieldOf, isText, type Beyond } from './fields'
import type { Column } from './view'

/** Of the runs in `ordered`, whose order the members keep. A column of numbers groups nothing. */
export function* groupTable(
  frame: RunFrame,
  by: readonly Column[],
  ordered: Uint32Array,
  beyond: Beyond,
): Steps<readonly RunGroup[]> {
  const columns = by.map((column) => {
    const field = fieldOf(frame, column, beyond)
    return isText(field) ? field : undefined
  })
  return yield* groupRows(frame, columns, ordered)
}

/** What a group is called by: as long as a view's keys may be at most, and the same for the same values. */
export function groupKey({ values }: RunGroup): string {
  const written = JSON.stringify(values.map((value) => value ?? null))
  return `group:${written.length <= 1000 ? written : `#${hash(written)}`}`
}

/** Two times FNV-1a over a long text: enough to tell a table's groups apart. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593]
  for (let at = 0; at < text.length; at++) {
    a = Math.imul(a ^ text.charCodeAt(at), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(at), 0x85ebca6b)
    b ^= b >>> 13
  }
  return `${text.length.toString(36)}-${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}`
}

/** A group's values in words. */
export function groupLabel({ values }: RunGroup, by: readonly Column[]): string {
  return by.map(({ group, key }, at) => `${nameOf(group, key)} = ${values[at] ?? t('none')}`).join(', ')
}

const nameOf = (group: Column['group'], key: string): string => (group === 'dataset' ? t('dataset {0}', key) : key)
