/** The column of a run's page that says what stands around its metrics: parameters, tags, relatives, data, models and source. */
import { html, nothing, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { Related, RunDetails, RunEdit } from '../../shared/protocol'
import { recipesOf } from '../../shared/reproduce'
import type { Asked } from '../ui/asked'
import type { Host } from '../ui/host'
import { icon } from '../ui/icons'
import '../ui/snippet'
import '../ui/states'
import '../ui/valueTable'
import { renderDatasets } from './datasets'
import { hasSource, renderModels, renderSource } from './facts'
import { renderFamily, renderVersions } from './family'

/** Renders a part of the page under a heading that folds it. */
export type RenderSection = (
  id: string,
  heading: string,
  count: number | undefined,
  body: unknown,
  actions?: unknown,
) => TemplateResult

export interface Surroundings {
  readonly run: RunDetails
  readonly related: Asked<Related>
  readonly section: RenderSection
  readonly command: Host['channel']['command']
  readonly edit: (edit: RunEdit) => void
  readonly showArtifact: (path: string) => void
  readonly showMoreChildren: () => void
}

export function renderSurroundings(around: Surroundings): TemplateResult {
  const { run, section, command } = around
  const isOwn = ([key]: readonly [string, string]): boolean => !key.startsWith('mlflow.')
  const tags = run.tags.filter(isOwn)
  const systemTags = run.tags.filter((tag) => !isOwn(tag))
  return html`${section('params', t('Parameters'), run.params.length, values(around, t('Parameters'), run.params))}
  ${section('tags', t('Tags'), tags.length, values(around, t('Tags'), tags, run.mayEdit), run.mayEdit ? addTag(around) : nothing)}
  ${renderRelated(around)}
  ${run.datasets.length > 0 ? section('data', t('Datasets'), run.datasets.length, renderDatasets(run)) : nothing}
  ${
    run.modelOutputs.length > 0
      ? section(
          'models',
          t('Logged models'),
          run.modelOutputs.length,
          renderModels(run, around.related.value?.models ?? [], command, around.showArtifact),
        )
      : nothing
  }
  ${hasSource(run) ? section('source', t('Source'), undefined, renderSource(run, command)) : nothing}
  ${section('reproduce', t('Reproduce'), undefined, renderRecipes(run))}
  ${
    systemTags.length > 0
      ? section(
          'mlflow-tags',
          t('MLflow’s own tags'),
          systemTags.length,
          values(around, t('MLflow’s own tags'), systemTags),
        )
      : nothing
  }`
}

function values(
  { edit }: Surroundings,
  caption: string,
  rows: readonly (readonly [string, string])[],
  editable = false,
): TemplateResult {
  if (rows.length === 0) return html`<lens-empty>${t('None.')}</lens-empty>`
  return html`<lens-value-table
    .caption=${caption}
    .rows=${rows}
    ?editable=${editable}
    @edit-value=${(event: CustomEvent<string>) => edit({ act: 'setTag', key: event.detail })}
    @remove-value=${(event: CustomEvent<string>) => edit({ act: 'removeTag', key: event.detail })}
  ></lens-value-table>`
}

function addTag({ edit }: Surroundings): TemplateResult {
  return html`<button
    class="plain tool"
    title=${t('Add tag…')}
    aria-label=${t('Add a tag')}
    @click=${() => edit({ act: 'setTag' })}
  >
    ${icon('add')}
  </button>`
}

function renderRecipes(run: RunDetails): TemplateResult {
  return html`<div class="snippets">
    ${recipesOf({ ...run, trackingUri: run.connection.uri }).map(
      ({ label, code }) => html`<lens-snippet .label=${label} .code=${code}></lens-snippet>`,
    )}
  </div>`
}

function renderRelated(around: Surroundings): TemplateResult | typeof nothing {
  const { run, related, section, command } = around
  const { answer } = related
  if (answer === 'waiting') return nothing
  if ('error' in answer)
    return section(
      'family',
      t('Parent and children'),
      undefined,
      html`<lens-error .message=${answer.error} @retry=${() => related.retry()}></lens-error>`,
    )
  const connection = run.connection.id
  const { versions, problems } = answer.value
  const kin = kinOf(answer.value)
  const open = (runId: string): void => command('openRun', { run: { connection, runId } })
  return html`${
    kin === 0
      ? nothing
      : section('family', t('Parent and children'), kin, renderFamily(answer.value, open, around.showMoreChildren))
  }
  ${
    versions.length === 0
      ? nothing
      : section(
          'versions',
          t('Registered versions'),
          versions.length,
          renderVersions(versions, (text) => command('copy', { text })),
        )
  }
  ${problems.map(
    (problem) =>
      html`<lens-warning
        >${t('Not all around this run could be read: {0}', problem)}
        <button class="link" @click=${() => related.retry()}>${t('Retry')}</button></lens-warning
      >`,
  )}`
}

/** How many runs stand around a run. */
export const kinOf = (related: Related | undefined): number =>
  related ? related.childCount + (related.parent ? 1 : 0) : 0
