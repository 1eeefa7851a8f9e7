/** Filter and order of the runs in the Experiments view, kept for the workspace. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import type { Entity, KnownNames } from '../../shared/filter'
import { t } from '../../shared/l10n'
import type { Run } from '../../shared/model'
import { connectionOption, defineCommand, messageOf, type CommandDefinition } from '../commands'
import type { ConnectionList } from '../connections'
import type { Log } from '../log'
import { askChoice, WentBack } from '../ui/prompts'
import { RunNode } from './experimentNodes'
import type { Branch } from './node'
import { askFilter } from './filterInput'
import {
  filterExpression,
  isOurWord,
  newestFirst,
  oursIn,
  problemOfFilter,
  sortMetric,
  type RunSort,
} from './runFilter'

const filterKey = 'mlflow.runFilter'
const sortKey = 'mlflow.runSort'

const sortSchema = v.object({ by: v.string(), ascending: v.boolean() })

/** How runs are listed. */
export class RunListing {
  #filter: string
  #sort: RunSort

  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: Log,
    /** Told of another filter or order. */
    private readonly changed: () => void,
  ) {
    const filter = memory.get<unknown>(filterKey)
    this.#filter = typeof filter === 'string' && problemOfFilter(filter) === undefined ? filter : ''
    const sort = v.safeParse(sortSchema, memory.get(sortKey))
    this.#sort = sort.success ? sort.output : newestFirst
    this.#setContext()
  }

  /** As typed; empty for none. */
  get filter(): string {
    return this.#filter
  }

  get sort(): RunSort {
    return this.#sort
  }

  async setFilter(filter: string): Promise<void> {
    this.#filter = filter
    this.#setContext()
    this.changed()
    await this.memory.update(filterKey, filter)
  }

  async setSort(sort: RunSort): Promise<void> {
    this.#sort = sort
    this.changed()
    await this.memory.update(sortKey, sort)
  }

  #setContext(): void {
    vscode.commands
      .executeCommand('setContext', 'mlflow.filtered', this.#filter !== '')
      .then(undefined, (error: unknown) => this.log.warn(messageOf(error)))
  }
}

export function runListCommands(
  listing: RunListing,
  connections: ConnectionList,
  root: () => Branch | undefined,
): CommandDefinition[] {
  return [
    defineCommand('mlflow.filterRuns', v.object({ filter: v.optional(v.string()) }), async ({ filter: given }) => {
      const filter = (given ?? (await askFilter(listing.filter, knownOf(root())))).trim()
      const problem = problemOfFilter(filter)
      if (problem !== undefined) throw new Error(problem)
      await listing.setFilter(filter)
      return { filter, expression: filterExpression(filter) ?? null, lensOnly: oursIn(filter) }
    }),
    defineCommand('mlflow.clearFilter', v.object({}), async () => {
      await listing.setFilter('')
      return null
    }),
    defineCommand(
      'mlflow.sortRuns',
      v.object({ ...connectionOption, by: v.optional(v.string()), ascending: v.optional(v.boolean()) }),
      async (given) => {
        const sort = await completeSort(given, () => metricKeys(connections, root()))
        await listing.setSort(sort)
        return { by: sort.by, ascending: sort.ascending }
      },
    ),
  ]
}

async function completeSort(
  given: { readonly by?: string | undefined; readonly ascending?: boolean | undefined },
  keys: () => Promise<readonly MetricUse[]>,
): Promise<RunSort> {
  for (;;) {
    const by = given.by ?? (await askKey(await keys()))
    if (given.ascending !== undefined) return { by, ascending: given.ascending }
    if (by === 'time' || by === 'name') return { by, ascending: by === 'name' }
    try {
      return { by, ascending: await askDirection(by, given.by === undefined) }
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
    }
  }
}

