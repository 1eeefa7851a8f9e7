/** What is known of a run besides its values: the page's head, where it came from, what went in and out. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatDateTime, formatDuration, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Related, RunDetails, RunEdit } from '../../shared/protocol'
import type { Mark } from '../../shared/runColor'
import type { Host } from '../ui/host'
import { icon, statusLabel } from '../ui/icons'
import { swatch } from '../ui/swatch'

type Command = Host['channel']['command']

/** What can be done with a run, from its page. */
export interface HeaderActions {
  readonly compare: () => void
  readonly edit: (edit: RunEdit) => void
}

export function renderHeader(run: RunDetails, mark: Mark, command: Command, actions: HeaderActions): TemplateResult {
  const button = (label: string, act: () => void): TemplateResult =>
    html`<vscode-button appearance="secondary" @click=${act}>${label}</vscode-button>`
  return html`<div class="head">
    <div class="title">
      <div class="named">
        ${swatch(mark)}
        <h1 class="clip" title=${run.name.slice(0, 500)}>${run.name || run.runId}</h1>
        ${
          run.mayEdit
            ? html`<button
                class="plain tool"
                title=${t('Rename…')}
                aria-label=${t('Rename this run')}
                @click=${() => actions.edit({ act: 'rename' })}
              >
                ${icon('edit')}
              </button>`
            : html`<span
                class="badge"
                title=${t('An administrator of the server, or a user with MANAGE on the experiment, can change that.')}
                >${t('read only for you')}</span
              >`
        }
      </div>
      ${statusLabel(run.status)} ${run.deleted ? html`<span class="badge">${t('deleted')}</span>` : nothing}
      <span class="space"></span>
      <span class="buttons">
        ${button(t('Compare…'), actions.compare)}
        ${button(t('Register Model…'), () => actions.edit({ act: 'registerModel' }))}
        ${
          !run.mayDelete
            ? nothing
            : run.deleted
              ? button(t('Restore'), () => actions.edit({ act: 'restore' }))
              : button(t('Delete…'), () => actions.edit({ act: 'delete' }))
        }
      </span>
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

/** The models that a run logged; their names lead to their files. @param show shows an artifact */
export function renderModels(
  { modelOutputs }: RunDetails,
  known: Related['models'],
  command: Command,
  show: (path: string) => void,
): TemplateResult {
  return html`<ul class="things">
    ${modelOutputs.map(({ modelId, step }) => {
      const model = known.find((each) => each.modelId === modelId)
      return html`<li>
        ${icon('box')}
        ${
          model && model.name !== ''
            ? html`<button class="link clip model" title=${t('Show its files')} @click=${() => show(model.name)}>
                  ${model.name}
                </button>
                ${model.status === 'READY' ? nothing : html`<span class="badge">${model.status}</span>`}`
            : nothing
        }
        <span class="clip">${copyButton(modelId, command)}</span>
        <span class="faint">${t('step {0}', step)}</span>
      </li>`
    })}
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
