import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatCount, formatDuration, formatExact, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { RunDetails } from '../../shared/protocol'
import { statusWord } from '../ui/icons'
import { nameOf, type RunSlot } from '../ui/runs'
import { common, tables } from '../ui/styles'
import { swatch } from '../ui/swatch'
import { ThemeController } from '../ui/theme'
import { isChecked, valueOf } from '../ui/toolkit'

/** One row: a cell for each run, undefined where the run has no such value. */
export interface Row {
  readonly key: string
  readonly cells: readonly (Cell | undefined)[]
}

export interface Cell {
  readonly text: string
  /** The whole value; what decides whether two are different. */
  readonly exact: string
}

const mostRows = 300
const collator = new Intl.Collator('en', { numeric: true })

/** Parameters, metrics and facts of runs, a column for each run. Fires `only-differences` (detail: boolean). */
@customElement('lens-side-by-side')
export class SideBySide extends LitElement {
  @property({ attribute: false }) slots: readonly RunSlot[] = []
  @property({ type: Boolean }) onlyDifferences = true
  @state() private filter = ''

  constructor() {
    super()
    new ThemeController(this)
  }

  static override styles = [
    common,
    tables,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        padding-bottom: 6px;
      }
      vscode-text-field {
        width: 220px;
      }
      .scroll {
        overflow: auto;
        max-height: 70vh;
      }
      table {
        width: auto;
      }
      th.key {
        position: sticky;
        left: 0;
        z-index: 1;
        background: var(--vscode-editor-background);
        border-right: 1px solid var(--line);
        min-width: 120px;
        max-width: 240px;
      }
      thead th.key {
        z-index: 3;
      }
      thead th {
        z-index: 2;
        color: var(--vscode-foreground);
        font-size: inherit;
      }
      td,
      thead th.run {
        min-width: 90px;
        max-width: 200px;
      }
      th.run .head {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      tr.group th {
        position: sticky;
        left: 0;
        padding-top: 8px;
        height: 30px;
        font-size: 11px;
        font-weight: 700;
        text-transform: uppercase;
        background: var(--vscode-editor-background);
      }
      tr.group:hover > * {
        background: var(--vscode-editor-background);
      }
      tr.differs td {
        background: color-mix(in srgb, var(--vscode-diffEditor-insertedTextBackground, transparent) 45%, transparent);
      }
      tr.differs:hover td {
        background: var(--hover);
      }
      tr.differs th.key {
        font-weight: 600;
      }
      .none {
        color: var(--vscode-disabledForeground, var(--faint));
      }
    `,
  ]

  override render(): TemplateResult {
    const runs = this.slots.flatMap((slot) => slot.details ?? [])
    const groups = groupsOf(runs)
    const total = groups.reduce((sum, { rows }) => sum + rows.length, 0)
    const wanted = this.filter.trim().toLowerCase()
    const found = groups.map(({ heading, rows }) => ({
      heading,
      rows: rows.filter(
        (row) => (!this.onlyDifferences || runs.length < 2 || differs(row)) && row.key.toLowerCase().includes(wanted),
      ),
    }))
    const count = found.reduce((sum, { rows }) => sum + rows.length, 0)
    return html`<div class="tools">
        <vscode-text-field
          placeholder=${t('Filter rows')}
          aria-label=${t('Filter rows')}
          .value=${this.filter}
          @input=${(event: Event) => (this.filter = valueOf(event))}
        ></vscode-text-field>
        <vscode-checkbox
          .checked=${this.onlyDifferences}
          @change=${(event: Event) => {
            if (isChecked(event) !== this.onlyDifferences)
              this.dispatchEvent(new CustomEvent('only-differences', { detail: isChecked(event) }))
          }}
          >${t('Only differences')}</vscode-checkbox
        >
        <span class="faint">${t('{0} of {1} rows', formatCount(count), formatCount(total))}</span>
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label=${t('Values side by side')}>
        <table aria-label=${t('Values side by side')}>
          <thead>
            <tr>
              <th class="key" scope="col">${t('Name')}</th>
              ${this.slots.filter((slot) => slot.details).map((slot) => this.#renderHead(slot))}
            </tr>
          </thead>
          <tbody>
            ${found.map(({ heading, rows }) => this.#renderGroup(heading, rows))}
          </tbody>
        </table>
        ${
          count === 0
            ? html`<lens-empty
                >${
                  this.onlyDifferences && wanted === ''
                    ? t('The runs are alike in everything they have logged.')
                    : t('Nothing matches “{0}”.', this.filter)
                }</lens-empty
              >`
            : nothing
        }
      </div>`
  }

  #renderHead(slot: RunSlot): TemplateResult {
    return html`<th class="run" scope="col" title=${nameOf(slot)}>
      <div class="head">${swatch(slot.mark)}<span class="clip">${nameOf(slot)}</span></div>
    </th>`
  }

  #renderGroup(heading: string, rows: readonly Row[]): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing
    return html`<tr class="group">
        <th scope="rowgroup">${heading} <span class="faint">${formatCount(rows.length)}</span></th>
      </tr>
      ${rows.slice(0, mostRows).map(
        (row) =>
          html`<tr class=${!this.onlyDifferences && differs(row) ? 'differs' : ''}>
            <th class="key clip mono" scope="row" title=${row.key.slice(0, 500)}>${row.key}</th>
            ${row.cells.map((cell) =>
              cell
                ? html`<td class="clip mono" title=${cell.exact.slice(0, 500)}>${cell.text}</td>`
                : html`<td class="none" title=${t('Not logged')}>–</td>`,
            )}
          </tr>`,
      )}
      ${
        rows.length > mostRows
          ? html`<tr>
              <th class="key faint">${t('{0} more: filter to see them', formatCount(rows.length - mostRows))}</th>
            </tr>`
          : nothing
      }`
  }
}

/** True where two runs have different values, or one has it and another doesn't. */
export function differs({ cells }: Row): boolean {
  return cells.some((cell) => cell?.exact !== cells[0]?.exact)
}

/** All values of runs as rows, by kind. */
export function groupsOf(runs: readonly RunDetails[]): { readonly heading: string; readonly rows: Row[] }[] {
  return [
    {
      heading: t('Parameters'),
      rows: rowsOf(runs.map((run) => new Map(run.params.map(([key, value]) => [key, textCell(value)])))),
    },
    { heading: t('Metrics (last values)'), rows: rowsOf(runs.map(metricCells)) },
    {
      heading: t('Tags'),
      rows: rowsOf(
        runs.map(
          ({ tags }) =>
            new Map(tags.filter(([key]) => !key.startsWith('mlflow.')).map(([key, value]) => [key, textCell(value)])),
        ),
      ),
    },
    { heading: t('Run'), rows: rowsOf(runs.map(facts), false) },
  ]
}

function rowsOf(runs: readonly ReadonlyMap<string, Cell>[], sorted = true): Row[] {
  const keys = [...new Set(runs.flatMap((cells) => [...cells.keys()]))]
  if (sorted) keys.sort(collator.compare)
  return keys.map((key) => ({ key, cells: runs.map((cells) => cells.get(key)) }))
}

function metricCells({ metrics }: RunDetails): Map<string, Cell> {
  return new Map(
    metrics.keys.map((key, index) => {
      const value = metrics.values[index] ?? NaN
      return [key, { text: formatMetric(value), exact: formatExact(value) }]
    }),
  )
}

function facts(run: RunDetails): Map<string, Cell> {
  const tag = (name: string): string | undefined => run.tags.find(([key]) => key === name)?.[1]
  const commit = tag('mlflow.source.git.commit')
  const source = tag('mlflow.source.name')
  const duration =
    run.startTime === null || run.endTime === null ? undefined : formatDuration(run.endTime - run.startTime)
  const cells: readonly (readonly [string, string | undefined])[] = [
    [t('Status'), statusWord(run.status)],
    [t('Experiment'), run.experimentName],
    [t('User'), run.user],
    [t('Duration'), duration],
    [t('Source'), source],
    [t('Git commit'), commit?.slice(0, 10)],
    [t('Datasets'), run.datasets.map(({ name, digest }) => `${name} ${digest}`).join(', ')],
  ]
  return new Map(cells.flatMap(([key, value]) => (value ? [[key, textCell(value)] as const] : [])))
}

function textCell(value: string): Cell {
  return { text: value, exact: value }
}
