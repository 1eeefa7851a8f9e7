import * as v from 'valibot'
import * as vscode from 'vscode'
import { besideStateSchema } from '../../shared/besideProtocol'
import { t } from '../../shared/l10n'
import { defineCommand, type CommandDefinition } from '../commands'
import { messageOf } from '../messageOf'
import type { PanelDeps } from '../panels'
import type { Beside } from './beside'
import type { ChartPanel } from './chartPanel'
import { isPython } from './documents'

const viewType = 'mlflow.beside'

const ShowChart = v.object({
  /** URI of the file or notebook; the active editor's where left out. */
  file: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** The cursor's where left out. */
  metric: v.optional(v.pipe(v.string(), v.nonEmpty())),
  pinned: v.optional(v.boolean()),
})

/** The charts beside the code: one that follows the cursor, and those that are pinned. Loaded when the first is shown. */
export function createCharts(
  deps: PanelDeps,
  begin: () => Promise<Beside>,
): { readonly command: CommandDefinition; readonly disposable: vscode.Disposable } {
  const open = new Set<ChartPanel>()

  async function adopt(panel: vscode.WebviewPanel): Promise<ChartPanel> {
    const [beside, { ChartPanel }] = await Promise.all([begin(), import('./chartPanel')])
    const chart: ChartPanel = new ChartPanel(panel, beside, deps, () => open.delete(chart))
    open.add(chart)
    return chart
  }

  async function following(): Promise<ChartPanel> {
    const before = [...open].find(({ isPinned }) => !isPinned)
    if (before) {
      before.reveal()
      return before
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }
    return adopt(vscode.window.createWebviewPanel(viewType, '', place, { enableFindWidget: true }))
  }

  const command = defineCommand('mlflow.showChartBeside', ShowChart, async ({ file, metric, pinned }) => {
    const document = documentOf(file)
    if (!document) throw new Error(t('Open a Python file first that logs metrics.'))
    const chart = await following()
    chart.show(document, metric)
    if (pinned !== undefined) chart.pin(pinned)
    return { file: document.uri.toString(), metric: chart.metric }
  })

  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const chart = await adopt(panel)
      const parsed = v.safeParse(besideStateSchema, state)
      try {
        if (parsed.success) await chart.restore(parsed.output)
      } catch (error) {
        deps.log.warn(`${viewType}: ${messageOf(error)}`)
      }
    },
  })

  return {
    command,
    disposable: vscode.Disposable.from(serializer, {
      dispose: () => {
        for (const chart of [...open]) chart.dispose()
      },
    }),
  }
}

/** Of Python that is open: a file's, or a cell's of a notebook. */
function documentOf(file: string | undefined): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor?.document
  if (file === undefined) return active && isPython(active) ? active : undefined
  const isOf = ({ uri }: { readonly uri: vscode.Uri }): boolean => uri.toString() === file
  const notebook = vscode.workspace.notebookDocuments.find(isOf)
  const cells = (notebook?.getCells() ?? []).map(({ document }) => document).filter(isPython)
  const candidates = notebook ? cells : vscode.workspace.textDocuments.filter(isOf)
  return candidates.find((document) => document === active) ?? candidates[0]
}
