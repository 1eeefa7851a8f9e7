/** Experiments and, below them, runs. */
import type * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Experiment, Run } from '../../shared/model'
import { launchedRuns } from '../projects/launchedRuns'
import type { TrackingStore } from '../stores'
import { Branch, LoadMoreNode, MessageNode, Root, type Options, type Scope, type TreeNode } from './node'
import { presentExperiment, presentGroup, presentRun, type Look, type Presentation } from './presentation'
import { filterExpression, isNewestFirst, orderBy, sortMetric, type RunSort } from './runFilter'
import { ArtifactsNode, runDataGroups } from './runDataNodes'
import {
  changedRuns,
  childRuns,
  isUnderWay,
  nestedRuns,
  topLevelRuns,
  type ListQuery,
  type NestedRuns,
} from './runQueries'
import { take } from './take'
import { experimentTooltip, runTooltip } from './tooltips'

export interface ExperimentScope extends Scope {
  /** As the user typed it; empty for none. */
  readonly filter: string
  readonly sort: RunSort
}

export const lookOf = (scope: Scope, metric?: string): Look => ({
  now: Date.now(),
  web: scope.connection.kind === 'rest',
  metric,
})

/** All experiments of a connection. */
export class ExperimentsRoot extends Root<ExperimentScope> {
  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const store = await this.scope.connection.store({ signal })
    const found = store.searchExperiments({ orderBy: ['creation_time DESC'] }, signal)
    const { items, more } = await take(found, this.limit)
    if (items.length === 0) return [new MessageNode(this, t('No experiments yet.'))]
    const nodes = items.map((experiment) => new ExperimentNode(this.scope, this, experiment))
    return more ? [...nodes, new LoadMoreNode(this, items.length)] : nodes
  }
}

export const experimentKey = (experimentId: string): string => `experiment:${experimentId}`

export class ExperimentNode extends Branch {
  declare readonly scope: ExperimentScope
  #runs: readonly Run[] = []
  #more = false
  #nested: NestedRuns | undefined

  constructor(
    scope: ExperimentScope,
    parent: Branch,
    private experiment: Experiment,
  ) {
    super(scope, parent, experimentKey(experiment.experimentId))
  }

  override present(): Presentation {
    return presentExperiment(this.experiment, lookOf(this.scope))
  }

  override tooltip(): vscode.MarkdownString {
    return experimentTooltip(this.experiment, Date.now())
  }

  override get commandOptions(): Options {
    const { experimentId, name } = this.experiment
    return { connection: this.scope.connection.id, experimentId, name }
  }

  override adopt(newer: ExperimentNode): void {
    this.experiment = newer.experiment
  }

