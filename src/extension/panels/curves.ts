/** Series as pages draw them: laid along an x axis, smoothed, joined into bands, reduced to pixels. Knows no vscode. */
import { joinedByStep, positive } from '../../shared/curves/against'
import { BandBuilder, Joiner } from '../../shared/curves/bands'
import { coreOf, coreOfBand } from '../../shared/curves/core'
import { smoothed } from '../../shared/curves/smooth'
import { downsample, lowerBound, type Points, upperBound } from '../../shared/downsample'
import { t } from '../../shared/l10n'
import type { Run } from '../../shared/model'
import type { BandQuery, Curve, CurveLook, RunRef } from '../../shared/protocol'
import type { LoadedSeries } from './seriesCache'

/** A series, and the run it is of. */
export interface RunSeries {
  readonly loaded: LoadedSeries
  readonly run: Pick<Run, 'info'>
}

/** @param along the series of the x axis, where that is a metric */
export function curveOf(look: CurveLook, { loaded, run }: RunSeries, along: LoadedSeries | undefined): Curve {
  const { points, origin, unplaced, inSeconds } = placed(look, { loaded, run }, along)
  const { x } = points
  const extent = extentOf(x)
  const [from, to] = look.range ? [look.range[0] + origin, look.range[1] + origin] : (extent ?? [0, 0])
  const reduce = (y: Float64Array): Points => shifted(downsample({ x, y }, from, to, look.width, look.logX), origin)
  const y = smoothed(points, look.smoothing)
  const inRange = upperBound(x, to) - lowerBound(x, from)
  return {
    ...reduce(y),
    raw: look.smoothing > 0 ? reduce(points.y) : null,
    band: null,
    core: look.core && coreOf({ x, y }, from, to, look.core),
    extent: extent && [extent[0] - origin, extent[1] - origin],
    total: x.length,
    inRange,
    unplaced,
    inSeconds,
    reduced: inRange > 2 * look.width,
    sampled: loaded.series.sampled ?? false,
    asOf: loaded.asOf,
    refreshError: loaded.refreshError ?? null,
  }
}

/** A series, and that of the x axis where it is a metric. */
export interface BandMember {
  readonly series: RunSeries
  readonly along: LoadedSeries | undefined
}

/**
 * Runs are read twice, first to learn where to join them: all of them at once may not fit into memory. The second time goes backwards,
 * for those read last are still there.
 *
 * @param read rejects of a run that is left out
 */
export async function bandOf(
  query: BandQuery,
  read: (run: RunRef) => Promise<BandMember>,
  signal: AbortSignal,
): Promise<Curve> {
  const failures = new Map<RunRef, Error>()
  let [total, inRange, unplaced, asOf] = [0, 0, 0, Infinity]
  let inSeconds = false
  let refreshError: string | null = null
  let extent: [number, number] | null = null

  const each = async (
    all: readonly RunRef[],
    use: (points: Points, place: Placed, loaded: LoadedSeries) => void,
  ): Promise<void> => {
    const runs = all.filter((run) => !failures.has(run))
    for await (const [run, member] of inTurn(runs, read)) {
      signal.throwIfAborted()
      if (member instanceof Error) failures.set(run, member)
      else {
        const place = placed(query, member.series, member.along)
        use(shifted(place.points, place.origin), place, member.series.loaded)
      }
    }
    signal.throwIfAborted()
  }

  const joiner = new Joiner(query.range, query.width, query.logX)
  await each(query.runs, (points, place, loaded) => {
    joiner.add(points)
    const found = extentOf(points.x)
    if (found) extent = extent ? [Math.min(extent[0], found[0]), Math.max(extent[1], found[1])] : found
    total += points.x.length
    unplaced += place.unplaced
    inSeconds ||= place.inSeconds
    asOf = Math.min(asOf, loaded.asOf)
    refreshError ??= loaded.refreshError ?? null
  })
  const joints = joiner.joints()
  const [from, to] = joiner.range
  const builder = new BandBuilder(joints, from)
  await each(query.runs.toReversed(), (points) => {
    builder.add({ x: points.x, y: smoothed(points, query.smoothing) })
    inRange += upperBound(points.x, to) - lowerBound(points.x, from)
  })
  const [failure] = failures.values()
  if (failure && failures.size === query.runs.length) throw failure
  const band = builder.build(query.spread)
  return {
    x: band.x,
    y: band.mean,
    raw: null,
    band: {
      low: band.low,
      high: band.high,
      runs: band.runs,
      notFinite: band.notFinite,
      problem: problemOf(failures, query.runs.length),
    },
    core: query.core && coreOfBand(band, from, to, query.core),
    ...{ extent, total, inRange, unplaced, inSeconds },
    reduced: !joints.exact,
    sampled: false,
    asOf: Number.isFinite(asOf) ? asOf : Date.now(),
    refreshError,
  }
}

