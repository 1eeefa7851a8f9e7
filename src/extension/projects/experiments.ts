import { equals } from '../../shared/filter/quote'
import type { Experiment } from '../../shared/model'
import type { TrackingStore } from '../stores'

/** The active experiment of that very name. */
export async function experimentNamed(
  store: TrackingStore,
  name: string,
  signal?: AbortSignal,
): Promise<Experiment | undefined> {
  for await (const page of store.searchExperiments({ filter: equals('name', name) }, signal)) {
    const found = page.find((experiment) => experiment.name === name)
    if (found) return found
  }
  return undefined
}
