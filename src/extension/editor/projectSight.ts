import path from 'node:path'
import type * as vscode from 'vscode'
import { parseMlProject, type EntryPoint } from '../projects/mlproject'
import type { Connection } from '../connections/connection'
import { claimsOf, rowsOfFile, type CodeFile } from './belonging'
import type { ExperimentRuns } from './experimentRuns'
import { valuesText, type LineNote } from './lineNotes'
import { paramValues } from './metricFacts'
import type { ExperimentPool } from './pool'
import { findMlflowCalls, type MlflowCall } from './pythonCalls'
import { findSubject } from './subject'
import { storeOf, type TrackingPlace } from './trackingPlace'
import { textOf } from '../textOf'

/** An entry point with the runs of the experiment that its script logs to. */
interface Entry {
  readonly name: string
  readonly file: CodeFile
  readonly runs: ExperimentRuns
}

interface Projects {
  readonly placeOf: (calls: readonly MlflowCall[]) => TrackingPlace<Connection> | undefined
  readonly pool: ExperimentPool
  /** Also a store that did not answer the last time. */
  readonly mayAsk: boolean
}

/** The same for files with the same entry points. */
export const keyOfProject = (document: vscode.TextDocument): string =>
  JSON.stringify(
    [...parseMlProject(document.getText()).entryPoints.values()].map(({ name, command, parameters }) => [
      ...[name, command],
      ...parameters.keys(),
    ]),
  )

/** The runs of the entry points of an MLproject file whose commands name a Python script. */
export async function projectEntries(
  document: vscode.TextDocument,
  { placeOf, pool, mayAsk }: Projects,
  signal: AbortSignal,
): Promise<Entry[]> {
  const folder = path.dirname(document.uri.fsPath)
  const projectFolder = folder.replaceAll('\\', '/')
  const entries: Entry[] = []
  for (const entryPoint of parseMlProject(document.getText()).entryPoints.values()) {
    const script = scriptOf(entryPoint)
    if (script === undefined || entryPoint.parameters.size === 0) continue
    const fullPath = path.resolve(folder, script)
    const calls = findMlflowCalls(await textOf(fullPath))
    const place = placeOf(calls)
    if (!place || 'missing' in place) continue
    const store = await storeOf(place.connection, mayAsk, signal)
    const file = { path: fullPath.replaceAll('\\', '/'), entryPoints: [entryPoint.name], projectFolder }
    const { isSure } = place
    const asked = { claims: claimsOf(calls, process.env), file, chosen: undefined, isSure }
    const subject = await findSubject(store, asked, signal)
    if (!subject) continue
    const runs = pool.of(place.connection, subject.experiment.experimentId)
    if (!runs.runs) await runs.refresh()
    entries.push({ name: entryPoint.name, file, runs })
  }
  return entries
}

/** The last values beside each parameter. */
export function projectNotes(document: vscode.TextDocument, entries: readonly Entry[]): LineNote[] {
  const { entryPoints } = parseMlProject(document.getText())
  return entries.flatMap(({ name, file, runs }) => {
    const { frame, rows } = runs.runs ?? {}
    if (!frame || !rows) return []
    const ours = rowsOfFile(frame, rows, file)
    if (ours.isAll) return []
    return [...(entryPoints.get(name)?.parameters.values() ?? [])].flatMap((parameter): LineNote[] => {
      const values = paramValues({ frame, rows: ours.rows }, parameter.name)
      if (values.length === 0) return []
      const { line } = document.positionAt(parameter.span.start)
      return [{ line, text: valuesText(values), curve: undefined, isMarked: false }]
    })
  })
}

const scriptOf = ({ command = '' }: EntryPoint): string | undefined => /[\w./\\-]+\.py\b/.exec(command)?.[0]
