/** Finds out what belongs to a file in sight: where it logs, its experiment, the runs of that. */
import * as vscode from 'vscode'
import type { Connection, Connections } from '../connections/connection'
import { gitExecutable } from '../settings'
import type { TrackingStore } from '../stores'
import { claimsOf, keyOfClaims, rowsOfFile, type CodeFile } from './belonging'
import type { ExperimentRuns } from './experimentRuns'
import type { EditorMemory } from './memory'
import type { ExperimentPool } from './pool'
import { keyOfProject, projectEntries } from './projectSight'
import type { MlflowCall } from './pythonCalls'
import { forget, type Sight } from './sight'
import { findSubject, retold, sourceFilter, type Asked } from './subject'
import { registryOf, storeOf, trackingPlace, type Connected } from './trackingPlace'

export interface Looking {
  readonly connections: Connections
  readonly memory: EditorMemory
  readonly pool: ExperimentPool
  /** Something else is to be shown. */
  readonly changed: () => void
}

/** Rejects where the store fails; what is known stays then, unless the code says something else by now. */
export async function lookAtCode(sight: Sight, looking: Looking): Promise<void> {
  const { mayAsk, isOld } = taken(sight)
  const { calls, fileUri } = sight.view
  const chosen = looking.memory.experimentOf(fileUri)
  await looking.connections.discovered
  if (sight.closed.signal.aborted) return
  const connected = connectedTo(vscode.Uri.parse(fileUri), looking.connections)
  const place = calls.length > 0 ? trackingPlace(calls, connected) : undefined
  const active = looking.connections.active
  const isMissing = place !== undefined && 'missing' in place
  sight.missing = isMissing && chosen === undefined ? place : undefined
  // Who chooses an experiment means one of the active connection, whatever the code says.
  const { connection, isSure = true } = isMissing
    ? { connection: chosen === undefined ? undefined : active }
    : (place ?? {})
  if (sight.connection !== connection || !connection) {
    forget(sight)
    looking.changed()
  }
  if (!connection) return
  sight.connection = connection
  sight.registry = registryOf(calls, connected, connection)
  const { signal } = sight.closed
  const store = (sight.store = await storeOf(connection, mayAsk, signal))
  const claims = claimsOf(calls, process.env)
  const key = JSON.stringify([isSure, chosen, keyOfClaims(claims)])
  const isKnown = sight.found?.key === key
  const known = sight.found?.store === store && isKnown ? sight.found : undefined
  if (known?.problem !== undefined && !mayAsk) throw known.problem
  if (known && known.problem === undefined && !isOld) sight.subject = retold(sight.subject, claims)
  else {
    const history = historyOf(fileUri)
    const asked = { claims, chosen, isSure, ...(history && { history }) }
    await find(sight, { connection, store, key, isKnown, ...asked }, looking)
  }
  looking.changed()
}

/** The same for the entry points of an MLproject file. */
export async function lookAtProject(sight: Sight, looking: Looking): Promise<void> {
  const { mayAsk, isOld } = taken(sight)
  const { document } = sight.view
  const { connections, pool, changed } = looking
  await connections.discovered
  const { signal } = sight.closed
  if (signal.aborted) return
  const connected = connectedTo(document.uri, connections)
  const place = trackingPlace([], connected)
  const connection = place && 'connection' in place ? place.connection : undefined
  if (sight.connection !== connection) {
    forget(sight)
    changed()
  }
  if (!connection) return
  sight.connection = connection
  const store = await storeOf(connection, mayAsk, signal)
  sight.store = store
  const key = keyOfProject(document)
  const isKnown = sight.found?.key === key
  const known = sight.found?.store === store && isKnown ? sight.found : undefined
  if (known?.problem !== undefined && !mayAsk) throw known.problem
  if (!known || known.problem !== undefined || isOld) {
    const found = { key, store, isCostly: true }
    const placeOf = (calls: readonly MlflowCall[]) => trackingPlace(calls, connected)
    try {
      sight.entries = await projectEntries(document, { placeOf, pool, mayAsk }, signal)
      sight.found = { ...found, at: Date.now() }
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error))
      if (!isKnown) sight.entries = undefined // of what the file said before
      sight.found = { ...found, at: Date.now(), problem }
      throw problem
    }
  }
  changed()
}

