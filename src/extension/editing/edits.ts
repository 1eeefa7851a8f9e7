/** What can be changed of what, and how it is undone: edits as data. Knows no editor. */
import { t } from '../../shared/l10n'
import type { Experiment, ModelVersion, RegisteredModel, Run, Stage } from '../../shared/model'

/** Tag of experiments and runs that holds their description; Markdown. */
export const noteTag = 'mlflow.note.content'
/** Tag of a run that holds its name, too. */
export const nameTag = 'mlflow.runName'

/** Something that can be changed, as it is before. */
export type Target = {
  readonly name: string
  readonly description: string
  readonly tags: ReadonlyMap<string, string>
  readonly deleted: boolean
} & (
  | { readonly kind: 'experiment'; readonly experimentId: string }
  | { readonly kind: 'run'; readonly runId: string; readonly experimentId: string }
  /** Aliases: alias → version. */
  | { readonly kind: 'model'; readonly aliases: ReadonlyMap<string, string> }
  | { readonly kind: 'version'; readonly version: string; readonly stage: Stage }
)

export type Edit =
  | { readonly act: 'rename'; readonly name: string }
  | { readonly act: 'describe'; readonly description: string }
  | { readonly act: 'setTag'; readonly key: string; readonly value: string }
  | { readonly act: 'removeTag'; readonly key: string }
  /** With `ifEmpty`, an experiment only as long as it has no runs. */
  | { readonly act: 'delete'; readonly ifEmpty?: boolean }
  | { readonly act: 'restore' }
  /** With `archive`, the other versions leave that stage for Archived. */
  | { readonly act: 'stage'; readonly stage: Stage; readonly archive: boolean }
  /** Gives a model's alias to a version; to none where it is left out. */
  | { readonly act: 'alias'; readonly alias: string; readonly version?: string }

export const experimentTarget = ({ experimentId, name, tags, lifecycleStage }: Experiment): Target => ({
  kind: 'experiment',
  experimentId,
  name,
  tags,
  description: tags.get(noteTag) ?? '',
  deleted: lifecycleStage === 'deleted',
})

export const runTarget = ({ info, tags }: Run): Target => ({
  kind: 'run',
  runId: info.runId,
  experimentId: info.experimentId,
  name: info.runName,
  tags,
  description: tags.get(noteTag) ?? '',
  deleted: info.lifecycleStage === 'deleted',
})

export const modelTarget = ({ name, tags, description, aliases }: RegisteredModel): Target => ({
  ...{ kind: 'model', name, tags, description, aliases, deleted: false },
})

export const versionTarget = ({ name, version, tags, description, currentStage: stage }: ModelVersion): Target => ({
  ...{ kind: 'version', name, version, tags, description, stage, deleted: false },
})

/** For humans: "run brave-fox-1". */
export function labelOf(target: Target): string {
  switch (target.kind) {
    case 'experiment':
      return t('experiment {0}', target.name)
    case 'run':
      return t('run {0}', target.name || target.runId)
    case 'model':
      return t('model {0}', target.name)
    case 'version':
      return t('version {0} of {1}', target.version, target.name)
  }
}

