import type { Axis, Curve, CurveQuery, RunRef } from '../../shared/protocol'
import type { Mark } from '../../shared/runColor'
import type { Range } from '../../shared/ticks'

/** A run in a chart. */
export interface ChartRun {
  /** `connection` and run id: unique among all runs. */
  readonly id: string
  readonly ref: RunRef
  readonly name: string
  readonly mark: Mark
  /** Changes when the run has new points. */
  readonly version: string
}

export type LoadCurve = (query: CurveQuery, signal: AbortSignal) => Promise<Curve>

export interface Drawn {
  readonly run: ChartRun
  readonly curve: Curve
}

export type { Axis, Curve, Range }
