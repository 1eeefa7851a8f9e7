import type { Host } from '../ui/host'
import type { LoadCurve } from './types'

/** Asks the extension for curves. */
export const curvesFrom =
  ({ channel }: Host): LoadCurve =>
  (run, look, samples, signal) =>
    run.group
      ? channel.request('band', { ...look, runs: [...run.group.runs], spread: run.group.spread }, signal)
      : channel.request('curve', { ...look, run: run.ref, samples }, signal)
