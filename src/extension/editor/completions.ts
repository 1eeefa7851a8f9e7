import * as vscode from 'vscode'
import type { KnownNames, SearchKind } from '../../shared/filter'
import { equals } from '../../shared/filter/quote'
import { stages, type ModelVersion } from '../../shared/model'
import { knownNames } from '../../shared/runsTable/completion'
import type { RunFrame } from '../../shared/runFrame'
import { experimentNamed } from '../projects/experiments'
import { readSetting } from '../settings'
import type { TrackingStore } from '../stores'
import { filterCompletions, wantedAt, type Wanted } from './completion'
import { registryStore } from './modelSight'
import type { Sight, Sights } from './sights'
import type { Place } from './textLiterals'

/** Of these the last two and the first come in any code: there, only lines with a string are looked at. */
const triggers = ['"', "'", '/', '@', '`', ' ', '.']

/** Names that are offered, and newest runs whose names they are where the file has no experiment of its own. */
const mostNames = 500
const newestRuns = 100

/** Completes what strings of MLflow's functions name, by what the runs, the store and the registry have. */
export function registerCompletions(sights: Sights): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    { language: 'python' },
    {
      provideCompletionItems: (document, position, _, { triggerCharacter }) => {
        const sight = sights.get(document)
        if (!sight || !readSetting('editor.completion')) return []
        const before = document.lineAt(position.line).text.slice(0, position.character)
        if ((triggerCharacter === ' ' || triggerCharacter === '.') && !/["']/.test(before)) return []
        const offset = document.offsetAt(position)
        const wanted = wantedAt({ source: document.getText(), calls: sight.view.ownCalls }, offset)
        return wanted ? itemsFor(wanted, sight, sights, document) : []
      },
    },
    ...triggers,
  )
}

async function itemsFor(
  wanted: Wanted,
  sight: Sight,
  sights: Sights,
  document: vscode.TextDocument,
): Promise<vscode.CompletionItem[]> {
  const known = sights.known(sight)?.runs.frame
  if (wanted.what === 'filter') {
    const names = await namesFor(wanted, sight, known)
    const { offset } = wanted
    return filterCompletions(wanted, names).map(({ label, text, what, start, end }, nth) => {
      const item = itemOf(label, what === 'value' ? 'Value' : what === 'name' ? 'Field' : 'Operator', nth)
      const [from, at, to] = [start, offset, end].map((each) => document.positionAt(each))
      item.insertText = text
      if (from && at && to)
        item.range = { inserting: new vscode.Range(from, at), replacing: new vscode.Range(from, to) }
      return item
    })
  }
  const range = rangeIn(document, wanted.range)
  return (await namesOfKind(wanted, sight, known))
    .filter((name) => !/["'\\\n\r]/.test(name))
    .map((name, nth) => {
      const item = itemOf(name, 'Value', nth)
      item.range = range
      return item
    })
}

async function namesOfKind(
  wanted: Exclude<Wanted, { what: 'filter' }>,
  sight: Sight,
  frame: RunFrame | undefined,
): Promise<readonly string[]> {
  switch (wanted.what) {
    case 'metrics':
      return frame?.metricKeys ?? []
    case 'params':
      return frame?.paramKeys ?? []
    case 'experiments':
      return sight.store ? experimentNames(sight.store) : []
    case 'models':
      return modelNames(sight)
    case 'aliases':
    case 'versions': {
      const store = await registryStore(sight)
      if (!store) return []
      const found: ModelVersion[] = []
      for await (const page of store.searchModelVersions({ filter: equals('name', wanted.model) })) {
        found.push(...page.filter(({ name }) => name === wanted.model))
        if (found.length >= mostNames) break
      }
      if (wanted.what === 'aliases') return [...new Set(found.flatMap(({ aliases }) => aliases))]
      const versions = found.map(({ version }) => version).sort((a, b) => Number(b) - Number(a))
      const used = stages.filter(
        (stage) => stage !== 'None' && found.some(({ currentStage }) => currentStage === stage),
      )
      return versions.length > 0 ? [...versions, 'latest', ...used] : []
    }
  }
}

async function namesFor(
  { kind, experiments }: Extract<Wanted, { what: 'filter' }>,
  sight: Sight,
  frame: RunFrame | undefined,
): Promise<KnownNames> {
  const { store } = sight
  if (kind === 'runs') {
    const runs = (experiments.length > 0 || !frame) && store ? await newest(store, experiments) : frame
    return runs ? knownNames(runs) : {}
  }
  const named: Readonly<Partial<Record<SearchKind, () => Promise<string[]>>>> = {
    experiments: async () => (store ? experimentNames(store) : []),
    registeredModels: () => modelNames(sight),
    modelVersions: () => modelNames(sight),
  }
  const names = (await named[kind]?.()) ?? []
  return { values: ({ entity, key }) => (entity === 'attribute' && key === 'name' ? names : []) }
}

/** The newest runs of the experiments that are named, of all where none is. */
async function newest(store: TrackingStore, experiments: readonly string[]): Promise<RunFrame | undefined> {
  const experimentIds: string[] = []
  if (experiments.length > 0)
    for (const name of experiments) {
      const experiment = await experimentNamed(store, name)
      if (experiment) experimentIds.push(experiment.experimentId)
    }
  else
    for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] })) {
      experimentIds.push(...page.map(({ experimentId }) => experimentId))
      if (experimentIds.length >= mostNames) break
    }
  if (experimentIds.length === 0) return undefined
  for await (const page of store.searchRuns({ experimentIds, maxResults: newestRuns })) return page
  return undefined
}

const experimentNames = (store: TrackingStore): Promise<string[]> =>
  namesOf(store.searchExperiments({ orderBy: ['last_update_time DESC'] }))

async function modelNames(sight: Sight): Promise<string[]> {
  const store = await registryStore(sight)
  return store ? namesOf(store.searchRegisteredModels()) : []
}

async function namesOf(pages: AsyncIterable<readonly { readonly name: string }[]>): Promise<string[]> {
  const names: string[] = []
  for await (const page of pages) {
    names.push(...page.map(({ name }) => name))
    if (names.length >= mostNames) break
  }
  return names
}

/** @param nth in the order in which they are shown */
function itemOf(label: string, kind: 'Value' | 'Field' | 'Operator', nth: number): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, vscode.CompletionItemKind[kind])
  item.detail = 'MLflow'
  item.sortText = String(nth).padStart(5, '0')
  return item
}

const rangeIn = (document: vscode.TextDocument, { start, end }: Place): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end))
