import { html, type TemplateResult } from 'lit'
import { parseDelimited } from '../../shared/artifacts/delimited'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import './dataTable'
import { decodeHead, encodingWord } from './decode'
import type { Head } from './source'

/** Rows that are read; the head has no more than a few bytes for each. */
const mostRows = 5000
const delimiterWords: Readonly<Record<string, () => string>> = {
  ',': () => t('comma'),
  '\t': () => t('tab'),
  ';': () => t('semicolon'),
  '|': () => t('bar'),
}

/** A table in text; undefined where not even one row is whole in the head. */
export function renderDelimited(head: Head, label: string, size: number | null): TemplateResult | undefined {
  const { text, encoding } = decodeHead(head)
  const { header, rows, delimiter } = parseDelimited(text, head.isWhole, mostRows)
  if (header.length === 0) return undefined
  const width = rows.reduce((most, row) => Math.max(most, row.length), header.length)
  const columns = Array.from({ length: width }, (_, at) => ({ name: header[at] ?? t('column {0}', at + 1) }))
  const ragged = rows.filter((row) => row.length !== header.length).length
  const isAll = head.isWhole && rows.length < mostRows
  const note = [
    isAll
      ? t('{0} rows, {1} columns', formatCount(rows.length), formatCount(width))
      : size === null
        ? t('first {0} rows, {1} columns', formatCount(rows.length), formatCount(width))
        : t('first {0} rows (of {1}), {2} columns', formatCount(rows.length), formatBytes(size), formatCount(width)),
    t('separated by {0}', delimiterWords[delimiter]?.() ?? delimiter),
    encodingWord(encoding),
    ...(ragged > 0 ? [t('{0} rows have more or fewer cells than the header', formatCount(ragged))] : []),
  ].join(' · ')
  return html`<lens-data-table .label=${label} .columns=${columns} .rows=${rows} .note=${note}></lens-data-table>`
}
