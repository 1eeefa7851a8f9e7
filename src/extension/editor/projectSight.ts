import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type * as vscode from 'vscode'
import { parseMlProject, type EntryPoint } from '../projects/mlproject'
import type { Connection } from '../connections/connection'
import { rowsOfFile, type CodeFile } from './belonging'
import type { ExperimentRuns } from './experimentRuns'
import { valuesText, type LineNote } from './lineNotes'
import { paramValues } from './metricFacts'
import type { ExperimentPool } from './pool'
import { findMlflowCalls } from './pythonCalls'
import { findSubject } from './subject'

/** An entry point with the runs of the experiment that its script logs to. */
interface Entry {
  readonly name: string
  readonly file: CodeFile
  readonly runs: ExperimentRuns
}

/** The runs of the entry points of an MLproject file whose commands name a Python script. */
export async function projectEntries(
  document: vscode.TextDocument,
  connection: Connection,
  pool: ExperimentPool,
  signal: AbortSignal,
): Promise<Entry[]> {
  const store = await connection.store({ signal })
  const folder = path.dirname(document.uri.fsPath)
  const entries: Entry[] = []
  for (const entryPoint of parseMlProject(document.getText()).entryPoints.values()) {
    const script = scriptOf(entryPoint)
    if (script === undefined || entryPoint.parameters.size === 0) continue
    const fullPath = path.resolve(folder, script)
    const source = await readFile(fullPath, 'utf8').catch(() => '') // not there: runs may say where they came from
    const file = { path: fullPath.replaceAll('\\', '/'), entryPoints: [entryPoint.name] }
    const calls = findMlflowCalls(source)
    const subject = await findSubject(store, { calls, file, chosen: undefined, env: process.env }, signal)
    if (!subject) continue
    const runs = pool.of(connection, subject.experiment.experimentId)
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
