/** Which registered models a file in sight names, and where they are. */
import type { TrackingStore } from '../stores'
import { modelOf } from './lineNotes'
import type { Sight } from './sight'
import { stagedModels } from './stageProblems'
import { storeOf } from './trackingPlace'

export const modelsOf = ({ view }: Sight): string[] => [
  ...new Set([...view.calls.flatMap((call) => modelOf(call) ?? []), ...stagedModels(view.document.getText())]),
]

/** The same as long as the same is to be read of them. */
export const keyOfModels = (sight: Sight): string => [sight.registry?.id ?? '', ...modelsOf(sight)].join('\n')

export const placeOfProduction = ({ registry, connection, runs }: Sight): string =>
  JSON.stringify([registry?.id, connection?.id, runs?.experimentId])

/** The store of the file's models; undefined where none is known. Rejects where it can't be opened. */
export async function registryStore({
  registry,
  connection,
  store,
  closed,
}: Sight): Promise<TrackingStore | undefined> {
  return registry === connection ? store : registry && storeOf(registry, true, closed.signal)
}
