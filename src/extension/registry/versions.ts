/** A registered model and its versions, read for a change and after it. */
import { t } from '../../shared/l10n'
import { equals } from '../../shared/filter/quote'
import type { ModelVersion, RegisteredModel } from '../../shared/model'
import type { Json } from '../commands'
import type { TrackingStore } from '../stores'

/** Newest first. @throws Error where there are none */
export async function versionsOf(store: TrackingStore, name: string, signal?: AbortSignal): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = []
  for await (const page of store.searchModelVersions({ filter: equals('name', name) }, signal))
    versions.push(...page.filter((version) => version.name === name))
  if (versions.length === 0)
    throw new Error(t('{0} has no registered model “{1}”, or it has no versions.', store.uri, name))
  return versions.toSorted((a, b) => Number(b.version) - Number(a.version))
}

/** @throws Error that lists what there is */
export function versionNumbered(versions: readonly ModelVersion[], number: string): ModelVersion {
  const found = versions.find(({ version }) => version === number)
  if (found) return found
  const there = versions.slice(0, 20).map(({ version }) => version)
  const more = versions.length > there.length ? ', …' : ''
  throw new Error(
    t('“{0}” has no version {1}. There are: {2}.', versions[0]?.name ?? '', number, there.join(', ') + more),
  )
}

export async function registeredModels(store: TrackingStore, signal?: AbortSignal): Promise<RegisteredModel[]> {
  const models: RegisteredModel[] = []
  for await (const page of store.searchRegisteredModels({}, signal)) models.push(...page)
  return models
}

/** What the commands resolve to. */
export const versionJson = ({ name, version, currentStage, aliases }: ModelVersion): Json => ({
  name,
  version,
  currentStage,
  aliases,
})
