/** MLprojects: read, launched, watched, stopped. */
import type { CommandDefinition } from '../commands'
import { projectCommands, type ProjectServices } from './commands'
import { launchedRuns } from './launchedRuns'

export interface Projects {
  readonly commands: readonly CommandDefinition[]
  /** Ends all launched processes and their runs; for `deactivate`. */
  stopAll(): Promise<void>
  /** The same, without waiting. */
  dispose(): void
}

export function createProjects(services: Omit<ProjectServices, 'launchedRuns'>): Projects {
  return {
    commands: projectCommands({ ...services, launchedRuns }),
    stopAll: () => launchedRuns.stopAll(),
    dispose: () => void launchedRuns.stopAll(),
  }
}
