import type { Channel } from '../../shared/channel'
import { setTranslator, translatorOf } from '../../shared/l10n'
import {
  type Loading,
  tableHostHalf,
  type TableHostHalf,
  type TablePlace,
  tableStateSchema,
  type TableSubject,
  tableWebviewHalf,
  type TableWebviewHalf,
} from '../../shared/runsTable/protocol'
import { defaultView, type TableView } from '../../shared/runsTable/view'
import { Line } from '../ui/line'

/** What a runs table is told by the host, whenever there is a reason. */
export interface TableListener {
  changed(): void
  loading(loading: Loading): void
  views(savedViews: readonly string[], view: TableView | null): void
}

/** What a runs table knows of itself before it has any run. */
export interface TableAbout {
  readonly connection: { readonly id: string; readonly name: string; readonly uri: string }
  readonly experiments: readonly { readonly id: string; readonly name: string }[]
  readonly savedViews: readonly string[]
  readonly history: readonly string[]
  readonly savedFilters: readonly string[]
}

/** The extension host, as a runs table sees it. */
export class TableHost {
  readonly #line: Line<TableWebviewHalf, TableHostHalf, typeof tableStateSchema>
  #listener: TableListener | undefined
  #subject: TableSubject | undefined
  #view: TableView = defaultView

  constructor() {
    this.#line = new Line({
      mine: tableWebviewHalf,
      theirs: tableHostHalf,
      state: tableStateSchema,
      handlers: {
        commands: {},
        requests: {},
        notifications: {
          changed: () => this.#listener?.changed(),
          loading: (loading) => this.#listener?.loading(loading),
          views: ({ savedViews, view }) => this.#listener?.views(savedViews, view),
        },
      },
    })
  }

  get channel(): Channel<TableWebviewHalf, TableHostHalf> {
    return this.#line.channel
  }

  /** How the table was set before a reload, or else as the host wants it. */
  get view(): TableView {
    return this.#view
  }

  /** Where the user was before a reload, or when the tab was last in sight. */
  get place(): TablePlace | undefined {
    return this.#line.state?.place
  }

  /** Learns from the host what this table is about and in which language. */
  async hello(): Promise<{ about: TableAbout }> {
    const { bundle, subject, view, ...about } = await this.channel.request('hello', null)
    setTranslator(translatorOf(bundle))
    this.#subject = subject
    this.remember(this.#line.state?.view ?? view)
    return { about }
  }

  remember(view: TableView): void {
    this.#view = view
    if (this.#subject) this.#line.keep({ version: 1, subject: this.#subject, view, place: this.place })
  }

  rememberPlace(place: TablePlace): void {
    const { state } = this.#line
    if (state) this.#line.keep({ ...state, place })
  }

  /** Tells a listener from now on. */
  listen(listener: TableListener): void {
    this.#listener = listener
  }
}
