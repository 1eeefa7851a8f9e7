import { html, nothing, type TemplateResult } from 'lit'
import type { BesideRun, BesideSubject } from '../../shared/besideProtocol'
import { formatCount, formatExact, formatMetric, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import type { Mark } from '../../shared/runColor'
import { icon, statusLabel } from '../ui/icons'
import { swatch } from '../ui/swatch'

interface Actions {
  readonly openRun: (run: RunRef) => void
  readonly openCode: (run: RunRef) => void
  readonly compare: () => void
  readonly openRuns: () => void
}

/** The legend, with each run's latest value. */
export function renderRuns(subject: BesideSubject, marks: readonly Mark[], actions: Actions): TemplateResult {
  const { runs, total } = subject
  const now = Date.now()
  return html`<table aria-label=${t('Runs')}>
      <thead>
        <tr>
          <th scope="col">${t('Run')}</th>
          <th scope="col" class="number">${t('Value')}</th>
          <th scope="col" class="number step">${t('Step')}</th>
          <th scope="col" class="when">${t('Logged')}</th>
          <th scope="col"><span class="unseen">${t('Code')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${runs.map((run, at) => renderRow(subject, run, at, marks[at], now, actions))}
      </tbody>
    </table>
    <p class="words">
      <span class="faint"
        >${t('{0} of {1} runs with this metric', formatCount(runs.length), formatCount(Math.max(total, runs.length)))}</span
      >
      ${runs.length > 1 ? html`<button class="link" @click=${actions.compare}>${t('Compare These')}</button>` : nothing}
      <button class="link" @click=${actions.openRuns}>${t('All Runs')}</button>
    </p>`
}

function renderRow(
  { values, steps, timestamps }: BesideSubject,
  run: BesideRun,
  at: number,
  mark: Mark | undefined,
  now: number,
  { openRun, openCode }: Actions,
): TemplateResult {
  const { name, status, isReference, hasCode, connection, runId } = run
  const ref = { connection, runId }
  const value = values[at] ?? NaN
  const code = t('Open the code of {0} as it was', name)
  return html`<tr class=${isReference ? 'reference' : ''}>
    <th scope="row">
      <span class="name">
        ${mark ? swatch(mark) : nothing} ${statusLabel(status, false)}
        <button class="link clip" title=${name.slice(0, 500)} @click=${() => openRun(ref)}>${name}</button>
        ${isReference ? html`<span class="badge">${t('reference')}</span>` : nothing}
      </span>
    </th>
    <td class="number mono" title=${formatExact(value)}>${formatMetric(value)}</td>
    <td class="number step">${formatCount(steps[at] ?? 0)}</td>
    <td class="when faint">${formatRelativeTime(timestamps[at] ?? 0, now)}</td>
    <td class="code">
      ${
        hasCode
          ? html`<button class="plain tool" title=${code} aria-label=${code} @click=${() => openCode(ref)}>
              ${icon('branch')}
            </button>`
          : nothing
      }
    </td>
  </tr>`
}
