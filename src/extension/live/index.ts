/** Lists of runs that stay fresh: asked for what has changed, and now and then for everything. */
export { differingRows } from './sameRuns'
export type { LiveQuery } from './liveQuery'
export { LiveRuns, type LiveChange, type Refreshing } from './liveRuns'
export { Pace } from './pace'
export { reconcile, type Reconciled } from './reconcile'
export { runsById } from './runsById'
export { RunFeed } from './runFeed'
