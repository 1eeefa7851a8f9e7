/** Model versions, registered from what a run has logged. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { connectionOption, type Json } from '../commands'
import { requireTrust } from '../python'
import { registeredModels } from '../registry/versions'
import type { TrackingStore } from '../stores'
import { askChoice, askText } from '../ui/prompts'
import { writeOptions } from '../writing'
import type { EditingServices } from './edit'
import { madeModel, registered } from './making'
import { sourceOf } from './modelSource'
import { requirePermissionOn } from './permitted'
import { signedIn } from './signedIn'
import { readTarget } from './targets'
import { wrongName } from './wrongEdit'

const text = v.optional(v.pipe(v.string(), v.nonEmpty()))
export const RegisterModel = v.object({
  ...connectionOption,
  ...writeOptions,
  runId: text,
  /** Of a logged model, instead of a run and a path. */
  modelId: text,
  /** Of the model's folder among the run's artifacts. */
  path: text,
  /** Of the registered model, new or existing. */
  model: text,
  description: v.optional(v.string()),
})

export async function registerModel(
  options: v.InferOutput<typeof RegisterModel>,
  { connections, writing, changes }: EditingServices,
): Promise<Json> {
  const title = t('Register Model')
  requireTrust(title)
  await connections.discovered
  const connection = connections.get(options.connection)
  const { name, ...source } = await signedIn(connection, async (store) => {
    const from = await sourceOf(options, connection, store, title)
    const model = options.model ?? (await askModelName(store, title))
    const wrong = wrongName('model', model)
    if (wrong !== undefined) throw new Error(wrong)
    if (await readTarget(store, { name: model }))
      await requirePermissionOn({ kind: 'model', name: model }, 'EDIT', store)
    return { ...from, name: model }
  })
  const { description } = options
  const asked = { name, ...source, ...(description !== undefined && { description }) }
  let isNew = false // also where it is done once more, with other credentials
  const version = await writing.write(
    connection,
    title,
    async (writer, store) => {
      isNew = (await madeModel(writer, store, name)) || isNew
      return registered(writer, store, asked, isNew)
    },
    options,
  )
  const label = t('Registered as version {0} of {1}', version.version, name)
  changes.add({ label, connection: connection.id, undo: undefined })
  vscode.window.setStatusBarMessage(`$(check) ${label}`, 5_000)
  return { name, version: version.version, source: version.source }
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
