/** What can be changed of what, and how it is undone: edits as data. Knows no editor. */
import { t } from '../../shared/l10n'
import type { Experiment, ModelVersion, RegisteredModel, Run } from '../../shared/model'
import type { TrackingWriter } from '../stores'

/** Tag of experiments and runs that holds their description; Markdown. */
export const noteTag = 'mlflow.note.content'
/** Tag of a run that holds its name, too. */
const nameTag = 'mlflow.runName'

/** Something that can be changed, as it is before. */
export type Target = {
  readonly name: string
  readonly description: string
  readonly tags: ReadonlyMap<string, string>
  readonly deleted: boolean
} & (
  | { readonly kind: 'experiment'; readonly experimentId: string }
  | { readonly kind: 'run'; readonly runId: string; readonly experimentId: string }
  | { readonly kind: 'model' }
  | { readonly kind: 'version'; readonly version: string }
)

export type Edit =
  | { readonly act: 'rename'; readonly name: string }
  | { readonly act: 'describe'; readonly description: string }
  | { readonly act: 'setTag'; readonly key: string; readonly value: string }
  | { readonly act: 'removeTag'; readonly key: string }
  | { readonly act: 'delete' }
  | { readonly act: 'restore' }

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

export const modelTarget = ({ name, tags, description }: RegisteredModel): Target => ({
  ...{ kind: 'model', name, tags, description, deleted: false },
})

