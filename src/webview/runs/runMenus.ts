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

/** More pages are not opened at once. */
const mostOpened = 10

interface Action {
  readonly action: RunAction
  readonly label: (count: number) => string
  /** Runs that it takes at once: any number where left out. */
  readonly least?: 2
  readonly most?: number
  readonly of?: 'active' | 'deleted'
  readonly line?: true
  /** Which right it needs. */
  readonly needs?: keyof May
}

/** In the order of menus. */
const actions: readonly Action[] = [
  { action: 'open', label: () => t('Open'), most: mostOpened },
  { action: 'compare', label: () => t('Compare'), least: 2 },
  { action: 'openInWebUi', label: () => t('Open in the MLflow web UI'), most: mostOpened },
  { action: 'rename', label: () => t('Rename…'), most: 1, line: true, needs: 'mayEdit' },
  { action: 'editDescription', label: () => t('Edit description…'), most: 1, needs: 'mayEdit' },
  { action: 'setTag', label: () => t('Set tag…'), needs: 'mayEdit' },
  { action: 'removeTag', label: () => t('Remove tag…'), needs: 'mayEdit' },
  { action: 'registerModel', label: () => t('Register model…'), most: 1, line: true },
  { action: 'copyId', label: (count) => (count > 1 ? t('Copy run IDs') : t('Copy run ID')), line: true },
  { action: 'delete', label: () => t('Delete…'), of: 'active', line: true, needs: 'mayDelete' },
  { action: 'restore', label: () => t('Restore'), of: 'deleted', needs: 'mayDelete' },
]

/** What is not possible is there, and says why. */
export function actionItems(
  count: number,
  state: 'active' | 'deleted' | 'mixed',
  may: May,
  act: (action: RunAction) => void,
  offered = actions,
): Menu {
  return offered
    .filter(({ of }) => of === undefined || state === 'mixed' || of === state)
    .flatMap((action): Menu => {
      const item = { label: action.label(count), off: whyNot(action, count, may), run: () => act(action.action) }
      return action.line ? ['line', item] : [item]
    })
}

function whyNot({ needs, most = Infinity, least }: Action, count: number, may: May): string | undefined {
  if (needs && !may[needs]) return t('not allowed for you')
  if (least && count < least) return t('two runs or more')
  if (count > most) return most === 1 ? t('one run only') : t('{0} runs at most', most)
  return undefined
}

/** The same for runs that were not chosen one by one: what is for one run only is not there. */
export function memberItems(...[count, state, may, act]: Parameters<typeof actionItems>): Menu {
  return actionItems(count, state, may, act, count > 1 ? actions.filter(({ most }) => most !== 1) : actions)
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
