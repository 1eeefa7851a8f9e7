/** Parts of files. A server may not know them and send the whole. */
import { t } from '../../../shared/l10n'
import type { ByteRange } from '..'
import { StoreError } from '../errors'

/** Bytes that are read and thrown away to get at a part; a server that would have us skip more is of no use for it. */
const mostSkipped = 64 * 1024 * 1024

export const rangeHeader = ({ start, length }: ByteRange): string =>
  `bytes=${start}-${Number.isFinite(length) ? start + length - 1 : ''}`

/** The answer to a part that begins where the file ends. */
export const isNothingThere = (status: number): boolean => status === 416

interface Begun {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** That part of an answer, whether the server has understood the range or not; what follows it is left unread. */
export async function* partOf(
  pieces: AsyncIterable<Uint8Array>,
  { status, headers }: Begun,
  { start, length }: ByteRange,
  server: string,
): AsyncGenerator<Uint8Array> {
  let skip = start - (status === 206 ? firstByteOf(headers['content-range'], start) : 0)
  let left = length
  const isTooFar = skip < 0 || skip > mostSkipped
  for await (const piece of pieces) {
    if (isTooFar || isNothingThere(status)) break // which ends the answer
    const skipped = Math.min(skip, piece.length)
    skip -= skipped
    const part = piece.subarray(skipped, skipped + left)
    left -= part.length
    if (part.length > 0) yield part
    if (left === 0) break
  }
  if (isTooFar)
    throw new StoreError(
      'unsupported',
      t('{0} gives files only from their beginning on, and this part is too far in. Save the file to disk.', server),
    )
}

/** As in `bytes 100-199/1000`. */
function firstByteOf(header: string | string[] | undefined, otherwise: number): number {
  const first = /^bytes (\d+)-/.exec(String(header ?? ''))?.[1]
  return first === undefined ? otherwise : Number(first)
}
