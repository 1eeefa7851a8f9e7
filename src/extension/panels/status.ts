import type { RunStatus } from '../../shared/model'

const icons: Record<RunStatus, string> = {
  RUNNING: 'sync',
  SCHEDULED: 'clock',
  FINISHED: 'pass',
  FAILED: 'error',
  KILLED: 'circle-slash',
}

/** Name of the codicon that stands for a run's status. */
export const statusIcon = (status: RunStatus): string => icons[status]
