import type { Axis, Curve, CurveLook, RunRef } from '../../shared/protocol'
import type { Mark } from '../../shared/runColor'
import type { Range } from '../../shared/ticks'

/** A run in a chart, or a group of runs that is drawn as one curve. */
export interface ChartRun {
  /** `connection` and run id, or the group's: unique in the chart. */
  readonly id: string
  /** Of a group its first. */
  readonly ref: RunRef
  readonly name: string
  readonly mark: Mark
  /** Changes when the run has new points. */
  readonly version: string
  readonly group?: { readonly runs: readonly RunRef[]; readonly spread: 'range' | 'deviation' }
}

/** @param samples will do where the whole takes long to read */
export type LoadCurve = (run: ChartRun, look: CurveLook, samples: boolean, signal: AbortSignal) => Promise<Curve>

export interface Drawn {
  readonly run: ChartRun
  readonly curve: Curve
}

export type { Axis, Curve, CurveLook, Range }
