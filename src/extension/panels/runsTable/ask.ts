/** The questions of the runs table, and where its files go. */
import * as vscode from 'vscode'
import { t } from '../../../shared/l10n'
import type { Experiment } from '../../../shared/model'
import { Dismissed } from '../../commands'
import type { Connection } from '../../connections/connection'
import { askText } from '../../ui/prompts'
import { confirm } from '../../ui/steps'
import { viewFileEnding, writeViewFile, type ViewFile } from './viewFile'

/** Experiments that are offered. */
const mostOffered = 2000

/** Asks for one or several experiments of a connection. @throws Dismissed */
export async function askExperiments(connection: Connection): Promise<Experiment[]> {
  const stop = new AbortController()
  try {
    const picked = await vscode.window.showQuickPick(experimentItems(connection, stop.signal), {
      title: t('Open Runs'),
      placeHolder: t('Experiments of {0} whose runs to show', connection.name),
      canPickMany: true,
      matchOnDescription: true,
    })
    if (!picked || picked.length === 0) throw new Dismissed()
    return picked.map(({ experiment }) => experiment)
  } finally {
    stop.abort()
  }
}

async function experimentItems(connection: Connection, signal: AbortSignal) {
  const store = await connection.store({ signal, interactive: true })
  const items: (vscode.QuickPickItem & { readonly experiment: Experiment })[] = []
  for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] }, signal)) {
    for (const experiment of page)
      items.push({ label: experiment.name, description: t('ID {0}', experiment.experimentId), experiment })
    if (items.length >= mostOffered) break
  }
  if (items.length === 0) throw new Error(t('{0} has no experiments yet.', connection.name))
  return items
}

/** Asks for a name, and whether to replace the view that has it already. @throws Dismissed */
export async function askViewName(taken: readonly string[]): Promise<string> {
  const title = t('Save View')
  const name = (await askText({ title, prompt: t('Name of the view'), validate: wrongViewName })).trim()
  if (taken.includes(name))
    await confirm(
      t('Replace the saved view “{0}”?', name),
      t('What it is set to now is lost: its columns, filter, sorting and groups.'),
      t('Replace'),
    )
  return name
}

/** @throws Dismissed where it is to stay */
export const confirmDeleteView = (name: string): Promise<void> =>
  confirm(
    t('Delete the saved view “{0}”?', name),
    t('Its columns, filter, sorting and groups are lost. No run changes.'),
    t('Delete'),
  )

export const wrongViewName = (name: string): string | undefined => {
  if (name.trim() === '') return t('A view needs a name.')
  return name.length > 200 ? t('The name is longer than {0} characters.', 200) : undefined
}

/** Writes to a file; asks where, proposing a name, unless its path is given. @throws Dismissed */
export async function saveText(name: string, text: string, path?: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const proposal = folder && { defaultUri: vscode.Uri.joinPath(folder, name) }
  const uri = path === undefined ? await vscode.window.showSaveDialog({ ...proposal }) : vscode.Uri.file(path)
  if (!uri) throw new Dismissed()
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text))
}

export function shareView(file: Omit<ViewFile, 'mlflowView'>): Promise<void> {
  const base = file.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60)
  return saveText(`${base === '' ? 'runs' : base}${viewFileEnding}`, writeViewFile(file))
}
