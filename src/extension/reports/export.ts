import path from 'node:path'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { Dismissed, type Json } from '../commands'
import type { Answers } from '../panels/answers'
import { askChoice } from '../ui/prompts'
import { withProgress } from '../ui/progress'
import { gatherReport, type ReportRequest } from './gather'
import { endings, type ReportFormat, writeReport } from './write'

export interface ExportOptions extends ReportRequest {
  readonly format: ReportFormat | undefined
  /** Absolute path, or `file:` URI; asked for where left out. */
  readonly target: string | undefined
  readonly overwrite: boolean
}

export async function exportReport(answers: Answers, options: ExportOptions): Promise<Json> {
  const format = options.format ?? (await askFormat())
  const report = await withProgress(t('Making the report'), (signal) => gatherReport(answers, options, signal))
  const chosen = options.target === undefined ? await askTarget(report.title, format) : undefined
  const target = chosen ?? pathOf(options.target ?? '')
  const overwrite = chosen !== undefined || options.overwrite // the dialog has asked
  const files = await withProgress(t('Writing the report'), (signal) =>
    writeReport(report, format, target, overwrite, signal),
  )
  if (chosen !== undefined) void offerToOpen(target, format)
  else vscode.window.setStatusBarMessage(`$(check) ${t('Saved to {0}', target)}`, 5_000)
  return { target, files, runs: report.runs.length, charts: report.charts.length, leftOut: report.leftOut }
}

async function askFormat(): Promise<ReportFormat> {
  const items = [
    { label: 'HTML', description: t('one file with all in it, for any browser'), format: 'html' as const },
    { label: 'Markdown', description: t('a text, with its charts in a folder beside it'), format: 'markdown' as const },
  ]
  return (await askChoice({ title: t('Export Comparison Report'), placeholder: t('Format'), items })).format
}

/** @throws Dismissed */
async function askTarget(title: string, format: ReportFormat): Promise<string> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri
  const name = `${
    title
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|-+$/g, '')
      .slice(0, 80) || 'report'
  }.${endings[format]}`
  const uri = await vscode.window.showSaveDialog({
    title: t('Export Comparison Report'),
    filters: format === 'html' ? { HTML: ['html'] } : { Markdown: ['md'] },
    ...(start?.scheme === 'file' && { defaultUri: vscode.Uri.joinPath(start, name) }),
  })
  if (!uri) throw new Dismissed()
  return pathOf(uri.toString())
}

/** @throws Error for what is not on the disk of this machine */
function pathOf(target: string): string {
  if (path.isAbsolute(target)) return target
  if (/^file:/i.test(target)) return vscode.Uri.parse(target, true).fsPath
  throw new Error(t('{0} is not an absolute path of this machine’s disk.', target))
}

async function offerToOpen(target: string, format: ReportFormat): Promise<void> {
  const uri = vscode.Uri.file(target)
  const open = t('Open')
  // A browser that runs elsewhere can't see the file.
  const canOpen = format === 'markdown' || vscode.env.remoteName === undefined
  if ((await vscode.window.showInformationMessage(t('Saved to {0}', target), ...(canOpen ? [open] : []))) !== open)
    return
  if (format === 'markdown') await vscode.commands.executeCommand('markdown.showPreview', uri)
  else await vscode.env.openExternal(uri)
}
