/** The runs around a run, and what became of its models. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatCount, formatDateTime, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Related } from '../../shared/protocol'
import { icon, statusLabel } from '../ui/icons'

type Relative = Related['children'][number]

/** @param open opens a run's page @param more shows more of the children */
export function renderFamily(related: Related, open: (runId: string) => void, more: () => void): TemplateResult {
  const { parent, children, childCount, moreChildren } = related
  const left = childCount - children.length
  return html`${
    parent
      ? html`<p class="kin faint">${t('Parent')}</p>
          <ul class="things">
            ${renderRelative(parent, open)}
          </ul>`
      : nothing
  }
  ${
    children.length > 0
      ? html`<p class="kin faint">
            ${moreChildren ? t('More than {0} child runs', formatCount(childCount)) : t('Child runs: {0}', formatCount(childCount))}
          </p>
          <ul class="things long" tabindex="0" aria-label=${t('Child runs')}>
            ${children.map((child) => renderRelative(child, open))}
          </ul>
          ${
            left > 0
              ? html`<div class="more">
                  <button class="link" @click=${more}>
                    ${moreChildren ? t('more than {0} more', formatCount(left)) : t('{0} more', formatCount(left))}
                  </button>
                </div>`
              : nothing
          }`
      : nothing
  }`
}

function renderRelative({ runId, name, status, startTime }: Relative, open: (runId: string) => void): TemplateResult {
  return html`<li>
    ${status === null ? icon('warning') : statusLabel(status, false)}
    <button class="link clip" title=${name.slice(0, 500)} @click=${() => open(runId)}>
      ${name || runId.slice(0, 8)}
    </button>
    ${status === null ? html`<span class="faint">${t('not there any more')}</span>` : nothing}
    <span class="space"></span>
    ${
      startTime === null
        ? nothing
        : html`<span class="faint" title=${formatDateTime(startTime)}
            >${formatRelativeTime(startTime, Date.now())}</span
          >`
    }
  </li>`
}

/** Versions registered from the run. */
export function renderVersions(versions: Related['versions'], copy: (text: string) => void): TemplateResult {
  return html`<ul class="things wrapping">
    ${versions.map(({ name, version, stage, aliases }) => {
      const uri = `models:/${name}/${version}`
      return html`<li>
        ${icon('box')}
        <span class="clip" title=${name.slice(0, 500)}>${name}</span>
        <span class="faint">${t('version {0}', version)}</span>
        <button
          class="plain copy"
          title=${t('Copy {0}', uri.slice(0, 500))}
          aria-label=${t('Copy {0}', uri.slice(0, 500))}
          @click=${() => copy(uri)}
        >
          ${icon('copy')}
        </button>
        ${stage === 'None' || stage === '' ? nothing : html`<span class="badge">${stage}</span>`}
        ${aliases.map((alias) => html`<span class="badge clip">@${alias}</span>`)}
      </li>`
    })}
  </ul>`
}
