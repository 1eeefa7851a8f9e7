import * as v from 'valibot'
import { Channel } from '../../shared/channel'
import { setTranslator, translatorOf } from '../../shared/l10n'
import {
  hostHalf,
  type HostHalf,
  type PageState,
  pageStateSchema,
  type RefreshScope,
  type ShownRun,
  webviewHalf,
  type WebviewHalf,
} from '../../shared/protocol'

interface VsCodeApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): VsCodeApi

/** What a page is told by the host, whenever there is a reason. */
export interface HostListener {
  refresh(scope: RefreshScope): void
  /** The page's runs, in the same order, with other colours. */
  recolor(runs: readonly ShownRun[]): void
}

/** The extension host, as a page sees it: the channel to it, what the page is about, and what the page keeps over a reload. */
export class Host {
  readonly channel: Channel<WebviewHalf, HostHalf>
  readonly #api = acquireVsCodeApi()
  readonly #listeners = new Set<HostListener>()
  #state: PageState | undefined

  constructor() {
    this.channel = new Channel({
      mine: webviewHalf,
      theirs: hostHalf,
      post: (message) => this.#api.postMessage(message),
      complain: (sentence, error) => console.error(sentence, error ?? ''),
      handlers: {
        commands: {},
        requests: {},
        notifications: {
          refresh: ({ scope }) => {
            for (const listener of this.#listeners) listener.refresh(scope)
          },
          recolor: ({ runs }) => {
            for (const listener of this.#listeners) listener.recolor(runs)
          },
        },
      },
    })
    window.addEventListener('message', (event) => this.channel.receive(event.data))
    const stored = v.safeParse(pageStateSchema, this.#api.getState())
    this.#state = stored.success ? stored.output : undefined
  }

  /** Learns from the host what this page is about and in which language. */
  async hello(): Promise<{ runs: readonly ShownRun[]; leftOut: number }> {
    const { runs, leftOut, bundle } = await this.channel.request('hello', null)
    setTranslator(translatorOf(bundle))
    const refs = runs.map(({ connection, runId }) => ({ connection, runId }))
    this.#keep({ version: 1, runs: refs, leftOut, view: this.#state?.view ?? {} })
    return { runs, leftOut }
  }

  /** How the page was set before a reload, as far as it fits the schema. */
  view<Schema extends v.GenericSchema>(schema: Schema): v.InferOutput<Schema> {
    return v.parse(schema, this.#state?.view ?? {})
  }

  /** Keeps how the page is set over a reload. */
  rememberView(view: Readonly<Record<string, unknown>>): void {
    if (this.#state) this.#keep({ ...this.#state, view: { ...view } })
  }

  /** Tells a listener until what it returns is called. */
  listen(listener: HostListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #keep(state: PageState): void {
    this.#state = state
    this.#api.setState(state)
  }
}
