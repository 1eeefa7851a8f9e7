import * as v from 'valibot'
import { counted } from '../../shared/across/best'
import { rankCorrelation } from '../../shared/across/importance'
import type { Dimension, DimensionName, Dimensions } from '../../shared/across/dimension'

const text = v.fallback(v.string(), '')

/** How the tab of tuning runs is set. Ids are those of dimensions; an empty one is not chosen. */
export const tuningSchema = v.object({
  metric: text,
  /** Which of its values. */
  counts: v.fallback(v.picklist(counted), 'latest'),
  direction: v.fallback(v.nullable(v.picklist(['higher', 'lower'])), null),
  /** Of the parallel coordinates; undefined until the user changes them. */
  axes: v.fallback(v.optional(v.array(v.string())), undefined),
  /** Axes whose scale the user has chosen: whether it is logarithmic. */
  logs: v.fallback(v.array(v.tuple([v.string(), v.boolean()])), []),
  brushes: v.fallback(
    v.array(
      v.tuple([
        v.string(),
        v.union([v.object({ low: v.number(), high: v.number() }), v.object({ words: v.array(v.string()) })]),
      ]),
    ),
    [],
  ),
  x: text,
  y: text,
  trend: v.fallback(v.boolean(), false),
  by: text,
  heatX: text,
  heatY: text,
  summary: v.fallback(v.picklist(['mean', 'lowest', 'highest']), 'mean'),
})
export type TuningView = v.InferOutput<typeof tuningSchema>
export type Remember = (change: Partial<TuningView>) => void

/** With the scale of an axis as it was chosen. */
export function logsWith({ logs }: TuningView, id: string, log: boolean): Pick<TuningView, 'logs'> {
  return { logs: [...logs.filter(([other]) => other !== id), [id, log]] }
}

/** Axes that are shown before the user chooses. */
const firstAxes = 7

/** Parameters that have different values in some runs, those that most runs have first. */
export function varying(
  dimensions: Dimensions,
  names: readonly DimensionName[],
  rows: readonly number[],
): readonly Dimension[] {
  return names
    .filter(({ kind }) => kind === 'param')
    .flatMap(({ id, runs }) => {
      const dimension = dimensions.get(id)
      if (!dimension) return []
      const texts = new Set(rows.map((row) => dimension.textAt(row)))
      return texts.size > 1 ? [{ dimension, runs }] : []
    })
    .sort((a, b) => b.runs - a.runs)
    .map(({ dimension }) => dimension)
}

/** Of words that are another in each run nothing can be seen. */
export const isTelling = (dimension: Dimension, rows: readonly number[]): boolean =>
  dimension.numeric || dimension.words.length <= Math.max(12, rows.length / 2)

export function axesAtFirst(
  params: readonly Dimension[],
  rows: readonly number[],
  metric: Dimension | undefined,
): Dimension[] {
  const telling = params.filter((one) => isTelling(one, rows)).slice(0, firstAxes)
  return metric ? [...telling, metric] : telling
}

/** Those whose ranks have most to do with the metric's, first. */
export function byStrength(
  params: readonly Dimension[],
  metric: Dimension | undefined,
  rows: readonly number[],
): readonly Dimension[] {
  if (!metric) return params
  const strengths = new Map(params.map((one) => [one, Math.abs(rankCorrelation(one, metric, rows).correlation) || 0]))
  return [...params].sort((a, b) => (strengths.get(b) ?? 0) - (strengths.get(a) ?? 0))
}
