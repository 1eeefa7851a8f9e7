import { t } from '../../../shared/l10n'
import type { TableSubject } from '../../../shared/runsTable/protocol'
import type { TableView } from '../../../shared/runsTable/view'
import type { TableMemory } from './memory'
import type { TableUi } from './tableUi'

interface Options {
  readonly subject: TableSubject
  readonly memory: TableMemory
  readonly ui: Pick<TableUi, 'askViewName' | 'confirmDeleteView'>
  /** There are others now. */
  readonly changed: () => void
}

/** The views of a table that are saved by name. */
export class SavedViews {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  get names(): string[] {
    const { memory, subject } = this.#options
    return [...memory.savedViews(subject).keys()]
  }

  load(name: string): TableView {
    const { memory, subject } = this.#options
    const view = memory.savedViews(subject).get(name)
    if (!view) throw new Error(t('There is no saved view “{0}”.', name))
    return view
  }

  /** Asks for its name. @throws Dismissed */
  async save(view: TableView): Promise<void> {
    const { memory, subject, ui, changed } = this.#options
    memory.saveView(subject, await ui.askViewName(this.names), view)
    changed()
  }

  /** Asks first. @throws Dismissed */
  async delete(name: string): Promise<void> {
    const { memory, subject, ui, changed } = this.#options
    await ui.confirmDeleteView(name)
    memory.deleteView(subject, name)
    changed()
  }
}
