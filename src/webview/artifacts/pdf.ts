/** What a PDF file says of itself: its pages, and who made it. Its pages are not drawn. */
import { damaged, parsePdf, pdfDate, type PdfDict, PdfName, PdfRef, pdfText, type PdfValue } from './pdfSyntax'
import { dictOf, latin, listOf, numberOf, readObject, readPlaces, readStream } from './pdfTables'

export interface PdfFacts {
  /** As `1.7`. */
  readonly version: string
  readonly pages: number | undefined
  /** Of the first page, in points of 1/72 inch. */
  readonly pageSize: readonly [width: number, height: number] | undefined
  /** What is in it can't be read then. */
  readonly isEncrypted: boolean
  readonly title: string
  readonly author: string
  readonly program: string
  readonly created: string
}

type Slice = (start: number, length: number) => Promise<Uint8Array>

/** Folders of pages within folders. */
const mostSteps = 50

/** Reads by ranges. @param size bytes of the file @throws Error where it is damaged */
export async function readPdf(size: number, slice: Slice): Promise<PdfFacts> {
  const read = async (start: number, length: number): Promise<string> => latin(await slice(start, length))
  const [head, tail] = [await read(0, 1024), await read(Math.max(0, size - 2048), 2048)]
  const start = Number(/^startxref\s+(\d+)/.exec(tail.slice(tail.lastIndexOf('startxref')))?.[1] ?? NaN)
  const { places, trailer } = await readPlaces(read, size, start)
  const streams = new Map<number, Promise<readonly PdfValue[]>>()

  async function resolve(value: PdfValue | undefined): Promise<PdfValue> {
    const place = value instanceof PdfRef ? places.get(value.number) : undefined
    if (!(value instanceof PdfRef)) return value ?? null
    if (!place) return null
    if ('offset' in place) return (await readObject(read, place.offset)).value
    const { stream, index } = place
    const objects = streams.get(stream) ?? objectsOf(stream)
    streams.set(stream, objects)
    return (await objects)[index] ?? null
  }
  async function objectsOf(stream: number): Promise<readonly PdfValue[]> {
    const place = places.get(stream)
    if (!place || !('offset' in place)) throw damaged()
    const { dict, text } = await readStream(read, place.offset)
    const [count, first] = [numberOf(dict.get('N')), numberOf(dict.get('First'))]
    const offsets = text.slice(0, first).trim().split(/\s+/)
    return Array.from(
      { length: Math.min(count, offsets.length / 2) },
      (_, at) => parsePdf(text, first + Number(offsets[2 * at + 1])).value,
    )
  }

  const isEncrypted = trailer.has('Encrypt')
  const about = { version: /%PDF-(\d\.\d)/.exec(head)?.[1] ?? '', isEncrypted }
  if (isEncrypted)
    return { ...about, pages: undefined, pageSize: undefined, title: '', author: '', program: '', created: '' }
  const root = dictOf(await resolve(trailer.get('Root')))
  const pages = dictOf(await resolve(root.get('Pages')))
  const count = await resolve(pages.get('Count'))
  if (typeof count !== 'number') throw damaged()
  const version = await resolve(root.get('Version')) // which a later change of the file may have raised
  const info = dictOf(await resolve(trailer.get('Info')))
  const fact = async (key: string): Promise<string> => pdfText(await resolve(info.get(key))).trim()
  return {
    ...about,
    ...(version instanceof PdfName ? { version: version.name } : {}),
    pages: count,
    pageSize: await firstPageSize(pages, resolve),
    title: await fact('Title'),
    author: await fact('Author'),
    program: (await fact('Creator')) || (await fact('Producer')),
    created: pdfDate(await fact('CreationDate')),
  }
}

async function firstPageSize(
  pages: PdfDict,
  resolve: (value: PdfValue | undefined) => Promise<PdfValue>,
): Promise<PdfFacts['pageSize']> {
  let node = pages
  let box = listOf(await resolve(node.get('MediaBox')))
  for (let step = 0; step < mostSteps && node.has('Kids'); step++) {
    node = dictOf(await resolve(listOf(await resolve(node.get('Kids')))[0]))
    if (node.has('MediaBox')) box = listOf(await resolve(node.get('MediaBox')))
  }
  const [left = 0, top = 0, right = 0, bottom = 0] = (await Promise.all(box.map(resolve))).map(numberOf)
  const [width, height] = [Math.abs(right - left), Math.abs(bottom - top)]
  return width > 0 && height > 0 ? [width, height] : undefined
}
