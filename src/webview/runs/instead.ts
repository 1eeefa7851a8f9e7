import { html, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Arrangement, Loading } from '../../shared/runsTable/protocol'
import type { TableView } from '../../shared/runsTable/view'
import '../ui/states'
import type { TableAbout } from './tableHost'
import { filterCount } from './viewEdits'

export interface InsteadOptions {
  readonly about: TableAbout
  readonly view: TableView
  readonly arrangement: Arrangement | undefined
  readonly loading: Loading | undefined
  /** Why the table can't be shown, or not as it is now. */
  readonly failed: string | undefined
  readonly does: Readonly<Record<'retry' | 'showLog' | 'stop' | 'clearFilters', () => void>>
}

/** What there is instead of a table without rows: why, and what to do about it. Undefined where there are some. */
export function renderInstead(options: InsteadOptions): TemplateResult | undefined {
  const { about, view, arrangement, loading, failed, does } = options
  if (arrangement && arrangement.rows > 0) return undefined
  const runs = arrangement?.runs ?? 0
  if (failed !== undefined && runs === 0)
    return html`<lens-error page log .message=${failed} @retry=${does.retry} @showlog=${does.showLog}></lens-error>`
  if (!arrangement || (loading?.state === 'loading' && runs === 0))
    return html`<lens-loading
      page
      cancellable
      .what=${loading?.what ?? t('Reading runs from {0}', about.connection.name)}
      @cancel=${does.stop}
    ></lens-loading>`
  if (runs === 0 && filterCount(view) === 0) return renderNoRuns(options)
  return html`<div class="empty" role="status">
    <span>${noneMatches(runs)}</span>
    <vscode-button @click=${does.clearFilters}>${t('Clear all filters')}</vscode-button>
  </div>`
}

function renderNoRuns({ about, loading, does }: InsteadOptions): TemplateResult {
  const names = about.experiments.map(({ name }) => name).join(', ')
  const words =
    loading?.state === 'stopped'
      ? t('Stopped before the first run was read.')
      : t('No runs in {0} yet. Runs show here as soon as they are logged.', names)
  return html`<div class="empty" role="status">
    <span>${words}</span>
    <vscode-button appearance="secondary" @click=${does.retry}>${t('Refresh')}</vscode-button>
  </div>`
}

function noneMatches(runs: number): string {
  if (runs === 0) return t('No run was found.')
  return runs === 1 ? t('The one run does not match.') : t('None of the {0} runs matches.', formatCount(runs))
}
