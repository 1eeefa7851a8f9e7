/** The question for a filter: what is typed is told wrong with its place, and completed with what the runs have. */
import * as vscode from 'vscode'
import type { Completion, KnownNames } from '../../shared/filter'
import { t } from '../../shared/l10n'
import { Dismissed } from '../commands'
import { filterRows, likelyRow, type FilterRow } from './filterRows'

const icons: Readonly<Record<FilterRow['kind'], vscode.ThemeIcon>> = {
  apply: new vscode.ThemeIcon('filter'),
  unfinished: new vscode.ThemeIcon('edit'),
  wrong: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  completion: new vscode.ThemeIcon('symbol-keyword'),
}
const completionIcons: Readonly<Record<Completion['what'], vscode.ThemeIcon>> = {
  name: new vscode.ThemeIcon('symbol-field'),
  comparator: new vscode.ThemeIcon('symbol-operator'),
  value: new vscode.ThemeIcon('symbol-constant'),
  word: new vscode.ThemeIcon('symbol-keyword'),
}

type Item = vscode.QuickPickItem & { readonly row: FilterRow }

/** @throws Dismissed */
export async function askFilter(value: string, known: KnownNames): Promise<string> {
  const pick = vscode.window.createQuickPick<Item>()
  pick.title = t('Filter Runs')
  pick.placeholder = t("Part of a name, or metrics.rmse < 0.5 AND params.model = 'xgboost'")
  pick.ignoreFocusOut = true
  // Rows keep their order, whatever of them is like the text. Not in the API's types yet; without it their order is worse.
  if ('sortByLabel' in pick) pick.sortByLabel = false
  const show = (): void => {
    const rows = filterRows(pick.value, known)
    const items = rows.map(itemOf)
    pick.items = items
    const likely = likelyRow(rows, pick.value)
    pick.activeItems = items.filter(({ row }) => row === likely)
  }
  const answered = Promise.withResolvers<string>()
  const listeners = [
    pick.onDidChangeValue(show),
    pick.onDidAccept(() => {
      const row = pick.selectedItems[0]?.row
      if (row?.kind === 'apply') answered.resolve(pick.value)
      if (row?.text === undefined) return
      pick.value = row.text
      show()
    }),
    pick.onDidHide(() => answered.reject(new Dismissed())),
  ]
  pick.value = value
  show()
  pick.show()
  try {
    return await answered.promise
  } finally {
    vscode.Disposable.from(...listeners, pick).dispose()
  }
}

function itemOf(row: FilterRow): Item {
  const { kind, label, description, detail, what } = row
  return {
    row,
    label,
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
    iconPath: what === undefined ? icons[kind] : completionIcons[what],
    alwaysShow: true,
  }
}