function taken(sight: Sight): { readonly mayAsk: boolean; readonly isOld: boolean } {
  const { mayAsk, isOld } = sight
  sight.mayAsk = sight.isOld = false
  return { mayAsk, isOld }
}

function connectedTo(file: vscode.Uri, connections: Connections): Connected<Connection> {
  const own = vscode.workspace.getWorkspaceFolder(file)?.uri
  const isFile = file.scheme === 'file'
  const folders = [...(own ? [own] : []), ...(isFile ? [vscode.Uri.joinPath(file, '..')] : [])]
  const roots = vscode.workspace.workspaceFolders ?? []
  return {
    all: connections.all,
    active: connections.active,
    env: process.env,
    folders: (folders.length > 0 ? folders : roots.map(({ uri }) => uri)).map(({ fsPath }) => fsPath),
    roots: roots.map(({ uri }) => uri.fsPath),
  }
}

/** How to learn which commits changed a file; undefined where git is not to be asked. */
function historyOf(fileUri: string): Asked['history'] {
  const { scheme, fsPath } = vscode.Uri.parse(fileUri)
  if (scheme !== 'file' || !vscode.workspace.isTrusted) return undefined
  return async (signal) => {
    const { commitsOf } = await import('../code/history')
    return commitsOf(fsPath, gitExecutable(), signal)
  }
}

interface Finding extends Omit<Asked, 'file'> {
  readonly connection: Connection
  readonly store: TrackingStore
  readonly key: string
  readonly isKnown: boolean
}

async function find(sight: Sight, finding: Finding, { pool, changed }: Looking): Promise<void> {
  const { connection, store, key, isKnown, claims } = finding
  const found = { key, store, isCostly: false }
  try {
    const file = (sight.file = await sight.view.file())
    const subject = await findSubject(store, { ...finding, file }, sight.closed.signal)
    const { experimentId } = subject?.experiment ?? {}
    const isSame = sight.runs?.experimentId === experimentId && sight.runs?.connection === connection
    if (!isSame) sight.runs = experimentId === undefined ? undefined : pool.of(connection, experimentId)
    sight.subject = subject
    changed()
    if (experimentId !== undefined) sight.runs = await runsOfFile(pool, connection, experimentId, file, store)
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error))
    if (!isKnown) sight.subject = sight.runs = undefined // of what the code said before
    sight.found = { ...found, at: Date.now(), problem }
    throw problem
  }
  const [claim, ...others] = claims.all
  const isNamed = finding.isSure && !claims.isOpen && others.length === 0 && claim?.experiment.isPattern === false
  sight.found = { ...found, at: Date.now(), isCostly: !isNamed && sight.subject?.rule.by !== 'choice' }
}

/** The newest runs of the experiment; of many, where the file logged none of the newest, those that came from it. */
async function runsOfFile(
  pool: ExperimentPool,
  connection: Connection,
  experimentId: string,
  file: CodeFile,
  store: TrackingStore,
): Promise<ExperimentRuns> {
  const all = pool.of(connection, experimentId)
  await load(all, store)
  const filter = sourceFilter(file)
  if (filter === undefined || all.runs?.isComplete !== false || !isOfOthers(all, file)) return all
  const own = pool.of(connection, experimentId, filter)
  await load(own, store)
  return isOfOthers(own, file) ? all : own
}

const isOfOthers = ({ runs }: ExperimentRuns, file: CodeFile): boolean =>
  !runs || rowsOfFile(runs.frame, runs.rows, file).isAll

async function load(runs: ExperimentRuns, store: TrackingStore): Promise<void> {
  if (!runs.runs || runs.store !== store) await runs.refresh()
  if (!runs.runs && runs.problem !== undefined) throw new Error(runs.problem)
}
