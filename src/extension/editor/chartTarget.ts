/** What of a document the chart beside the code is about: finds it by the cursor, or by name. */
import path from 'node:path'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { messageOf } from '../messageOf'
import { metricAt, type MetricCall, metricNear, metricsOf } from './metricAt'
import { isNamed } from './pythonCalls'
import type { Sight } from './sights'

/** @param nearest where no call is there, the nearest one */
export function callAt(sight: Sight, position: vscode.Position | undefined, nearest: boolean): MetricCall | undefined {
  const { view } = sight
  const calls = view.ownCalls
  const line = position?.line ?? 0
  const here = position && metricAt(calls, { offset: view.document.offsetAt(position), line })
  return here ?? (nearest ? metricNear(calls, line) : undefined)
}

/** The call that logs a metric. */
export function callOf({ view }: Sight, metric: string): MetricCall | undefined {
  for (const call of view.calls) {
    const found = metricAt([call], { offset: call.range.start, line: call.line })
    if (found && found.names.length > 0 && metricsOf(found, [metric]).includes(metric)) return found
  }
  return undefined
}

/** A file, or the first cell of Python of a notebook; undefined where it can't be opened any more. */
export async function documentOf(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const opened = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())
  if (opened || uri.scheme !== 'file') return opened
  try {
    if (!uri.path.endsWith('.ipynb')) return await vscode.workspace.openTextDocument(uri)
    const notebook = await vscode.workspace.openNotebookDocument(uri)
    return notebook.getCells().find(({ document }) => document.languageId === 'python')?.document
  } catch (error) {
    throw new Error(t('{0} can’t be opened: {1}', path.basename(uri.fsPath), messageOf(error)), { cause: error })
  }
}

/** Puts the cursor where a metric is logged, in the editor that shows the document, where one does. */
export async function goTo({ view }: Sight, metric: string): Promise<void> {
  const { document, notebook } = view
  if (notebook) {
    const at = notebook.getCells().findIndex((cell) => cell.document === document)
    await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(at, at + 1)] })
    return
  }
  const named = view.ownCalls.flatMap((call) => call.named).find((each) => isNamed(each, metric))
  const at = document.positionAt(named?.range.start ?? 0)
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document)
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(at, at),
    viewColumn: editor?.viewColumn ?? vscode.ViewColumn.One,
  })
}
