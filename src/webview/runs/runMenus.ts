/** What can be done with runs of the table. */
import { t } from '../../shared/l10n'
import type { RunAction } from '../../shared/runsTable/protocol'
import type { TableView } from '../../shared/runsTable/view'
import type { Menu } from '../ui/menu'
import { type ChangeView, hideRuns } from './viewEdits'

/** What the user may do with the table's runs. */
export interface May {
  readonly mayEdit: boolean
  readonly mayDelete: boolean
}

/** All, until it is known. */
export const mayOf = (arrangement: May | undefined): May => arrangement ?? { mayEdit: true, mayDelete: true }

/** Actions on runs, in the order of menus; some need exactly one run, some the runs' state. */
const actions: readonly {
  action: RunAction
  label: () => string
  one?: true
  of?: 'active' | 'deleted'
  line?: true
  /** Which right it needs. */
  needs?: keyof May
}[] = [
  { action: 'open', label: () => t('Open'), one: true },
  { action: 'compare', label: () => t('Compare') },
  { action: 'openInWebUi', label: () => t('Open in the MLflow web UI'), one: true },
  { action: 'rename', label: () => t('Rename…'), one: true, line: true, needs: 'mayEdit' },
  { action: 'editDescription', label: () => t('Edit description…'), one: true, needs: 'mayEdit' },
  { action: 'setTag', label: () => t('Set tag…'), needs: 'mayEdit' },
  { action: 'removeTag', label: () => t('Remove tag…'), needs: 'mayEdit' },
  { action: 'registerModel', label: () => t('Register model…'), one: true, line: true },
  { action: 'copyId', label: () => t('Copy run ID'), line: true },
  { action: 'delete', label: () => t('Delete…'), of: 'active', line: true, needs: 'mayDelete' },
  { action: 'restore', label: () => t('Restore'), of: 'deleted', needs: 'mayDelete' },
]

/** What is not possible is there, and says why. */
export function actionItems(
  count: number,
  state: 'active' | 'deleted' | 'mixed',
  may: May,
  act: (action: RunAction) => void,
): Menu {
  return actions
    .filter(({ of }) => of === undefined || state === 'mixed' || of === state)
    .flatMap(({ action, label, one, line, needs }): Menu => {
      const off =
        needs && !may[needs]
          ? t('not allowed for you')
          : one && count !== 1
            ? t('one run only')
            : action === 'compare' && count < 2
              ? t('two runs or more')
              : undefined
      return [...(line ? ['line' as const] : []), { label: label(), off, run: () => act(action) }]
    })
}

/**
 * What is done to runs without a command.
 *
 * @param are undefined where it is not known
 */
export function starAndPinItems(
  are: { readonly starred: boolean | undefined; readonly pinned: boolean },
  runIds: readonly string[],
  view: TableView,
  change: ChangeView,
  star: (on: boolean) => void,
): Menu {
  const { starred, pinned } = are
  const others = view.pinnedRuns.filter((runId) => !runIds.includes(runId))
  return [
    { label: t('Star'), ...(starred === undefined ? {} : { checked: starred }), run: () => star(starred !== true) },
    {
      label: t('Keep at the top'),
      checked: pinned,
      run: () => change({ pinnedRuns: pinned ? others : [...others, ...runIds] }),
    },
    {
      label: runIds.length > 1 ? t('Hide these runs') : t('Hide run'),
      icon: 'eyeClosed',
      run: () => change(hideRuns(view, runIds)),
    },
  ]
}
