/** The questions of the runs table, and where its files go. */
import * as vscode from 'vscode'
import { formatCount } from '../../../shared/format'
import { t } from '../../../shared/l10n'
import type { Experiment } from '../../../shared/model'
import { Dismissed } from '../../commands'
import type { Connection } from '../../connections/connection'
import { askText } from '../../ui/prompts'
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

/** Asks for a name; one that is taken is replaced. @throws Dismissed */
export async function askViewName(taken: readonly string[]): Promise<string> {
  const name = await askText({
    title: t('Save View'),
    prompt:
      taken.length === 0
        ? t('Name of the view')
        : t(
            'Name of the view; one of the {0} saved ones is replaced where its name is given',
            formatCount(taken.length),
          ),
    validate: wrongViewName,
  })
  return name.trim()
}

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
