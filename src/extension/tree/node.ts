/**
 * A tree's rows as objects. A node owns its children. A refresh makes new nodes and hands their data to the old ones of the same
 * id, so that expansion and selection stay and only what changed is drawn again.
 */
import * as vscode from 'vscode'
import type { HasCommandOptions } from '../commands'
import type { StoreConnection } from '../connections'
import type { Edit } from '../editing/edits'
import { pendingEdits } from '../editing/pendingEdits'
import { Pace } from '../live'
import { StoreError } from '../stores'
import { t } from '../../shared/l10n'
import { presentError, presentLoadMore, presentMessage, presentWaiting, type Presentation } from './presentation'

/** What all nodes of one view share. */
export interface Scope {
  readonly view: string
  readonly connection: StoreConnection
  readonly pageSize: () => number
  /** Draws a node again; with its children, if they changed. */
  readonly redraw: (node: TreeNode) => void
  readonly report: (message: string, error: unknown) => void
}

export type Options = Readonly<Record<string, unknown>>

export abstract class TreeNode implements HasCommandOptions {
  /** @param key unique among its siblings, and the same after a refresh */
  constructor(
    readonly scope: Scope,
    readonly parent: Branch | undefined,
    readonly key: string,
  ) {}

  get id(): string {
    return this.parent ? `${this.parent.id}/${this.key}` : this.key
  }

  abstract present(): Presentation

  /** What menus pass to commands. */
  get commandOptions(): Options {
    return {}
  }

  /** What a click does. */
  get command(): string | undefined {
    return undefined
  }

  get resource(): vscode.Uri | undefined {
    return undefined
  }

  /** Made when the pointer rests on the row. */
  tooltip(): vscode.MarkdownString | string | undefined {
    return undefined
  }

  /** The edit of it that is on its way. */
  protected get pending(): Edit | undefined {
    return pendingEdits.of(this.scope.connection.id, this.commandOptions)
  }

  /** How it was last drawn, to know whether it has to be drawn again. */
  drawn: string | undefined

  looks(): string {
    return JSON.stringify([this.present(), this.collapsibleState])
  }

  /** Takes over the data of a newer node of the same id. */
  abstract adopt(newer: TreeNode): void

  get collapsibleState(): vscode.TreeItemCollapsibleState {
    return vscode.TreeItemCollapsibleState.None
  }
}

export interface Failure {
  readonly error: Error
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A node with children, which are loaded when it is first expanded. */
export abstract class Branch extends TreeNode {
  #children: readonly TreeNode[] | undefined
  #loading: Promise<readonly TreeNode[]> | undefined
  #abort: AbortController | undefined
  #failure: Failure | undefined
  #expanded = false
  readonly #pace = new Pace(0)
  /** So many rows are shown; "load more" raises it. */
  #limit: number | undefined

  protected abstract load(signal: AbortSignal): Promise<readonly TreeNode[]>

