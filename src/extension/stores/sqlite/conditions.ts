import { promptTag } from '../../../shared/model'
import type { Comparator, Comparison, Expression, Literal, SearchKind } from '../../../shared/filter'
import type { Schema } from './schema'
import { join, listed, raw, sql, type Sql } from './sql'

/**
 * A search expression as a condition of a WHERE clause. Every comparison is a condition of its own, true or false for a row
 * whatever else is asked, so that they can be combined at will. MLflow joins instead: the rows found are the same.
 *
 * The tables are aliased as `aliases` says.
 */
export function condition(expression: Expression | undefined, kind: SearchKind, schema: Schema): Sql {
  if (!expression) return raw('1')
  if (expression.kind === 'and')
    return sql`(${join(
      expression.operands.map((operand) => condition(operand, kind, schema)),
      ' AND ',
    )})`
  return comparisonsOf[kind](expression, schema)
}

type Translate = (comparison: Comparison, schema: Schema) => Sql

const comparisonsOf: Readonly<Record<SearchKind, Translate>> = {
  runs: runComparison,
  experiments: (comparison) => {
    const { name, comparator, value } = comparison
    if (name.entity === 'tag') return keyed(comparison, raw('x.experiment_id'), 'experiment_tags', 'experiment_id')
    if (name.key === 'experiment_id') return identity(raw('x.experiment_id'), comparator, value)
    return compared(raw(`x."${name.key}"`), comparator, value)
  },
  registeredModels: (comparison, schema) => registryComparison(comparison, schema, 'registered_model_tags', ['name']),
  modelVersions: (comparison, schema) =>
    registryComparison(comparison, schema, 'model_version_tags', ['name', 'version']),
  loggedModels: loggedModelComparison,
}

function runComparison(comparison: Comparison, schema: Schema): Sql {
  const { name, comparator, value } = comparison
  switch (name.entity) {
    case 'attribute':
      // As MLflow does: the column is empty for runs of MLflow before 1.30.
      if (name.key === 'run_name')
        return keyed({ ...comparison, name: { ...name, key: 'mlflow.runName' } }, runId, 'tags')
      return compared(runColumn(name.key), comparator, value)
    case 'metric':
      return sql`${runId} IN (SELECT run_uuid FROM latest_metrics WHERE "key" = ${name.key} AND ${metricCompared(comparison, schema)})`
    case 'param':
      return keyed(comparison, runId, 'params')
    case 'tag':
      return keyed(comparison, runId, 'tags')
    case 'dataset':
      return datasetComparison(comparison, schema)
  }
}

const runId = raw('x.run_uuid')

/** The column of table `runs`, aliased `x`, that holds an attribute. */
export function runColumn(attribute: string): Sql {
  return raw(`x."${{ run_id: 'run_uuid', run_name: 'name' }[attribute] ?? attribute}"`)
}

/** Metrics that are NaN are stored as 0: they differ from any number and are neither less nor greater. */
function metricCompared({ comparator, value }: Comparison, schema: Schema): Sql {
  const number = compared(raw('value'), comparator, value)
  if (!schema.has('latest_metrics', 'is_nan')) return number
  return comparator === '!=' ? sql`(${number} OR is_nan = 1)` : sql`${number} AND is_nan = 0`
}

function datasetComparison({ name, comparator, value }: Comparison, schema: Schema): Sql {
  if (!schema.has('datasets') || !schema.has('inputs') || !schema.has('input_tags')) return raw('0')
  const matching =
    name.key === 'context'
      ? sql`JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context' WHERE ${compared(raw('t.value'), comparator, value)}`
      : sql`WHERE ${compared(raw(`d."${name.key}"`), comparator, value)}`
  return sql`${runId} IN (SELECT i.destination_id FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id ${matching})`
}

