/** What is compressed in a file that nobody vouches for: never more than was foretold comes of it. */
import { Gunzip, Unzlib } from 'fflate'

/** Bytes that are taken in at once; a thousand times as many may come of them. */
const step = 16 * 1024

/** @throws Error for what is damaged, or has more than `most` bytes */
export function inflate(bytes: Uint8Array, form: 'zlib' | 'gzip', most: number): Uint8Array {
  const pieces: Uint8Array[] = []
  let size = 0
  const take = (piece: Uint8Array): void => {
    size += piece.length
    if (size > most) throw new Error('more than it says is compressed in it')
    pieces.push(piece)
  }
  const inflater = form === 'zlib' ? new Unzlib(take) : new Gunzip(take)
  for (let at = 0; at < bytes.length; at += step) inflater.push(bytes.slice(at, at + step), at + step >= bytes.length)
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** A block of LZ4, without its frame. @param size bytes that come of it @throws Error for what is damaged */
export function unLz4(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  let [at, to] = [0, 0]
  const next = (): number => {
    const byte = bytes[at++]
    if (byte === undefined) throw new Error('damaged LZ4')
    return byte
  }
  const lengthFrom = (nibble: number): number => {
    let length = nibble
    for (let byte = 255; byte === 255 && nibble === 15; length += byte) byte = next()
    return length
  }
  while (at < bytes.length) {
    const token = next()
    const literals = lengthFrom(token >> 4)
    if (at + literals > bytes.length || to + literals > size) throw new Error('damaged LZ4')
    out.set(bytes.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at >= bytes.length) break
    const offset = next() + next() * 256
    const length = lengthFrom(token & 15) + 4
    if (offset === 0 || offset > to || to + length > size) throw new Error('damaged LZ4')
    for (const end = to + length; to < end; to++) out[to] = out[to - offset] ?? 0 // which may overlap what it writes
  }
  return out.subarray(0, to)
}
