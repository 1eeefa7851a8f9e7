import { ProblemError } from './problems'
import { raw, type Sql } from './sql'

/** The tables and columns that a database has; read from it, never guessed from a version. */
export class Schema {
  /** Alembic's name of the schema, such as `dc11669786a5`; empty if there is none. */
  readonly revision: string
  readonly #tables: ReadonlyMap<string, ReadonlySet<string>>
  readonly #indexes: ReadonlyMap<string, readonly string[]>

  private constructor(
    tables: ReadonlyMap<string, ReadonlySet<string>>,
    indexes: ReadonlyMap<string, readonly string[]>,
    revision: string,
  ) {
    this.#tables = tables
    this.#indexes = indexes
    this.revision = revision
  }

  /** @throws ProblemError `notMlflow` or `schema` if what can't be done without is missing. */
  static read(all: (query: Sql) => unknown[][]): Schema {
    const columns = all(
      raw(`SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`),
    )
    const indexed = all(
      raw(
        `SELECT i.name, c.name FROM pragma_index_list('metrics') i JOIN pragma_index_info(i.name) c ORDER BY i.name, c.seqno`,
      ),
    )
    const tables = new Map([...grouped(columns)].map(([table, names]) => [table, new Set(names)]))
    requireEssentials(tables)
    const revision = tables.has('alembic_version')
      ? all(raw('SELECT version_num FROM alembic_version'))[0]?.[0]
      : undefined
    return new Schema(tables, grouped(indexed), typeof revision === 'string' ? revision : '')
  }

  has(table: string, column?: string): boolean {
    const columns = this.#tables.get(table)
    return columns !== undefined && (column === undefined || columns.has(column))
  }

  /** `alias.column`, or what stands for it in a schema that doesn't have it. */
  column(table: string, column: string, alias: string, otherwise = 'NULL'): Sql {
    return raw(this.has(table, column) ? `${alias}."${column}"` : otherwise)
  }

  /** Whether that index has the steps in their order. */
  metricIndexHasSteps(): boolean {
    return this.#metricIndex()?.steps === true
  }

  /** `INDEXED BY` the index of table `metrics` that finds one run's metric fastest. */
  metricIndex(): Sql {
    const found = this.#metricIndex()
    return raw(found ? `INDEXED BY "${found.name.replaceAll('"', '""')}"` : '')
  }

  #metricIndex(): { name: string; steps: boolean } | undefined {
    const firsts = (count: number) => (columns: readonly string[]) =>
      ['run_uuid', 'key', 'step'].slice(0, count).every((name, at) => columns[at] === name)
    for (const count of [3, 2, 1])
      for (const [index, columns] of this.#indexes)
        if (firsts(count)(columns)) return { name: index, steps: columns.length === 3 && count === 3 }
    return undefined
  }
}

/** Without these nothing can be shown. What else a schema lacks is shown as absent. */
const essentials: Readonly<Record<string, readonly string[]>> = {
  experiments: ['experiment_id', 'name', 'lifecycle_stage'],
  runs: ['run_uuid', 'experiment_id', 'status', 'start_time', 'end_time', 'lifecycle_stage', 'artifact_uri'],
  metrics: ['run_uuid', 'key', 'value', 'timestamp', 'step'],
  latest_metrics: ['run_uuid', 'key', 'value', 'timestamp', 'step'],
  params: ['run_uuid', 'key', 'value'],
  tags: ['run_uuid', 'key', 'value'],
}

function requireEssentials(tables: ReadonlyMap<string, ReadonlySet<string>>): void {
  if (!tables.get('experiments')?.has('experiment_id') && !tables.get('runs')?.has('run_uuid'))
    throw new ProblemError('notMlflow')
  for (const [table, columns] of Object.entries(essentials)) {
    const present = tables.get(table)
    if (!present) throw new ProblemError('schema', table)
    const missing = columns.find((column) => !present.has(column))
    if (missing !== undefined) throw new ProblemError('schema', `${table}.${missing}`)
  }
}

function grouped(rows: readonly unknown[][]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [group, member] of rows) {
    const members = groups.get(String(group)) ?? []
    members.push(String(member))
    groups.set(String(group), members)
  }
  return groups
}

/** MLflow releases by the schema they make. */
const releases: Readonly<Record<string, string>> = {
  '0584bdc529eb': '2.22',
  dc11669786a5: '3.17',
  f4a9b2c7d1e6: '3.18',
}

/** "SQLite, schema dc11669786a5 (MLflow 3.17)". */
export function versionOf(revision: string): string {
  const release = Object.hasOwn(releases, revision) ? releases[revision] : undefined
  if (revision === '') return 'SQLite'
  return release === undefined ? `SQLite, schema ${revision}` : `SQLite, schema ${revision} (MLflow ${release})`
}
