import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Artifact } from '../../shared/protocol'
import { icon } from '../ui/icons'
import '../ui/states'
import { common } from '../ui/styles'
import { baseName, type Listing, parentOf } from './listings'

/** Entries of one folder drawn at first. */
const most = 500

interface Row {
  readonly entry: Artifact
  /** From 1. */
  readonly level: number
}

/**
 * A run's artifacts, folder by folder as they are opened. Fires `toggle` (detail: a folder's path), `select` (detail: the path of a
 * file or folder), `retry` (detail: the path of a folder that could not be listed).
 */
@customElement('lens-artifact-tree')
export class ArtifactTree extends LitElement {
  @property({ attribute: false }) listing: (path: string) => Listing | undefined = () => undefined
  @property({ attribute: false }) open: ReadonlySet<string> = new Set()
  @property() selected: string | undefined
  /** Folders all of whose entries are drawn. */
  @state() private whole: ReadonlySet<string> = new Set()
  /** The row that had the focus last. */
  @state() private active: string | undefined
  /** The row that Tab leads to. */
  #reachable: string | undefined

  static override styles = [
    common,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      @container (max-width: 220px) {
        .number {
          display: none;
        }
      }
      [role='treeitem'] {
        display: flex;
        align-items: center;
        gap: 6px;
        min-height: 22px;
        padding: 0 8px 0 2px;
        cursor: pointer;
      }
      [role='treeitem']:hover {
        background: var(--hover);
        outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      [role='treeitem'][aria-selected='true'] {
        background: var(--vscode-list-inactiveSelectionBackground);
        color: var(--vscode-list-inactiveSelectionForeground, inherit);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      [role='treeitem']:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      /* Faint on a coloured row would be too faint. */
      [role='treeitem']:hover .faint,
      [aria-selected='true'] .faint {
        color: inherit;
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
      [aria-expanded='true'] > .chevron {
        transform: rotate(90deg);
      }
      .name {
        flex: 1;
      }
      .word {
        white-space: normal;
        overflow-wrap: anywhere;
      }
    `,
  ]

  override render(): TemplateResult {
    const listing = this.listing('')
    if (listing === undefined || listing === 'loading')
      return html`<lens-loading .what=${t('Listing artifacts')}></lens-loading>`
    if ('error' in listing)
      return html`<lens-error .message=${listing.error} @retry=${() => this.#fire('retry', '')}></lens-error>`
    if (listing.length === 0) return html`<lens-empty>${t('No artifacts.')}</lens-empty>`
    return html`<div role="tree" aria-label=${t('Artifacts')} @keydown=${this.#onKey}>
      ${this.#renderFolder('', 1)}
    </div>`
  }

  #renderFolder(path: string, level: number): TemplateResult {
    const listing = this.listing(path)
    if (listing === undefined || listing === 'loading') return word(level, `${t('Listing artifacts')}…`)
    if ('error' in listing)
      return html`<div
        role="treeitem"
        aria-level=${level}
        tabindex="-1"
        .style=${indent(level)}
        @click=${() => this.#fire('retry', path)}
      >
        ${icon('error')}<span class="name word">${listing.error}</span><span class="link">${t('Retry')}</span>
      </div>`
    if (listing.length === 0) return word(level, t('Empty folder.'))
    const shown = this.whole.has(path) ? listing : listing.slice(0, most)
    return html`${shown.map((entry) => this.#renderEntry({ entry, level }))}
    ${
      shown.length < listing.length
        ? html`<div
            role="treeitem"
            aria-level=${level}
            tabindex="-1"
            .style=${indent(level)}
            @click=${() => (this.whole = new Set(this.whole).add(path))}
          >
            <span class="gap"></span
            ><span class="faint">${t('{0} of {1} shown', most, formatCount(listing.length))}</span>
            <span class="link">${t('Show all')}</span>
          </div>`
        : nothing
    }`
  }

  #renderEntry({ entry, level }: Row): TemplateResult {
    const { path, isDir, fileSize } = entry
    const open = isDir && this.open.has(path)
    const name = baseName(path)
    return html`<div
        role="treeitem"
        aria-level=${level}
        aria-expanded=${isDir ? open : nothing}
        aria-selected=${path === this.selected}
        tabindex=${path === this.#reachable ? 0 : -1}
        data-path=${path}
        title=${name.length > 30 ? name.slice(0, 500) : nothing}
        .style=${indent(level)}
        @click=${() => this.#choose(entry)}
        @focus=${() => (this.active = path)}
      >
        ${isDir ? html`${icon('chevron', 'chevron')}${icon('folder')}` : html`<span class="gap"></span>${icon('file')}`}
        <span class="name clip">${name}</span>
        ${fileSize === null ? nothing : html`<span class="faint number">${formatBytes(fileSize)}</span>`}
      </div>
      ${open ? this.#renderFolder(path, level + 1) : nothing}`
  }

  override willUpdate(): void {
    this.#reachable =
      [this.active, this.selected].find((path) => path !== undefined && this.#isDrawn(path)) ?? this.#first
  }

  #isDrawn(path: string): boolean {
    const folder = parentOf(path)
    const listing = this.listing(folder)
    if (!Array.isArray(listing)) return false
    const at = (listing as readonly Artifact[]).findIndex((entry) => entry.path === path)
    const isThere = at >= 0 && (at < most || this.whole.has(folder))
    return isThere && (folder === '' || (this.open.has(folder) && this.#isDrawn(folder)))
  }

  get #first(): string | undefined {
    const listing = this.listing('')
    return Array.isArray(listing) ? (listing as readonly Artifact[])[0]?.path : undefined
  }

  #choose({ path, isDir }: Artifact): void {
    this.active = path
    // A folder that is shown closes; any other is shown, and opens.
    if (isDir && (path === this.selected || !this.open.has(path))) this.#fire('toggle', path)
    if (path !== this.selected) this.#fire('select', path)
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('[role="treeitem"]')]
    const here = items.findIndex((item) => item === event.composedPath()[0])
    const item = items[here]
    if (!item) return
    const path = item.dataset.path
    const isFolder = item.hasAttribute('aria-expanded')
    const isOpen = item.getAttribute('aria-expanded') === 'true'
    const focus = (target: HTMLElement | undefined): void => target?.focus()
    switch (event.key) {
      case 'ArrowDown':
        focus(items[here + 1])
        break
      case 'ArrowUp':
        focus(items[here - 1])
        break
      case 'Home':
        focus(items[0])
        break
      case 'End':
        focus(items.at(-1))
        break
      case 'ArrowRight':
        if (isFolder && isOpen) focus(items[here + 1])
        else if (isFolder && path !== undefined) this.#fire('toggle', path)
        break
      case 'ArrowLeft':
        if (isFolder && isOpen && path !== undefined) this.#fire('toggle', path)
        else if (path !== undefined) focus(items.find((other) => other.dataset.path === parentOf(path)))
        break
      case 'Enter':
      case ' ':
        item.click()
        break
      default:
        return
    }
    event.preventDefault()
  }

  #fire(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

const indent = (level: number): string => `padding-left: ${2 + (level - 1) * 16}px`

const word = (level: number, text: string): TemplateResult =>
  html`<div role="treeitem" aria-level=${level} tabindex="-1" .style=${indent(level)}>
    <span class="gap"></span><span class="faint">${text}</span>
  </div>`
