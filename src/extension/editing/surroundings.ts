/** What an edit meets in the store beside its target: what stands in its way, and what it changes as well. Knows no editor. */
import { equals } from '../../shared/filter/quote'
import { t } from '../../shared/l10n'
import type { ModelVersion } from '../../shared/model'
import type { TrackingStore } from '../stores'
import { labelOf, versionTarget, type Edit, type Step, type Target } from './edits'
import { readTarget } from './targets'

/** Why the edit can't be made, or would destroy something; undefined where nothing is in its way. Rejects as the store does. */
export async function obstacleTo(store: TrackingStore, target: Target, edit: Edit): Promise<string | undefined> {
  if (edit.act === 'rename' && edit.name !== target.name) {
    if (target.kind === 'experiment' && (await experimentNamed(store, edit.name)) !== undefined)
      return nameIsTaken(edit.name)
    if (target.kind !== 'model') return undefined
    if (await readTarget(store, { name: edit.name })) return t('There is a model “{0}” already.', edit.name)
    // MLflow's folder stores drop the model's tags and aliases, and fail half-way where a version has tags.
    if (store.kind === 'files' && (await hasTagsOrAliases(store, target)))
      return t(
        'MLflow can’t rename a model in a folder without losing its tags and aliases, which {0} has. Remove them first, or move to a database (“MLflow: Migrate Folder Store to SQLite…”).',
        labelOf(target),
      )
  }
  if (edit.act === 'delete' && edit.ifEmpty && target.kind === 'experiment') {
    const runs = store.searchRuns({ experimentIds: [target.experimentId], view: 'ALL', maxResults: 1 })
    for await (const { length } of runs)
      if (length > 0) return t('{0} has runs by now; delete it yourself if they may go.', labelOf(target))
  }
  return undefined
}

/** Id of the experiment, be it deleted; undefined where there is none. Rejects as the store does. */
export async function experimentNamed(store: TrackingStore, name: string): Promise<string | undefined> {
  for await (const page of store.searchExperiments({ filter: equals('name', name), view: 'ALL' }))
    for (const each of page) if (each.name === name) return each.experimentId
  return undefined
}

export const nameIsTaken = (name: string): string =>
  t('There is an experiment “{0}” already, perhaps a deleted one, which keeps its name. Choose another.', name)

async function hasTagsOrAliases(store: TrackingStore, target: Target): Promise<boolean> {
  if (target.tags.size > 0 || (target.kind === 'model' && target.aliases.size > 0)) return true
  return (await versionsIn(store, target.name)).some(({ tags }) => tags.size > 0)
}

/** Steps that are to follow the edit's inverse. Rejects as the store does. */
export async function repairsOf(store: TrackingStore, target: Target, edit: Edit): Promise<Step[]> {
  if (edit.act === 'delete' && target.kind === 'experiment') {
    // MLflow restores an experiment with all its runs, also those that were deleted before it was.
    const repairs: Step[] = []
    for await (const frame of store.searchRuns({ experimentIds: [target.experimentId], view: 'DELETED_ONLY' }))
      for (let row = 0; row < frame.length; row++) {
        const { runId, experimentId, runName: name } = frame.info(row)
        const run = {
          kind: 'run',
          runId,
          experimentId,
          name,
          description: '',
          tags: new Map<string, string>(),
        } as const
        repairs.push({ target: { ...run, deleted: false }, edit: { act: 'delete' } })
      }
    return repairs
  }
  if (edit.act === 'stage' && edit.archive && target.kind === 'version') {
    const others = (await versionsIn(store, target.name)).filter(
      ({ currentStage, version }) => currentStage === edit.stage && version !== target.version,
    )
    return others.map((other) => ({
      target: versionTarget({ ...other, currentStage: 'Archived' }),
      edit: { act: 'stage', stage: other.currentStage, archive: false },
    }))
  }
  return []
}

export async function versionsIn(store: TrackingStore, name: string): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = []
  for await (const page of store.searchModelVersions({ filter: equals('name', name) }))
    versions.push(...page.filter((each) => each.name === name))
  return versions
}
