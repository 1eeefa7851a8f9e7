/** The questions of `mlflow.runEntryPoint`: project, entry point, each parameter, experiment. */
import path from 'node:path'
import * as vscode from 'vscode'
import { equals } from '../../shared/filter/quote'
import { t } from '../../shared/l10n'
import type { Experiment } from '../../shared/model'
import { askChoice, askText } from '../ui/prompts'
import type { TrackingStore } from '../stores'
import { type Ask, askInSteps } from '../ui/steps'
import { type FoundProject, readProject } from './find'
import type { EntryPoint, Parameter } from './mlproject'
import { wrongValue } from './parameters'

export interface Answers {
  project?: FoundProject
  entryPoint?: EntryPoint
  readonly parameters: Map<string, string>
  experimentName?: string
}

/** What is asked for: only what the caller left open. */
export interface Open {
  /** Folders to choose from; one alone is not asked about. */
  readonly projects: readonly string[]
  readonly entryPoint: boolean
  /** `all`: every parameter, with its default to start from; `required`: those that have no value yet. */
  readonly parameters: 'all' | 'required'
  readonly experiment: TrackingStore | undefined
}

/** Completes `answers`. @throws Dismissed */
export async function askForLaunch(answers: Answers, open: Open): Promise<void> {
  await askInSteps(t('Run Entry Point'), () => [
    ...(open.projects.length > 1 ? [askProject(answers, open.projects)] : []),
    ...(open.entryPoint ? [askEntryPoint(answers)] : []),
    ...openParameters(answers, open.parameters).map((parameter) => askParameter(answers, parameter)),
    ...(open.experiment ? [askExperiment(answers, open.experiment)] : []),
  ])
}

/** Decided once per entry point: an answered question must stay in the row of steps. */
const required = new WeakMap<EntryPoint, readonly Parameter[]>()

function openParameters({ entryPoint, parameters }: Answers, which: Open['parameters']): readonly Parameter[] {
  if (!entryPoint) return []
  const all = [...entryPoint.parameters.values()]
  if (which === 'all') return all
  const open =
    required.get(entryPoint) ?? all.filter((one) => one.defaultValue === undefined && !parameters.has(one.name))
  required.set(entryPoint, open)
  return open
}

function askProject(answers: Answers, folders: readonly string[]): Ask {
  return async (step) => {
    const items = folders.map((folder) => ({
      label: path.basename(folder),
      description: vscode.workspace.asRelativePath(folder, true),
      folder,
    }))
    const active = items.find(({ folder }) => folder === answers.project?.folder)
    const { folder } = await askChoice({ ...step, placeholder: t('Project'), items, active })
    if (folder === answers.project?.folder) return
    answers.project = await readProject(folder)
    delete answers.entryPoint
  }
}

function askEntryPoint(answers: Answers): Ask {
  return async (step) => {
    const items = [...(answers.project?.entryPoints.values() ?? [])].map((entryPoint) => ({
      label: entryPoint.name,
      description: [...entryPoint.parameters.keys()].join(', '),
      detail: (entryPoint.command ?? '').replaceAll(/\s+/g, ' ').trim(),
      entryPoint,
    }))
    const active = items.find(({ label }) => label === (answers.entryPoint?.name ?? 'main'))
    const chosen = await askChoice({ ...step, placeholder: t('Entry point'), items, active })
    if (chosen.entryPoint !== answers.entryPoint) answers.parameters.clear()
    answers.entryPoint = chosen.entryPoint
  }
}

function askParameter(answers: Answers, parameter: Parameter): Ask {
  return async (step) => {
    const { name, type, defaultValue } = parameter
    const folder = answers.project?.folder ?? ''
    const value = answers.parameters.get(name) ?? defaultValue
    const prompt =
      defaultValue === undefined
        ? t('{0} ({1}, required)', name, type)
        : t('{0} ({1}, default {2})', name, type, defaultValue)
    const text = await askText({
      ...step,
      prompt,
      ...(value !== undefined && { value }),
      validate: (typed) => wrongValue(parameter, typed, folder),
    })
    answers.parameters.set(name, text)
  }
}

function askExperiment(answers: Answers, store: TrackingStore): Ask {
  return async (step) => {
    const experiments = await newestExperiments(store)
    const known = answers.experimentName ?? (await lastUsed(answers.entryPoint, experiments, store)) ?? 'Default'
    const choices = experiments.map(({ name }) => ({ label: name, name }))
    const items: (vscode.QuickPickItem & { name?: string })[] = [
      ...choices,
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: `$(add) ${t('New experiment…')}` },
    ]
    const active = choices.find(({ name }) => name === known)
    const chosen = await askChoice({ ...step, placeholder: t('Experiment that the run goes into'), items, active })
    answers.experimentName =
      chosen.name ?? (await askText({ ...step, prompt: t('Name of the experiment'), validate: notEmpty }))
  }
}

/** More than these nobody scrolls through; a name that is typed may still be that of an older one. */
const mostExperiments = 1000

async function newestExperiments(store: TrackingStore): Promise<Experiment[]> {
  const experiments: Experiment[] = []
  for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] })) {
    experiments.push(...page)
    if (experiments.length >= mostExperiments) break
  }
  return experiments
}

/** Name of the experiment with the newest run of this entry point. */
async function lastUsed(
  entryPoint: EntryPoint | undefined,
  experiments: readonly Experiment[],
  store: TrackingStore,
): Promise<string | undefined> {
  if (!entryPoint) return undefined
  const query = {
    experimentIds: experiments.map(({ experimentId }) => experimentId),
    filter: equals('tags.mlflow.project.entryPoint', entryPoint.name),
    maxResults: 1,
  }
  for await (const frame of store.searchRuns(query))
    if (frame.length > 0)
      return experiments.find(({ experimentId }) => experimentId === frame.info(0).experimentId)?.name
  return undefined
}

const notEmpty = (text: string): string | undefined => (text.trim() === '' ? t('Give a name.') : undefined)
