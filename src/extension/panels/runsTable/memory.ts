import * as v from 'valibot'
import type { TableSubject } from '../../../shared/runsTable/protocol'
import { withNamed, withoutNamed } from '../named'
import { defaultView, tableViewSchema, type TableView } from '../../../shared/runsTable/view'

/** Where it is kept: a `vscode.Memento`. */
export interface Memento {
  get(key: string): unknown
  update(key: string, value: unknown): Thenable<void>
}

const mostFilters = 30
const mostSavedFilters = 200
const mostSubjects = 100

/** Views are looked at one by one: what another version of the extension wrote is kept for it, though it can't be shown here. */
const tableSchema = v.object({ last: v.unknown(), saved: v.array(v.tuple([v.string(), v.unknown()])) })
type Table = v.InferOutput<typeof tableSchema>
const tablesSchema = v.array(v.tuple([v.string(), tableSchema]))
const keySchema = v.pipe(v.string(), v.parseJson(), v.array(v.string()))
const textsSchema = v.array(v.tuple([v.string(), v.array(v.string())]))

/** What tables remember of a workspace: how each was set, its saved views, filters that were used or saved, starred runs. */
export class TableMemory {
  readonly #memento: Memento
  readonly #failed: (error: unknown) => void
  readonly #stars = new Map<string, ReadonlySet<string>>()
  readonly #starListeners = new Set<() => void>()

  constructor(memento: Memento, failed: (error: unknown) => void) {
    this.#memento = memento
    this.#failed = failed
  }

  lastView(subject: TableSubject): TableView {
    return parsed(tableViewSchema, this.#table(subject).last) ?? defaultView
  }

  keepLast(subject: TableSubject, view: TableView): void {
    this.#keep(subject, { ...this.#table(subject), last: view })
  }

  /** Saved views by name, in the order of their names. */
  savedViews(subject: TableSubject): ReadonlyMap<string, TableView> {
    return new Map(readable(this.#table(subject)))
  }

  /** Saved views of all tables that show an experiment. */
  viewsOf(connection: string, experimentId: string): { name: string; experimentIds: string[]; view: TableView }[] {
    return this.#tables().flatMap(([key, table]) => {
      const [of, ...experimentIds] = parsed(keySchema, key) ?? []
      const isOf = of === connection && experimentIds.includes(experimentId)
      return isOf ? readable(table).map(([name, view]) => ({ name, experimentIds, view })) : []
    })
  }

  saveView(subject: TableSubject, name: string, view: TableView): void {
    const table = this.#table(subject)
    this.#keep(subject, { ...table, saved: withNamed<unknown>(table.saved, name, view) })
  }

  deleteView(subject: TableSubject, name: string): void {
    const table = this.#table(subject)
    this.#keep(subject, { ...table, saved: withoutNamed(table.saved, name) })
  }

  /** Of a connection, the latest first. */
  filters(connection: string): readonly string[] {
    return this.#texts(filtersKey).get(connection) ?? []
  }

  useFilter(connection: string, filter: string): void {
    if (filter.trim() === '') return
    const others = this.filters(connection).filter((other) => other !== filter)
    this.#keepTexts(filtersKey, connection, [filter, ...others].slice(0, mostFilters))
  }

  /** Filters of a connection that somebody wants to keep, in the order in which they were kept. */
  savedFilters(connection: string): readonly string[] {
    return this.#texts(savedFiltersKey).get(connection) ?? []
  }

  keepFilter(connection: string, filter: string, on: boolean): void {
    const others = this.savedFilters(connection).filter((other) => other !== filter)
    this.#keepTexts(savedFiltersKey, connection, on ? [...others, filter].slice(-mostSavedFilters) : others)
  }

  /** Ids of a connection's starred runs: a star is on a run, whichever table shows it. The same set until that changes. */
  stars(connection: string): ReadonlySet<string> {
    let stars = this.#stars.get(connection)
    if (!stars) this.#stars.set(connection, (stars = new Set(this.#texts(starsKey).get(connection) ?? [])))
    return stars
  }

  /** Told after runs were starred, or no longer. */
  onDidStar(told: () => void): Disposable {
    this.#starListeners.add(told)
    return { [Symbol.dispose]: () => this.#starListeners.delete(told) }
  }

  star(connection: string, runIds: readonly string[], on: boolean): void {
    const stars = new Set(this.stars(connection))
    for (const id of runIds) {
      if (on) stars.add(id)
      else stars.delete(id)
    }
    this.#stars.set(connection, stars)
    this.#keepTexts(starsKey, connection, [...stars])
    for (const told of this.#starListeners) told()
  }

  #table(subject: TableSubject): Table {
    return this.#tables().find(([key]) => key === keyOf(subject))?.[1] ?? { last: null, saved: [] }
  }

  #tables(): [string, Table][] {
    return parsed(tablesSchema, this.#memento.get(tablesKey)) ?? []
  }

  /** Tables that nobody saved a view of are forgotten when there are many. */
  #keep(subject: TableSubject, table: Table): void {
    const key = keyOf(subject)
    const others = this.#tables().filter(([other]) => other !== key)
    const kept = others.filter(([, { saved }], at) => saved.length > 0 || at >= others.length - mostSubjects)
    this.#update(tablesKey, [...kept, [key, table]])
  }

  #texts(key: string): ReadonlyMap<string, readonly string[]> {
    return new Map(parsed(textsSchema, this.#memento.get(key)) ?? [])
  }

  #keepTexts(key: string, connection: string, texts: readonly string[]): void {
    const all = new Map(this.#texts(key))
    if (texts.length > 0) all.set(connection, texts)
    else all.delete(connection)
    this.#update(key, [...all])
  }

  #update(key: string, value: unknown): void {
    this.#memento.update(key, value).then(undefined, this.#failed)
  }
}

const tablesKey = 'mlflow.runsTable.tables'
const filtersKey = 'mlflow.runsTable.filters'
const savedFiltersKey = 'mlflow.runsTable.savedFilters'
const starsKey = 'mlflow.runsTable.stars'

/** The same for the same experiments in whatever order. */
export const keyOf = ({ connection, experimentIds }: TableSubject): string =>
  JSON.stringify([connection, ...[...experimentIds].sort()])

/** Saved views by name; without those that another version wrote and this one can't read. */
function readable({ saved }: Table): [name: string, view: TableView][] {
  return saved.flatMap(([name, view]) => {
    const read = parsed(tableViewSchema, view)
    return read ? [[name, read]] : []
  })
}

/** What is there, perhaps written by another version of the extension; undefined where it can't be read. */
function parsed<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> | undefined {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : undefined
}
