/** The beginning of a Parquet file: its schema, and as many rows and columns as can be had by reading little. */
import { decompress } from 'fzstd'
import {
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet'
import { cellText } from '../../shared/artifacts/jsonText'
import type { DataColumn } from './dataColumn'
import { inflate, unLz4 } from './decompress'

export interface ParquetTable {
  readonly columns: readonly DataColumn[]
  readonly rows: readonly (readonly string[])[]
  /** Of the file. */
  readonly rowCount: number
  readonly columnCount: number
  /** Codec that this can't read; there are no rows then. */
  readonly unreadable: string | undefined
  readonly createdBy: string
}

/** Rows that are read. */
export const mostRows = 200
/** Bytes that are read, or come of it: a row group is read column by column, each whole. Less than one request may ask for. */
const mostBytes = 24 * 1024 * 1024

/** Those beside what the library knows itself. Brotli and LZO would each be larger than all else here. */
const compressors: Compressors = {
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
  GZIP: (input, length) => inflate(input, 'gzip', length),
  LZ4_RAW: unLz4,
}
const codecs = new Set(['UNCOMPRESSED', 'SNAPPY', ...Object.keys(compressors)])

/** Reads by ranges. @param size bytes of the file */
export async function readParquet(
  size: number,
  slice: (start: number, length: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<ParquetTable> {
  const file = {
    byteLength: size,
    slice: async (start: number, end = size): Promise<ArrayBuffer> => {
      const bytes = await slice(start, end - start)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    },
  }
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: 64 * 1024 })
  const { children } = parquetSchema(metadata)
  const all = children.map(({ element, children: nested }) => ({
    name: element.name,
    type: typeWord(element, nested.length),
  }))
  const { names, unreadable } = affordable(
    metadata,
    all.map(({ name }) => name),
  )
  const about = { rowCount: Number(metadata.num_rows), columnCount: all.length, createdBy: metadata.created_by ?? '' }
  if (unreadable !== undefined || names.length === 0) return { ...about, columns: all, rows: [], unreadable }
  const columns = all.filter(({ name }) => names.includes(name))
  let rows: readonly (readonly unknown[])[] = []
  await parquetRead({
    file,
    metadata,
    columns: columns.map(({ name }) => name),
    rowStart: 0,
    rowEnd: Math.min(mostRows, about.rowCount),
    useOffsetIndex: true,
    geoparquet: false,
    utf8: false, // else bytes that are no text are taken for one
    parsers: exactTimes,
    compressors,
    onComplete: (read) => (rows = read as unknown[][]),
  })
  return { ...about, columns, rows: rows.map((row) => row.map(valueText)), unreadable: undefined }
}

/** The columns of which the first rows can be had within `mostBytes`, in order. */
function affordable(
  { row_groups: groups }: FileMetaData,
  names: readonly string[],
): { readonly names: readonly string[]; readonly unreadable: string | undefined } {
  const costs = new Map<string, number>()
  let unreadable: string | undefined
  let rows = 0
  for (const group of groups) {
    if (rows >= mostRows) break
    rows += Number(group.num_rows)
    for (const { meta_data: chunk } of group.columns) {
      if (!chunk) continue
      if (!codecs.has(chunk.codec)) unreadable = chunk.codec
      const name = chunk.path_in_schema[0] ?? ''
      const cost = Math.max(Number(chunk.total_compressed_size), Number(chunk.total_uncompressed_size))
      costs.set(name, (costs.get(name) ?? 0) + cost)
    }
  }
  let sum = 0
  const within = names.filter((name) => {
    const cost = costs.get(name) ?? 0
    if (sum + cost > mostBytes) return false
    sum += cost
    return true
  })
  return { names: within, unreadable }
}

function typeWord({ type, converted_type: converted, logical_type: logical }: SchemaElement, nested: number): string {
  const word = logical?.type ?? converted ?? type ?? (nested > 0 ? 'STRUCT' : '')
  return word.toLowerCase()
}

/** ISO, to the last digit that is written. Whether they are in UTC is not known here, so nothing is said of it. */
const exactTimes = {
  timestampFromMilliseconds: (millis: bigint): string => isoTime(millis, 1_000n),
  timestampFromMicroseconds: (micros: bigint): string => isoTime(micros, 1_000_000n),
  timestampFromNanoseconds: (nanos: bigint): string => isoTime(nanos, 1_000_000_000n),
  dateFromDays: (days: number): string => isoTime(BigInt(days) * 86_400n, 1n).slice(0, -'T00:00:00'.length),
}

/** @param perSecond how many of its units a second has */
function isoTime(time: bigint, perSecond: bigint): string {
  const rest = ((time % perSecond) + perSecond) % perSecond
  const date = new Date(Number((time - rest) / perSecond) * 1000)
  if (Number.isNaN(date.getTime())) return String(time) // beyond the years of a Date
  const fraction = String(rest)
    .padStart(String(perSecond).length - 1, '0')
    .replace(/0+$/, '')
  return date.toISOString().slice(0, -'.000Z'.length) + (fraction === '' ? '' : `.${fraction}`)
}

/** As a text, exact; bytes as hex. */
function valueText(value: unknown): string {
  if (value instanceof Uint8Array)
    return (
      [...value.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, '0')).join('') +
      (value.length > 32 ? '…' : '')
    )
  if (Object.is(value, -0)) return '-0'
  return cellText(value)
}
