import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { loggedImages } from '../../shared/artifacts/loggedImages'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Artifact } from '../../shared/protocol'
import '../artifacts/imageStrip'
import '../artifacts/preview'
import type { ArtifactSource } from '../artifacts/source'
import '../ui/states'
import { common } from '../ui/styles'
import './artifactTree'
import { baseName, Listings } from './listings'

/** Series of pictures drawn at first. */
const mostStrips = 12

/**
 * A run's artifacts: a tree, and beside or below it what is chosen in it. Fires `select-artifact` (detail: its path), and what the
 * preview fires.
 */
@customElement('lens-artifact-browser')
export class ArtifactBrowser extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  /** When it changes, the folders are listed again. */
  @property() version = ''
  /** When it changes, what is chosen is read again; it is, too, when it has another size. */
  @property() again = ''
  @property() selected: string | undefined

  @state() private open: ReadonlySet<string> = new Set()
  @state() private allStrips = false
  readonly #listings = new Listings(this, (path, signal) => this.source.list(path, signal))
  /** What was looked for in vain. */
  @state() private missing: string | undefined

  static override styles = [
    common,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .panes {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px 24px;
        align-items: start;
      }
      .tree {
        max-height: 320px;
        overflow: auto;
      }
      @container (min-width: 540px) {
        .panes.chosen {
          grid-template-columns: minmax(170px, 2fr) minmax(0, 5fr);
        }
        .chosen .tree {
          max-height: min(80vh, 720px);
        }
      }
      .preview {
        min-width: 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        padding-bottom: 6px;
      }
      h3 {
        font-weight: 600;
        max-width: 100%;
      }
      .grow {
        flex: 1;
      }
      .strips {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
        gap: 0 20px;
      }
    `,
  ]

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('version')) this.#listings.refresh(['', ...this.open])
    if (changed.has('selected') && this.selected !== undefined) void this.#reveal(this.selected)
  }

  override render(): TemplateResult {
    const { selected } = this
    const entry = selected === undefined ? undefined : this.#listings.find(selected)
    return html`<div class="panes ${selected === undefined ? '' : 'chosen'}">
      <div class="tree">
        <lens-artifact-tree
          .listing=${(path: string) => this.#listings.of(path)}
          .open=${this.open}
          .selected=${selected}
          @toggle=${(event: CustomEvent<string>) => this.#toggle(event.detail)}
          @select=${(event: CustomEvent<string>) => this.#choose(event.detail)}
          @retry=${(event: CustomEvent<string>) => void this.#listings.read(event.detail)}
        ></lens-artifact-tree>
      </div>
      ${selected === undefined ? nothing : html`<div class="preview">${this.#renderChosen(selected, entry)}</div>`}
    </div>`
  }

  #renderChosen(path: string, entry: Artifact | undefined): TemplateResult {
    if (!entry)
      return this.missing === path
        ? html`<lens-warning>${t('There is no artifact {0} any more.', path)}</lens-warning>`
        : html`<lens-loading .what=${t('Looking for {0}', path.slice(0, 200))}></lens-loading>`
    return entry.isDir ? this.#renderFolder(entry) : this.#renderFile(entry)
  }

  #renderFile(entry: Artifact): TemplateResult {
    return html`<lens-artifact-preview
      .source=${this.source}
      .entry=${entry}
      .version=${`${entry.fileSize ?? ''} ${this.again}`}
      @open-artifact=${this.#pass}
      @save-artifact=${this.#pass}
      @open-link=${this.#pass}
      @register=${this.#pass}
      @open-path=${(event: CustomEvent<string>) => this.#fire('select-artifact', event.detail)}
    ></lens-artifact-preview>`
  }

  /** What a folder is about: the model in it, the pictures of a run, or how much it holds. */
  #renderFolder({ path }: Artifact): TemplateResult {
    const listing = this.#listings.of(path)
    if (!Array.isArray(listing)) return html`<lens-loading .what=${t('Listing artifacts')}></lens-loading>`
    const entries = listing as readonly Artifact[]
    const model = entries.find((entry) => !entry.isDir && baseName(entry.path) === 'MLmodel')
    const sizes = entries.flatMap(({ fileSize }) => (fileSize === null ? [] : [fileSize]))
    const strips = [...loggedImages(entries.map((entry) => entry.path))]
    return html`<div class="head">
        <h3 class="clip">${baseName(path)}</h3>
        <span class="faint"
          >${t('{0} entries', formatCount(entries.length))}${
            sizes.length > 0
              ? html` · ${t('files directly in it: {0}', formatBytes(sizes.reduce((sum, size) => sum + size, 0)))}`
              : nothing
          }</span
        >
        <span class="grow"></span>
        <vscode-button appearance="secondary" @click=${() => this.#fire('save-artifact', path)}
          >${t('Save Folder…')}</vscode-button
        >
      </div>
      ${model ? this.#renderFile(model) : nothing}
      ${
        strips.length === 0
          ? nothing
          : html`<div class="strips">
              ${(this.allStrips ? strips : strips.slice(0, mostStrips)).map(
                ([key, images]) =>
                  html`<lens-image-strip .source=${this.source} .label=${key} .images=${images}></lens-image-strip>`,
              )}
            </div>`
      }
      ${
        strips.length > mostStrips && !this.allStrips
          ? html`<button class="link" @click=${() => (this.allStrips = true)}>
              ${t('Show all {0} series of pictures', strips.length)}
            </button>`
          : nothing
      }`
  }

  /** What is shown of it below a long tree would be out of sight. */
  #choose(path: string): void {
    this.#fire('select-artifact', path)
    void this.updateComplete.then(() => {
      requestAnimationFrame(() => this.renderRoot.querySelector('.preview')?.scrollIntoView({ block: 'nearest' }))
    })
  }

  #toggle(path: string): void {
    const open = new Set(this.open)
    if (!open.delete(path)) {
      open.add(path)
      void this.#listings.read(path)
    }
    this.open = open
  }

  /** Opens the folders on the way to an artifact, whoever has chosen it. */
  async #reveal(path: string): Promise<void> {
    const parts = path.split('/')
    const folders = parts.map((_, depth) => parts.slice(0, depth).join('/'))
    for (const folder of folders) if (this.#listings.of(folder) === undefined) await this.#listings.read(folder)
    if (this.selected !== path) return
    const entry = this.#listings.find(path)
    this.missing = entry ? undefined : path
    const open = new Set([...this.open, ...folders.filter((folder) => folder !== '')])
    if (entry?.isDir && this.#listings.of(path) === undefined) await this.#listings.read(path)
    if (open.size > this.open.size) this.open = open
  }

  readonly #pass = (event: CustomEvent<string>): void => this.#fire(event.type, event.detail)

  #fire(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
