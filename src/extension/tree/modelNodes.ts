/** Registered models and their versions. */
import type * as vscode from 'vscode'
import { equals } from '../../shared/filter/quote'
import { t } from '../../shared/l10n'
import type { ModelVersion, RegisteredModel } from '../../shared/model'
import { StoreError } from '../stores'
import { allows, type Permission } from '../stores/rights'
import { Branch, LoadMoreNode, Root, type Options, type Scope, type TreeNode } from './node'
import { presentModel, presentRun, presentVersion, withPending, type Presentation } from './presentation'
import { lookOf } from './experimentNodes'
import { LeafNode, tagsNode } from './runDataNodes'
import { knownPermission } from './knownPermission'
import { take } from './take'
import { oneLine } from './text'
import { modelTooltip, runTooltip, textTooltip, versionTooltip } from './tooltips'

/** All registered models of a connection. */
export class ModelsRoot extends Root {
  /** None: the view's welcome says so. */
  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const store = await this.scope.connection.store({ signal })
    const { items, more } = await take(store.searchRegisteredModels({}, signal), this.limit)
    const nodes = items.map((model) => new ModelNode(this.scope, this, model))
    return more ? [...nodes, new LoadMoreNode(this, items.length)] : nodes
  }
}

class ModelNode extends Branch {
  constructor(
    scope: Scope,
    parent: Branch,
    private model: RegisteredModel,
  ) {
    super(scope, parent, `model:${model.name}`)
  }

  override present(): Presentation {
    return withPending(presentModel(this.model, { ...lookOf(this.scope), permission: this.permission }), this.pending)
  }

  get permission(): Permission | undefined {
    return knownPermission(this, { kind: 'model', name: this.model.name })
  }

  override tooltip(): vscode.MarkdownString {
    return modelTooltip(this.model, Date.now())
  }

  override get commandOptions(): Options {
    return { connection: this.scope.connection.id, name: this.model.name }
  }

  override adopt(newer: ModelNode): void {
    this.model = newer.model
  }

  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const { name } = this.model
    const store = await this.scope.connection.store({ signal })
    const { items, more } = await take(store.searchModelVersions({ filter: equals('name', name) }, signal), this.limit)
    const nodes: TreeNode[] = items
      .filter((version) => version.name === name) // a name in both kinds of quotes can only be searched by a pattern
      .map((version) => new VersionNode(this, version, this.#aliasesOf(version)))
    return more ? [...nodes, new LoadMoreNode(this, items.length)] : nodes
  }

  #aliasesOf({ version, aliases }: ModelVersion): string[] {
    const ofModel = [...this.model.aliases].filter(([, target]) => target === version).map(([alias]) => alias)
    return [...new Set([...ofModel, ...aliases])].sort()
  }
}

class VersionNode extends Branch {
  constructor(
    override readonly parent: ModelNode,
    private version: ModelVersion,
    private aliases: readonly string[],
  ) {
    super(parent.scope, parent, `version:${version.version}`)
  }

  override present(): Presentation {
    const look = { ...lookOf(this.scope), permission: this.parent.permission }
    return withPending(presentVersion(this.version, this.aliases, look), this.pending)
  }

  override tooltip(): vscode.MarkdownString {
    return versionTooltip(this.version, this.aliases, Date.now())
  }

  override get commandOptions(): Options {
    const { name, version, runId } = this.version
    return { connection: this.scope.connection.id, name, version, ...(runId !== '' && { sourceRunId: runId }) }
  }

  override adopt(newer: VersionNode): void {
    this.version = newer.version
    this.aliases = newer.aliases
  }

  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const { name, version, runId, description, tags, statusMessage } = this.version
    const nodes: TreeNode[] = []
    if (statusMessage !== '') nodes.push(textRow(this, 'status', 'info', t('Status'), statusMessage))
    if (description !== '') nodes.push(textRow(this, 'description', 'note', t('Description'), description))
    if (runId !== '') nodes.push(await this.#sourceRun(runId, signal))
    if (tags.size > 0) nodes.push(tagsNode(this, tags, { name, version }, allows(this.parent.permission, 'MANAGE')))
    if (nodes.length === 0) nodes.push(textRow(this, 'source', 'link', t('Source'), this.version.source))
    return nodes
  }

  async #sourceRun(runId: string, signal: AbortSignal): Promise<TreeNode> {
    const store = await this.scope.connection.store({ signal })
    try {
      const run = await store.getRun(runId, signal)
      const looks = presentRun(run, lookOf(this.scope))
      return new LeafNode(this, 'run', {
        presentation: { ...looks, spoken: t('source run {0}', looks.label), description: t('source run') },
        options: { runId, experimentId: run.info.experimentId, name: run.info.runName },
        command: 'mlflow.openRun',
        tooltip: () => runTooltip(run, Date.now()),
      })
    } catch (error) {
      if (!StoreError.is(error, 'notFound')) throw error
      return textRow(this, 'run', 'question', t('Source run'), t('{0} is not in this store', runId))
    }
  }
}

const textRow = (parent: Branch, key: string, icon: string, label: string, text: string): TreeNode =>
  new LeafNode(parent, key, {
    presentation: { label, description: oneLine(text), icon: { id: icon }, spoken: `${label}: ${oneLine(text)}` },
    options: { value: text },
    tooltip: () => textTooltip(label, text),
  })
