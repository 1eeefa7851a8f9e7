/**
 * The settings of package.json, read in this one place. Anybody may have written them: a value of the wrong form or out of its
 * bounds counts as the default.
 */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { envManagers } from './projects/launch'

const section = 'mlflow'

const from = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most))

const severities = v.picklist(['off', 'hint', 'information', 'warning', 'error'])

const schemas = {
  pythonPath: v.fallback(v.pipe(v.string(), v.trim()), ''),
  'projects.envManager': v.fallback(v.picklist(envManagers), 'local'),
  /** Seconds. */
  requestTimeout: v.fallback(from(1, 600), 30),
  /** Seconds; 0 for never. */
  refreshInterval: v.fallback(from(0, Infinity), 10),
  'tree.pageSize': v.fallback(v.pipe(from(10, 1000), v.integer()), 100),
  'editor.metrics': v.fallback(v.boolean(), true),
  'editor.parameters': v.fallback(v.boolean(), true),
  'editor.lenses': v.fallback(v.boolean(), true),
  'editor.hovers': v.fallback(v.boolean(), true),
  'editor.models': v.fallback(v.boolean(), true),
  'editor.autolog': v.fallback(v.boolean(), true),
  'editor.cells': v.fallback(v.boolean(), true),
  'editor.projects': v.fallback(v.boolean(), true),
  'editor.completion': v.fallback(v.boolean(), true),
  'editor.marks': v.fallback(v.boolean(), true),
  /** Per cent. */
  'editor.threshold': v.fallback(from(0, Infinity), 5),
  'editor.history': v.fallback(v.pipe(from(2, 200), v.integer()), 20),
  'problems.refusedNames': v.fallback(severities, 'warning'),
  'problems.similarNames': v.fallback(severities, 'information'),
  'problems.parameters': v.fallback(severities, 'warning'),
  'problems.filters': v.fallback(severities, 'warning'),
  'problems.stages': v.fallback(severities, 'warning'),
  'problems.deprecatedStages': v.fallback(severities, 'hint'),
  'problems.savedViews': v.fallback(severities, 'information'),
} as const

type Key = keyof typeof schemas

/** @param resource a file or folder that the setting is for */
export function readSetting<K extends Key>(key: K, resource?: vscode.Uri): v.InferOutput<(typeof schemas)[K]> {
  const value = vscode.workspace.getConfiguration(section, resource ?? null).get<unknown>(key)
  return v.parse(schemas[key], value)
}

/** Where the user says that git is, in the setting of VS Code's own Git extension; undefined: on PATH. */
export function gitExecutable(): string | undefined {
  const value = vscode.workspace.getConfiguration('git', null).get<unknown>('path')
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

/** The setting `mlflow.connections` as the user and as the workspace have it, unchecked: `sources.ts` names what is wrong with it. */
export function connectionsSetting(): { readonly user: unknown; readonly workspace: unknown } {
  const inspected = vscode.workspace.getConfiguration(section).inspect<unknown>('connections')
  return { user: inspected?.globalValue, workspace: inspected?.workspaceValue }
}

export async function saveConnectionsSetting(place: 'user' | 'workspace', entries: readonly unknown[]): Promise<void> {
  const target = place === 'user' ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace
  await vscode.workspace.getConfiguration(section).update('connections', entries, target)
}

/** In the workspace, where there is one. @param path empty for none */
export async function savePythonPath(path: string): Promise<void> {
  const isWorkspace = vscode.workspace.workspaceFolders !== undefined
  const target = isWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global
  await vscode.workspace.getConfiguration(section).update('pythonPath', path === '' ? undefined : path, target)
}

export function onDidChangeSetting(key: Key | 'connections', changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${section}.${key}`)) changed()
  })
}

/** How each kind of problem in the code is told of; `off`: not at all. */
export const problemSeverities = () =>
  ({
    refusedNames: readSetting('problems.refusedNames'),
    similarNames: readSetting('problems.similarNames'),
    parameters: readSetting('problems.parameters'),
    filters: readSetting('problems.filters'),
    stages: readSetting('problems.stages'),
    deprecatedStages: readSetting('problems.deprecatedStages'),
    savedViews: readSetting('problems.savedViews'),
  }) as const

/** Any of `mlflow.editor.…` and `mlflow.problems.…`. */
export function onDidChangeEditorSettings(changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${section}.editor`) || event.affectsConfiguration(`${section}.problems`)) changed()
  })
}