  protected get limit(): number {
    return (this.#limit ??= this.scope.pageSize())
  }

  /** Those that are there, without loading. */
  get loaded(): readonly TreeNode[] {
    return this.#children ?? []
  }

  /** Why there are no children. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  get branches(): readonly Branch[] {
    return this.loaded.filter((child) => child instanceof Branch)
  }

  get expanded(): boolean {
    return this.#expanded
  }

  override get collapsibleState(): vscode.TreeItemCollapsibleState {
    return vscode.TreeItemCollapsibleState.Collapsed
  }

  /** VS Code asks for the children of expanded rows, and of no others. */
  async children(): Promise<readonly TreeNode[]> {
    this.#expanded = true
    return this.#children ?? (this.#loading ??= this.#firstLoad())
  }

  /** The row was expanded or collapsed on screen. */
  setExpanded(expanded: boolean): void {
    this.#expanded = expanded
    if (expanded && !this.#children && !this.#loading) this.scope.redraw(this) // VS Code shows the children it had
  }

  /** Forgets the children and loads them anew, as after a failure. */
  reload(): void {
    this.#forget()
    this.scope.redraw(this)
  }

  async loadMore(): Promise<void> {
    this.#limit = this.limit + this.scope.pageSize()
    await this.refresh('more')
  }

  /**
   * Loads again what is on screen, here and below. The rows stay as they are until the new ones are there, and where that fails.
   * @param why `poll`: the cheapest way that shows new and running things will do
   */
  async refresh(why: 'poll' | 'asked' | 'more'): Promise<void> {
    if (this.#loading) {
      await this.#loading
      return
    }
    if (!this.#expanded) {
      this.#forget()
      return
    }
    if (this.#failure && this.parent) {
      this.reload() // its own row says what fails now
      return
    }
    this.#abort?.abort()
    this.#abort = new AbortController()
    const { signal } = this.#abort
    try {
      const isPoll = why === 'poll' && !this.#failure
      const fresh = await (isPoll ? this.poll(signal) : this.#pace.time(() => this.load(signal)))
      if (signal.aborted) return
      this.#failure = undefined
      if (fresh) this.#replaceChildren(fresh)
    } catch (error) {
      if (signal.aborted) return // a newer refresh is under way
      if (this.#failure) this.#replaceChildren(this.#failed(error))
      throw error
    }
    if (why !== 'more') await Promise.all(this.branches.map((child) => child.refresh(why)))
  }

  /** Draws again those rows, here and below, that say something else by now, such as "6 min ago". */
  retouch(): void {
    for (const child of this.loaded) {
      if (child.drawn !== undefined && child.looks() !== child.drawn) this.scope.redraw(child)
      if (child instanceof Branch && child.expanded) child.retouch()
    }
  }

  /**
   * Like `load`, but may take a shorter way to the same rows, and gives none where nothing can have changed or it isn't time yet to
   * look again: what takes long is done less often.
   */
  protected async poll(signal: AbortSignal): Promise<readonly TreeNode[] | undefined> {
    return this.#pace.isDue() ? this.#pace.time(() => this.load(signal)) : undefined
  }

  /** Ends what is kept for children that are not shown any more. */
  protected release(): void {
    // most keep nothing
  }

  /** Ends a refresh that is under way here and below, as nobody looks. */
  pause(): void {
    if (!this.#loading) this.#abort?.abort()
    for (const child of this.branches) child.pause()
  }

  /** The row is not shown any more. */
  dispose(): void {
    this.#forget()
  }

  /** Puts rows in the place of the present ones, for a node that found out more later. */
  protected show(children: readonly TreeNode[]): void {
    if (this.#children) this.#replaceChildren(children)
  }

  #forget(): void {
    this.#abort?.abort()
    for (const child of this.branches) child.dispose()
    this.release()
    this.#abort = undefined
    this.#children = undefined
    this.#loading = undefined
    this.#failure = undefined
  }

  #failed(error: unknown): TreeNode[] {
    this.#failure = { error: error instanceof Error ? error : new Error(String(error)), at: Date.now() }
    return rowsOfFailure(this, this.#failure.error)
  }

  async #firstLoad(): Promise<readonly TreeNode[]> {
    const abort = new AbortController()
    this.#abort = abort
    try {
      const children = await this.#pace.time(() => this.load(abort.signal))
      if (!abort.signal.aborted) this.#children = children
      return children
    } catch (error) {
      if (abort.signal.aborted) return []
      this.scope.report(`${this.scope.view}: ${this.present().label}`, error)
      this.#children = this.#failed(error)
      return this.#children
    } finally {
      if (this.#abort === abort) this.#loading = undefined
    }
  }

  #replaceChildren(fresh: readonly TreeNode[]): void {
    const old = this.#children ?? []
    const byKey = new Map(old.map((child) => [child.key, child]))
    const changed: TreeNode[] = []
    this.#children = fresh.map((node) => {
      const existing = byKey.get(node.key)
      if (existing === node || existing?.constructor !== node.constructor) return node
      existing.adopt(node)
      if (existing.looks() !== existing.drawn) changed.push(existing) // also where only "5 min ago" became 6
      return existing
    })
    const kept = new Set(this.#children)
    for (const child of old) if (child instanceof Branch && !kept.has(child)) child.dispose()
    const same = old.length === this.#children.length && old.every((child, i) => child === this.#children?.[i])
    if (!same) this.scope.redraw(this)
    else for (const child of changed) this.scope.redraw(child)
  }
}

/** The top of a view: all of a connection. */
export abstract class Root<S extends Scope = Scope> extends Branch {
  declare readonly scope: S

  constructor(scope: S) {
    super(scope, undefined, scope.connection.id)
  }

  override present(): Presentation {
    return { label: this.scope.connection.name }
  }

  override adopt(): void {
    // there is one root a connection
  }
}

/** The first `limit` rows of a list that is all there, and a way to the others. */
export function firstOf<T>(
  parent: Branch,
  items: readonly T[],
  limit: number,
  make: (item: T) => TreeNode,
): TreeNode[] {
  const nodes = items.slice(0, limit).map(make)
  return items.length > limit ? [...nodes, new LoadMoreNode(parent, limit, items.length)] : nodes
}

export class LoadMoreNode extends TreeNode {
  #busy = false

  constructor(
    override readonly parent: Branch,
    private shown: number,
    private total?: number,
  ) {
    super(parent.scope, parent, 'more')
  }

  override present(): Presentation {
    const looks = presentLoadMore(this.shown, this.total)
    return this.#busy ? { ...looks, label: t('Loading…'), icon: { id: 'loading~spin' } } : looks
  }

  override adopt(newer: LoadMoreNode): void {
    this.shown = newer.shown
    this.total = newer.total
  }

  override get command(): string {
    return 'mlflow.loadMore'
  }

  override get commandOptions(): Options {
    return { view: this.scope.view, node: this.parent.id }
  }

  async run(): Promise<void> {
    this.#busy = true
    this.scope.redraw(this)
    try {
      await this.parent.loadMore()
    } finally {
      this.#busy = false
      this.scope.redraw(this)
    }
  }
}

/** A row that says something, such as why a list is empty, or that does something. */
export class MessageNode extends TreeNode {
  constructor(
    parent: Branch,
    private text: string,
    private look: { readonly icon?: string; readonly spoken?: string } = {},
    private readonly click?: { readonly command: string; readonly options: Options },
  ) {
    super(parent.scope, parent, click ? `message:${click.command}` : 'message')
  }

  override present(): Presentation {
    return presentMessage(this.text, this.look)
  }

  override tooltip(): string {
    return this.text
  }

  override get command(): string | undefined {
    return this.click?.command
  }

  override get commandOptions(): Options {
    return this.click?.options ?? {}
  }

  override adopt(newer: MessageNode): void {
    this.text = newer.text
    this.look = newer.look
  }
}

/** In the place of all rows while a connection takes its time. */
export class WaitingNode extends TreeNode {
  constructor(override readonly parent: Branch) {
    super(parent.scope, parent, 'waiting')
  }

  override present(): Presentation {
    const { name, state } = this.scope.connection
    return presentWaiting(state.status === 'ready' ? t('Reading {0}…', name) : t('Connecting to {0}…', name))
  }

  override get commandOptions(): Options {
    return { connection: this.scope.connection.id }
  }

  override adopt(): void {
    // gives way to the rows
  }
}

/** A row that says what failed, with Retry and Show Log beside it. */
class ErrorNode extends TreeNode {
  constructor(
    override readonly parent: Branch,
    private message: string,
  ) {
    super(parent.scope, parent, 'error')
  }

  override present(): Presentation {
    return presentError(this.message)
  }

  override tooltip(): string {
    return this.message
  }

  override get command(): string {
    return 'mlflow.retry'
  }

  override get commandOptions(): Options {
    return { view: this.scope.view, node: this.parent.id }
  }

  override adopt(newer: ErrorNode): void {
    this.message = newer.message
  }
}

/**
 * What stands in the place of the children that could not be loaded. At the root the view's message tells the failure, whole and
 * on as many lines as it takes, and the rows are ways on; further down a row has to do both.
 */
function rowsOfFailure(parent: Branch, error: Error): TreeNode[] {
  const { connection, view } = parent.scope
  const way = (text: string, icon: string, command: string, options: Options): TreeNode =>
    new MessageNode(parent, text, { icon, spoken: `${error.message} ${text}` }, { command, options })
  const { id, kind, name, disconnected } = connection
  if (disconnected) return [way(t('Connect to {0}', name), 'plug', 'mlflow.selectConnection', { connection: id })]
  if (StoreError.is(error, 'unauthorized') && kind === 'rest')
    return [way(t('Sign in to {0}…', name), 'key', 'mlflow.signIn', { connection: id })]
  if (parent.parent) return [new ErrorNode(parent, error.message)]
  return [
    way(t('Retry'), 'refresh', 'mlflow.retry', { view, node: parent.id }),
    way(t('Show Log'), 'output', 'mlflow.showLog', {}),
  ]
}
