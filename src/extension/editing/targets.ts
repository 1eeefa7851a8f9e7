/** Reads what is to be changed, before and after. */
import { equals } from '../../shared/filter/quote'
import { t } from '../../shared/l10n'
import { StoreError, type TrackingStore } from '../stores'
import { experimentTarget, modelTarget, runTarget, versionTarget, type Target } from './edits'

/** What names a target: one of these, a version with its model's name. */
export interface TargetRef {
  readonly experimentId?: string | undefined
  readonly runId?: string | undefined
  readonly name?: string | undefined
  readonly version?: string | undefined
}

export const refOf = (target: Target): TargetRef => {
  switch (target.kind) {
    case 'experiment':
      return { experimentId: target.experimentId }
    case 'run':
      return { runId: target.runId }
    case 'model':
      return { name: target.name }
    case 'version':
      return { name: target.name, version: target.version }
  }
}

/** As the store has it now; undefined where it is not there. A row of a run names its experiment too: the run counts. */
export async function readTarget(
  store: TrackingStore,
  { runId, experimentId, name, version }: TargetRef,
  signal?: AbortSignal,
): Promise<Target | undefined> {
  try {
    if (runId !== undefined) return runTarget(await store.getRun(runId, signal))
    if (experimentId !== undefined) return experimentTarget(await store.getExperiment(experimentId, signal))
  } catch (error) {
    if (StoreError.is(error, 'notFound')) return undefined
    throw error
  }
  if (name === undefined) return undefined
  const filter = equals('name', name)
  if (version === undefined) {
    for await (const page of store.searchRegisteredModels({ filter }, signal))
      for (const model of page) if (model.name === name) return modelTarget(model)
  } else
    for await (const page of store.searchModelVersions({ filter }, signal))
      for (const each of page) if (each.name === name && each.version === version) return versionTarget(each)
  return undefined
}

/** Likewise. @throws Error that names what is not there */
export async function given(store: TrackingStore, ref: TargetRef): Promise<Target> {
  const target = await readTarget(store, ref)
  if (target) return target
  throw new Error(missing(store, ref))
}

export const missing = ({ uri }: TrackingStore, ref: TargetRef): string => t('{0} has no {1}.', uri, nameOf(ref))

/** What it was named by. */
export const nameOf = ({ runId, experimentId, name, version }: TargetRef): string =>
  runId ?? experimentId ?? [name, version].filter(Boolean).join(' ')
