/** Shows under the cells of notebooks which runs they made. */
import * as vscode from 'vscode'
import { coalesce } from '../coalesce'
import { readSetting } from '../settings'
import type { Beside } from './beside'
import { type CellItem, cellItem, rowsOfCell } from './cellRuns'
import { isPython } from './documents'
import type { Sight } from './sights'

export function registerCellItems(beside: Beside): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>()
  const ended = new Set<vscode.NotebookDocument>()
  let told = ''
  // A cell has ended: its run is there, or was changed last.
  const looking = coalesce(() => {
    for (const notebook of ended) {
      const sight = sightOf(beside, notebook)
      if (sight) void beside.sights.retry(sight)
    }
    ended.clear()
  }, 200)
  return vscode.Disposable.from(
    changed,
    new vscode.Disposable(() => looking.dispose()),
    beside.onDidDraw(() => {
      // Asked for again, an item that has not changed would close its hover.
      const items = JSON.stringify(
        notebooksOf(beside).map((notebook) => notebook.getCells().map((cell) => shownOf(beside, cell))),
      )
      if (items !== told) changed.fire()
      told = items
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
      if (!cellChanges.some(({ executionSummary }) => executionSummary?.timing)) return
      ended.add(notebook)
      looking.schedule()
    }),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider('*', {
      onDidChangeCellStatusBarItems: changed.event,
      provideCellStatusBarItems: (cell) => {
        const shown = shownOf(beside, cell)
        return shown ? [itemOf(shown)] : []
      },
    }),
  )
}

const notebooksOf = ({ sights }: Beside): vscode.NotebookDocument[] => [
  ...new Set(sights.documents.flatMap((document) => sights.get(document)?.view.notebook ?? [])),
]

/** Of any of its cells: they are one program. */
function sightOf({ sights }: Beside, notebook: vscode.NotebookDocument): Sight | undefined {
  return sights.documents.map((document) => sights.get(document)).find((sight) => sight?.view.notebook === notebook)
}

function shownOf(beside: Beside, cell: vscode.NotebookCell): CellItem | undefined {
  const { timing } = cell.executionSummary ?? {}
  if (!timing || !isPython(cell.document) || !readSetting('editor.cells')) return undefined
  const sight = sightOf(beside, cell.notebook)
  const { runs, subject, file } = sight ?? {}
  const { frame, rows } = runs?.runs ?? {}
  if (!sight || !runs || !subject || !file || !frame || !rows) return undefined
  return cellItem({
    ...{ connection: runs.connection.id, experimentName: subject.experiment.name, frame, timing },
    rows: rowsOfCell(frame, rows, timing, file),
    metric: beside.sights.known(sight)?.primaryMetric,
  })
}

function itemOf({ text, tooltip, command, options }: CellItem): vscode.NotebookCellStatusBarItem {
  const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left)
  item.tooltip = tooltip
  item.command = { title: text, command, arguments: [options] }
  return item
}
