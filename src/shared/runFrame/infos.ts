import type { RunInfo } from '../model'
import { exact, GrowingStrings, resized, roomFor, viewed } from './columns'
import { artifactUriAt, kept, statusCodes, stringAt, type RunFrameData, type RunInfoColumns } from './data'

/** Row `row` as MLflow names its fields. @throws RangeError outside 0 … length-1. */
export function infoAt({ infos, length }: RunFrameData, row: number): RunInfo {
  if (!(row >= 0 && row < length)) throw new RangeError(`row ${row} of a frame of ${length} runs`)
  const problem = infos.problems.get(row)
  return {
    runId: infos.runIds[row] ?? '',
    experimentId: stringAt(infos.experimentIds, row) ?? '',
    runName: stringAt(infos.runNames, row) ?? '',
    userId: stringAt(infos.userIds, row) ?? '',
    status: statusCodes[infos.statuses[row] ?? 0] ?? 'SCHEDULED',
    startTime: orNull(infos.startTimes[row]),
    endTime: orNull(infos.endTimes[row]),
    artifactUri: artifactUriAt(infos, row),
    lifecycleStage: infos.deleted[row] === 1 ? 'deleted' : 'active',
    ...(problem !== undefined && { problem }),
  }
}

const orNull = (time = NaN): number | null => (Number.isNaN(time) ? null : time)

/** `RunInfoColumns` that grow run by run or frame by frame. */
export class GrowingInfos {
  readonly #runIds: string[] = []
  readonly #experimentIds: GrowingStrings
  readonly #runNames: GrowingStrings
  readonly #userIds: GrowingStrings
  readonly #artifactRoots: GrowingStrings
  readonly #artifactTails: GrowingStrings
  readonly #problems = new Map<number, string>()
  #statuses: Uint8Array
  #startTimes: Float64Array
  #endTimes: Float64Array
  #deleted: Uint8Array
  #kept: Uint8Array

  constructor(capacity: number) {
    this.#experimentIds = new GrowingStrings(capacity)
    this.#runNames = new GrowingStrings(capacity)
    this.#userIds = new GrowingStrings(capacity)
    this.#artifactRoots = new GrowingStrings(capacity)
    this.#artifactTails = new GrowingStrings(capacity)
    this.#statuses = new Uint8Array(capacity)
    this.#startTimes = new Float64Array(capacity)
    this.#endTimes = new Float64Array(capacity)
    this.#deleted = new Uint8Array(capacity)
    this.#kept = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#runIds.length
  }

  add(info: RunInfo, otherwise: number): number {
    const row = this.#runIds.push(info.runId) - 1
    this.#reserve(row)
    this.#experimentIds.set(row, info.experimentId)
    this.#runNames.set(row, info.runName)
    if ((otherwise & kept.noUser) === 0) this.#userIds.set(row, info.userId)
    const at = info.artifactUri.indexOf(info.runId)
    this.#artifactRoots.set(row, at < 0 ? info.artifactUri : info.artifactUri.slice(0, at))
    if (at >= 0) this.#artifactTails.set(row, info.artifactUri.slice(at + info.runId.length))
    this.#statuses[row] = statusCodes.indexOf(info.status)
    this.#startTimes[row] = info.startTime ?? NaN
    this.#endTimes[row] = info.endTime ?? NaN
    this.#deleted[row] = info.lifecycleStage === 'deleted' ? 1 : 0
    this.#kept[row] = otherwise
    if (info.problem !== undefined) this.#problems.set(row, info.problem)
    return row
  }

  append(infos: RunInfoColumns, length: number): void {
    const at = this.length
    if (length === 0) return
    this.#reserve(at + length - 1)
    for (let row = 0; row < length; row++) this.#runIds.push(infos.runIds[row] ?? '')
    this.#experimentIds.append(infos.experimentIds, at, length)
    this.#runNames.append(infos.runNames, at, length)
    this.#userIds.append(infos.userIds, at, length)
    this.#artifactRoots.append(infos.artifactRoots, at, length)
    this.#artifactTails.append(infos.artifactTails, at, length)
    this.#statuses.set(viewed(infos.statuses, length), at)
    this.#startTimes.set(viewed(infos.startTimes, length), at)
    this.#endTimes.set(viewed(infos.endTimes, length), at)
    this.#deleted.set(viewed(infos.deleted, length), at)
    this.#kept.set(viewed(infos.kept, length), at)
    for (const [row, problem] of infos.problems) if (row < length) this.#problems.set(at + row, problem)
  }

  view(): RunInfoColumns {
    return this.#columns('view', viewed)
  }

  take(): RunInfoColumns {
    return this.#columns('take', exact)
  }

  #columns(way: 'view' | 'take', cut: typeof viewed): RunInfoColumns {
    const { length } = this
    return {
      runIds: this.#runIds,
      experimentIds: this.#experimentIds[way](length),
      runNames: this.#runNames[way](length),
      userIds: this.#userIds[way](length),
      artifactRoots: this.#artifactRoots[way](length),
      artifactTails: this.#artifactTails[way](length),
      statuses: cut(this.#statuses, length),
      startTimes: cut(this.#startTimes, length),
      endTimes: cut(this.#endTimes, length),
      deleted: cut(this.#deleted, length),
      kept: cut(this.#kept, length),
      problems: this.#problems,
    }
  }

  #reserve(row: number): void {
    const capacity = this.#statuses.length
    if (row < capacity) return
    const length = roomFor(row, capacity)
    this.#statuses = resized(this.#statuses, length, 0)
    this.#startTimes = resized(this.#startTimes, length, 0)
    this.#endTimes = resized(this.#endTimes, length, 0)
    this.#deleted = resized(this.#deleted, length, 0)
    this.#kept = resized(this.#kept, length, 0)
  }
}
