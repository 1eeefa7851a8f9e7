/** The bytes of an answer, as they come. */

/** Bytes that are put together at once: few milliseconds' work. An answer that says that it isn't longer comes in one slab. */
const largestSlab = 16 * 1024 * 1024
const usualSlab = 1024 * 1024
/** Longer than a page's token, and than white space after it. */
const tailSize = 4096
/** So many bytes are progress; fewer may drip for ever. */
const noticed = 64 * 1024

/** Each has a buffer of its own, which can therefore be handed to another thread. */
export type Slabs = readonly Buffer<ArrayBuffer>[]

/**
 * @param progressed called now and then while the answer comes
 * @param announced bytes, 0 if that isn't known
 * @returns undefined when there are more than `most` bytes: then the rest is left unread
 */
export async function collect(
  body: AsyncIterable<unknown>,
  announced: number,
  most: number,
  progressed: () => void = () => undefined,
): Promise<Slabs | undefined> {
  const slabSize = announced > 0 && announced <= largestSlab ? announced : usualSlab
  const slabs: Buffer<ArrayBuffer>[] = []
  let pieces: Buffer[] = []
  let size = 0
  let inAll = 0
  const putTogether = (): void => {
    const slab = Buffer.allocUnsafeSlow(size)
    let at = 0
    for (const piece of pieces) at += piece.copy(slab, at)
    slabs.push(slab)
    pieces = []
    size = 0
  }
  for await (const piece of body as AsyncIterable<Buffer>) {
    inAll += piece.length
    if (inAll > most) return undefined
    if (Math.floor(inAll / noticed) > Math.floor((inAll - piece.length) / noticed)) progressed()
    pieces.push(piece)
    size += piece.length
    if (size >= slabSize) putTogether()
  }
  if (size > 0) putTogether()
  return slabs
}

export const sizeOf = (slabs: Slabs): number => slabs.reduce((size, { length }) => size + length, 0)

export const textOf = (slabs: Slabs): string =>
  (slabs.length === 1 ? slabs[0] : Buffer.concat(slabs))?.toString('utf8') ?? ''

/**
 * The token of the next page, read off the end of an answer before all of it is parsed, so that the server works on that page
 * meanwhile. Undefined where it doesn't stand there. Nothing but a top-level field can: quotes within a text are escaped.
 */
export function nextTokenAtEnd(slabs: Slabs): string | undefined {
  const end = slabs
    .slice(-2)
    .map((slab) => slab.toString('latin1', Math.max(0, slab.length - tailSize)))
    .join('')
  return /[,{]\s*"next_page_token"\s*:\s*"([\w+/=.~-]+)"\s*\}\s*$/.exec(end)?.[1]
}
