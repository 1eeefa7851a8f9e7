import * as v from 'valibot'
import type { Channel } from '../../shared/channel'
import { setTranslator, translatorOf } from '../../shared/l10n'
import {
  hostHalf,
  type HostHalf,
  pageStateSchema,
  type RefreshScope,
  type ShownRun,
  webviewHalf,
  type WebviewHalf,
} from '../../shared/protocol'
import { Line } from './line'

/** What a page is told by the host, whenever there is a reason. */
export interface HostListener {
  refresh(scope: RefreshScope): void
  /** The page's runs, in the same order, with other colours. */
  recolor(runs: readonly ShownRun[]): void
}

/** The extension host, as the page of a run or a comparison sees it: the channel to it, what the page is about, and what it keeps. */
export class Host {
  readonly #line: Line<WebviewHalf, HostHalf, typeof pageStateSchema>
  readonly #listeners = new Set<HostListener>()

  constructor() {
    this.#line = new Line({
      mine: webviewHalf,
      theirs: hostHalf,
      state: pageStateSchema,
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
  }

  get channel(): Channel<WebviewHalf, HostHalf> {
    return this.#line.channel
  }

  /** Learns from the host what this page is about and in which language. */
  async hello(): Promise<{ runs: readonly ShownRun[]; leftOut: number }> {
    const { runs, leftOut, bundle } = await this.channel.request('hello', null)
    setTranslator(translatorOf(bundle))
    const refs = runs.map(({ connection, runId }) => ({ connection, runId }))
    this.#line.keep({ version: 1, runs: refs, leftOut, view: this.#line.state?.view ?? {} })
    return { runs, leftOut }
  }

  /** How the page was set before a reload, as far as it fits the schema. */
  view<Schema extends v.GenericSchema>(schema: Schema): v.InferOutput<Schema> {
    return v.parse(schema, this.#line.state?.view ?? {})
  }

  /** Keeps how the page is set over a reload. */
  rememberView(view: Readonly<Record<string, unknown>>): void {
    const { state } = this.#line
    if (state) this.#line.keep({ ...state, view: { ...view } })
  }

  /** Tells a listener until what it returns is called. */
  listen(listener: HostListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
