import type { Connections } from '../../connections/connection'
import type { Log } from '../../log'
import type { TableMemory } from './memory'
import type { ViewFile } from './viewFile'

/** What a table does outside of itself. */
export interface TableUi {
  /** Runs a command of the extension. */
  run(command: string, options: Readonly<Record<string, unknown>>): Thenable<unknown>
  copy(text: string): Thenable<void>
  open(text: string, language: string): Thenable<void>
  /** Writes to a file. @param path asked for where left out: `name` is only a proposal */
  save(name: string, text: string, path?: string): Promise<void>
  /** Asks for a name, and whether to replace the view that has it already. @throws Dismissed */
  askViewName(taken: readonly string[]): Promise<string>
  /** @throws Dismissed where it is to stay */
  confirmDeleteView(name: string): Promise<void>
  shareView(file: Omit<ViewFile, 'mlflowView'>): Promise<void>
  showProblem(error: unknown): void
  readonly bundle: Record<string, string>
}

/** What a table needs from the extension around it. */
export interface TableDeps {
  readonly connections: Pick<Connections, 'get' | 'discovered'>
  readonly memory: TableMemory
  readonly colorOf: (runId: string) => number
  readonly ui: TableUi
  readonly log: Log
  /** Somebody opened the table just now: it may ask for credentials. */
  readonly interactive?: boolean
}
