/** Sends edits to MLflow. Knows no editor. */
import { t } from '../../shared/l10n'
import type { TrackingWriter } from '../stores'
import { nameTag, noteTag, type Edit, type Target } from './edits'

/** Sends the edit. Rejects like the writer does; with an Error for what `wrongEdit` refuses. */
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
    default:
      return impossible()
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
    default:
      return impossible()
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
    case 'alias':
      return edit.version === undefined
        ? writer.deleteAlias(name, edit.alias, signal)
        : writer.setAlias(name, edit.alias, edit.version, signal)
    default:
      return impossible()
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
    case 'describe':
      return writer.describeModelVersion(name, version, edit.description, signal)
    case 'setTag':
      return writer.setModelVersionTag(name, version, edit.key, edit.value, signal)
    case 'removeTag':
      return writer.deleteModelVersionTag(name, version, edit.key, signal)
    case 'delete':
      return writer.deleteModelVersion(name, version, signal)
    case 'stage':
      return writer.transitionStage(name, version, edit.stage, edit.archive, signal)
    default:
      return impossible()
  }
}

const impossible = (): Promise<never> => Promise.reject(new Error(t('MLflow has no such change.')))