  get #query(): ListQuery {
    return {
      experimentId: this.experiment.experimentId,
      filter: filterExpression(this.scope.filter),
      orderBy: orderBy(this.scope.sort),
      limit: this.limit,
    }
  }

  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const store = await this.scope.connection.store({ signal })
    const { runs, more } = await topLevelRuns(store, this.#query, signal)
    this.#runs = runs
    this.#more = more
    if (this.scope.filter === '') void this.#lookAtNested(store, signal)
    return this.#rows()
  }

  /** A server is asked for what may have changed only; a database is read again, which is as quick. */
  protected override async poll(signal: AbortSignal): Promise<readonly TreeNode[]> {
    if (this.scope.connection.kind !== 'rest' || !isNewestFirst(this.scope.sort)) return this.load(signal)
    const store = await this.scope.connection.store({ signal })
    const changed = await changedRuns(store, this.#runs, this.#query, signal)
    if (!changed) return this.load(signal)
    const merged = new Map([...this.#runs, ...changed].map((run) => [run.info.runId, run]))
    const newestFirst = [...merged.values()].sort((a, b) => (b.info.startTime ?? 0) - (a.info.startTime ?? 0))
    this.#runs = newestFirst.slice(0, this.limit)
    this.#more ||= newestFirst.length > this.limit
    return this.#rows()
  }

  #rows(): TreeNode[] {
    const nodes: TreeNode[] = this.#runs.map((run) => new RunNode(this.scope, this, run, this.#childrenOf(run)))
    if (this.#more) nodes.push(new LoadMoreNode(this, this.#runs.length))
    if (this.#nested && (this.#nested.strays.length > 0 || this.#nested.more))
      nodes.push(new StraysNode(this, this.experiment.experimentId))
    if (nodes.length > 0) return nodes
    return [new MessageNode(this, this.scope.filter === '' ? t('No runs yet.') : t('No run matches the filter.'))]
  }

  #childrenOf({ info }: Run): string | undefined {
    const count = this.#nested?.counts.get(info.runId)
    return count === undefined ? undefined : `${formatCount(count)}${this.#nested?.more ? '+' : ''}`
  }

  /** Goes on after the rows are there, since a server takes its time. */
  async #lookAtNested(store: TrackingStore, signal: AbortSignal): Promise<void> {
    const query = { experimentId: this.experiment.experimentId, limit: nestedToLookAt(this.scope, this.limit) }
    try {
      const nested = await nestedRuns(store, query, signal)
      if (signal.aborted) return
      this.#nested = nested
      this.show(this.#rows())
    } catch (error) {
      if (!signal.aborted) this.scope.report(`${this.experiment.name}: nested runs`, error)
    }
  }
}

/** A database tells of thousands at once; a server is slow with each. */
const nestedToLookAt = (scope: Scope, limit: number): number => limit * (scope.connection.kind === 'rest' ? 3 : 50)

/** Nested runs whose parent is not here: deleted, or in another experiment. */
class StraysNode extends Branch {
  declare readonly scope: ExperimentScope

  constructor(
    override readonly parent: ExperimentNode,
    private readonly experimentId: string,
  ) {
    super(parent.scope, parent, 'strays')
  }

  override present(): Presentation {
    return presentGroup(t('Nested runs without their parent'), 'question', undefined)
  }

  override tooltip(): string {
    return t('Runs with a parent that is deleted or in another experiment.')
  }

  override adopt(): void {
    // says the same always
  }

  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const store = await this.scope.connection.store({ signal })
    const query = { experimentId: this.experimentId, limit: nestedToLookAt(this.scope, this.limit) }
    const { strays, more, looked } = await nestedRuns(store, query, signal)
    const nodes: TreeNode[] = strays.map((run) => new RunNode(this.scope, this, run))
    if (nodes.length === 0) nodes.push(new MessageNode(this, t('None among the first {0} nested runs.', looked)))
    return more ? [...nodes, new LoadMoreNode(this, looked)] : nodes
  }
}

export class RunNode extends Branch {
  declare readonly scope: ExperimentScope

  constructor(
    scope: ExperimentScope,
    parent: Branch,
    private data: Run,
    /** How many runs are nested in it, where that is known. */
    private nested?: string,
  ) {
    super(scope, parent, `run:${data.info.runId}`)
  }

  get run(): Run {
    return this.data
  }

  override present(): Presentation {
    const looks = presentRun(this.data, { ...lookOf(this.scope, sortMetric(this.scope.sort)), nested: this.nested })
    return launchedRuns.has(this.data.info.runId) ? { ...looks, context: `${looks.context ?? ''} launched` } : looks
  }

  override tooltip(): vscode.MarkdownString {
    return runTooltip(this.data, Date.now())
  }

  override get command(): string {
    return 'mlflow.openRun'
  }

  override get commandOptions(): Options {
    const { runId, experimentId, runName } = this.data.info
    return { connection: this.scope.connection.id, runId, experimentId, name: runName }
  }

  override adopt(newer: RunNode): void {
    this.data = newer.data
    this.nested = newer.nested
  }

  /** What the run holds, then the runs nested in it. */
  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const { runId, experimentId } = this.data.info
    const store = await this.scope.connection.store({ signal })
    const query = { experimentId, orderBy: orderBy(this.scope.sort), limit: this.limit }
    const { runs, more } = await childRuns(store, runId, query, signal)
    const nodes: TreeNode[] = [...runDataGroups(this, this.data), new ArtifactsNode(this, this.data)]
    for (const run of runs) nodes.push(new RunNode(this.scope, this, run))
    if (more) nodes.push(new LoadMoreNode(this, runs.length))
    return nodes
  }
}

/** True where a run on screen is under way. */
export function hasRunUnderWay(node: Branch): boolean {
  return node.branches.some(
    (child) => (child instanceof RunNode && isUnderWay(child.run)) || (child.expanded && hasRunUnderWay(child)),
  )
}