function problemOf(failures: ReadonlyMap<RunRef, Error>, runs: number): string | null {
  const [first] = failures.values()
  if (failures.size === 0) return null
  return t('{0} of {1} runs are left out: {2}', failures.size, runs, first?.message ?? '')
}

interface Placed {
  /** In ascending x, as far as they have a place on the axis. */
  readonly points: Points
  /** What is subtracted from their x for the page. */
  readonly origin: number
  readonly unplaced: number
  readonly inSeconds: boolean
}

function placed({ axis, logX }: CurveLook, { loaded, run }: RunSeries, along: LoadedSeries | undefined): Placed {
  if (axis === 'step') return onAxis(loaded.by('step'), 0, logX)
  if (axis === 'metric') {
    const { points, unplaced } = against(loaded, along ?? loaded)
    const place = onAxis(points, 0, logX)
    return { ...place, unplaced: place.unplaced + unplaced }
  }
  const logged = loaded.by('time')
  const { startTime } = run.info
  const inSeconds = areSeconds(logged.x, startTime)
  const points = inSeconds ? { x: logged.x.map((time) => time * 1000), y: logged.y } : logged
  if (axis === 'time') return { ...onAxis(points, 0, false), inSeconds }
  const origin = startTime ?? points.x[0] ?? 0
  return logX ? { ...onAxis(shifted(points, origin), 0, true), inSeconds } : { points, origin, unplaced: 0, inSeconds }
}

function onAxis(points: Points, origin: number, log: boolean): Placed {
  const kept = log ? positive(points) : points
  return { points: kept, origin, unplaced: points.x.length - kept.x.length, inSeconds: false }
}

const joins = new WeakMap<
  LoadedSeries,
  { readonly along: LoadedSeries; readonly joined: ReturnType<typeof joinedByStep> }
>()

/** Each zoom asks for the same again. */
function against(loaded: LoadedSeries, along: LoadedSeries): ReturnType<typeof joinedByStep> {
  const known = joins.get(loaded)
  if (known?.along === along) return known.joined
  const joined = joinedByStep(loaded.by('step'), along.by('step'))
  joins.set(loaded, { along, joined })
  return joined
}

/** x of each point of a series in the order in which it is kept; NaN of those without. */
export function placesOf(
  axis: CurveLook['axis'],
  { loaded, run }: RunSeries,
  along: LoadedSeries | undefined,
): Float64Array {
  const { steps } = loaded.series
  if (axis === 'step') return steps
  if (axis === 'metric') {
    const x = along?.by('step')
    return steps.map((step) => {
      const at = x ? upperBound(x.x, step) - 1 : -1
      const value = x?.x[at] === step ? (x.y[at] ?? NaN) : NaN
      return Number.isFinite(value) ? value : NaN
    })
  }
  const times = timesOf({ loaded, run })
  if (axis === 'time') return times
  const origin = run.info.startTime ?? loaded.by('time').x[0] ?? 0
  return times.map((time) => time - origin)
}

/** When each point of a series was logged, ms since the epoch, in the order in which it is kept. */
export function timesOf({ loaded, run }: RunSeries): Float64Array {
  const { timestamps } = loaded.series
  return areSeconds(loaded.by('time').x, run.info.startTime) ? timestamps.map((time) => time * 1000) : timestamps
}

const shifted = ({ x, y }: Points, origin: number): Points =>
  origin === 0 ? { x, y } : { x: x.map((at) => at - origin), y }

const extentOf = (x: Float64Array): [number, number] | null => {
  const [first, last] = [x[0], x.at(-1)]
  return first === undefined || last === undefined ? null : [first, last]
}

const day = 24 * 60 * 60 * 1000

/** Whether times are seconds since the epoch: as milliseconds they are of early 1970, as seconds of when the run went on. */
function areSeconds(times: Float64Array, startTime: number | null): boolean {
  const extent = extentOf(times)
  if (!extent || startTime === null || startTime < 1000 * day) return false
  return extent[0] * 1000 > startTime - day && extent[1] * 1000 < startTime + 3650 * day
}

/** Runs that are being read, or have been and are not used yet. */
const mostAhead = 6
/** Milliseconds after which others have their turn. */
const slice = 15

/** What was read of each run, or why it could not be; a few at a time. */
async function* inTurn<T>(
  runs: readonly RunRef[],
  read: (run: RunRef) => Promise<T>,
): AsyncGenerator<readonly [RunRef, T | Error]> {
  const reading: Promise<T | Error>[] = []
  let end = performance.now() + slice
  for (const [index, run] of runs.entries()) {
    for (const next of runs.slice(index + reading.length, index + mostAhead))
      reading.push(read(next).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))))
    yield [run, await (reading.shift() ?? Promise.reject(new Error('nothing was read')))]
    if (performance.now() < end) continue
    await new Promise((resolve) => setTimeout(resolve))
    end = performance.now() + slice
  }
}