export const versionTarget = ({ name, version, tags, description }: ModelVersion): Target => ({
  ...{ kind: 'version', name, version, tags, description, deleted: false },
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
  }
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** Characters that MLflow keeps of a tag's value; of longer ones it silently drops the rest. */
const longestValue = { experiment: 5000, run: 8000, model: 5000, version: 5000 } as const
const longestKey = 250
const longestName = { experiment: 500, run: 250, model: 256 } as const

/** What is wrong with an edit, before anything is sent; where MLflow would ignore, truncate or alter it, too. */
export function wrongEdit(target: Target, edit: Edit): string | undefined {
  const label = labelOf(target)
  switch (edit.act) {
    case 'rename':
      return target.kind === 'version'
        ? t('A model version has no name of its own.')
        : wrongName(target.kind, edit.name)
    case 'setTag':
      return (
        wrongKey(edit.key) ??
        (edit.value.length > longestValue[target.kind]
          ? t(
              'This text has {0} characters; MLflow keeps only {1} of them. Shorten it.',
              edit.value.length,
              longestValue[target.kind],
            )
          : undefined)
      )
    case 'removeTag':
      return target.tags.has(edit.key) ? undefined : t('There is no tag {0} on {1}.', edit.key, label)
    case 'describe': {
      const most = longestValue[target.kind]
      return edit.description.length > most
        ? t('This text has {0} characters; MLflow keeps only {1} of them. Shorten it.', edit.description.length, most)
        : undefined
    }
    case 'delete':
      if (target.kind === 'experiment' && target.experimentId === '0')
        return t('MLflow needs its experiment Default (0); it can’t be deleted.')
      return target.deleted ? t('{0} is deleted already.', label) : undefined
    case 'restore':
      return target.deleted ? undefined : t('{0} is not deleted.', label)
  }
}

export function wrongName(kind: 'experiment' | 'run' | 'model', name: string): string | undefined {
  if (name.trim() === '') return t('Give a name.')
  if (name.length > longestName[kind]) return t('A name has at most {0} characters.', longestName[kind])
  if (kind === 'model' && /[/:]/.test(name)) return t('The name of a model has no “/” and no “:” in it.')
  return undefined
}

export function wrongKey(key: string): string | undefined {
  if (key.trim() === '') return t('Give a key.')
  if (key.length > longestKey) return t('A key has at most {0} characters.', longestKey)
  if (!/^[\p{L}\p{N}_\-. :/]*$/u.test(key))
    return t('A key has letters, digits, and _ - . : / and spaces in it, nothing else.')
  const [wrong] = key.split('/').filter((part) => part === '' || part === '.' || part === '..')
  return wrong === undefined ? undefined : t('A key can’t have an empty part, “.” or “..” between slashes.')
}

/** What brings it back as it was; undefined where nothing does. */
export function inverseOf(target: Target, edit: Edit): { readonly target: Target; readonly edit: Edit } | undefined {
  const after = edited(target, edit)
  switch (edit.act) {
    case 'rename':
      return { target: after, edit: { act: 'rename', name: target.name } }
    case 'describe':
      return {
        target: after,
        // The note of a run is a tag, which was not there. (MLflow 2 can't remove one of an experiment.)
        edit:
          target.kind === 'run' && !target.tags.has(noteTag)
            ? { act: 'removeTag', key: noteTag }
            : { act: 'describe', description: target.description },
      }
    case 'setTag':
    case 'removeTag': {
      const value = target.tags.get(edit.key)
      return {
        target: after,
        edit: value === undefined ? { act: 'removeTag', key: edit.key } : { act: 'setTag', key: edit.key, value },
      }
    }
    case 'delete':
      return isRestorable(target) ? { target: after, edit: { act: 'restore' } } : undefined
    case 'restore':
      return { target: after, edit: { act: 'delete' } }
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
      return { ...target, description: edit.description }
    case 'setTag':
      return { ...target, tags: new Map(target.tags).set(edit.key, edit.value) }
    case 'removeTag':
      return { ...target, tags: new Map([...target.tags].filter(([key]) => key !== edit.key)) }
    case 'delete':
      return { ...target, deleted: true }
    case 'restore':
      return { ...target, deleted: false }
  }
}

/** Whether the edit is made, by what the store says now. A model that is gone is deleted. */
export function holds(now: Target | undefined, edit: Edit): boolean {
  if (now === undefined) return edit.act === 'delete'
  switch (edit.act) {
    case 'rename':
      return now.name === edit.name
    case 'describe':
      return now.description === edit.description
    case 'setTag':
      return now.tags.get(edit.key) === edit.value
    case 'removeTag':
      return !now.tags.has(edit.key)
    case 'delete':
      return now.deleted
    case 'restore':
      return !now.deleted
  }
}

/** Sends the edit. Rejects like the writer does; for renaming a version with an Error. */
export function applyEdit(writer: TrackingWriter, target: Target, edit: Edit, signal?: AbortSignal): Promise<unknown> {
  switch (target.kind) {
    case 'experiment':
      return editExperiment(writer, target.experimentId, edit, signal)
    case 'run':
      return editRun(writer, target.runId, edit, signal)
    case 'model':
      return editModel(writer, target.name, edit, signal)
    case 'version':
      return editVersion(writer, target.name, target.version, edit, signal)
  }
}

function editExperiment(writer: TrackingWriter, id: string, edit: Edit, signal?: AbortSignal): Promise<unknown> {
  switch (edit.act) {
    case 'rename':
      return writer.renameExperiment(id, edit.name, signal)
    case 'describe':
      return writer.setExperimentTag(id, noteTag, edit.description, signal)
    case 'setTag':
      return writer.setExperimentTag(id, edit.key, edit.value, signal)
    case 'removeTag':
      return writer.deleteExperimentTag(id, edit.key, signal)
    case 'delete':
      return writer.deleteExperiment(id, signal)
    case 'restore':
      return writer.restoreExperiment(id, signal)
  }
}

function editRun(writer: TrackingWriter, id: string, edit: Edit, signal?: AbortSignal): Promise<unknown> {
  switch (edit.act) {
    case 'rename':
      return writer.updateRun(id, { runName: edit.name }, signal)
    case 'describe':
      return writer.setRunTag(id, noteTag, edit.description, signal)
    case 'setTag':
      // Its tag alone would leave the run with two names.
      if (edit.key === nameTag) return writer.updateRun(id, { runName: edit.value }, signal)
      return writer.setRunTag(id, edit.key, edit.value, signal)
    case 'removeTag':
      return writer.deleteRunTag(id, edit.key, signal)
    case 'delete':
      return writer.deleteRun(id, signal)
    case 'restore':
      return writer.restoreRun(id, signal)
  }
}

function editModel(writer: TrackingWriter, name: string, edit: Edit, signal?: AbortSignal): Promise<unknown> {
  switch (edit.act) {
    case 'rename':
      return writer.renameRegisteredModel(name, edit.name, signal)
    case 'describe':
      return writer.describeRegisteredModel(name, edit.description, signal)
    case 'setTag':
      return writer.setRegisteredModelTag(name, edit.key, edit.value, signal)
    case 'removeTag':
      return writer.deleteRegisteredModelTag(name, edit.key, signal)
    case 'delete':
      return writer.deleteRegisteredModel(name, signal)
    case 'restore':
      return Promise.reject(new Error(t('A deleted model can’t be restored.')))
  }
}

function editVersion(
  writer: TrackingWriter,
  name: string,
  version: string,
  edit: Edit,
  signal?: AbortSignal,
): Promise<unknown> {
  switch (edit.act) {
    case 'rename':
      return Promise.reject(new Error(t('A model version has no name of its own.')))
    case 'describe':
      return writer.describeModelVersion(name, version, edit.description, signal)
    case 'setTag':
      return writer.setModelVersionTag(name, version, edit.key, edit.value, signal)
    case 'removeTag':
      return writer.deleteModelVersionTag(name, version, edit.key, signal)
    case 'delete':
      return writer.deleteModelVersion(name, version, signal)
    case 'restore':
      return Promise.reject(new Error(t('A deleted model version can’t be restored.')))
  }
}
