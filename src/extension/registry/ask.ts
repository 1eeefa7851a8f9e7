/** The questions of the registry's commands: model, version, and what is to become of it. */
import { t } from '../../shared/l10n'
import { type ModelVersion, type Stage, stages } from '../../shared/model'
import { askChoice, askText } from '../ui/prompts'
import type { TrackingStore } from '../stores'
import type { Ask } from '../ui/steps'
import { wrongAlias } from './names'
import { registeredModels, versionNumbered, versionsOf } from './versions'

/** What the questions fill in, and the caller may have filled in before. */
export interface Chosen {
  name?: string
  version?: string
  versions: readonly ModelVersion[]
}

export function askModel(chosen: Chosen, store: TrackingStore): Ask {
  return async (step) => {
    const items = (await registeredModels(store)).map(({ name, aliases, latestVersions }) => ({
      label: name,
      description: [
        ...latestVersions.flatMap(({ currentStage, version }) =>
          currentStage === 'None' ? [] : [`${currentStage} ${version}`],
        ),
        ...[...aliases].map(([alias, version]) => `@${alias} ${version}`),
      ].join(', '),
    }))
    if (items.length === 0) throw new Error(t('{0} has no registered models.', store.uri))
    const active = items.find(({ label }) => label === chosen.name)
    const { label } = await askChoice({ ...step, placeholder: t('Registered model'), items, active })
    chosen.versions = await versionsOf(store, label)
    chosen.name = label
  }
}

export function askVersion(chosen: Chosen): Ask {
  return async (step) => {
    const items = chosen.versions.map((version) => ({
      label: version.version,
      description: [version.currentStage, ...version.aliases.map((alias) => `@${alias}`)].join(', '),
      detail: version.description,
    }))
    const active = items.find(({ label }) => label === chosen.version)
    const placeholder = t('Version of {0}', chosen.name ?? '')
    chosen.version = (await askChoice({ ...step, placeholder, items, active })).label
  }
}

export function askStage(chosen: Chosen, answer: { stage?: Stage }): Ask {
  return async (step) => {
    const { currentStage } = versionNumbered(chosen.versions, chosen.version ?? '')
    const items = stages.map((stage) => ({
      label: stage,
      description: stage === currentStage ? t('its stage now') : thereNow(chosen.versions, stage),
      stage,
    }))
    const active = items.find(({ stage }) => stage === answer.stage)
    const placeholder = t('Stage for version {0} of {1}', chosen.version ?? '', chosen.name ?? '')
    answer.stage = (await askChoice({ ...step, placeholder, items, active })).stage
  }
}

function thereNow(versions: readonly ModelVersion[], stage: Stage): string {
  const there = versions.filter(({ currentStage }) => currentStage === stage).map(({ version }) => version)
  if (stage === 'None') return ''
  if (there.length === 0) return t('empty now')
  return there.length > 5 ? t('{0} versions now', there.length) : t('now: {0}', there.join(', '))
}

/** Asked only where other versions are in the stage. */
export function askArchive(others: readonly ModelVersion[], answer: { stage?: Stage; archiveExisting?: boolean }): Ask {
  return async (step) => {
    const names = others.map(({ version }) => version).join(', ')
    const items = [
      { label: t('Leave them in {0}', answer.stage ?? ''), archive: false },
      { label: t('Archive them'), archive: true },
    ]
    const active = items.find(({ archive }) => archive === answer.archiveExisting)
    const placeholder = t('In {0} now: version {1}', answer.stage ?? '', names)
    answer.archiveExisting = (await askChoice({ ...step, placeholder, items, active })).archive
  }
}

/** An alias that the model has, to be moved here or taken away, or a new one. */
export function askAlias(chosen: Chosen, answer: { alias?: string; remove?: boolean }): Ask {
  return async (step) => {
    const known = chosen.versions.flatMap(({ aliases, version }) => aliases.map((alias) => ({ alias, version })))
    const items: { label: string; description?: string; alias?: string; remove?: boolean }[] = [
      { label: `$(add) ${t('New alias…')}` },
      ...known.map(({ alias, version }) =>
        version === chosen.version
          ? { label: `$(trash) ${alias}`, description: t('remove it from this version'), alias, remove: true }
          : { label: `$(tag) ${alias}`, description: t('move it here from version {0}', version), alias },
      ),
    ]
    const placeholder = t('Alias for version {0} of {1}', chosen.version ?? '', chosen.name ?? '')
    const choice = await askChoice({ ...step, placeholder, items })
    answer.remove = choice.remove ?? false
    answer.alias = choice.alias ?? (await askText({ ...step, prompt: t('New alias'), validate: wrongAlias }))
  }
}
