import * as vscode from 'vscode'
import { formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { oneAtATime } from '../coalesce'
import { messageOf } from '../commands'
import { within } from '../soon'
import { askedFor, fileWritten, type ConnectionList, type StoreConnection } from '../connections'
import { pendingEdits, type ShownKind } from '../editing/pendingEdits'
import type { Log } from '../log'
import { runMarks } from '../runMarks'
import { onDidChangeSetting, readSetting } from '../settings'
import { stampOf } from '../stores/fileStamp'
import { askPermissionsAgain } from './knownPermission'
import { markedIcon } from './markedIcon'
import { Branch, LoadMoreNode, WaitingNode, type Failure, type Scope, type TreeNode } from './node'
import type { Icon } from './presentation'
import { dotted } from './text'

export interface DataViewOptions {
  readonly id: string
  /** What its rows stand for that can be edited. */
  readonly kinds: readonly ShownKind[]
  readonly makeRoot: (scope: Scope) => Branch
  /** Above the rows; empty for nothing. */
  readonly message?: () => string
  /** True where a closer look is still to come though nobody has written to the store since the last one. */
  readonly isOwed?: (root: Branch) => boolean
}

/** After a failure, so many intervals pass before the next attempt. */
const patience = 3

/** Rows tell how long ago things were; seldom enough that many rows cost nothing. Milliseconds. */
const retouching = 30_000

/** Milliseconds that a connection may take before a row says that it is being waited for. */
const soon = 300

/** A view of the active connection's data, kept fresh while it is on screen. */
export class DataView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>()
  readonly onDidChangeTreeData = this.#changed.event
  readonly view: vscode.TreeView<TreeNode>
  readonly #disposable: vscode.Disposable
  readonly #refreshAll: () => Promise<void>
  #root: Branch | undefined
  #rootOf = ''
  /** What is to be done when the view is shown again. */
  #stale: 'asked' | 'poll' | undefined
  #asked = false
  #timer: NodeJS.Timeout | undefined
  #stamp = ''
  /** When the rows were last known to be as the store has them. */
  #updatedAt: number | undefined
  #retouchedAt = 0
  /** Of a refresh: the rows that were there still are. */
  #refreshFailure: Failure | undefined

  constructor(
    private readonly options: DataViewOptions,
    private readonly connections: ConnectionList,
    private readonly log: Log,
  ) {
    this.#refreshAll = oneAtATime(() => this.#refresh())
    this.view = vscode.window.createTreeView(options.id, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    })
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      this.view,
      this.view.onDidExpandElement(({ element }) => element instanceof Branch && element.setExpanded(true)),
      this.view.onDidCollapseElement(({ element }) => element instanceof Branch && element.setExpanded(false)),
      this.view.onDidChangeVisibility(() => this.#visibilityChanged()),
      connections.onDidChange(() => this.#followActive()),
      connections.onDidRequestRefresh(({ connection, reason }) => {
        if (connection !== undefined && connection.id !== connections.active?.id) return
        if (reason === askedFor && this.#root) askPermissionsAgain(this.#root.scope.connection)
        void this.refresh(reason === fileWritten ? 'poll' : 'asked')
      }),
      pendingEdits.onDidChange(() => this.#root?.retouch()),
      new vscode.Disposable(runMarks.listen(() => this.#root?.retouch())),
      onDidChangeSetting('refreshInterval', () => this.#schedule()),
      onDidChangeSetting('tree.pageSize', () => this.restart()),
    )
    this.#followActive()
  }

  /** The view's id in package.json. */
  get id(): string {
    return this.options.id
  }

  get root(): Branch | undefined {
    return this.#root
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { label, description, icon, context, spoken } = node.present()
    node.drawn = node.looks()
    const item = new vscode.TreeItem(label, node.collapsibleState)
    item.id = node.id
    if (description !== undefined) item.description = description
    if (node.resource) {
      item.resourceUri = node.resource
      item.iconPath = vscode.ThemeIcon.File
    } else if (icon) item.iconPath = iconPath(icon)
    if (context !== undefined) item.contextValue = context
    item.accessibilityInformation = { label: spoken ?? (description ? `${label}, ${description}` : label) }
    if (node.command !== undefined) item.command = { command: node.command, title: label, arguments: [node] }
    return item
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    item.tooltip = node.tooltip()
    return item
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    await this.connections.discovered
    if (node) return node instanceof Branch ? [...(await node.children())] : []
    return this.#root ? this.#topLevel(this.#root) : []
  }

  /** Never the rows of another connection while this one is waited for. */
  async #topLevel(root: Branch): Promise<TreeNode[]> {
    const loading = root.children()
    const children = await within(soon, loading)
    if (!children) {
      void loading.then(() => root === this.#root && this.#changed.fire(undefined))
      return [new WaitingNode(root)]
    }
    if (!root.failure) this.#updatedAt ??= Date.now()
    this.#showTexts()
    this.#schedule()
    return [...children]
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent === this.#root ? undefined : node.parent
  }

  /** A loaded node by its id. */
  find(id: string): TreeNode | undefined {
    const search = (branch: Branch): TreeNode | undefined => {
      for (const child of branch.loaded) {
        if (child.id === id) return child
        const below = child instanceof Branch && id.startsWith(`${child.id}/`) ? search(child) : undefined
        if (below) return below
      }
      return undefined
    }
    if (!this.#root) return undefined
    return this.#root.id === id ? this.#root : search(this.#root)
  }

  /** Reads again what is on screen; a hidden view does so when it is next shown. */
  async refresh(why: 'asked' | 'poll'): Promise<void> {
    if (!this.view.visible) {
      this.#stale = this.#stale === 'asked' ? 'asked' : why
      return
    }
    this.#asked ||= why === 'asked'
    await this.#refreshAll()
  }

  /** Starts over, as after another filter or order. */
  restart(): void {
    this.#rootOf = ''
    this.#followActive()
  }

  /** Opens a row of the top level, if the view is on screen and shows that connection; the selection stays. */
  async expand(connection: string, key: string): Promise<void> {
    if (!this.view.visible || this.#root?.scope.connection.id !== connection) return
    await this.refresh('asked') // it may be new
    const node = this.#root.loaded.find((child) => child.key === key)
    if (node) await this.view.reveal(node, { expand: true, select: false, focus: false })
  }

  loadMore(node: Branch): Promise<void> {
    const row = node.loaded.find((child) => child instanceof LoadMoreNode)
    return this.#withProgress(() => row?.run() ?? Promise.resolve())
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#root?.dispose()
    this.#disposable.dispose()
  }

  #followActive(): void {
    const { active } = this.connections
    const rootOf = active ? `${active.id} ${active.disconnected}` : ''
    if (rootOf !== this.#rootOf || (active && !this.#root)) {
      this.#rootOf = rootOf
      this.#root?.dispose()
      this.#stamp = ''
      this.#updatedAt = undefined
      this.#root = active && this.options.makeRoot(this.#scopeOf(active))
      this.#refreshFailure = undefined
      this.#changed.fire(undefined)
    }
    this.#showTexts()
  }

  #scopeOf(connection: StoreConnection): Scope {
    const scope: Scope = {
      view: this.options.id,
      connection,
      pageSize: () => readSetting('tree.pageSize'),
      redraw: (node) => {
        if (node.scope.connection.id === this.#root?.scope.connection.id)
          this.#changed.fire(node === this.#root ? undefined : node)
      },
      report: (message, error) => this.log.error(message, error),
    }
    return scope
  }

  async #refresh(): Promise<void> {
    const root = this.#root
    if (!root) return
    const why = this.#asked ? 'asked' : 'poll'
    this.#asked = false
    this.#stale = undefined
    try {
      await (why === 'asked' ? this.#withProgress(() => root.refresh(why)) : root.refresh(why))
      if (root !== this.#root) return
      this.#refreshFailure = undefined
      if (this.view.visible && !root.failure) this.#updatedAt = Date.now()
      if (why === 'asked') pendingEdits.readAgain(this.options.kinds)
    } catch (error) {
      if (root !== this.#root) return
      this.log.warn(`${this.options.id}: refresh failed: ${messageOf(error)}`)
      this.#refreshFailure = { error: error instanceof Error ? error : new Error(String(error)), at: Date.now() }
    }
    if (!this.view.visible) this.#stale = why // it was ended on the way
    this.#showTexts()
    this.#schedule()
  }

  async #withProgress(work: () => Promise<void>): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: this.options.id } }, work)
  }

  #visibilityChanged(): void {
    if (!this.view.visible) {
      clearTimeout(this.#timer)
      this.#root?.pause()
    } else {
      this.#showTexts()
      void this.refresh(this.#stale ?? 'poll')
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (!this.view.visible) return
    const interval = readSetting('refreshInterval') * 1000
    const tick = interval > 0 ? () => void this.#tick(interval) : () => this.#pass()
    this.#timer = setTimeout(tick, interval > 0 ? interval : retouching)
  }

  async #tick(interval: number): Promise<void> {
    const root = this.#root
    if (!root || !mayAnswer(root.scope.connection) || !this.#isDue(root, interval)) this.#pass()
    else if (await this.#isUnchanged(root)) {
      this.#updatedAt = Date.now()
      this.#pass()
    } else {
      await this.refresh('poll')
      this.#retouch()
    }
  }

  /** Only time has passed: "12 s ago" becomes 22. */
  #pass(): void {
    this.#retouch()
    this.#showTexts()
    this.#schedule()
  }

  #retouch(): void {
    if (Date.now() - this.#retouchedAt < retouching) return
    this.#retouchedAt = Date.now()
    this.#root?.retouch()
  }

  /** After a failure it is time, however long the attempt takes: what was down must not seem so for ever. */
  #isDue(root: Branch, interval: number): boolean {
    const failure = root.failure ?? this.#refreshFailure
    return !failure || Date.now() - failure.at >= patience * interval
  }

  /** True for a database that nobody has written to since it was last asked about here. */
  async #isUnchanged(root: Branch): Promise<boolean> {
    const { kind, entry } = root.scope.connection
    if (kind !== 'sqlite' || entry.uri.path === undefined) return false
    const { word, isSettled } = await stampOf(entry.uri.path)
    const same = isSettled && word === this.#stamp
    this.#stamp = isSettled ? word : ''
    return same && !root.failure && !this.#refreshFailure && !this.options.isOwed?.(root)
  }

  #showTexts(): void {
    const { active } = this.connections
    const updated = this.#updatedAt === undefined ? undefined : formatRelativeTime(this.#updatedAt, Date.now())
    this.view.description = dotted(active?.name, updated !== undefined && t('updated {0}', updated))
    const lines = [this.#failureText(), this.options.message?.()].filter(Boolean)
    this.view.message = lines.join('\n')
  }

  #failureText(): string | undefined {
    if (this.#root?.failure) return this.#root.failure.error.message
    if (!this.#refreshFailure) return undefined
    const { error, at } = this.#refreshFailure
    return t('Refresh failed {0}: {1}', formatRelativeTime(at, Date.now()), error.message)
  }
}

/** False where only the user can change anything: a login is missing, the file is no store. */
const mayAnswer = ({ disconnected, state }: StoreConnection): boolean =>
  !disconnected && state.status !== 'connecting' && (state.status !== 'failed' || state.error.mayPass)

function iconPath({ id, color, mark }: Icon): vscode.TreeItem['iconPath'] & object {
  if (mark === undefined)
    return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color))
  const picture = (theme: 'light' | 'dark'): vscode.Uri =>
    vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(markedIcon(id, mark, theme)).toString('base64')}`)
  return { light: picture('light'), dark: picture('dark') }
}
