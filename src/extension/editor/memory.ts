import * as v from 'valibot'
import { directions, references, type Direction, type Reference } from './metricFacts'

/** A `vscode.Memento`. */
interface State {
  get(key: string): unknown
  update(key: string, value: unknown): Thenable<void>
}

const texts = v.fallback(v.record(v.string(), v.string()), {})
const ways = v.fallback(v.record(v.string(), v.picklist(directions)), {})
const reference = v.fallback(v.picklist(references), 'last')

/** What the user has chosen for the editor; kept in the workspace. */
export class EditorMemory {
  readonly #state: State
  readonly #changed: () => void

  constructor(state: State, changed: () => void) {
    this.#state = state
    this.#changed = changed
  }

  /** The experiment chosen for a file: its name. @param file its URI */
  experimentOf(file: string): string | undefined {
    const chosen = v.parse(texts, this.#state.get('mlflow.editor.experiments'))
    return Object.hasOwn(chosen, file) ? chosen[file] : undefined
  }

  /** @param experiment undefined: as the code says */
  async chooseExperiment(file: string, experiment: string | undefined): Promise<void> {
    const { [file]: _, ...others } = v.parse(texts, this.#state.get('mlflow.editor.experiments'))
    await this.#keep('mlflow.editor.experiments', experiment === undefined ? others : { ...others, [file]: experiment })
  }

  get reference(): Reference {
    return v.parse(reference, this.#state.get('mlflow.editor.reference'))
  }

  async chooseReference(chosen: Reference): Promise<void> {
    await this.#keep('mlflow.editor.reference', chosen)
  }

  directionOf(metric: string): Direction | undefined {
    const known = v.parse(ways, this.#state.get('mlflow.editor.directions'))
    return Object.hasOwn(known, metric) ? known[metric] : undefined
  }

  /** @param direction undefined: not known any more */
  async setDirection(metric: string, direction: Direction | undefined): Promise<void> {
    const { [metric]: _, ...others } = v.parse(ways, this.#state.get('mlflow.editor.directions'))
    await this.#keep('mlflow.editor.directions', direction ? { ...others, [metric]: direction } : others)
  }

  async #keep(key: string, value: unknown): Promise<void> {
    await this.#state.update(key, value)
    this.#changed()
  }
}
