import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { ModelVersion, Stage } from '../../shared/model'
import { type CommandDefinition, connectionOption, defineCommand, type Json } from '../commands'
import type { Connection, Connections } from '../connections/connection'
import { requirePermissionOn } from '../editing/permitted'
import type { Log } from '../log'
import { requireTrust } from '../python'
import type { TrackingStore } from '../stores'
import type { Changes } from '../editing'
import { writeOptions, type Writing } from '../writing'
import { askInSteps, confirm } from '../ui/steps'
import { askAlias, askArchive, askModel, askStage, askVersion, type Chosen } from './ask'
import { stageNamed, wrongAlias, wrongVersion } from './names'
import { versionJson, versionNumbered, versionsOf } from './versions'

export interface RegistryServices {
  readonly connections: Connections
  readonly log: Log
  readonly writing: Writing
  readonly changes: Changes
}

const version = v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String)))
const which = { ...connectionOption, ...writeOptions, name: v.optional(v.pipe(v.string(), v.nonEmpty())), version }

const TransitionStage = v.object({
  ...which,
  stage: v.optional(v.string()),
  /** Archives the other versions in that stage; false when left out with a stage given. */
  archiveExisting: v.optional(v.boolean()),
})
const SetAlias = v.object({
  ...which,
  alias: v.optional(v.string()),
  /** Takes the alias away instead. */
  remove: v.optional(v.boolean()),
})

export function registryCommands(services: RegistryServices): CommandDefinition[] {
  return [
    defineCommand('mlflow.transitionStage', TransitionStage, (options) => transitionStage(options, services)),
    defineCommand('mlflow.setAlias', SetAlias, (options) => setAlias(options, services)),
  ]
}

async function transitionStage(
  options: v.InferOutput<typeof TransitionStage>,
  services: RegistryServices,
): Promise<Json> {
  const { connection, store } = await opened(options.connection, t('Changing a stage'), services)
  const chosen = await given(options, store)
  const answer: { stage?: Stage; archiveExisting?: boolean } = {
    ...(options.stage !== undefined && { stage: stageNamed(options.stage) }),
    ...(options.archiveExisting !== undefined && { archiveExisting: options.archiveExisting }),
  }
  const othersThere = (): ModelVersion[] =>
    chosen.versions.filter((one) => one.currentStage === answer.stage && one.version !== chosen.version)
  const byHand = options.stage === undefined
  await askInSteps(t('Transition Stage'), () => [
    ...questionsOf(options, chosen, store),
    ...(byHand ? [askStage(chosen, answer)] : []),
    ...(byHand && options.archiveExisting === undefined && isActive(answer.stage) && othersThere().length > 0
      ? [askArchive(othersThere(), answer)]
      : []),
  ])
  const before = versionNumbered(chosen.versions, chosen.version ?? '')
  const { stage = before.currentStage, archiveExisting: archive = false } = answer
  if (archive && !isActive(stage))
    throw new Error(t('archiveExisting is only for the stages Staging and Production, not for {0}.', stage))
  const archived = archive ? othersThere() : []
  await requirePermissionOn({ kind: 'model', name: before.name }, 'EDIT', store)
  if (byHand || options.name === undefined || options.version === undefined)
    await confirm(
      t('Move version {0} of “{1}” from {2} to {3}?', before.version, before.name, before.currentStage, stage),
      archived.length === 0
        ? t('On {0}. No other version changes.', connection.name)
        : t('On {0}. Archived with it: version {1}.', connection.name, archived.map((one) => one.version).join(', ')),
      t('Move to {0}', stage),
    )
  await services.writing.write(
    connection,
    t('Changing a stage'),
    (writer) => writer.transitionStage(before.name, before.version, stage, archive),
    options,
  )
  const after = await changed(connection, store, before, services)
  const label = t('Version {0} of {1} is now in {2}.', after.version, after.name, after.currentStage)
  services.changes.add({
    label,
    connection: connection.id,
    undo: async (back) => {
      await back.transitionStage(before.name, before.version, before.currentStage, false)
      for (const other of archived) await back.transitionStage(other.name, other.version, other.currentStage, false)
    },
  })
  say(label)
  return versionJson(after)
}

const isActive = (stage: Stage | undefined): boolean => stage === 'Staging' || stage === 'Production'

