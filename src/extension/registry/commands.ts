import * as v from 'valibot'
import { t } from '../../shared/l10n'
import type { ModelVersion, Stage } from '../../shared/model'
import { type CommandDefinition, connectionOption, defineCommand, type Json } from '../commands'
import type { Connection, Connections } from '../connections/connection'
import { carryOut } from '../editing/carryOut'
import { versionTarget, type Edit, type Target } from '../editing/edits'
import { requirePermission } from '../editing/permitted'
import { signedIn } from '../editing/signedIn'
import { given as targetOf } from '../editing/targets'
import { wrongEdit } from '../editing/wrongEdit'
import type { Log } from '../log'
import { requireTrust } from '../python'
import type { TrackingStore } from '../stores'
import type { Changes } from '../editing'
import { writeOptions, type Writing } from '../writing'
import { askInSteps, confirm } from '../ui/steps'
import { askAlias, askArchive, askModel, askStage, askVersion, type Chosen } from './ask'
import { stageNamed, wrongVersion } from './names'
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
  const title = t('Changing a stage')
  const connection = await connectionFor(options, title, services)
  const answer: { stage?: Stage; archiveExisting?: boolean } = {
    ...(options.stage !== undefined && { stage: stageNamed(options.stage) }),
    ...(options.archiveExisting !== undefined && { archiveExisting: options.archiveExisting }),
  }
  const byHand = options.stage === undefined
  const { before, archived, edit } = await signedIn(connection, async (store) => {
    const chosen = await given(options, store)
    const othersThere = (): ModelVersion[] =>
      chosen.versions.filter((one) => one.currentStage === answer.stage && one.version !== chosen.version)
    await askInSteps(t('Transition Stage'), () => [
      ...questionsOf(options, chosen, store),
      ...(byHand ? [askStage(chosen, answer)] : []),
      ...(byHand && options.archiveExisting === undefined && isActive(answer.stage) && othersThere().length > 0
        ? [askArchive(othersThere(), answer)]
        : []),
    ])
    const before = versionNumbered(chosen.versions, chosen.version ?? '')
    const { stage = before.currentStage, archiveExisting: archive = false } = answer
    const edit = { act: 'stage', stage, archive } as const
    await check(versionTarget(before), edit, store)
    return { before, archived: archive ? othersThere() : [], edit }
  })
  const { stage } = edit
  if (byHand || options.name === undefined || options.version === undefined)
    await confirm(
      t('Move version {0} of “{1}” from {2} to {3}?', before.version, before.name, before.currentStage, stage),
      archived.length === 0
        ? t('On {0}. No other version changes.', connection.name)
        : t('On {0}. Archived with it: version {1}.', connection.name, archived.map((one) => one.version).join(', ')),
      t('Move to {0}', stage),
    )
  await carryOut([{ target: versionTarget(before), edit }], { connection, title, answers: options, services })
  return versionJson({ ...before, currentStage: stage })
}

const isActive = (stage: Stage | undefined): boolean => stage === 'Staging' || stage === 'Production'

async function setAlias(options: v.InferOutput<typeof SetAlias>, services: RegistryServices): Promise<Json> {
  const title = t('Changing an alias')
  const connection = await connectionFor(options, title, services)
  const answer: { alias?: string; remove?: boolean } = {
    ...(options.alias !== undefined && { alias: options.alias }),
    ...(options.remove !== undefined && { remove: options.remove }),
  }
  const byHand = options.alias === undefined
  const { before, holder, target, isNamed } = await signedIn(connection, async (store) => {
    const chosen = await given(options, store)
    // The alias to remove says by itself which version it is on.
    if (options.remove === true && chosen.version === undefined)
      holding(chosen.versions, options.alias).forEach((holder) => (chosen.version = holder.version))
    const fixed = { name: options.name, version: chosen.version }
    await askInSteps(t('Set Alias'), () => [
      ...questionsOf(fixed, chosen, store),
      ...(byHand ? [askAlias(chosen, answer)] : []),
    ])
    const before = versionNumbered(chosen.versions, chosen.version ?? '')
    const { alias = '', remove = false } = answer
    const target = await targetOf(store, { name: before.name })
    await check(target, aliasEdit(alias, remove, before), store)
    const [holder] = holding(chosen.versions, alias)
    if (remove && holder?.version !== before.version)
      throw new Error(t('Version {0} of “{1}” has no alias “{2}”.', before.version, before.name, alias))
    return { before, holder, target, isNamed: fixed.name !== undefined && fixed.version !== undefined }
  })
  const { alias = '', remove = false } = answer
  if (byHand || !isNamed) await confirm(...aliasQuestion(connection, before, holder, alias, remove))
  const steps = [{ target, edit: aliasEdit(alias, remove, before) }]
  await carryOut(steps, { connection, title, answers: options, services })
  const others = before.aliases.filter((each) => each !== alias)
  return versionJson({ ...before, aliases: remove ? others : [...others, alias] })
}

const aliasEdit = (alias: string, remove: boolean, { version }: ModelVersion): Edit => ({
  ...{ act: 'alias', alias },
  ...(!remove && { version }),
})

/** @throws Error where the edit is wrong, or the user may not make it */
async function check(target: Target, edit: Edit, store: TrackingStore): Promise<void> {
  const wrong = wrongEdit(target, edit)
  if (wrong !== undefined) throw new Error(wrong)
  const isRemoval = edit.act === 'alias' && edit.version === undefined
  await requirePermission([{ target, act: edit.act, isRemoval }], store)
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

/** @throws Error in Restricted Mode */
async function connectionFor(
  options: { readonly connection?: string | undefined },
  what: string,
  { connections }: RegistryServices,
): Promise<Connection> {
  requireTrust(what)
  await connections.discovered
  return connections.get(options.connection)
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
