import { t } from '../../../shared/l10n'
import type { RunAction } from '../../../shared/runsTable/protocol'

/** A run that something is to be done to. */
export interface ActedOn {
  readonly runId: string
  readonly name: string
  readonly experimentId: string
}

export interface Call {
  readonly command: string
  readonly options: Readonly<Record<string, unknown>>
}

/** More pages than this are not opened at once. */
const mostOpened = 10

interface Way {
  readonly command: string
  /** How many runs it takes: all of them at once, one, or each by itself. */
  readonly takes: 'all' | 'one' | 'each'
}

const ways: Readonly<Record<RunAction, Way>> = {
  open: { command: 'mlflow.openRun', takes: 'each' },
  compare: { command: 'mlflow.compareRuns', takes: 'all' },
  rename: { command: 'mlflow.rename', takes: 'one' },
  setTag: { command: 'mlflow.setTag', takes: 'all' },
  removeTag: { command: 'mlflow.removeTag', takes: 'all' },
  editDescription: { command: 'mlflow.editDescription', takes: 'one' },
  delete: { command: 'mlflow.delete', takes: 'all' },
  restore: { command: 'mlflow.restore', takes: 'all' },
  registerModel: { command: 'mlflow.registerModel', takes: 'one' },
  copyId: { command: 'mlflow.copyId', takes: 'all' },
  openInWebUi: { command: 'mlflow.openInWebUi', takes: 'each' },
}

/** The commands that an action runs, with the runs as their options. @throws Error in words where it takes fewer runs */
export function callsOf(action: RunAction, connection: string, runs: readonly ActedOn[]): Call[] {
  const { command, takes } = ways[action]
  const options = runs.map(({ runId, name, experimentId }) => ({ connection, runId, name, experimentId }))
  const [first] = options
  if (!first) return []
  if (takes === 'one' && options.length > 1) throw new Error(t('Choose one run for this, not {0}.', options.length))
  if (takes === 'each' && options.length > mostOpened)
    throw new Error(t('{0} pages at once are too many: choose {1} runs at most.', options.length, mostOpened))
  if (takes === 'all' && options.length > 1) return [{ command, options: { connection, selection: options } }]
  return options.map((each) => ({ command, options: each }))
}
