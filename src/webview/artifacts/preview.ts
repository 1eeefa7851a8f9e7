import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { type ArtifactKind, kindOf, type Viewer } from '../../shared/artifacts/kind'
import { indentJson, loggedTableOf } from '../../shared/artifacts/jsonText'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Artifact } from '../../shared/protocol'
import { Asked } from '../ui/asked'
import { choice } from '../ui/choice'
import { renderMarkdown } from '../ui/markdown'
import { markdownStyles } from '../ui/markdownStyles'
import '../ui/states'
import { common } from '../ui/styles'
import { ThemeController } from '../ui/theme'
import './dataTable'
import { decodeHead } from './decode'
import { renderDelimited } from './delimitedView'
import { renderHtml } from './htmlView'
import './imageView'
import './modelCardView'
import './parquetView'
import './pdfView'
import { type ArtifactSource, type Head, readHead } from './source'
import './textView'

/** Bytes by which a file's kind is told, and that are shown of a text at first. */
const headBytes = 64 * 1024
/** Bytes that a kind is shown from, where that is more. */
const wantedBytes: Partial<Record<Viewer, number>> = {
  image: 24 * 1024 * 1024,
  svg: 4 * 1024 * 1024,
  html: 1024 * 1024,
  json: 2 * 1024 * 1024,
  table: 1024 * 1024,
  markdown: 512 * 1024,
}

/** Bytes of JSON that is indented: more would be too many lines. */
const mostIndented = 512 * 1024

interface Loaded extends Head {
  readonly kind: ArtifactKind
}

/**
 * An artifact as what it is. Fires `open-artifact` and `save-artifact` (detail: its path), `open-path`, `register` and
 * `open-link` (detail: the URL).
 */
