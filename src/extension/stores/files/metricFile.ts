import fs from 'node:fs'
import { isYoung, NotAFileError, openForReading, readInto, type Patience } from './disk'
import { Latest, type Parsed } from './metricLines'
import type { Metric } from '../../../shared/model'

export interface MetricFile {
  readonly isYoung: boolean
  readonly size: number
  readonly ino: number
  /** Bytes up to the end of the last line that ends: from there reading can go on. */
  readonly end: number
  /** The last bytes before `end`: while they are there, nothing before was rewritten. */
  readonly tail: string
  /** A last line without an end was taken for whole: it may yet grow. */
  readonly hasOpenLine: boolean
  /** A last line without an end was left out: it is no metric's, or not yet. */
  readonly isTorn: boolean
  /** Lines that end and are none of a metric. */
  readonly malformed: number
}

/** Where an earlier reading ended. */
export type Place = Pick<MetricFile, 'ino' | 'end' | 'tail'>

export interface MetricReading {
  /** Reads the lines that end in a piece of the file. */
  readonly lines: (bytes: Buffer) => Parsed
  /** Go on from here, if the file is still the same. */
  readonly after?: Place | undefined
  /** Called instead where it isn't, before the first piece. */
  readonly restart?: () => void
  readonly patience: Patience
  /** Called now and then; throws to end the reading. */
  readonly checkpoint: () => void
}

const newline = 0x0a
const tailLength = 48
/** Bytes read at once; no line of a metric is a thousandth of it. */
const buffer = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * Reads a metric's file in any length, in a memory that does not depend on it; undefined where there is none.
 *
 * A last line that doesn't end is being written, or was when a disk was full. It is waited for, and left out while the file is young;
 * later it counts if it is whole, as for MLflow.
 *
 * @throws the system's error for what is no ordinary file or may not be read
 */
export function readMetricFile(file: string, reading: MetricReading): MetricFile | undefined {
  const descriptor = openForReading(file)
  if (descriptor === undefined) return undefined
  try {
    return readOpen(descriptor, file, reading)
  } finally {
    fs.closeSync(descriptor)
  }
}

function readOpen(
  descriptor: number,
  file: string,
  { lines, after, restart, patience, checkpoint }: MetricReading,
): MetricFile {
  let stats = fs.fstatSync(descriptor)
  if (!stats.isFile()) throw new NotAFileError(file)
  let end = 0
  if (after?.ino === stats.ino && after.end <= stats.size && tailAt(descriptor, after.end) === after.tail)
    end = after.end
  else if (after) restart?.()

  let malformed = 0
  let position = end
  let held = 0 // bytes at the start of the buffer, of a line that goes on
  let isRubbish = false // the line that goes on is longer than any metric's
  for (;;) {
    while (position < stats.size) {
      checkpoint()
      const wanted = Math.min(buffer.length - held, stats.size - position)
      const count = fs.readSync(descriptor, buffer, held, wanted, position)
      if (count === 0) break // cut off meanwhile
      position += count
      let bytes = buffer.subarray(0, held + count)
      if (isRubbish) {
        const lineEnd = bytes.indexOf(newline)
        bytes = lineEnd < 0 ? bytes.subarray(bytes.length) : bytes.subarray(lineEnd + 1)
        isRubbish = lineEnd < 0
      }
      const parsed = lines(bytes)
      malformed += parsed.malformed
      const rest = bytes.subarray(parsed.end)
      if (!isRubbish) end = position - rest.length
      if (rest.length === buffer.length) {
        malformed++
        isRubbish = true
        held = 0
      } else {
        held = rest.length
        buffer.set(rest, 0)
      }
    }
    if (held === 0 || !isYoung(stats.mtimeMs) || !patience.wait()) break
    stats = fs.fstatSync(descriptor)
  }

  const young = isYoung(stats.mtimeMs)
  let hasOpenLine = false
  if (held > 0 && !young) {
    buffer[held] = newline
    hasOpenLine = lines(buffer.subarray(0, held + 1)).malformed === 0
  }
  return {
    isYoung: young,
    size: stats.size,
    ino: stats.ino,
    end,
    tail: end === 0 || stats.size <= smallFile ? '' : tailAt(descriptor, end),
    hasOpenLine,
    isTorn: held > 0 && !young && !hasOpenLine,
    malformed,
  }
}

/** A file no longer than this is read again whole sooner than its end is looked for. Bytes. */
const smallFile = 64 * 1024

function tailAt(descriptor: number, end: number): string {
  const from = Math.max(0, end - tailLength)
  const bytes = Buffer.alloc(end - from)
  const count = fs.readSync(descriptor, bytes, 0, bytes.length, from)
  return bytes.toString('latin1', 0, count)
}

/** What a metric's file comes to. */
export interface LatestValue {
  readonly metric: Metric | undefined
  /** Lines that are none of a metric. */
  readonly malformed: number
  /** A writer may be at it. */
  readonly isYoung: boolean
}

/** Remembers of long metric files how far they were read, so that one that grows is not read again whole for its latest value. */
export class LatestValues {
  readonly #known = new Map<string, { readonly place: Place; readonly metric: Metric; readonly malformed: number }>()

  /** At most so many files: some 300 bytes each. */
  static readonly #capacity = 10_000

  read(file: string, patience: Patience, checkpoint: () => void): LatestValue | undefined {
    const known = this.#known.size > 0 ? this.#known.get(file) : undefined
    if (!known) {
      const small = readSmall(file)
      if (small) return small
    }
    let latest = new Latest()
    let malformed = known?.malformed ?? 0
    if (known) latest.add(known.metric.step, known.metric.value, known.metric.timestamp)
    const read = readMetricFile(file, {
      lines: (bytes) => latest.readLines(bytes),
      after: known?.place,
      restart: () => {
        latest = new Latest()
        malformed = 0
      },
      patience,
      checkpoint,
    })
    if (!read) return undefined
    malformed += read.malformed
    const { metric } = latest
    if (known) this.#known.delete(file)
    if (metric && read.size > smallFile && !read.hasOpenLine) {
      this.#known.set(file, { place: { ino: read.ino, end: read.end, tail: read.tail }, metric, malformed })
      if (this.#known.size > LatestValues.#capacity)
        for (const [oldest] of this.#known) {
          this.#known.delete(oldest)
          break
        }
    }
    return { metric, malformed: malformed + (read.isTorn ? 1 : 0), isYoung: read.isYoung }
  }
}

const smallRoom = buffer.subarray(0, smallFile)

/** What nearly all files are, short and whole, in as few calls as can be; undefined for all others. @throws as `readMetricFile` */
function readSmall(file: string): LatestValue | undefined {
  const descriptor = openForReading(file)
  if (descriptor === undefined) return undefined
  try {
    const length = readInto(smallRoom, descriptor)
    if (length === 0 || length === smallFile || smallRoom[length - 1] !== newline) return undefined
    const latest = new Latest()
    const { malformed } = latest.readLines(smallRoom.subarray(0, length))
    return { metric: latest.metric, malformed, isYoung: false }
  } finally {
    fs.closeSync(descriptor)
  }
}
