import * as v from 'valibot'
import { Channel, type Half, type Handlers } from '../../shared/channel'

interface VsCodeApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): VsCodeApi

/** A page's line to the extension host: the channel, and what the page keeps over a reload. One a page. */
export class Line<Mine extends Half, Theirs extends Half, State extends v.GenericSchema> {
  readonly channel: Channel<Mine, Theirs>
  readonly #api = acquireVsCodeApi()
  #state: v.InferOutput<State> | undefined

  constructor(options: {
    readonly mine: Mine
    readonly theirs: Theirs
    readonly handlers: Handlers<Mine>
    readonly state: State
  }) {
    this.channel = new Channel({
      mine: options.mine,
      theirs: options.theirs,
      handlers: options.handlers,
      post: (message) => this.#api.postMessage(message),
      complain: (sentence, error) => console.error(sentence, error ?? ''),
    })
    window.addEventListener('message', (event) => this.channel.receive(event.data))
    const stored = v.safeParse(options.state, this.#api.getState())
    this.#state = stored.success ? stored.output : undefined
  }

  /** What was kept, where it still fits the schema. */
  get state(): v.InferOutput<State> | undefined {
    return this.#state
  }

  keep(state: v.InferOutput<State>): void {
    this.#state = state
    this.#api.setState(state)
  }
}
