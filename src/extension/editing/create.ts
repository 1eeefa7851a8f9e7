/** New experiments, and models registered from what a run has logged. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, type CommandDefinition, type Json } from '../commands'
import { pickRun } from '../panels/pickRuns'
import { registeredModels } from '../registry/versions'
import { StoreError, type TrackingStore } from '../stores'
import { askChoice, askText } from '../ui/prompts'
import { writeOptions } from '../writing'
import type { EditingServices } from './commands'
import { wrongName } from './edits'
import { requirePermissionOn } from './permitted'

const text = v.optional(v.pipe(v.string(), v.nonEmpty()))
const CreateExperiment = v.object({ ...connectionOption, ...writeOptions, name: text })
const RegisterModel = v.object({
  ...connectionOption,
  ...writeOptions,
  runId: text,
  /** Of the model's folder among the run's artifacts. */
  path: text,
  /** Of the registered model, new or existing. */
  model: text,
  description: v.optional(v.string()),
})

export function createCommands(services: EditingServices): CommandDefinition[] {
  return [
    defineCommand('mlflow.createExperiment', CreateExperiment, (options) => createExperiment(options, services)),
    defineCommand('mlflow.registerModel', RegisterModel, (options) => registerModel(options, services)),
  ]
}

async function createExperiment(
  options: v.InferOutput<typeof CreateExperiment>,
  { connections, writing, changes }: EditingServices,
): Promise<Json> {
  await connections.discovered
  const connection = connections.get(options.connection)
  const validate = (name: string): string | undefined => wrongName('experiment', name)
  const name =
    options.name ?? (await askText({ title: t('Create Experiment'), prompt: t('Name of the experiment'), validate }))
  const wrong = validate(name)
  if (wrong !== undefined) throw new Error(wrong)
  const what = t('Creating an experiment')
  const experimentId = await writing.write(
    connection,
    what,
    (writer) =>
      writer.createExperiment(name).catch((error: unknown) => {
        // MLflow's own words for it are a page of SQL.
        if (!StoreError.is(error, 'badRequest') || !/exist|UNIQUE/i.test(error.message)) throw error
        throw new Error(
          t('There is an experiment “{0}” already, perhaps a deleted one, which keeps its name. Choose another.', name),
          { cause: error },
        )
      }),
    options,
  )
  changes.add({
    label: t('Experiment {0} created', name),
    connection: connection.id,
    undo: (writer) => writer.deleteExperiment(experimentId),
  })
  return { experimentId, name }
}

async function registerModel(
  options: v.InferOutput<typeof RegisterModel>,
  { connections, writing, changes }: EditingServices,
): Promise<Json> {
  await connections.discovered
  const connection = connections.get(options.connection)
  const store = await connection.store({ interactive: true })
  const title = t('Register Model')
  const runId = options.runId ?? (await pickRun(connection, title)).runId
  const found = await modelsIn(store, runId)
  const wanted = options.path?.replace(/\/(MLmodel)?$/, '')
  const source = wanted === undefined ? await chosen(found, title) : found.find(({ path }) => path === wanted)
  if (!source)
    throw new Error(
      found.length === 0
        ? t('This run has no model among its artifacts: there is no MLmodel file.')
        : t(
            'There is no MLmodel in {0}. Models of this run: {1}.',
            wanted ?? '',
            found.map(({ path }) => path).join(', '),
          ),
    )
  const name = options.model ?? (await askModelName(store, title))
  const wrong = wrongName('model', name)
  if (wrong !== undefined) throw new Error(wrong)
  if ((await registeredModels(store)).some((each) => each.name === name))
    await requirePermissionOn({ kind: 'model', name }, 'EDIT', store)
  const version = await writing.write(
    connection,
    t('Registering a model'),
    async (writer) => {
      const isKnown = (await registeredModels(store)).some((each) => each.name === name)
      if (!isKnown) await writer.createRegisteredModel(name)
      return writer.createModelVersion({
        name,
        runId,
        source: source.modelId === undefined ? `runs:/${runId}/${source.path}` : `models:/${source.modelId}`,
        ...(source.modelId !== undefined && { modelId: source.modelId }),
        ...(options.description !== undefined && { description: options.description }),
      })
    },
    options,
  )
  const label = t('Registered as version {0} of {1}', version.version, name)
  changes.add({ label, connection: connection.id, undo: undefined })
  vscode.window.setStatusBarMessage(`$(check) ${label}`, 5_000)
  return { name, version: version.version, source: version.source }
}

interface Found {
  readonly path: string
  readonly modelId: string | undefined
}

const deepest = 3

/** Folders with an MLmodel among a run's artifacts, logged models too. */
async function modelsIn(store: TrackingStore, runId: string, folder = '', depth = 0): Promise<Found[]> {
  const files = await store.listArtifacts(runId, folder)
  const own = files.find(({ path, isDir }) => !isDir && path.split('/').at(-1) === 'MLmodel')
  if (own && folder !== '') return [{ path: folder, modelId: own.modelId }]
  if (depth === deepest) return []
  const found: Found[] = []
  for (const { path, isDir } of files) if (isDir) found.push(...(await modelsIn(store, runId, path, depth + 1)))
  return found
}

async function chosen(found: readonly Found[], title: string): Promise<Found | undefined> {
  if (found.length < 2) return found[0]
  const items = found.map((each) => ({ label: each.path, each }))
  return (await askChoice({ title, placeholder: t('Which model of the run?'), items })).each
}

async function askModelName(store: TrackingStore, title: string): Promise<string> {
  const models = await registeredModels(store)
  const items = [
    { label: `$(add) ${t('New registered model…')}`, name: undefined },
    ...models.map(({ name }) => ({ label: name, name })),
  ]
  const { name } = await askChoice({ title, placeholder: t('As a version of'), items })
  const validate = (text: string): string | undefined => wrongName('model', text)
  return name ?? (await askText({ title, prompt: t('Name of the registered model'), validate }))
}