async function setAlias(options: v.InferOutput<typeof SetAlias>, services: RegistryServices): Promise<Json> {
  const { connection, store } = await opened(options.connection, t('Changing an alias'), services)
  const chosen = await given(options, store)
  const answer: { alias?: string; remove?: boolean } = {
    ...(options.alias !== undefined && { alias: options.alias }),
    ...(options.remove !== undefined && { remove: options.remove }),
  }
  // The alias to remove says by itself which version it is on.
  if (options.remove === true && chosen.version === undefined)
    holding(chosen.versions, options.alias).forEach((holder) => (chosen.version = holder.version))
  const fixed = { name: options.name, version: chosen.version }
  const byHand = options.alias === undefined
  await askInSteps(t('Set Alias'), () => [
    ...questionsOf(fixed, chosen, store),
    ...(byHand ? [askAlias(chosen, answer)] : []),
  ])
  const before = versionNumbered(chosen.versions, chosen.version ?? '')
  const { alias = '', remove = false } = answer
  const wrong = wrongAlias(alias)
  if (wrong !== undefined) throw new Error(wrong)
  const [holder] = holding(chosen.versions, alias)
  if (remove && holder?.version !== before.version)
    throw new Error(t('Version {0} of “{1}” has no alias “{2}”.', before.version, before.name, alias))
  await requirePermissionOn({ kind: 'model', name: before.name }, remove ? 'MANAGE' : 'EDIT', store)
  if (byHand || fixed.name === undefined || fixed.version === undefined)
    await confirm(...aliasQuestion(connection, before, holder, alias, remove))
  await services.writing.write(
    connection,
    t('Changing an alias'),
    (writer) => (remove ? writer.deleteAlias(before.name, alias) : writer.setAlias(before.name, alias, before.version)),
    options,
  )
  const after = await changed(connection, store, before, services)
  const label = remove
    ? t('Version {0} of {1} is no longer @{2}.', after.version, after.name, alias)
    : t('Version {0} of {1} is now @{2}.', after.version, after.name, alias)
  services.changes.add({
    label,
    connection: connection.id,
    undo: (back) => (holder ? back.setAlias(before.name, alias, holder.version) : back.deleteAlias(before.name, alias)),
  })
  say(label)
  return versionJson(after)
}

function holding(versions: readonly ModelVersion[], alias: string | undefined): ModelVersion[] {
  return versions.filter(({ aliases }) => alias !== undefined && aliases.includes(alias)).slice(0, 1)
}

function aliasQuestion(
  connection: Connection,
  { name, version }: ModelVersion,
  holder: ModelVersion | undefined,
  alias: string,
  remove: boolean,
): [string, string, string] {
  const where = t('On {0}.', connection.name)
  if (remove) return [t('Remove the alias “{0}” from version {1} of “{2}”?', alias, version, name), where, t('Remove')]
  const moved =
    holder && holder.version !== version
      ? t('It moves there from version {0}.', holder.version)
      : t('It is a new alias.')
  return [t('Give version {0} of “{1}” the alias “{2}”?', version, name, alias), `${where} ${moved}`, t('Set Alias')]
}

interface Opened {
  readonly connection: Connection
  readonly store: TrackingStore
}

/** @throws Error in Restricted Mode */
async function opened(idOrName: string | undefined, what: string, { connections }: RegistryServices): Promise<Opened> {
  requireTrust(what)
  await connections.discovered
  const connection = connections.get(idOrName)
  return { connection, store: await connection.store({ interactive: true }) }
}

/** What the caller named, looked up. @throws Error where it is not there */
async function given(
  options: { name?: string | undefined; version?: string | undefined },
  store: TrackingStore,
): Promise<Chosen> {
  const { name, version } = options
  const wrong = version === undefined ? undefined : wrongVersion(version)
  if (wrong !== undefined) throw new Error(wrong)
  const numbered = version === undefined ? {} : { version }
  if (name === undefined) return { versions: [], ...numbered }
  const versions = await versionsOf(store, name)
  if (version !== undefined) versionNumbered(versions, version)
  return { name, versions, ...numbered }
}

function questionsOf(
  options: { name?: string | undefined; version?: string | undefined },
  chosen: Chosen,
  store: TrackingStore,
) {
  return [
    ...(options.name === undefined ? [askModel(chosen, store)] : []),
    ...(options.version === undefined ? [askVersion(chosen)] : []),
  ]
}

/** The version as the server has it after a change; views look again. */
async function changed(
  connection: Connection,
  store: TrackingStore,
  { name, version }: ModelVersion,
  { connections, log }: RegistryServices,
): Promise<ModelVersion> {
  connections.requestRefresh(connection, 'a model version was changed')
  const after = versionNumbered(await versionsOf(store, name), version)
  log.info(`${connection.name}: ${JSON.stringify(versionJson(after))}`)
  return after
}

const messageTime = 5_000 // milliseconds

function say(message: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${message}`, messageTime)
}
