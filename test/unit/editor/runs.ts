import type { RunFrame } from '../../../src/shared/runFrame'
import type { Run, RunStatus } from '../../../src/shared/model'
import { frameOf as frameOfRuns } from '../madeUpRuns'

interface Told {
  readonly status?: RunStatus
  readonly startTime?: number
  readonly endTime?: number | null
  readonly metrics?: Readonly<Record<string, number>>
  readonly params?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
}

/** A frame of runs by their names, which are their ids too. */
export function frameOf(runs: Readonly<Record<string, Told>>): RunFrame {
  return frameOfRuns(Object.entries(runs).map(([name, told]) => runOf(name, told)))
}

export const allRows = (frame: RunFrame): number[] => Array.from({ length: frame.length }, (_, row) => row)

function runOf(name: string, told: Told): Run {
  const { status = 'FINISHED', startTime = 1000, endTime = 2000, metrics = {}, params = {}, tags = {} } = told
  return {
    info: {
      runId: name,
      experimentId: '1',
      runName: name,
      userId: '',
      status,
      startTime,
      endTime,
      artifactUri: '',
      lifecycleStage: 'active',
    },
    metrics: new Map(Object.entries(metrics).map(([key, value]) => [key, { value, step: 9, timestamp: 1500 }])),
    params: new Map(Object.entries(params)),
    tags: new Map(Object.entries(tags)),
    datasets: [],
    modelOutputs: [],
  }
}
