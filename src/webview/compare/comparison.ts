import * as v from 'valibot'
import type { TemplateResult } from 'lit'
import type { RunDetails } from '../../shared/protocol'
import type { Across } from '../across/across'
import type { Host } from '../ui/host'
import type { RunSlot, Runs } from '../ui/runs'
import { layoutEntries } from './layout'

/** How the page is set. What a tab keeps of itself beyond that is in `tabs`, by the tab's id. */
export const viewSchema = v.object({
  ...layoutEntries,
  hidden: v.fallback(v.array(v.string()), []),
  onlyDifferences: v.fallback(v.boolean(), true),
  range: v.fallback(v.nullable(v.tuple([v.number(), v.number()])), null),
  /** The y ranges that charts are zoomed to, by metric. */
  rangesY: v.fallback(v.array(v.tuple([v.string(), v.tuple([v.number(), v.number()])])), []),
  /** The metric whose chart fills the page. */
  full: v.fallback(v.nullable(v.string()), null),
  folded: v.fallback(v.array(v.string()), []),
  tab: v.fallback(v.string(), ''),
  tabs: v.fallback(v.record(v.string(), v.unknown()), {}),
})
export type View = v.InferOutput<typeof viewSchema>

/** What is compared, as tabs and actions of the page see it. */
export interface Comparison {
  readonly host: Host
  readonly runs: Runs
  readonly slots: readonly RunSlot[]
  /** Of the slots those whose details have been read. */
  readonly loaded: readonly RunSlot[]
  /** Of the loaded those that are not hidden. */
  readonly shown: readonly RunSlot[]
  /** All runs, also those beyond the slots. */
  readonly across: Across
  /** Of the loaded. */
  readonly details: readonly RunDetails[]
  readonly view: View
  /** Changes how the page is set, and keeps it over a reload. */
  readonly remember: (change: Partial<View>) => void
}

/** One way of looking at a comparison. */
export interface Tab {
  /** Never shown; what is kept over a reload. */
  readonly id: string
  readonly title: () => string
  readonly render: (comparison: Comparison) => TemplateResult
  /** What stands beside it, under the list of runs. */
  readonly aside?: (comparison: Comparison) => TemplateResult
}
