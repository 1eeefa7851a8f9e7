import { svg, type SVGTemplateResult, html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { RunStatus } from '../../shared/model'

/** Line drawings in a 16 × 16 box, in the manner of VS Code's own. */
const shapes = {
  pass: svg`<circle cx="8" cy="8" r="6" /><path d="m5.5 8.2 1.8 1.8 3.4-4" />`,
  error: svg`<circle cx="8" cy="8" r="6" /><path d="m6 6 4 4m0-4-4 4" />`,
  running: svg`<circle cx="8" cy="8" r="6" stroke-dasharray="2.5 2.2" /><path d="m6.7 5.8 3.6 2.2-3.6 2.2z" fill="currentColor" />`,
  killed: svg`<circle cx="8" cy="8" r="6" /><path d="m3.8 12.2 8.4-8.4" />`,
  clock: svg`<circle cx="8" cy="8" r="6" /><path d="M8 4.5V8l2.3 1.6" />`,
  copy: svg`<path d="M5.5 4.5v-2h8v8h-2" /><rect x="2.5" y="4.5" width="9" height="9" />`,
  table: svg`<rect x="2.5" y="3" width="11" height="10" /><path d="M2.5 6.3h11M2.5 9.7h11M6.3 6.3V13" />`,
  chart: svg`<path d="M2.5 2v11.5H14" /><path d="m4.5 10.5 2.7-4 2.6 2 3.4-5" />`,
  zoomOut: svg`<circle cx="7" cy="7" r="4.5" /><path d="m10.3 10.3 3.4 3.4M5 7h4" />`,
  close: svg`<path d="m4 4 8 8m0-8-8 8" />`,
  chevron: svg`<path d="m6 3.5 4.5 4.5L6 12.5" />`,
  file: svg`<path d="M4 1.8h5.2L12 4.6v9.6H4z" /><path d="M9 2v2.8h2.8" />`,
  folder: svg`<path d="M1.8 3.5h4.4l1.3 1.7h6.7v7.6H1.8z" />`,
  warning: svg`<path d="M8 2.2 14.3 13H1.7z" /><path d="M8 6.3v3.2m0 1.6v.2" />`,
  branch: svg`<circle cx="4.5" cy="3.5" r="1.5" /><circle cx="4.5" cy="12.5" r="1.5" /><circle cx="11.5" cy="5.5" r="1.5" /><path d="M4.5 5v6M11.5 7c0 3-4 2-6.2 4" />`,
  external: svg`<path d="M6.5 3.5h-3v9h9v-3M9 2.8h4.2V7M13 3 7.5 8.5" />`,
  eye: svg`<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z" /><circle cx="8" cy="8" r="2" />`,
  eyeClosed: svg`<path d="M1.5 7.5S4 11.2 8 11.2s6.5-3.7 6.5-3.7M3.5 9.8 2.4 11.4M8 11.2v2M12.5 9.8l1.1 1.6" />`,
  box: svg`<path d="m8 1.8 5.5 3v6.4L8 14.2l-5.5-3V4.8z" /><path d="M2.5 4.8 8 8l5.5-3.2M8 8v6" />`,
  refresh: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3" />`,
  star: svg`<path d="m8 1.9 1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.7l-3.8 2 .7-4.3-3.1-3 4.3-.6z" />`,
  pin: svg`<path d="M5.5 2.5h5M6.3 2.5v4L4.2 9h7.6L9.7 6.5v-4M8 9v5" />`,
  arrowUp: svg`<path d="M8 13V3M4 7l4-4 4 4" />`,
  arrowDown: svg`<path d="M8 3v10M4 9l4 4 4-4" />`,
  check: svg`<path d="m3 8.5 3.3 3.3L13 4.8" />`,
  more: svg`<path d="M3.5 8h.1M8 8h.1M12.5 8h.1" stroke-width="2.2" />`,
  columns: svg`<rect x="2.5" y="3" width="11" height="10" /><path d="M6.2 3v10M9.8 3v10" />`,
  group: svg`<path d="M2.5 3.5h11M5.5 7h8M5.5 10h8M5.5 13h8M2.5 3.5V13" />`,
  views: svg`<path d="M4 2.5h8v11l-4-3-4 3z" />`,
  export: svg`<path d="M8 10V2.5M5 5.3l3-2.8 3 2.8M3 9.5v4h10v-4" />`,
  search: svg`<circle cx="7" cy="7" r="4.5" /><path d="m10.3 10.3 3.4 3.4" />`,
  grip: svg`<path d="M6 4.5h.1M6 8h.1M6 11.5h.1M10 4.5h.1M10 8h.1M10 11.5h.1" stroke-width="1.8" />`,
  down: svg`<path d="m3.5 6 4.5 4.5L12.5 6" />`,
  edit: svg`<path d="m3 13 .7-3L11 2.7 13.3 5 6 12.300z" /><path d="m9.600 4.100 2.300 2.300" />`,
  trash: svg`<path d="M3 4.500h10M6.500 4.300V2.500h3v1.800M4.300 4.500l.700 9h6l.700-9M6.700 7v4M9.300 7v4" />`,
  add: svg`<path d="M8 3v10M3 8h10" />`,
  log: svg`<path d="M2 4.5h12M2 8h12M2 11.5h7" />`,
} satisfies Record<string, SVGTemplateResult>

export type IconName = keyof typeof shapes

/** An icon that says nothing to a screen reader: what stands beside it does. */
export function icon(name: IconName, classes = ''): TemplateResult {
  return html`<svg class="icon ${classes}" viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`
}

const statuses: Record<RunStatus, { readonly icon: IconName; readonly word: () => string }> = {
  RUNNING: { icon: 'running', word: () => t('Running') },
  SCHEDULED: { icon: 'clock', word: () => t('Scheduled') },
  FINISHED: { icon: 'pass', word: () => t('Finished') },
  FAILED: { icon: 'error', word: () => t('Failed') },
  KILLED: { icon: 'killed', word: () => t('Killed') },
}

export const statusWord = (status: RunStatus): string => statuses[status].word()

/** A status as icon and colour, with its word where `withWord`, or else for screen readers and as a tooltip. */
export function statusLabel(status: RunStatus, withWord = true): TemplateResult {
  const word = statusWord(status)
  return html`<span class="status ${status.toLowerCase()}" title=${word}
    >${icon(statuses[status].icon)}<span class=${withWord ? 'word' : 'unseen'}>${word}</span></span
  >`
}
