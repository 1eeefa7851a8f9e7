import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import type { Json } from '../commands'
import type { Connections } from '../connections/connection'
import { parseMlProject } from '../projects/mlproject'
import { askChoice } from '../ui/prompts'
import { withProgress } from '../ui/progress'
import { locate, projectFolder, scriptOf } from './locate'
import { contentOf, filesOf } from './repository'
import { hasFile, type Side } from './side'
import { shortCommit } from '../../shared/commits'
import { codeUri } from './uri'
import { sideOfRun } from './workspace'

/** Files that a list offers. */
const mostOffered = 5000

export interface OpenOptions {
  readonly run: RunRef
  /** From the root of the repository; found by what the run says, or asked for, where left out. */
  readonly path: string | undefined
  /** With the uncommitted changes that the run logged. */
  readonly uncommitted: boolean
}

/** Opens a file as it was when the run ran. */
export async function openRunCode(connections: Connections, { run, path, uncommitted }: OpenOptions): Promise<Json> {
  const { side, files } = await withProgress(t('Finding the code of the run'), async (signal) => {
    const side = await sideOfRun(run, connections, signal)
    return { side, files: await pathsOf(side, signal) }
  })
  const chosen = path ?? (await sourceOf(side, files)) ?? (await askFile(side, files))
  if (!files.includes(chosen))
    throw new Error(t('There is no file {0} in commit {1} of the run.', chosen, shortCommit(side.commit.id)))
  const uri = uriOn(side, chosen, uncommitted)
  await vscode.commands.executeCommand('vscode.open', uri)
  const isChanged = uncommitted && side.diff?.files.has(chosen) === true
  return { ...run, commit: side.commit.id, path: chosen, uri: uri.toString(), uncommitted: isChanged, says: side.says }
}

/** A file of a side. @param uncommitted with the changes that the run logged, where it logged some for this file */
export function uriOn({ commit, run, diff }: Side, path: string, uncommitted = true): vscode.Uri {
  const isChanged = uncommitted && diff?.files.has(path) === true
  const how = isChanged ? { diff: diff.place } : diff ? { without: true as const } : {}
  return codeUri({ ...run, root: commit.clone.root, commit: commit.id, path, ...how })
}

/** All files of a side. */
async function pathsOf(side: Side, signal: AbortSignal): Promise<string[]> {
  const committed = await filesOf(side.commit, signal)
  const tree = new Set(committed)
  const added = [...(side.diff?.files.keys() ?? [])].filter((path) => !tree.has(path))
  return [...committed, ...added].filter((path) => hasFile(side, tree, path))
}

/** The file that the run says it ran; of several that may be it, the user chooses. Undefined where none may. */
async function sourceOf(side: Side, files: readonly string[]): Promise<string | undefined> {
  const { source, isProject } = side.facts
  if (isProject) return projectScript(side, files)
  const found = locate(files, { name: source, root: side.commit.clone.root })
  if (found.length < 2) return found[0]
  const items = found.map((path) => ({ label: path }))
  const placeholder = t('The run says it ran {0}: which of these?', source)
  return (await askChoice({ title: t('Open Code of Run'), placeholder, items })).label
}

/** The script that the project's entry point runs, or the file that says so. */
async function projectScript(side: Side, files: readonly string[]): Promise<string | undefined> {
  const { source, entryPoint } = side.facts
  const told = projectFolder(source)
  const projects = files.filter((path) => path === 'MLproject' || path.endsWith('/MLproject'))
  const wanted = told === undefined ? `${source}/MLproject` : `${told}/MLproject`
  const [project] = locate(projects, { name: wanted, root: side.commit.clone.root })
  if (project === undefined) return undefined
  const { entryPoints } = parseMlProject((await contentOf(side.commit, project)).toString())
  const folder = project.split('/').slice(0, -1).join('/')
  return scriptOf(entryPoints.get(entryPoint)?.command ?? '', folder, files) ?? project
}

async function askFile(side: Side, files: readonly string[]): Promise<string> {
  const isCode = (path: string): boolean => /\.(?:py|ipynb|r|sh)$/i.test(path)
  const items = [...files]
    .sort((a, b) => Number(isCode(b)) - Number(isCode(a)) || (a < b ? -1 : 1))
    .slice(0, mostOffered)
    .map((path) => ({ label: path }))
  const short = shortCommit(side.commit.id)
  const placeholder =
    side.facts.source === ''
      ? t('A file of commit {0}', short)
      : t('A file of commit {0}, which has none that is {1}', short, side.facts.source)
  return (await askChoice({ title: t('Open Code of Run'), placeholder, items })).label
}
