/** Shows under the cells of notebooks which runs they made. */
import * as vscode from 'vscode'
import { coalesce } from '../coalesce'
import { readSetting } from '../settings'
import type { Beside } from './beside'
import { cellItem, rowsOfCell } from './cellRuns'
import { isPython } from './documents'
import type { Sight } from './sights'

export function registerCellItems(beside: Beside): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>()
  const ended = new Set<vscode.NotebookDocument>()
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
    beside.onDidDraw(() => changed.fire()),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
      if (!cellChanges.some(({ executionSummary }) => executionSummary?.timing)) return
      ended.add(notebook)
      looking.schedule()
    }),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider('*', {
      onDidChangeCellStatusBarItems: changed.event,
      provideCellStatusBarItems: (cell) => itemsOf(beside, cell),
    }),
  )
}

/** Of any of its cells: they are one program. */
function sightOf({ sights }: Beside, notebook: vscode.NotebookDocument): Sight | undefined {
  return sights.documents.map((document) => sights.get(document)).find((sight) => sight?.view.notebook === notebook)
}

function itemsOf(beside: Beside, cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
  const { timing } = cell.executionSummary ?? {}
  if (!timing || !isPython(cell.document) || !readSetting('editor.cells')) return []
  const sight = sightOf(beside, cell.notebook)
  const { runs, subject, file } = sight ?? {}
  const { frame, rows } = runs?.runs ?? {}
  if (!sight || !runs || !subject || !file || !frame || !rows) return []
  const shown = cellItem({
    ...{ connection: runs.connection.id, experimentName: subject.experiment.name, frame, timing },
    rows: rowsOfCell(frame, rows, timing, file),
    metric: beside.sights.known(sight)?.primaryMetric,
  })
  if (!shown) return []
  const item = new vscode.NotebookCellStatusBarItem(shown.text, vscode.NotebookCellStatusBarAlignment.Left)
  item.tooltip = shown.tooltip
  item.command = { title: shown.text, command: shown.command, arguments: [shown.options] }
  return [item]
}