@customElement('lens-artifact-preview')
export class ArtifactPreview extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  @property({ attribute: false }) entry!: Artifact
  /** When it changes, the artifact is read again. */
  @property() version = ''

  @state() private look: 'preview' | 'source' = 'preview'
  readonly #loaded = new Asked<Loaded>(this)

  constructor() {
    super()
    new ThemeController(this)
  }

  static override styles = [
    common,
    markdownStyles,
    css`
      :host {
        display: block;
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
      .buttons {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      lens-warning {
        display: block;
        margin-bottom: 8px;
      }
      iframe {
        width: 100%;
        height: min(60vh, 520px);
        border: 1px solid var(--line);
      }
      .markdown {
        border: 1px solid var(--line);
        padding: 4px 12px;
        max-height: min(70vh, 640px);
        overflow: auto;
      }
    `,
  ]

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('entry') && changed.get('entry')?.path !== this.entry.path) this.look = 'preview'
    const { source, entry } = this
    this.#loaded.ask(
      `${entry.path}\n${this.version}`,
      (signal) => load(source, entry, signal),
      changed.get('entry') === undefined || changed.get('entry')?.path === entry.path,
    )
  }

  override render(): TemplateResult {
    const { path, fileSize } = this.entry
    const name = path.slice(path.lastIndexOf('/') + 1)
    const loaded = this.#loaded.value
    const answer = this.#loaded.answer
    return html`<div class="head">
        <h3 class="clip" title=${path.slice(0, 500)}>${name}</h3>
        <span class="faint"
          >${[loaded?.kind.word, fileSize === null ? undefined : formatBytes(fileSize)].filter(Boolean).join(' · ')}</span
        >
        <span class="grow"></span>
        <span class="buttons">
          ${loaded && hasSource(loaded.kind.viewer) ? this.#renderLook() : nothing}
          <vscode-button appearance="secondary" @click=${() => this.#fire('open-artifact', path)}
            >${t('Open')}</vscode-button
          >
          <vscode-button appearance="secondary" @click=${() => this.#fire('save-artifact', path)}
            >${t('Save…')}</vscode-button
          >
        </span>
      </div>
      ${
        answer === 'waiting'
          ? html`<lens-loading .what=${t('Reading {0}', name.slice(0, 100))}></lens-loading>`
          : 'error' in answer
            ? html`<lens-error .message=${answer.error} @retry=${() => this.#loaded.retry()}></lens-error>`
            : this.#renderLoaded(answer.value)
      }`
  }

  #renderLook(): TemplateResult {
    return choice(
      t('Shown as'),
      [
        ['preview', t('Preview')],
        ['source', t('Source')],
      ],
      this.look,
      (look) => (this.look = look),
    )
  }

  #renderLoaded(loaded: Loaded): TemplateResult {
    const { claimed, word } = loaded.kind
    return html`${
      claimed === undefined
        ? nothing
        : html`<lens-warning
            >${t('Its name says {0}, but it is {1}; it is shown as that.', claimed, word)}</lens-warning
          >`
    }
    ${this.look === 'source' ? this.#renderText(loaded) : this.#renderPreview(loaded)}`
  }

  #renderPreview(loaded: Loaded): TemplateResult {
    const { kind, bytes, isWhole } = loaded
    const { path, fileSize } = this.entry
    switch (kind.viewer) {
      case 'image':
      case 'svg':
        if (!isWhole) return tooLarge(fileSize)
        return html`<lens-image-view .bytes=${bytes} .type=${kind.type} .label=${path}></lens-image-view>`
      case 'html':
        return html`${isWhole ? nothing : cut(bytes.length)}${renderHtml(decodeHead(loaded).text, path)}`
      case 'markdown':
        return html`${isWhole ? nothing : cut(bytes.length)}
          <div tabindex="0" role="region" aria-label=${path}>
            ${renderMarkdown(decodeHead(loaded).text, (url) => this.#fire('open-link', url))}
          </div>`
      case 'json':
        return this.#renderJson(loaded)
      case 'table':
        return (
          renderDelimited(loaded, path, fileSize) ??
          html`<lens-warning>${t('Not even its first row ends within the part that was read.')}</lens-warning>
            ${this.#renderText(loaded)}`
        )
      case 'parquet':
        return html`<lens-parquet-view
          .source=${this.source}
          .path=${path}
          .size=${fileSize}
          .version=${this.version}
        ></lens-parquet-view>`
      case 'model':
        return html`<lens-model-card
          .source=${this.source}
          .path=${path}
          .version=${this.version}
          @open-path=${this.#pass}
          @register=${this.#pass}
        ></lens-model-card>`
      case 'pdf':
        return html`<lens-pdf-view
          .source=${this.source}
          .path=${path}
          .size=${fileSize}
          .version=${this.version}
          @open-artifact=${this.#pass}
          @save-artifact=${this.#pass}
        ></lens-pdf-view>`
      case 'text':
        if (bytes.length === 0) return html`<lens-empty>${t('This file is empty.')}</lens-empty>`
        return this.#renderText(loaded)
      case 'binary':
        return html`<lens-empty>${t('There is no preview of {0}. Its first bytes:', kind.word)}</lens-empty>
          <lens-text-view bare .label=${t('First bytes of {0}', path)} .head=${hexHead(bytes)}></lens-text-view>`
    }
  }

  #renderJson(loaded: Loaded): TemplateResult {
    const { isWhole } = loaded
    const { text } = decodeHead(loaded)
    const table = isWhole ? loggedTableOf(text) : undefined
    if (!table) return this.#renderText(loaded, isWhole && loaded.bytes.length <= mostIndented ? indentJson : undefined)
    const note = t(
      'A table in JSON, as mlflow.log_table writes it · {0} rows, {1} columns',
      formatCount(table.rows.length),
      formatCount(table.columns.length),
    )
    return html`<lens-data-table
      .label=${this.entry.path}
      .columns=${table.columns.map((name) => ({ name }))}
      .rows=${table.rows}
      .source=${this.source}
      @open-path=${this.#pass}
      .note=${note}
    ></lens-data-table>`
  }

  #renderText({ bytes, isWhole }: Loaded, layout?: (text: string) => string): TemplateResult {
    const { path, fileSize } = this.entry
    // What was read for a preview is more than is drawn at once of a text.
    const head = layout
      ? { bytes, isWhole }
      : { bytes: bytes.subarray(0, headBytes), isWhole: isWhole && bytes.length <= headBytes }
    return html`<lens-text-view
      .label=${path}
      .head=${this.#sameHead(head)}
      .size=${fileSize}
      .layout=${layout}
      .readOn=${this.#part}
    ></lens-text-view>`
  }

  /** The same object for the same bytes, so that what was read on in a text stays. */
  #sameHead(head: Head): Head {
    const known = this.#textHead
    if (known?.bytes.buffer === head.bytes.buffer && known.bytes.length === head.bytes.length) return known
    return (this.#textHead = head)
  }
  #textHead: Head | undefined

  readonly #part = (start: number, length: number, signal: AbortSignal): Promise<Uint8Array> =>
    this.source.part(this.entry.path, start, length, signal)

  readonly #pass = (event: CustomEvent<string>): void => this.#fire(event.type, event.detail)

  #fire(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

async function load(source: ArtifactSource, { path }: Artifact, signal: AbortSignal): Promise<Loaded> {
  const head = await readHead(source, path, headBytes, signal)
  const kind = kindOf(path, head.bytes, head.isWhole)
  const wanted = wantedBytes[kind.viewer]
  if (head.isWhole || wanted === undefined) return { ...head, kind }
  return { ...(await readHead(source, path, wanted, signal)), kind }
}

const hasSource = (viewer: Viewer): boolean => ['svg', 'html', 'json', 'table', 'markdown', 'model'].includes(viewer)

const tooLarge = (size: number | null): TemplateResult =>
  html`<lens-warning
    >${t('With {0} this picture is too large to be shown here. Open or save it.', size === null ? t('more than 24 MB') : formatBytes(size))}</lens-warning
  >`

const cut = (shown: number): TemplateResult =>
  html`<lens-warning>${t('Only the first {0} are shown.', formatBytes(shown))}</lens-warning>`

/** The first bytes, sixteen a line, as a text. */
function hexHead(bytes: Uint8Array): Head {
  const lines: string[] = []
  for (let at = 0; at < Math.min(bytes.length, 512); at += 16) {
    const row = [...bytes.subarray(at, Math.min(at + 16, 512))]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const letters = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${letters}`)
  }
  return { bytes: new TextEncoder().encode(lines.join('\n')), isWhole: true }
}
