/** The questions of the edits: what is to be changed, and to what. */
import type * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Connection } from '../connections/connection'
import { pickRun } from '../panels/pickRuns'
import { registeredModels, versionsOf } from '../registry/versions'
import type { TrackingStore } from '../stores'
import { askChoice, askText } from '../ui/prompts'
import { labelOf, type Target } from './edits'
import type { TargetRef } from './targets'
import { wrongKey } from './wrongEdit'

const kinds = (): { readonly label: string; readonly of: Target['kind'] }[] => [
  { label: `$(beaker) ${t('Experiment')}`, of: 'experiment' },
  { label: `$(run) ${t('Run')}`, of: 'run' },
  { label: `$(package) ${t('Registered model')}`, of: 'model' },
  { label: `$(tag) ${t('Model version')}`, of: 'version' },
]

/** Asks what is meant, where nobody has said. @throws Dismissed */
export async function askTarget(
  title: string,
  connection: Connection,
  store: TrackingStore,
  among: readonly Target['kind'][] = ['experiment', 'run', 'model', 'version'],
): Promise<TargetRef> {
  const items = kinds().filter(({ of }) => among.includes(of))
  const { of: kind } = await askChoice({ title, placeholder: t('What?'), items })
  if (kind === 'run') return { runId: (await pickRun(connection, title)).runId }
  if (kind === 'experiment') return { experimentId: (await askOne(title, await experimentsOf(store))).id }
  const { id: name } = await askOne(title, await modelsOf(store))
  if (kind === 'model') return { name }
  const versions = (await versionsOf(store, name)).map(({ version, currentStage }) => ({
    ...{ label: version, description: currentStage, id: version },
  }))
  return { name, version: (await askOne(title, versions)).id }
}

/** Asks which deleted experiment or run is meant. @throws Dismissed; Error where there is none */
export async function askDeleted(title: string, store: TrackingStore): Promise<TargetRef> {
  const items: (Item & { readonly ref: TargetRef })[] = []
  const names = new Map<string, string>()
  for await (const page of store.searchExperiments({ view: 'ALL' }))
    for (const { experimentId, name, lifecycleStage } of page) {
      names.set(experimentId, name)
      if (lifecycleStage === 'deleted')
        items.push({ label: `$(beaker) ${name}`, description: experimentId, id: experimentId, ref: { experimentId } })
    }
  const query = { experimentIds: [...names.keys()], view: 'DELETED_ONLY', maxResults: mostListed + 1 } as const
  let runs = 0
  for await (const frame of store.searchRuns(query))
    for (let row = 0; row < frame.length && ++runs <= mostListed; row++) {
      const { runId, runName, experimentId } = frame.info(row)
      const label = `$(run) ${runName || runId}`
      items.push({ label, description: names.get(experimentId) ?? '', detail: runId, id: runId, ref: { runId } })
    }
  if (items.length === 0) throw new Error(t('Nothing is deleted in {0} that could be restored.', store.uri))
  const another = { label: `$(search) ${t('Another run, by its ID…')}`, alwaysShow: true }
  const placeholder =
    runs > mostListed
      ? t('Deleted experiments, and the newest {0} deleted runs', formatCount(mostListed))
      : t('Deleted experiments and runs')
  const choice = await askChoice<vscode.QuickPickItem & { readonly ref?: TargetRef }>({
    ...{ title, placeholder, items: runs > mostListed ? [another, ...items] : items },
  })
  return choice.ref ?? { runId: (await askText({ title, prompt: t('ID of the run') })).trim() }
}

/** Of deleted runs: a longer list is slow, and nobody reads it. */
const mostListed = 1000

interface Item {
  readonly label: string
  readonly description?: string
  readonly detail?: string
  readonly id: string
}

async function askOne(title: string, items: readonly Item[]): Promise<Item> {
  if (items.length === 0) throw new Error(t('There is nothing to choose from.'))
  return askChoice({ title, placeholder: t('Which one?'), items })
}

async function experimentsOf(store: TrackingStore): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] }))
    for (const { name, experimentId } of page) items.push({ label: name, description: experimentId, id: experimentId })
  return items
}

async function modelsOf(store: TrackingStore): Promise<Item[]> {
  return (await registeredModels(store)).map(({ name, description }) => ({
    label: name,
    detail: description,
    id: name,
  }))
}

/** A key that the targets have, or a new one. @throws Dismissed */
export async function askNewKey(title: string, targets: readonly Target[]): Promise<string> {
  const known = knownKeys(targets)
  if (known.length > 0) {
    const items = [{ label: `$(add) ${t('New tag…')}`, key: undefined }, ...known]
    const { key } = await askChoice({ title, placeholder: t('Tag to set'), items })
    if (key !== undefined) return key
  }
  return askText({ title, prompt: t('Key of the tag'), validate: wrongKey })
}

/** One of the keys that the targets have. @throws Dismissed; Error where there are none */
export async function askKnownKey(title: string, targets: readonly Target[]): Promise<string> {
  const known = knownKeys(targets)
  if (known.length === 0) throw new Error(t('There are no tags to remove.'))
  return (await askChoice({ title, placeholder: t('Tag to remove'), items: known })).key
}

/** The users' own tags of all targets, with their value where it is one. */
function knownKeys(targets: readonly Target[]): { label: string; description: string; key: string }[] {
  const keys = [...new Set(targets.flatMap(({ tags }) => [...tags.keys()]))].filter((key) => !isInternal(key)).sort()
  return keys.map((key) => {
    const [value = '', ...others] = new Set(targets.map(({ tags }) => tags.get(key)))
    return { label: key, description: others.length === 0 ? value : t('several values'), key }
  })
}

/** MLflow's own; who means one names it in the options. */
const isInternal = (key: string): boolean => key.startsWith('mlflow.')

/** "run a", "run a, run b", "run a, … run j, …". */
export function listOf(targets: readonly Target[]): string {
  const labels = targets.slice(0, 10).map(labelOf)
  return labels.join(', ') + (targets.length > 10 ? ', …' : '')
}