async function askKey(metrics: readonly MetricUse[]): Promise<string> {
  const choice = await askChoice<vscode.QuickPickItem & { by: string }>({
    title: t('Sort Runs'),
    step: 1,
    totalSteps: 2,
    placeholder: metrics.length === 0 ? t('Sort by') : t('Sort by start time, name, duration, or a metric'),
    items: [
      { label: t('Start time'), description: t('newest first'), iconPath: new vscode.ThemeIcon('clock'), by: 'time' },
      { label: t('Name'), iconPath: new vscode.ThemeIcon('symbol-string'), by: 'name' },
      { label: t('Duration'), iconPath: new vscode.ThemeIcon('watch'), by: 'duration' },
      { label: t('Metrics'), kind: vscode.QuickPickItemKind.Separator, by: '' },
      ...metrics.map(({ key, runs }) => ({
        label: key,
        description: runs === 1 ? t('1 run') : t('{0} runs', formatCount(runs)),
        iconPath: new vscode.ThemeIcon('graph-line'),
        by: isOurWord(key) ? `metrics.${key}` : key,
      })),
    ],
  })
  return choice.by
}

async function askDirection(by: string, back: boolean): Promise<boolean> {
  const choice = await askChoice({
    title:
      by === 'duration' ? t('Sort Runs by Duration') : t('Sort Runs by {0}', sortMetric({ by, ascending: true }) ?? by),
    step: 2,
    totalSteps: 2,
    back,
    placeholder: t('Which values first?'),
    items:
      by === 'duration'
        ? [
            { label: t('Shortest first'), ascending: true },
            { label: t('Longest first'), ascending: false },
          ]
        : [
            { label: t('Smallest first'), ascending: true },
            { label: t('Largest first'), ascending: false },
          ],
  })
  return choice.ascending
}

interface MetricUse {
  readonly key: string
  /** How many of the runs that were looked at have it. */
  readonly runs: number
}

/** Runs to look at where none are on screen. */
const sample = 200

/** Metrics of the runs on screen, else of some recent ones; the most frequent first. */
async function metricKeys(connections: ConnectionList, root: Branch | undefined): Promise<MetricUse[]> {
  const uses = new Map<string, number>()
  const count = (keys: Iterable<string>): void => {
    for (const key of keys) uses.set(key, (uses.get(key) ?? 0) + 1)
  }
  for (const node of root ? runNodes(root) : []) count(node.run.metrics.keys())
  if (uses.size === 0) {
    const store = await connections.get().store({ interactive: true })
    const experimentIds: string[] = []
    for await (const page of store.searchExperiments())
      experimentIds.push(...page.map(({ experimentId }) => experimentId))
    for await (const frame of store.searchRuns({ experimentIds, maxResults: sample }))
      for (let row = 0; row < frame.length; row++) count(frame.run(row).metrics.keys())
  }
  return [...uses].map(([key, runs]) => ({ key, runs })).sort((a, b) => b.runs - a.runs || a.key.localeCompare(b.key))
}

/** Keys and values of the runs on screen. */
function knownOf(root: Branch | undefined): KnownNames {
  const runs = root ? runNodes(root).map(({ run }) => run) : []
  const keysOf = (keys: (run: Run) => Iterable<string>): string[] => byUse(runs.flatMap((run) => [...keys(run)]))
  return {
    keys: {
      metric: keysOf((run) => run.metrics.keys()),
      param: keysOf((run) => run.params.keys()),
      tag: keysOf((run) => run.tags.keys()),
    },
    values: ({ entity, key }) => byUse(runs.flatMap((run) => valueOf(run, entity, key) ?? [])),
  }
}

function valueOf({ info, params, tags, datasets }: Run, entity: Entity, key: string): string | string[] | undefined {
  if (entity === 'param') return params.get(key)
  if (entity === 'tag') return tags.get(key)
  if (entity === 'dataset' && key === 'name') return datasets.map(({ dataset }) => dataset.name)
  if (entity === 'dataset' && key === 'digest') return datasets.map(({ dataset }) => dataset.digest)
  if (entity !== 'attribute') return undefined
  return { run_name: info.runName, user_id: info.userId, run_id: info.runId, artifact_uri: info.artifactUri }[key]
}

/** Distinct, the most frequent first. */
function byUse(texts: readonly string[]): string[] {
  const uses = new Map<string, number>()
  for (const text of texts) uses.set(text, (uses.get(text) ?? 0) + 1)
  return [...uses]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b, undefined, { numeric: true }))
    .map(([text]) => text)
}

function runNodes(branch: Branch): RunNode[] {
  return branch.branches.flatMap((child) => [...(child instanceof RunNode ? [child] : []), ...runNodes(child)])
}
