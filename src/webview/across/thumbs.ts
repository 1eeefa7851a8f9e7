import { html, type TemplateResult } from 'lit'
import type { Brush } from '../../shared/across/brush'
import { t } from '../../shared/l10n'
import type { Scale } from './scale'

interface Thumbs {
  readonly scale: Scale
  /** Of the axis, px. */
  readonly x: number
  readonly brush: Brush | undefined
  readonly rows: readonly number[]
  /** Runs within all brushes. */
  readonly chosen: number
  readonly set: (brush: Brush | undefined) => void
}

/** The two ends of an axis's brush, for the keyboard: arrow keys go from value to value, Delete takes the brush away. */
export function renderThumbs({ scale, x, brush, rows, chosen, set }: Thumbs): readonly TemplateResult[] {
  const { dimension } = scale
  const values = [...new Set(rows.map((row) => dimension.values[row] ?? NaN).filter(Number.isFinite))].sort(
    (a, b) => a - b,
  )
  const [least, most] = [values[0], values.at(-1)]
  if (least === undefined || most === undefined) return []
  const range = brush && 'low' in brush ? brush : { low: least, high: most }
  const last = values.length - 1
  const first = values.findIndex((value) => value >= range.low)
  const end = values.findLastIndex((value) => value <= range.high)
  const thumb = (isLow: boolean): TemplateResult => {
    const at = isLow ? Math.max(0, first) : Math.max(0, end)
    const go = (to: number): void => {
      const value = values[Math.min(last, Math.max(0, to))] ?? least
      const next = isLow
        ? { low: value, high: Math.max(value, range.high) }
        : { low: Math.min(value, range.low), high: value }
      set(next.low <= least && next.high >= most ? undefined : next)
    }
    const keys: Readonly<Record<string, () => void>> = {
      ArrowUp: () => go(at + 1),
      ArrowRight: () => go(at + 1),
      ArrowDown: () => go(at - 1),
      ArrowLeft: () => go(at - 1),
      PageUp: () => go(at + 10),
      PageDown: () => go(at - 10),
      Home: () => go(0),
      End: () => go(last),
      Delete: () => set(undefined),
      Backspace: () => set(undefined),
    }
    const value = isLow ? range.low : range.high
    const top = scale.of(scale.log && value <= 0 ? least : value)
    const [bottom, highest] = [Math.max(...scale.span), Math.min(...scale.span)]
    return html`<div
      class="thumb ${brush && 'low' in brush ? 'set' : ''}"
      role="slider"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${isLow ? t('{0}: from', dimension.key) : t('{0}: to', dimension.key)}
      aria-valuemin="0"
      aria-valuemax=${last}
      aria-valuenow=${at}
      aria-valuetext=${t('{0}, {1} runs', dimension.format(value), chosen)}
      .style=${`left: ${x}px; top: ${Math.min(bottom, Math.max(highest, top))}px`}
      @keydown=${(event: KeyboardEvent) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        const action = keys[event.key]
        if (event.key !== 'Tab') event.stopPropagation() // the plot has its own keys
        if (!action) return
        event.preventDefault()
        action()
      }}
    ></div>`
  }
  return [thumb(true), thumb(false)]
}
