/** Reads long answers of a server, so that the extension host doesn't have to. */
import { serve } from '../worker/serve'
import type { Call } from '../worker/protocol'
import { pointBuffers, inOrder, type Points } from '../series'
import { decode as decodeAnswer } from './answers'
import { decoderOf, type Decoded, type DecoderName } from './decoders'

export interface LongAnswer {
  readonly decoder: DecoderName
  /** The bytes of the answer, in order. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[]
}

/** What came out, and by which decoder. */
interface Read {
  readonly decoder: DecoderName
  readonly result: Decoded<DecoderName>
}

const methods = {
  decode: ({ decoder, chunks }: LongAnswer, { checkpoint }: Call): Read => ({
    decoder,
    result: decodeAnswer(decoder, chunks.map(bufferOf), checkpoint),
  }),
  sort: (points: Points): Points => inOrder(points),
}
export type JsonMethods = typeof methods

/** What was a Buffer is a plain array once it has crossed. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

serve({
  methods,
  transfers: {
    decode: ({ decoder, result }) => decoderOf(decoder).transfers?.(result) ?? [],
    sort: pointBuffers,
  },
})