/** For humans: "Renamed run a to b". */
export function sentenceOf(target: Target, edit: Edit): string {
  const label = labelOf(target)
  switch (edit.act) {
    case 'rename':
      return t('{0} is now {1}', label, edit.name)
    case 'describe':
      return t('{0} has another description', label)
    case 'setTag':
      return t('{0}: tag {1} = {2}', label, edit.key, shortened(edit.value))
    case 'removeTag':
      return t('{0}: tag {1} removed', label, edit.key)
    case 'delete':
      return t('{0} deleted', label)
    case 'restore':
      return t('{0} restored', label)
    case 'stage':
      return t('{0} is now in {1}', label, edit.stage)
    case 'alias':
      return edit.version === undefined
        ? t('{0}: alias {1} removed', label, edit.alias)
        : t('version {0} of {1} is now @{2}', edit.version, target.name, edit.alias)
  }
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** A change of one thing. */
export interface Step {
  /** As it was before. */
  readonly target: Target
  readonly edit: Edit
  /** What the store changes with it, or with its inverse: to be made after the inverse, for all to be as it was. */
  readonly repairs?: readonly Step[]
}

/** What brings it back as it was; undefined where nothing does. */
export function inverseOf(target: Target, edit: Edit): Step | undefined {
  const back = wayBack(target, edit)
  return back && { target: edited(target, edit), edit: back }
}

function wayBack(target: Target, edit: Edit): Edit | undefined {
  switch (edit.act) {
    case 'rename':
      return { act: 'rename', name: target.name }
    case 'describe':
      // The note of a run is a tag, which was not there. (MLflow 2 can't remove one of an experiment.)
      return target.kind === 'run' && !target.tags.has(noteTag)
        ? { act: 'removeTag', key: noteTag }
        : { act: 'describe', description: target.description }
    case 'setTag':
    case 'removeTag': {
      const value = target.tags.get(edit.key)
      return value === undefined ? { act: 'removeTag', key: edit.key } : { act: 'setTag', key: edit.key, value }
    }
    case 'delete':
      return isRestorable(target) ? { act: 'restore' } : undefined
    case 'restore':
      return { act: 'delete' }
    case 'stage':
      return target.kind === 'version' ? { act: 'stage', stage: target.stage, archive: false } : undefined
    case 'alias': {
      const version = target.kind === 'model' ? target.aliases.get(edit.alias) : undefined
      return { act: 'alias', alias: edit.alias, ...(version !== undefined && { version }) }
    }
  }
}

/** Models and their versions are deleted for good. */
export const isRestorable = ({ kind }: Target): boolean => kind === 'experiment' || kind === 'run'

/** The target as it is once the edit is made. */
export function edited(target: Target, edit: Edit): Target {
  switch (edit.act) {
    case 'rename':
      return { ...target, name: edit.name }
    case 'describe':
      return isRestorable(target)
        ? tagged(target, new Map(target.tags).set(noteTag, edit.description))
        : { ...target, description: edit.description }
    case 'setTag':
      return tagged(target, new Map(target.tags).set(edit.key, edit.value))
    case 'removeTag':
      return tagged(target, new Map([...target.tags].filter(([key]) => key !== edit.key)))
    case 'delete':
      return { ...target, deleted: true }
    case 'restore':
      return { ...target, deleted: false }
    case 'stage':
      return target.kind === 'version' ? { ...target, stage: edit.stage } : target
    case 'alias': {
      if (target.kind !== 'model') return target
      const others = [...target.aliases].filter(([alias]) => alias !== edit.alias)
      return {
        ...target,
        aliases: new Map(edit.version === undefined ? others : [...others, [edit.alias, edit.version]]),
      }
    }
  }
}

/** Experiments and runs have their description among their tags. */
const tagged = (target: Target, tags: ReadonlyMap<string, string>): Target =>
  isRestorable(target) ? { ...target, tags, description: tags.get(noteTag) ?? '' } : { ...target, tags }

/** What an edit changes of a target. */
export function partOf(target: Target, edit: Edit): string | boolean | undefined {
  switch (edit.act) {
    case 'rename':
      return target.name
    case 'describe':
      return target.description
    case 'setTag':
    case 'removeTag':
      return target.tags.get(edit.key)
    case 'delete':
    case 'restore':
      return target.deleted
    case 'stage':
      return target.kind === 'version' ? target.stage : undefined
    case 'alias':
      return target.kind === 'model' ? target.aliases.get(edit.alias) : undefined
  }
}

/** Whether a target is as the edit makes it. */
export const holds = (now: Target, edit: Edit): boolean => partOf(now, edit) === partOf(edited(now, edit), edit)
