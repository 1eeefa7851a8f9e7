/** Makes experiments and versions; after a failure the store is asked what is true. Knows no editor. */
import { t } from '../../shared/l10n'
import { messageOf } from '../messageOf'
import type { ModelVersion } from '../../shared/model'
import { StoreError, type TrackingStore, type TrackingWriter } from '../stores'
import { experimentNamed, nameIsTaken, versionsIn } from './surroundings'
import { readTarget } from './targets'

/** Resolves to its id. @throws Error where it was not made, or nobody knows */
export async function madeExperiment(writer: TrackingWriter, store: TrackingStore, name: string): Promise<string> {
  try {
    return await writer.createExperiment(name)
  } catch (error) {
    const isRefused = StoreError.is(error, 'badRequest')
    // MLflow's own words for it are a page of SQL.
    if (isRefused && /exist|UNIQUE/i.test(error.message)) throw new Error(nameIsTaken(name), { cause: error })
    const experimentId = isRefused ? undefined : await truthAfter(error, () => experimentNamed(store, name))
    if (experimentId === undefined) throw error
    return experimentId
  }
}

/** False where it is there already. */
export async function madeModel(writer: TrackingWriter, store: TrackingStore, name: string): Promise<boolean> {
  if (await readTarget(store, { name })) return false
  try {
    await writer.createRegisteredModel(name)
  } catch (error) {
    if (!(await truthAfter(error, () => readTarget(store, { name })))) throw error
  }
  return true
}

/**
 * Rejects as the writer does, with an Error where nobody knows.
 *
 * @param isNew the model was made for this version: it doesn’t stay without it
 */
export async function registered(
  writer: TrackingWriter,
  store: TrackingStore,
  asked: Parameters<TrackingWriter['createModelVersion']>[0],
  isNew: boolean,
): Promise<ModelVersion> {
  const before = new Set((await versionsIn(store, asked.name)).map(({ version }) => version))
  try {
    return await writer.createModelVersion(asked)
  } catch (error) {
    const now = (await truthAfter(error, () => versionsIn(store, asked.name))) ?? []
    const isOurs = ({ version, runId }: ModelVersion): boolean =>
      !before.has(version) && (asked.runId === undefined || runId === asked.runId)
    const made = now.find(isOurs)
    if (made) return made
    if (!isNew || now.length > 0) throw error
    try {
      await writer.deleteRegisteredModel(asked.name)
    } catch {
      const left = t('The model “{0}” was made for it and is still there, empty.', asked.name)
      throw new Error(`${messageOf(error)} ${left}`, { cause: error })
    }
    throw error
  }
}

/** What was made though the request failed; undefined where nothing was. @throws Error where nobody can know */
async function truthAfter<T>(failure: unknown, look: () => Promise<T | undefined>): Promise<T | undefined> {
  if (StoreError.is(failure, 'unauthorized')) throw failure
  try {
    return await look()
  } catch {
    throw new Error(notKnown(failure), { cause: failure })
  }
}

export const notKnown = (failure: unknown): string =>
  t('It is not known whether this was made, as the store can’t be asked. {0}', messageOf(failure))
