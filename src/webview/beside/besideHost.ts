import * as v from 'valibot'
import {
  besideHostHalf,
  type BesideHostHalf,
  besideStateSchema,
  type BesideSubject,
  besideWebviewHalf,
  type BesideWebviewHalf,
} from '../../shared/besideProtocol'
import type { Channel } from '../../shared/channel'
import { setTranslator, translatorOf } from '../../shared/l10n'
import type { LoadCurve } from '../charts/types'
import { Line } from '../ui/line'

/** The extension host, as the chart beside the code sees it. */
export class BesideHost {
  readonly #line: Line<BesideWebviewHalf, BesideHostHalf, typeof besideStateSchema>
  #listener: ((subject: BesideSubject) => void) | undefined

  constructor() {
    this.#line = new Line({
      mine: besideWebviewHalf,
      theirs: besideHostHalf,
      state: besideStateSchema,
      handlers: {
        commands: {},
        requests: {},
        notifications: {
          subject: ({ subject, uri }) => {
            this.#keep(subject, uri)
            this.#listener?.(subject)
          },
        },
      },
    })
  }

  get channel(): Channel<BesideWebviewHalf, BesideHostHalf> {
    return this.#line.channel
  }

  readonly load: LoadCurve = (run, look, samples, signal) =>
    this.channel.request('curve', { ...look, run: run.ref, samples }, signal)

  /** Learns from the host what is under the cursor, and in which language. */
  async hello(): Promise<{ subject: BesideSubject }> {
    const { subject, uri, bundle } = await this.channel.request('hello', null)
    setTranslator(translatorOf(bundle))
    this.#keep(subject, uri)
    return { subject }
  }

  /** How the page was set before a reload, as far as it fits the schema. */
  view<Schema extends v.GenericSchema>(schema: Schema): v.InferOutput<Schema> {
    return v.parse(schema, this.#line.state?.view ?? {})
  }

  rememberView(view: Readonly<Record<string, unknown>>): void {
    const { state } = this.#line
    if (state) this.#line.keep({ ...state, view: { ...view } })
  }

  /** Tells of each change of what is shown. */
  listen(listener: (subject: BesideSubject) => void): void {
    this.#listener = listener
  }

  #keep({ metric, pinned, count }: BesideSubject, uri: string): void {
    this.#line.keep({ version: 1, uri, metric, pinned, count, view: this.#line.state?.view ?? {} })
  }
}
