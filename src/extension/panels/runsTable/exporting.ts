import type { Arranged } from '../../../shared/runsTable/arrange'
import { toCsv, toJson, toMarkdown, type Sheet } from '../../../shared/runsTable/exportTable'
import type { ExportFormat } from '../../../shared/runsTable/protocol'
import { toPandas, toSearchRuns, type Origin } from '../../../shared/runsTable/python'
import type { Steps } from '../../../shared/steps'

export interface ExportRequest {
  readonly format: ExportFormat
  readonly to: 'clipboard' | 'file' | 'editor'
  /** `null`: all that the table finds. */
  readonly runIds: readonly string[] | null
}

/** A text, the language of it for an editor, and how its file's name ends. */
export interface Written {
  readonly text: string
  readonly language: string
  readonly ending: string
}

const kinds: Readonly<Record<ExportFormat, Omit<Written, 'text'>>> = {
  csv: { language: 'csv', ending: 'csv' },
  json: { language: 'json', ending: 'json' },
  markdown: { language: 'markdown', ending: 'md' },
  pandas: { language: 'python', ending: 'py' },
  searchRuns: { language: 'python', ending: 'py' },
}

/** The columns that show, of the runs in the table's order. */
export function* writeExport(
  arranged: Arranged,
  format: ExportFormat,
  runIds: readonly string[] | null,
  origin: Origin,
): Steps<Written> {
  const { frame, beyond } = arranged.input
  let rows = arranged.ordered
  if (runIds) {
    const wanted = new Set(runIds.map((id) => frame.rowOf(id)))
    const found = rows.filter((row) => wanted.has(row))
    for (const row of found) wanted.delete(row)
    rows = Uint32Array.from([...found, ...[...wanted].filter((row) => row >= 0)])
  }
  const sheet: Sheet = { frame, rows, columns: arranged.columns.map(({ column }) => column), beyond }
  return { ...kinds[format], text: yield* textOf(arranged, sheet, format, runIds, origin) }
}

function* textOf(
  arranged: Arranged,
  sheet: Sheet,
  format: ExportFormat,
  runIds: readonly string[] | null,
  origin: Origin,
): Steps<string> {
  switch (format) {
    case 'csv':
      return yield* toCsv(sheet)
    case 'json':
      return yield* toJson(sheet)
    case 'markdown':
      return yield* toMarkdown(sheet)
    case 'pandas':
      return yield* toPandas(sheet)
    case 'searchRuns': {
      const ids = runIds && Array.from(sheet.rows, (row) => sheet.frame.runId(row))
      return toSearchRuns(arranged, ids, origin)
    }
  }
}
