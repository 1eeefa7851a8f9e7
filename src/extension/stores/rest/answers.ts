/** How an answer's bytes become what a decoder makes of them. Runs on either side: the extension host, or the worker. */
import { ProblemError, type Problem } from '../worker/protocol'
import { asFields, decoderOf, type Decoded, type DecoderName } from './decoders'
import { listOf, ShapeError } from './shape'
import { Splitter } from './splitter'

/**
 * What can be wrong with an answer. `shape`: it is JSON, of an unknown form (the detail says where); `empty`; `page`: a web page (its
 * text); `nan`: NaN or Infinity where JSON has none; `broken`: other JSON that is none (the parser's words); `tooLarge`.
 */
export type AnswerKind = 'shape' | 'empty' | 'page' | 'nan' | 'broken' | 'tooLarge'
export type AnswerProblem = Problem<AnswerKind>

/** No run, model or file may be larger: it would be millions of values. */
const largestPiece = 32 * 1024 * 1024
const longestDetail = 10_000

/** As long an answer is parsed in one piece, which is twice as fast; whatever is in it, its objects take some 300 MB at most. */
const longestPiece = 16 * 1024 * 1024

/** Reads an answer, a long one some of it at a time. @throws ProblemError, and what `checkpoint` throws */
export function decode<N extends DecoderName>(
  name: N,
  chunks: readonly Buffer[],
  checkpoint: () => void = () => undefined,
): Decoded<N> {
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  const [only] = chunks
  if (size > longestPiece) return decodeSplit(name, chunks, checkpoint)
  return decodeText(name, (only && chunks.length === 1 ? only : Buffer.concat(chunks)).toString('utf8'))
}

function decodeText<N extends DecoderName>(name: N, text: string): Decoded<N> {
  const decoder = decoderOf(name)
  return explained(
    () => {
      const fields = asFields(JSON.parse(text))
      const reading = decoder.begin()
      if (decoder.list !== '') reading.add(listOf(fields[decoder.list], decoder.list))
      return reading.end(fields)
    },
    () => text,
  )
}

function decodeSplit<N extends DecoderName>(name: N, chunks: readonly Buffer[], checkpoint: () => void): Decoded<N> {
  const decoder = decoderOf(name)
  const reading = decoder.begin()
  let piece = ''
  const splitter = new Splitter({
    list: decoder.list,
    largestPiece,
    onTooLarge: () => {
      throw new ProblemError<AnswerKind>('tooLarge', String(Math.round(largestPiece / 1e6)))
    },
    onText: (text) => (piece = text),
    onElements: (elements) => {
      checkpoint()
      reading.add(elements)
    },
  })
  return explained(
    () => {
      for (const chunk of chunks) splitter.write(chunk)
      const fields = asFields(splitter.end())
      if (decoder.list !== '') listOf(fields[decoder.list], decoder.list)
      return reading.end(fields)
    },
    () => piece,
  )
}

function explained<T>(read: () => T, textOf: () => string): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ShapeError) throw new ProblemError<AnswerKind>('shape', error.message)
    if (error instanceof SyntaxError) throw new ProblemError<AnswerKind>(...faultOf(textOf(), error))
    throw error
  }
}

/** What a text is that should have been JSON. */
export function faultOf(text: string, cause: SyntaxError): [AnswerKind, string?] {
  if (text.trim() === '') return ['empty']
  if (text.trimStart().startsWith('<')) return ['page', text.slice(0, longestDetail)]
  if (/[:[,]\s*-?(NaN|Infinity)\b/.test(text)) return ['nan']
  return ['broken', cause.message.slice(0, longestDetail)]
}
