import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { ModelCard } from '../../shared/protocol'
import { Asked } from '../ui/asked'
import { factStyles, renderFact } from '../ui/facts'
import '../ui/snippet'
import '../ui/states'
import { common, tables } from '../ui/styles'
import { fieldStyles, renderFields } from './fields'
import type { ArtifactSource } from './source'
import { loadSnippets } from './snippets'

/** A model by its MLmodel. Fires `open-path` (detail: an artifact's path), and `register` (detail: the model's folder). */
@customElement('lens-model-card')
export class ModelCardView extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  /** Of the MLmodel file. */
  @property() path = ''
  @property() version = ''

  readonly #card = new Asked<ModelCard>(this)

  static override styles = [
    common,
    tables,
    factStyles,
    fieldStyles,
    css`
      :host {
        display: block;
      }
      h4 {
        margin: 12px 0 2px;
        font-size: inherit;
        font-weight: 600;
      }
      .flavors {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        list-style: none;
        margin: 4px 0;
        padding: 0;
      }
      .flavors li {
        padding: 1px 8px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-radius: 10px;
        background: var(--vscode-badge-background);
        color: var(--vscode-badge-foreground);
      }
      .snippets {
        display: grid;
        gap: 6px;
        margin-top: 4px;
      }
      .actions {
        margin-top: 12px;
      }
    `,
  ]

  override willUpdate(_changed: PropertyValues): void {
    const { source, path } = this
    this.#card.ask(`${path}\n${this.version}`, (signal) => source.modelCard(path, signal))
  }

  override render(): TemplateResult {
    const answer = this.#card.answer
    if (answer === 'waiting') return html`<lens-loading .what=${t('Reading the model')}></lens-loading>`
    if ('error' in answer)
      return html`<lens-error .message=${answer.error} @retry=${() => this.#card.retry()}></lens-error>`
    return this.#renderCard(answer.value)
  }

  #renderCard(card: ModelCard): TemplateResult {
    const folder = this.path.split('/').slice(0, -1).join('/')
    const named = card.flavors.filter(({ name }) => name !== 'python_function')
    return html`<ul class="flavors" aria-label=${t('Flavors')}>
        ${card.flavors.map(({ name, version }) => html`<li>${name}${version ? ` ${version}` : nothing}</li>`)}
      </ul>
      <dl class="facts">
        ${renderFact(t('Size'), card.sizeBytes === null ? '' : formatBytes(card.sizeBytes))}
        ${renderFact(t('MLflow'), card.mlflowVersion)} ${renderFact(t('Python'), card.pythonVersion)}
        ${renderFact(t('Created'), card.created === '' ? '' : `${card.created.slice(0, 19)} UTC`)}
        ${renderFact(t('Model ID'), card.modelId)}
        ${
          card.inputExample === null
            ? nothing
            : renderFact(
                t('Input example'),
                html`<button class="link" @click=${() => this.#fire('open-path', card.inputExample)}>
                  ${card.inputExample.split('/').at(-1)}
                </button>`,
              )
        }
        ${card.metadata.map(([key, value]) => renderFact(key, value))}
      </dl>
      ${card.inputs === null ? nothing : renderFields(t('Inputs'), card.inputs)}
      ${card.outputs === null ? nothing : renderFields(t('Outputs'), card.outputs)}
      ${card.params === null ? nothing : renderFields(t('Inference parameters'), card.params)}
      ${
        card.inputs === null && card.outputs === null
          ? html`<p class="faint">${t('This model was logged without a signature.')}</p>`
          : nothing
      }
      <h4>${t('Load it')}</h4>
      <div class="snippets">
        ${loadSnippets(
          this.source.runId,
          folder,
          card,
          named.map(({ name }) => name),
        ).map(({ label, code }) => html`<lens-snippet .label=${label} .code=${code}></lens-snippet>`)}
      </div>
      <div class="actions">
        <vscode-button appearance="secondary" @click=${() => this.#fire('register', folder)}
          >${t('Register Model…')}</vscode-button
        >
      </div>`
  }

  #fire(name: string, detail: string | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
