import type { RunStatus } from '../../shared/model'
import type { RunRef } from '../../shared/protocol'
import { keyOf } from './subject'

/** What a page's runs were doing when last looked at. */
export class RunStatuses {
  readonly #statuses = new Map<string, RunStatus>()

  learn(run: RunRef, status: RunStatus): void {
    this.#statuses.set(keyOf(run), status)
  }

  /** Whether some run is not over. */
  get someGoOn(): boolean {
    return [...this.#statuses.values()].some((status) => status === 'RUNNING' || status === 'SCHEDULED')
  }
}
