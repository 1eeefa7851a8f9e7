import type { RunInfo } from '../../../shared/model'
import { RunFrame, RunFrameBuilder, transferablesOf, type RunFrameData } from '../../../shared/runFrame'
import type { ExperimentFolder } from './layout'
import { isUnderWay, readRun, type Reading, type Shape } from './runFiles'

/** Some runs of one experiment, read whole, as another thread hands them over. */
export interface Batch {
  readonly frame: RunFrameData
  /** When reading began, in milliseconds since the epoch. */
  readonly since: number
  /** Row by row. */
  readonly runs: readonly ReadRun[]
  readonly shapes: readonly Shape[]
  /** Those that are no runs (any more). */
  readonly gone: readonly string[]
}

export interface ReadRun {
  readonly id: string
  readonly isUnderWay: boolean
  /** Place in the batch's shapes. */
  readonly shape: number
}

/** A run to be read. */
export interface Wanted {
  readonly id: string
  /** What its meta.yaml said a moment ago, if all was well with it. */
  readonly known?: RunInfo | undefined
}

export function readBatch(experiment: ExperimentFolder, wanted: readonly Wanted[], reading: Reading): Batch {
  const since = Date.now()
  const builder = new RunFrameBuilder(wanted.length)
  const shapes = new Map<Shape, number>()
  const runs: ReadRun[] = []
  const gone: string[] = []
  for (const { id, known } of wanted) {
    reading.checkpoint()
    const read = readRun(experiment, id, reading, builder, known)
    if (!read) {
      gone.push(id)
      continue
    }
    const { info, shape } = read
    const place = shapes.get(shape) ?? shapes.size
    shapes.set(shape, place)
    runs.push({ id, isUnderWay: isUnderWay(info), shape: place })
  }
  return { frame: builder.build().data, since, runs, shapes: [...shapes.keys()], gone }
}

export const batchBuffers = ({ frame }: Batch): ArrayBuffer[] => transferablesOf(frame)

export const frameOf = ({ frame }: Batch): RunFrame => new RunFrame(frame)
