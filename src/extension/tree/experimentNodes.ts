/** Experiments and, below them, runs. */
import type * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Experiment, Run } from '../../shared/model'
import { launchedRuns } from '../projects/launchedRuns'
import { runMarks } from '../runMarks'
import type { Permission } from '../stores/rights'
import { Branch, LoadMoreNode, MessageNode, Root, type Options, type Scope, type TreeNode } from './node'
import { presentExperiment, presentGroup, presentRun, withPending, type Look, type Presentation } from './presentation'
import { knownPermission } from './knownPermission'
import { filterExpression, orderBy, sortMetric, type RunSort } from './runFilter'
import { ArtifactsNode, runDataGroups } from './runDataNodes'
import { RunLists, type ShownRuns } from './runLists'
import type { NestedRuns } from './runQueries'
import { take } from './take'
import { experimentTooltip, runTooltip } from './tooltips'

export interface ExperimentScope extends Scope {
  /** As the user typed it; empty for none. */
  readonly filter: string
  readonly sort: RunSort
}

export const lookOf = (scope: Scope, sort?: RunSort): Look => ({
  now: Date.now(),
  web: scope.connection.kind === 'rest',
  metric: sort && sortMetric(sort),
  duration: sort?.by === 'duration',
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
  #lists: RunLists | undefined
  #shown: readonly Run[] | undefined
  #nested: NestedRuns | undefined
  /** A look at the nested runs that is under way. */
  #looking: AbortController | undefined

  constructor(
    scope: ExperimentScope,
    parent: Branch,
    private experiment: Experiment,
  ) {
    super(scope, parent, experimentKey(experiment.experimentId))
  }

  override present(): Presentation {
    const looks = presentExperiment(this.experiment, { ...lookOf(this.scope), permission: this.permission })
    return withPending(looks, this.pending)
  }

  get permission(): Permission | undefined {
    return knownPermission(this, { kind: 'experiment', experimentId: this.experiment.experimentId })
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

  /** True where a look is still to come that shows what polls don't. */
  get isOwed(): boolean {
    return this.#lists?.isOwed ?? false
  }

  /** The lists of the experiment's runs, on the store that is open now. */
  async lists(signal: AbortSignal): Promise<RunLists> {
    const store = await this.scope.connection.store({ signal })
    if (this.#lists && this.#lists.store !== store) this.release()
    const { filter, sort } = this.scope
    return (this.#lists ??= new RunLists(store, {
      experimentId: this.experiment.experimentId,
      filter: filterExpression(filter),
      orderBy: orderBy(sort),
    }))
  }

  /** A look at the nested runs. */
  async nested(limit: number, signal: AbortSignal): Promise<NestedRuns | undefined> {
    return (await this.lists(signal)).nested(limit, signal)
  }

  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const lists = await this.lists(signal)
    await lists.load(this.limit, signal)
    this.#lookAtNested()
    return this.#rows(lists)
  }

  protected override async poll(signal: AbortSignal): Promise<readonly TreeNode[] | undefined> {
    const lists = await this.lists(signal)
    if (!lists.top) return this.load(signal)
    await lists.poll(signal)
    this.#lookAtNested()
    return lists.top.runs === this.#shown ? undefined : this.#rows(lists)
  }

  protected override release(): void {
    this.#looking?.abort()
    this.#looking = undefined
    this.#lists?.[Symbol.dispose]()
    this.#lists = undefined
    this.#nested = undefined
  }

  override pause(): void {
    super.pause()
    this.#looking?.abort()
    this.#looking = undefined
  }

  #rows({ top }: RunLists): TreeNode[] {
    const { runs, more } = top ?? { runs: [], more: false }
    this.#shown = runs
    const nodes: TreeNode[] = runNodes(this, runs, (run) => this.#childrenOf(run))
    if (more) nodes.push(new LoadMoreNode(this, runs.length))
    if (this.#nested && (this.#nested.strays.length > 0 || this.#nested.more)) nodes.push(new StraysNode(this))
    if (nodes.length > 0) return nodes
    return [new MessageNode(this, this.scope.filter === '' ? t('No runs yet.') : t('No run matches the filter.'))]
  }

  #childrenOf({ info }: Run): string | undefined {
    const count = this.#nested?.counts.get(info.runId)
    return count === undefined ? undefined : `${formatCount(count)}${this.#nested?.more ? '+' : ''}`
  }

  /** Goes on after the rows are there, since a server takes its time. */
  #lookAtNested(): void {
    if (this.#looking) return
    const looking = (this.#looking = new AbortController())
    const { signal } = looking
    const look = async (): Promise<void> => {
      const nested = await this.nested(nestedToLookAt(this.scope, this.limit), signal)
      if (signal.aborted || nested === this.#nested || !this.#lists) return
      this.#nested = nested
      this.show(this.#rows(this.#lists))
    }
    look()
      .catch((error: unknown) => {
        if (!signal.aborted) this.scope.report(`${this.experiment.name}: nested runs`, error)
      })
      .finally(() => {
        if (this.#looking === looking) this.#looking = undefined
      })
  }
}

/** A database tells of thousands at once; a server is slow with each. */
const nestedToLookAt = (scope: Scope, limit: number): number => limit * (scope.connection.kind === 'rest' ? 3 : 50)

/** A row for each run; the one that is there already where it would look the same. */
function runNodes(
  parent: Branch & { readonly scope: ExperimentScope },
  runs: readonly Run[],
  nestedIn: (run: Run) => string | undefined = () => undefined,
): TreeNode[] {
  const shown = new Map<Run, RunNode>()
  for (const node of parent.loaded) if (node instanceof RunNode) shown.set(node.run, node)
  return runs.map((run) => {
    const nested = nestedIn(run)
    const node = shown.get(run)
    return node && node.nested === nested ? node : new RunNode(parent.scope, parent, run, nested)
  })
}

/** Nested runs whose parent is not here: deleted, or in another experiment. */
class StraysNode extends Branch {
  declare readonly scope: ExperimentScope
  #shown: NestedRuns | undefined

  constructor(override readonly parent: ExperimentNode) {
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
    return this.#rows(await this.#look(signal))
  }

  /** The experiment has asked for what is new already. */
  protected override async poll(signal: AbortSignal): Promise<readonly TreeNode[] | undefined> {
    const nested = await this.#look(signal)
    return nested === this.#shown ? undefined : this.#rows(nested)
  }

  #look(signal: AbortSignal): Promise<NestedRuns | undefined> {
    return this.parent.nested(nestedToLookAt(this.scope, this.limit), signal)
  }

  #rows(nested: NestedRuns | undefined): TreeNode[] {
    this.#shown = nested
    const { strays, more, looked } = nested ?? { strays: [], more: false, looked: 0 }
    const nodes = runNodes(this, strays)
    if (nodes.length === 0) nodes.push(new MessageNode(this, t('None among the first {0} nested runs.', looked)))
    return more ? [...nodes, new LoadMoreNode(this, looked)] : nodes
  }
}

export class RunNode extends Branch {
  declare readonly scope: ExperimentScope
  #children: { readonly lists: RunLists; readonly list: ShownRuns } | undefined
  #shown: { readonly runs: readonly Run[]; readonly data: Run } | undefined

  constructor(
    scope: ExperimentScope,
    parent: Branch,
    private data: Run,
    /** How many runs are nested in it, where that is known. */
    public nested?: string,
  ) {
    super(scope, parent, `run:${data.info.runId}`)
  }

  get run(): Run {
    return this.data
  }

  override present(): Presentation {
    const { permission } = this.#experiment
    const mark = runMarks.of(this.data.info.runId)
    const look = { ...lookOf(this.scope, this.scope.sort), nested: this.nested, permission, mark }
    const looks = withPending(presentRun(this.data, look), this.pending)
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
    const lists = await this.#experiment.lists(signal)
    if (this.#children && this.#children.lists !== lists) this.release()
    if (this.#children) await lists.again(this.#children.list, this.limit, signal)
    else this.#children = { lists, list: await lists.children(this.data.info.runId, this.limit, signal) }
    return this.#rows(this.#children.list)
  }

  /** The experiment has asked for what is new already. */
  protected override async poll(signal: AbortSignal): Promise<readonly TreeNode[] | undefined> {
    const lists = await this.#experiment.lists(signal)
    if (this.#children?.lists !== lists) return this.load(signal)
    const { runs } = this.#children.list
    return runs === this.#shown?.runs && this.data === this.#shown.data ? undefined : this.#rows(this.#children.list)
  }

  protected override release(): void {
    this.#children?.lists.drop(this.#children.list)
    this.#children = undefined
    this.#shown = undefined
  }

  #rows({ runs, more }: ShownRuns): TreeNode[] {
    this.#shown = { runs, data: this.data }
    const nodes: TreeNode[] = [
      ...runDataGroups(this, this.data, this.#experiment.permission),
      new ArtifactsNode(this, this.data),
    ]
    nodes.push(...runNodes(this, runs))
    return more ? [...nodes, new LoadMoreNode(this, runs.length)] : nodes
  }

  /** Its lists are what all runs of the experiment are kept fresh by. */
  get #experiment(): ExperimentNode {
    let node: Branch | undefined = this.parent
    while (node && !(node instanceof ExperimentNode)) node = node.parent
    if (!node) throw new Error(`${this.id} stands below no experiment`)
    return node
  }
}

/** True where a run's edits may have escaped the polls: a thorough look is to come. */
export const owesLook = (root: Branch): boolean =>
  root.branches.some((child) => child instanceof ExperimentNode && child.isOwed)
