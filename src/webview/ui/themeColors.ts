import type { ThemeKind } from '../../shared/runColor'

/** The theme as canvases need it: resolved colours and fonts. */
export interface Theme {
  readonly kind: ThemeKind
  readonly foreground: string
  readonly faint: string
  readonly background: string
  readonly grid: string
  readonly axis: string
  readonly cursor: string
  readonly selection: string
  readonly font: string
}