/** Of a param or tag: `table` has a row a key. */
function keyed({ name, comparator, value }: Comparison, id: Sql, table: string, idColumn = 'run_uuid'): Sql {
  const having = (test: Sql) => sql`(SELECT ${raw(idColumn)} FROM ${raw(table)} WHERE "key" = ${name.key}${test})`
  if (comparator === 'IS NULL') return sql`${id} NOT IN ${having(raw(''))}`
  if (comparator === 'IS NOT NULL') return sql`${id} IN ${having(raw(''))}`
  return sql`${id} IN ${having(sql` AND ${compared(raw('value'), comparator, value)}`)}`
}

function registryComparison(comparison: Comparison, schema: Schema, table: string, idColumns: readonly string[]): Sql {
  const { name, comparator, value } = comparison
  if (name.entity === 'attribute') return compared(registryColumn(name.key), comparator, value)
  if (name.key === promptTag) return raw(asksForPrompts(comparator, value) ? '0' : '1') // prompts are never listed
  if (!schema.has(table)) return raw('0')
  const same = idColumns.map((column) => raw(`t.${column} = x.${column}`))
  return sql`EXISTS (SELECT 1 FROM ${raw(table)} t WHERE ${join(same, ' AND ')} AND ${inDefaultWorkspace(schema, table, 't')}
    AND t."key" = ${name.key} AND ${compared(raw('t.value'), comparator, value)})`
}

/** The column of a table of the registry, aliased `x`, that holds an attribute. */
export function registryColumn(attribute: string): Sql {
  const columns: Readonly<Record<string, string>> = {
    version_number: 'version',
    source_path: 'source',
    creation_timestamp: 'creation_time',
    last_updated_timestamp: 'last_updated_time',
  }
  return raw(`x."${columns[attribute] ?? attribute}"`)
}

function asksForPrompts(comparator: Comparator, value: Literal): boolean {
  const text = String(value).toLowerCase()
  return (comparator === '=' && text === 'true') || (comparator === '!=' && text === 'false')
}

/** The registry is kept by workspace; without workspaces everything is in `default`. */
export function inDefaultWorkspace(schema: Schema, table: string, alias: string): Sql {
  return raw(schema.has(table, 'workspace') ? `${alias}.workspace = 'default'` : '1')
}

function loggedModelComparison({ name, comparator, value }: Comparison): Sql {
  const having = (table: string, key: string, column: string) =>
    sql`x.model_id IN (SELECT model_id FROM ${raw(table)} WHERE ${raw(key)} = ${name.key} AND ${compared(raw(column), comparator, value)})`
  switch (name.entity) {
    case 'metric':
      return having('logged_model_metrics', 'metric_name', 'metric_value')
    case 'param':
      return having('logged_model_params', 'param_key', 'param_value')
    case 'tag':
      return having('logged_model_tags', 'tag_key', 'tag_value')
    case 'dataset':
    case 'attribute':
      return compared(loggedModelColumn(name.key), comparator, value)
  }
}

/** The column of table `logged_models`, aliased `x`, that holds an attribute. */
export function loggedModelColumn(attribute: string): Sql {
  const columns: Readonly<Record<string, string>> = {
    creation_timestamp: 'creation_timestamp_ms',
    last_updated_timestamp: 'last_updated_timestamp_ms',
  }
  return raw(`x."${columns[attribute] ?? attribute}"`)
}

function identity(column: Sql, comparator: Comparator, value: Literal): Sql {
  const ids = Array.isArray(value) ? (value as readonly string[]) : [String(value)]
  const negated = comparator === '!=' || comparator === 'NOT IN'
  return sql`${column} ${raw(negated ? 'NOT IN' : 'IN')} (SELECT CAST(value AS INTEGER) FROM ${listed(ids)})`
}

function compared(column: Sql, comparator: Comparator, value: Literal): Sql {
  if (value === null) return raw('0')
  if (typeof value === 'object') return sql`${column} ${raw(comparator)} (SELECT value FROM ${listed(value)})`
  if (comparator === 'ILIKE') return sql`lower(${column}) LIKE lower(${value})`
  return sql`${column} ${raw(comparator)} ${value}`
}
