import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { askText } from '../ui/prompts'
import { Dismissed } from '../commands'

/** Writes to a file that the user chooses; false where the question was closed. @param name without ending, proposed as far as it can be a name */
export async function saveFile(name: string, ending: string, bytes: Uint8Array): Promise<boolean> {
  const base = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60)
  const file = `${base === '' ? 'chart' : base}.${ending}`
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const uri = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, file) }),
    filters: { [ending.toUpperCase()]: [ending] },
  })
  if (!uri) return false
  await vscode.workspace.fs.writeFile(uri, bytes)
  return true
}

/** The name for a layout; undefined where the question was closed. */
export async function askLayoutName(taken: readonly string[]): Promise<string | undefined> {
  try {
    const name = await askText({
      title: t('Save Layout'),
      prompt:
        taken.length === 0
          ? t('Name of the layout')
          : t('Name of the layout; one of the {0} saved ones is replaced where its name is given', taken.length),
      validate: (text) => {
        if (text.trim() === '') return t('A layout needs a name.')
        return text.length > 200 ? t('The name is longer than {0} characters.', 200) : undefined
      },
    })
    return name.trim()
  } catch (error) {
    if (error instanceof Dismissed) return undefined
    throw error
  }
}
