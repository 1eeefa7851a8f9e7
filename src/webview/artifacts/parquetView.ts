import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { Asked } from '../ui/asked'
import '../ui/states'
import { common } from '../ui/styles'
import './dataTable'
import { mostRows, type ParquetTable, readParquet } from './parquet'
import type { ArtifactSource } from './source'

/** Fires what its table fires. */
@customElement('lens-parquet-view')
export class ParquetView extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  @property() path = ''
  @property({ attribute: false }) size: number | null = null
  @property() version = ''

  readonly #table = new Asked<ParquetTable>(this)

  static override styles = [common]

  override willUpdate(_changed: PropertyValues): void {
    const { source, path, size } = this
    if (size === null) return
    this.#table.ask(`${path}\n${size}\n${this.version}`, (signal) =>
      readParquet(size, (start, length) => source.part(path, start, length, signal)),
    )
  }

  override render(): TemplateResult {
    if (this.size === null)
      return html`<lens-warning
        >${t('The store tells no size of this file, and a Parquet file is read from its end. Open or save it.')}</lens-warning
      >`
    const answer = this.#table.answer
    if (answer === 'waiting') return html`<lens-loading .what=${t('Reading the table')}></lens-loading>`
    if ('error' in answer)
      return html`<lens-error .message=${answer.error} @retry=${() => this.#table.retry()}></lens-error>`
    return this.#renderTable(answer.value)
  }

  #renderTable({ columns, rows, rowCount, columnCount, unreadable, createdBy }: ParquetTable): TemplateResult {
    const note = [
      rowCount > rows.length && rows.length > 0
        ? t('first {0} of {1} rows', formatCount(Math.min(rows.length, mostRows)), formatCount(rowCount))
        : t('{0} rows', formatCount(rowCount)),
      columns.length < columnCount
        ? t('{0} of {1} columns: the others are too large to be read here', columns.length, columnCount)
        : t('{0} columns', formatCount(columnCount)),
      formatBytes(this.size ?? 0),
      ...(createdBy === '' ? [] : [createdBy.slice(0, 100)]),
    ].join(' · ')
    return html`${
        unreadable === undefined
          ? rows.length === 0 && rowCount > 0
            ? html`<lens-warning
                >${t('Its columns are too large to be read here: only their names are shown.')}</lens-warning
              >`
            : ''
          : html`<lens-warning
              >${t('It is compressed with {0}, which is not read here: only its columns are shown.', unreadable)}</lens-warning
            >`
      } <lens-data-table .label=${this.path} .columns=${columns} .rows=${rows} .note=${note}></lens-data-table>`
  }
}
