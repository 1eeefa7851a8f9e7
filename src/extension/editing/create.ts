/** New experiments and model versions. */
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, type CommandDefinition, type Json } from '../commands'
import { requireTrust } from '../python'
import { askText } from '../ui/prompts'
import { writeOptions } from '../writing'
import type { EditingServices } from './edit'
import { madeExperiment } from './making'
import { RegisterModel, registerModel } from './register'
import { signedIn } from './signedIn'
import { experimentNamed, nameIsTaken } from './surroundings'
import { wrongName } from './wrongEdit'

const text = v.optional(v.pipe(v.string(), v.nonEmpty()))
const CreateExperiment = v.object({ ...connectionOption, ...writeOptions, name: text })
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
  const what = t('Creating an experiment')
  requireTrust(what)
  await connections.discovered
  const connection = connections.get(options.connection)
  const validate = (name: string): string | undefined => wrongName('experiment', name)
  const name =
    options.name ?? (await askText({ title: t('Create Experiment'), prompt: t('Name of the experiment'), validate }))
  const wrong = validate(name)
  if (wrong !== undefined) throw new Error(wrong)
  const taken = await signedIn(connection, (store) => experimentNamed(store, name))
  if (taken !== undefined) throw new Error(nameIsTaken(name))
  const experimentId = await writing.write(
    connection,
    what,
    (writer, store) => madeExperiment(writer, store, name),
    options,
  )
  const target = { kind: 'experiment', experimentId, name, description: '', tags: new Map(), deleted: false } as const
  changes.add({
    label: t('Experiment {0} created', name),
    connection: connection.id,
    undo: [[{ target, edit: { act: 'delete', ifEmpty: true } }]],
  })
  return { experimentId, name }
}
