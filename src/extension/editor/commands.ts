import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, type CommandDefinition } from '../commands'
import type { Connections } from '../connections/connection'
import { experimentNamed } from '../projects/experiments'
import { askChoice, askText } from '../ui/prompts'
import { referenceWord } from './chartSubject'
import type { EditorMemory } from './memory'
import { directions, references, type Direction, type Reference } from './metricFacts'

const ChooseExperiment = v.object({
  ...connectionOption,
  /** Its URI; the active editor's when left out. */
  file: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Its name; `null`: the one that the code says. */
  experiment: v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty()))),
})
const ChooseReference = v.object({ reference: v.optional(v.picklist(references)) })
const SetDirection = v.object({
  metric: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** `null`: not known. */
  direction: v.optional(v.nullable(v.picklist(directions))),
})

export function editorCommands(connections: Connections, memory: EditorMemory): CommandDefinition[] {
  return [
    defineCommand('mlflow.chooseExperiment', ChooseExperiment, async (options) => {
      const file = options.file ?? activeFile()
      if (file === undefined) throw new Error(t('Open the Python file first whose experiment is to be chosen.'))
      await connections.discovered
      const chosen =
        options.experiment === undefined
          ? await askExperiment(connections, options.connection, memory.experimentOf(file))
          : options.experiment
      if (chosen !== null && options.experiment !== undefined) {
        const connection = connections.get(options.connection)
        if (!(await experimentNamed(await connection.store({ interactive: true }), chosen)))
          throw new Error(t('{0} has no experiment “{1}”.', connection.name, chosen))
      }
      await memory.chooseExperiment(file, chosen ?? undefined)
      return { file, experiment: chosen }
    }),

    defineCommand('mlflow.chooseReference', ChooseReference, async (options) => {
      const reference = options.reference ?? (await askReference(memory.reference))
      await memory.chooseReference(reference)
      return { reference }
    }),

    defineCommand('mlflow.setDirection', SetDirection, async (options) => {
      const title = t('Set Which Way a Metric Improves')
      const metric = options.metric ?? (await askText({ title, prompt: t('The name of the metric') })).trim()
      if (metric === '') throw new Error(t('A metric has a name.'))
      const direction = options.direction === undefined ? await askDirection(title, metric) : options.direction
      await memory.setDirection(metric, direction ?? undefined)
      return { metric, direction }
    }),
  ]
}

function activeFile(): string | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook.uri
  return (notebook ?? vscode.window.activeTextEditor?.document.uri)?.toString()
}

interface Item<T> extends vscode.QuickPickItem {
  readonly value: T
}

const mostOffered = 500

async function askExperiment(
  connections: Connections,
  wanted: string | undefined,
  now: string | undefined,
): Promise<string | null> {
  const connection = connections.get(wanted)
  const store = await connection.store({ interactive: true })
  const items: Item<string | null>[] = [{ label: t('As the code says'), value: null }]
  for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] })) {
    for (const { name } of page) items.push({ label: name, value: name })
    if (items.length > mostOffered) break
  }
  const { value } = await askChoice({
    title: t('Choose Experiment for This File'),
    placeholder: t('Whose runs are shown beside its lines'),
    items,
    active: items.find((item) => item.value === (now ?? null)),
  })
  return value
}

async function askReference(now: Reference): Promise<Reference> {
  const details: Readonly<Record<Reference, string>> = {
    last: t('Of the runs of the same file'),
    best: t('Of metrics of which you have said whether lower or higher is better'),
    production: t('The run whose model has that stage, or the alias champion'),
  }
  const items = references.map((value): Item<Reference> => ({
    label: referenceWord(value),
    detail: details[value],
    value,
  }))
  const placeholder = t('What the latest values are compared with')
  const active = items.find((item) => item.value === now)
  return (await askChoice({ title: t('Choose Reference'), placeholder, items, active })).value
}

async function askDirection(title: string, metric: string): Promise<Direction | null> {
  const items: Item<Direction | null>[] = [
    { label: t('Lower is better'), value: 'lower' },
    { label: t('Higher is better'), value: 'higher' },
    { label: t('Neither, or not known'), value: null },
  ]
  return (await askChoice({ title, placeholder: metric, items })).value
}
