import * as v from 'valibot'
import { axisSchema } from '../../shared/protocol'

export const sizes = ['small', 'medium', 'large'] as const
export type Size = (typeof sizes)[number]

/** How charts are laid out and drawn, whichever runs they are of: what is saved by name. */
export const layoutEntries = {
  /** Undefined until the user chooses; in the order of the charts. */
  metrics: v.fallback(v.optional(v.array(v.string())), undefined),
  axis: v.fallback(axisSchema, 'step'),
  /** The metric of the x axis, where `axis` is one. */
  xKey: v.fallback(v.string(), ''),
  logX: v.fallback(v.boolean(), false),
  logY: v.fallback(v.array(v.string()), []),
  smoothing: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)), 0),
  noOutliers: v.fallback(v.boolean(), false),
  groupBy: v.fallback(
    v.nullable(v.object({ kind: v.picklist(['param', 'tag', 'experiment']), key: v.string() })),
    null,
  ),
  spread: v.fallback(v.picklist(['range', 'deviation']), 'range'),
  /** Of charts that are not medium, by metric. */
  sizes: v.fallback(v.array(v.tuple([v.string(), v.picklist(sizes)])), []),
}
export const layoutSchema = v.object(layoutEntries)
export type Layout = v.InferOutput<typeof layoutSchema>
export type GroupBy = NonNullable<Layout['groupBy']>

/** The layout as it would be saved. @param chosen metrics, whether the user chose them or not */
export function layoutOf(view: Layout, chosen: readonly string[]): Layout {
  return v.parse(layoutSchema, { ...view, metrics: [...chosen] })
}
