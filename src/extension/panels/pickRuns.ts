import * as vscode from 'vscode'
import { formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { RunInfo } from '../../shared/model'
import type { RunRef } from '../../shared/protocol'
import type { RunFrame } from '../../shared/runFrame'
import { Dismissed } from '../commands'
import type { Connection } from '../connections/connection'
import type { TrackingStore } from '../stores'
import { statusIcon } from './status'

/** Runs offered to pick from, newest first. */
const offered = 200

interface RunItem extends vscode.QuickPickItem {
  readonly run: RunRef
}

/** Asks for one recent run of a connection. @throws Dismissed when the user closes the list. */
export async function pickRun(connection: Connection, title: string): Promise<RunRef> {
  const placeHolder = t('A run of {0}, newest first', connection.name)
  const picked = await pick(connection, [], (items) =>
    vscode.window.showQuickPick(items, { ...matching, title, placeHolder }),
  )
  return picked.run
}

/** Asks for several recent runs of a connection, some of them ticked already. @throws Dismissed likewise. */
export async function pickRuns(
  connection: Connection,
  title: string,
  ticked: readonly RunRef[] = [],
): Promise<RunRef[]> {
  const placeHolder = t('Runs of {0} to compare, newest first', connection.name)
  const picked = await pick(connection, ticked, (items) =>
    vscode.window.showQuickPick(items, { ...matching, title, placeHolder, canPickMany: true }),
  )
  if (picked.length === 0) throw new Dismissed()
  return picked.map((item) => item.run)
}

const matching = { matchOnDescription: true, matchOnDetail: true }

/** Shows a list at once and fills it when the runs are there; stops reading them when it is closed. */
async function pick<T>(
  connection: Connection,
  ticked: readonly RunRef[],
  show: (items: Promise<RunItem[]>) => Thenable<T | undefined>,
): Promise<T> {
  const stop = new AbortController()
  try {
    const picked = await show(recentRunItems(connection, ticked, stop.signal))
    if (picked === undefined) throw new Dismissed()
    return picked
  } finally {
    stop.abort()
  }
}

async function recentRunItems(
  connection: Connection,
  ticked: readonly RunRef[],
  signal: AbortSignal,
): Promise<RunItem[]> {
  const store = await connection.store({ signal, interactive: true })
  const experiments = new Map<string, string>()
  for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] }, signal)) {
    for (const experiment of page) experiments.set(experiment.experimentId, experiment.name)
    if (experiments.size >= 500) break
  }
  const frames = await newestRuns(store, [...experiments.keys()], offered, signal)
  const now = Date.now()
  const items: RunItem[] = []
  for (const frame of frames)
    for (let row = 0; row < frame.length; row++) {
      const info = frame.info(row)
      items.push({
        label: `$(${statusIcon(info.status)}) ${info.runName || info.runId}`,
        description: [experiments.get(info.experimentId) ?? '', startedWhen(info, now)].filter(Boolean).join(' · '),
        detail: info.runId,
        picked: ticked.some((run) => run.runId === info.runId),
        run: { connection: connection.id, runId: info.runId },
      })
    }
  if (items.length === 0) throw new Error(t('{0} has no runs yet.', connection.name))
  return items
}

/** The newest runs of some experiments, as frames in MLflow's own order. */
export async function newestRuns(
  store: TrackingStore,
  experimentIds: readonly string[],
  count: number,
  signal?: AbortSignal,
): Promise<RunFrame[]> {
  if (experimentIds.length === 0) return []
  const frames: RunFrame[] = []
  const query = { experimentIds, orderBy: ['attributes.start_time DESC'], maxResults: count }
  for await (const frame of store.searchRuns(query, signal)) frames.push(frame)
  return frames
}

function startedWhen(info: RunInfo, now: number): string {
  return info.startTime === null ? '' : formatRelativeTime(info.startTime, now)
}
