import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Artifact } from '../../shared/protocol'
import { icon } from '../ui/icons'
import { common } from '../ui/styles'

type Listing = readonly Artifact[] | { readonly error: string } | 'loading'

/** Entries of one folder drawn at first. */
const most = 500

/** A run's artifacts, folder by folder as they are opened. Fires `open-artifact` (detail: path). */
@customElement('lens-artifact-tree')
export class ArtifactTree extends LitElement {
  @property({ attribute: false }) list: (path: string, signal: AbortSignal) => Promise<Artifact[]> = () =>
    Promise.reject(new Error('no source of artifacts'))
  /** When it changes, what is listed is listed again. */
  @property() version = ''
  @state() private listings: ReadonlyMap<string, Listing> = new Map()
  @state() private open: ReadonlySet<string> = new Set()
  #stop = new AbortController()

  static override styles = [
    common,
    css`
      :host {
        display: block;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      ul ul {
        padding-left: 16px;
      }
      button.plain {
        display: flex;
        align-items: center;
        gap: 6px;
        width: 100%;
        height: 22px;
        padding: 0 8px 0 2px;
      }
      button.plain:hover {
        background: var(--hover);
      }
      .chevron {
        width: 12px;
        height: 12px;
        margin: 0 2px;
      }
      .gap {
        width: 16px;
        flex: none;
      }
      [aria-expanded='true'] .chevron {
        transform: rotate(90deg);
      }
      .name {
        flex: 1;
      }
      lens-loading,
      lens-error {
        padding-left: 18px;
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = new AbortController()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop.abort()
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('version')) for (const path of ['', ...this.open]) void this.#read(path)
  }

  override render(): TemplateResult {
    return this.#renderFolder('')
  }

  #renderFolder(path: string): TemplateResult {
    const listing = this.listings.get(path)
    if (listing === undefined || listing === 'loading')
      return html`<lens-loading .what=${t('Listing artifacts')}></lens-loading>`
    if ('error' in listing)
      return html`<lens-error .message=${listing.error} @retry=${() => void this.#read(path)}></lens-error>`
    if (listing.length === 0)
      return html`<lens-empty>${path === '' ? t('No artifacts.') : t('Empty folder.')}</lens-empty>`
    return html`<ul>
      ${listing.slice(0, most).map((entry) => (entry.isDir ? this.#renderDir(entry) : this.#renderFile(entry)))}
      ${listing.length > most ? html`<li class="faint">${t('{0} of {1} shown', most, listing.length)}</li>` : nothing}
    </ul>`
  }

  #renderDir(entry: Artifact): TemplateResult {
    const open = this.open.has(entry.path)
    return html`<li>
      <button class="plain" aria-expanded=${open} @click=${() => this.#toggle(entry.path)}>
        ${icon('chevron', 'chevron')}${icon('folder')}<span class="name clip">${baseName(entry.path)}</span>
      </button>
      ${open ? this.#renderFolder(entry.path) : nothing}
    </li>`
  }

  #renderFile(entry: Artifact): TemplateResult {
    return html`<li>
      <button
        class="plain"
        title=${t('Open {0}', entry.path)}
        @click=${() => this.dispatchEvent(new CustomEvent('open-artifact', { detail: entry.path }))}
      >
        <span class="gap"></span>${icon('file')}<span class="name clip">${baseName(entry.path)}</span>
        ${entry.fileSize === null ? nothing : html`<span class="faint number">${formatBytes(entry.fileSize)}</span>`}
      </button>
    </li>`
  }

  #toggle(path: string): void {
    const open = new Set(this.open)
    if (!open.delete(path)) {
      open.add(path)
      void this.#read(path)
    }
    this.open = open
  }

  async #read(path: string): Promise<void> {
    // What was listed stays until it is listed again.
    if (!Array.isArray(this.listings.get(path))) this.#set(path, 'loading')
    try {
      this.#set(path, await this.list(path, this.#stop.signal))
    } catch (error) {
      if (this.#stop.signal.aborted) return
      this.#set(path, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  #set(path: string, listing: Listing): void {
    this.listings = new Map(this.listings).set(path, listing)
  }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
