/** What is known of a run besides its values: the page's head, where it came from, what went in and out. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatDateTime, formatDuration, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { RunDetails } from '../../shared/protocol'
import type { Host } from '../ui/host'
import { icon, statusLabel } from '../ui/icons'

type Command = Host['channel']['command']

export function renderHeader(run: RunDetails, command: Command, compare: () => void): TemplateResult {
  return html`<div class="head">
    <div class="title">
      <h1 class="clip" title=${run.name.slice(0, 500)}>${run.name || run.runId}</h1>
      ${statusLabel(run.status)} ${run.deleted ? html`<span class="faint">${t('deleted')}</span>` : nothing}
      <span class="space"></span>
      <vscode-button appearance="secondary" @click=${compare}>${t('Compare…')}</vscode-button>
    </div>
    <dl>
      ${fact(t('Experiment'), run.experimentName)} ${renderTimes(run, Date.now())}
      ${run.user ? fact(t('User'), run.user) : nothing}
      ${fact(t('Connection'), run.connection.name, run.connection.uri)}
      ${run.parentRunId === null ? nothing : fact(t('Parent run'), runLink(run.connection.id, run.parentRunId, command))}
      ${fact(t('Run ID'), copyButton(run.runId, command))}
    </dl>
  </div>`
}

function renderTimes({ startTime, endTime }: RunDetails, now: number): TemplateResult | typeof nothing {
  if (startTime === null) return nothing
  const duration =
    endTime === null ? t('{0} so far', formatDuration(now - startTime)) : formatDuration(endTime - startTime)
  return html`${fact(t('Started'), formatRelativeTime(startTime, now), formatDateTime(startTime))}
  ${fact(t('Duration'), duration)}`
}

function fact(label: string, value: TemplateResult | string, title = ''): TemplateResult {
  return html`<div class="fact">
    <dt>${label}</dt>
    <dd title=${title || nothing}>${value}</dd>
  </div>`
}

const sourceTag = (run: RunDetails, key: string): string =>
  run.tags.find(([name]) => name === `mlflow.source.${key}`)?.[1] ?? ''

export const hasSource = (run: RunDetails): boolean =>
  sourceTag(run, 'name') !== '' || sourceTag(run, 'git.commit') !== ''

/** The file and the commit that a run was started from. */
export function renderSource(run: RunDetails, command: Command): TemplateResult {
  const [name, type] = [sourceTag(run, 'name'), sourceTag(run, 'type')]
  const [commit, branch] = [sourceTag(run, 'git.commit'), sourceTag(run, 'git.branch')]
  const repository = sourceTag(run, 'git.repoURL')
  const line = (label: string, value: unknown): TemplateResult =>
    html`<dt>${label}</dt>
      <dd>${value}</dd>`
  return html`<dl class="lines">
    ${name ? line(t('File'), html`<span class="mono">${name}</span> <span class="faint">${type}</span>`) : nothing}
    ${commit ? line(t('Git commit'), copyButton(commit, command, commit.slice(0, 10))) : nothing}
    ${branch ? line(t('Branch'), html`${icon('branch')} ${branch}`) : nothing}
    ${repository ? line(t('Repository'), link(repository, command)) : nothing}
  </dl>`
}

/** The datasets that a run read and the models that it logged. */
export function renderThings({ datasets, modelOutputs }: RunDetails, command: Command): TemplateResult {
  return html`<ul class="things">
    ${datasets.map(
      ({ name, digest, context, sourceType }) =>
        html`<li>
          ${icon('table')}<span class="clip" title=${name}>${name}</span>
          <span class="faint clip">${[context, sourceType].filter(Boolean).join(' · ')}</span>
          <span class="faint mono clip">${digest}</span>
        </li>`,
    )}
    ${modelOutputs.map(
      ({ modelId, step }) =>
        html`<li>
          ${icon('box')}<span class="clip">${copyButton(modelId, command)}</span>
          <span class="faint clip">${t('logged model, step {0}', step)}</span>
        </li>`,
    )}
  </ul>`
}

function copyButton(text: string, command: Command, shown = text): TemplateResult {
  return html`<button
    class="plain copy mono"
    title=${t('Copy {0}', text.slice(0, 500))}
    @click=${() => command('copy', { text })}
  >
    <span class="clip">${shown}</span>${icon('copy')}
  </button>`
}

function link(url: string, command: Command): TemplateResult | string {
  if (!/^https?:\/\//i.test(url)) return url
  return html`<button class="link" @click=${() => command('openLink', { url })}>${url}</button>`
}

function runLink(connection: string, runId: string, command: Command): TemplateResult {
  return html`<button class="link mono" @click=${() => command('openRun', { run: { connection, runId } })}>
    ${runId.slice(0, 8)}
  </button>`
}
