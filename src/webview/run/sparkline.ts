import { nothing, svg, type TemplateResult, html } from 'lit'
import type { Curve } from '../../shared/protocol'

/** Pixels. */
export const sparklineWidth = 84
const height = 16
const margin = 1.5

/** A curve in the size of a word and its run's colour; says nothing to a screen reader, to which the numbers beside it do. */
export function sparkline(curve: Curve, color: string): TemplateResult | typeof nothing {
  const path = pathOf(curve)
  if (path === '') return nothing
  return html`<svg class="sparkline" viewBox="0 0 ${sparklineWidth} ${height}" aria-hidden="true">
    ${svg`<path d=${path} stroke=${color} />`}
  </svg>`
}

/** Lines between finite points; what is not finite leaves a gap. Exported for tests. */
export function pathOf({ x, y }: Pick<Curve, 'x' | 'y'>): string {
  let [low, high] = [Infinity, -Infinity]
  for (const value of y)
    if (Number.isFinite(value)) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  const [first = 0, last = 0] = [x[0], x.at(-1)]
  if (low > high || last <= first) return ''
  const parts: string[] = []
  let isDown = false
  for (const [index, value] of y.entries()) {
    if (!Number.isFinite(value)) {
      isDown = false
      continue
    }
    const across = margin + (((x[index] ?? first) - first) / (last - first)) * (sparklineWidth - 2 * margin)
    // Halves, since the span between the greatest doubles is infinite.
    const share = high === low ? 0.5 : (value / 2 - low / 2) / (high / 2 - low / 2)
    const down = height - margin - share * (height - 2 * margin)
    parts.push(`${isDown ? 'L' : 'M'}${across.toFixed(1)} ${down.toFixed(1)}`)
    isDown = true
  }
  return parts.join('')
}
