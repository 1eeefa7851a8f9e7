/** What a run holds: parameters, metrics, tags and artifacts. */
import * as vscode from 'vscode'
import { formatExact } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { FileInfo, Metric, Run } from '../../shared/model'
import { artifactUri } from '../artifactFiles/uri'
import { allows, type Permission } from '../stores/rights'
import { Branch, firstOf, MessageNode, TreeNode, type Options } from './node'
import {
  presentArtifact,
  presentGroup,
  presentMetric,
  presentParam,
  presentTag,
  type Presentation,
} from './presentation'
import { metricTooltip, textTooltip } from './tooltips'

type Entry = readonly [key: string, value: string]

/** Groups of a run's data, each with its count. */
export function runDataGroups(parent: Branch, run: Run, permission: Permission | undefined): TreeNode[] {
  const { runId } = run.info
  return [
    new GroupNode(parent, 'params', t('Parameters'), 'symbol-parameter', sorted(run.params), paramNode(runId)),
    new GroupNode(parent, 'metrics', t('Metrics'), 'graph-line', sorted(run.metrics), metricNode(runId)),
    tagsNode(parent, run.tags, { runId }, allows(permission, 'EDIT')),
  ]
}

/**
 * The user's own tags first, MLflow's after them.
 *
 * @param owner what names what they are of
 */
export function tagsNode(
  parent: Branch,
  tags: ReadonlyMap<string, string>,
  owner: Options,
  mayRemove: boolean,
): TreeNode {
  const isMlflows = ([key]: Entry): number => (key.startsWith('mlflow.') ? 1 : 0)
  const entries = sorted(tags).sort((a, b) => isMlflows(a) - isMlflows(b))
  return new GroupNode(
    parent,
    'tags',
    t('Tags'),
    'tag',
    entries,
    ([key, value], group) =>
      new LeafNode(group, `tag:${key}`, {
        presentation: presentTag(key, value, mayRemove),
        options: { ...owner, key, value },
        tooltip: () => textTooltip(key, value),
      }),
  )
}

const paramNode =
  (runId: string) =>
  ([key, value]: Entry, group: Branch): TreeNode =>
    new LeafNode(group, `param:${key}`, {
      presentation: presentParam(key, value),
      options: { runId, key, value },
      tooltip: () => textTooltip(key, value),
    })

const metricNode =
  (runId: string) =>
  ([key, metric]: readonly [string, Metric], group: Branch): TreeNode =>
    new LeafNode(group, `metric:${key}`, {
      presentation: presentMetric(key, metric),
      options: { runId, key, value: formatExact(metric.value) },
      tooltip: () => metricTooltip(key, metric, Date.now()),
    })

const sorted = <T>(entries: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...entries].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }))

/** A list that is all there. */
class GroupNode<T> extends Branch {
  constructor(
    override readonly parent: Branch,
    key: string,
    private readonly label: string,
    private readonly icon: string,
    private entries: readonly T[],
    private readonly make: (entry: T, group: Branch) => TreeNode,
  ) {
    super(parent.scope, parent, key)
  }

  override present(): Presentation {
    return presentGroup(this.label, this.icon, this.entries.length)
  }

  override get collapsibleState(): vscode.TreeItemCollapsibleState {
    return this.entries.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None
  }

  override adopt(newer: GroupNode<T>): void {
    this.entries = newer.entries
  }

  protected override load(): Promise<readonly TreeNode[]> {
    return Promise.resolve(firstOf(this, this.entries, this.limit, (entry) => this.make(entry, this)))
  }
}

interface Leaf {
  readonly presentation: Presentation
  readonly options: Options
  readonly command?: string
  readonly tooltip?: () => vscode.MarkdownString | string | undefined
}

/** A row without children. */
export class LeafNode extends TreeNode {
  constructor(
    override readonly parent: Branch,
    key: string,
    private leaf: Leaf,
  ) {
    super(parent.scope, parent, key)
  }

  override present(): Presentation {
    return this.leaf.presentation
  }

  override get commandOptions(): Options {
    return { connection: this.scope.connection.id, ...this.leaf.options }
  }

  override get command(): string | undefined {
    return this.leaf.command
  }

  override tooltip(): vscode.MarkdownString | string | undefined {
    return this.leaf.tooltip?.()
  }

  override adopt(newer: LeafNode): void {
    this.leaf = newer.leaf
  }
}

/** A run's artifacts, or a folder of them. */
export class ArtifactsNode extends Branch {
  #count: number | undefined

  constructor(
    override readonly parent: Branch,
    private readonly run: Run,
    private folder?: FileInfo,
  ) {
    super(parent.scope, parent, folder ? `artifact:${folder.path}` : 'artifacts')
  }

  override present(): Presentation {
    return this.folder ? presentArtifact(this.folder) : presentGroup(t('Artifacts'), 'files', this.#count)
  }

  override get commandOptions(): Options {
    return artifactOptions(this.scope.connection.id, this.run, this.folder)
  }

  override adopt(newer: ArtifactsNode): void {
    this.folder = newer.folder
  }

  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const { runId } = this.run.info
    const store = await this.scope.connection.store({ signal })
    const files = await store.listArtifacts(runId, this.folder?.path, signal)
    if (this.#count !== files.length) {
      this.#count = files.length
      this.scope.redraw(this)
    }
    if (files.length === 0) return [new MessageNode(this, t('No artifacts.'))]
    return firstOf(this, files, this.limit, (file) =>
      file.isDir ? new ArtifactsNode(this, this.run, file) : new ArtifactNode(this, this.run, file),
    )
  }
}

class ArtifactNode extends TreeNode {
  constructor(
    override readonly parent: Branch,
    private readonly run: Run,
    private file: FileInfo,
  ) {
    super(parent.scope, parent, `artifact:${file.path}`)
  }

  override present(): Presentation {
    return presentArtifact(this.file)
  }

  /** Gives the row the icon of its file type. */
  override get resource(): vscode.Uri {
    return artifactUri(this.scope.connection.id, this.run.info.runId, this.file.path)
  }

  override tooltip(): vscode.MarkdownString {
    return textTooltip(this.file.path, this.present().description ?? '')
  }

  override get command(): string {
    return 'mlflow.openArtifact'
  }

  override get commandOptions(): Options {
    return artifactOptions(this.scope.connection.id, this.run, this.file)
  }

  override adopt(newer: ArtifactNode): void {
    this.file = newer.file
  }
}

const artifactOptions = (connection: string, { info }: Run, file: FileInfo | undefined): Options => ({
  connection,
  runId: info.runId,
  experimentId: info.experimentId,
  path: file?.path ?? '',
  ...(file?.modelId !== undefined && { modelId: file.modelId }),
})
