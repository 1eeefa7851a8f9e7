import { promptTag } from '../../../shared/model'
import {
  asksForPrompts,
  isNumeric,
  type Comparator,
  type Comparison,
  type DatasetFilter,
  type Expression,
  type Literal,
  type SearchKind,
} from '../../../shared/filter'
import type { Schema } from './schema'
import { join, listed, raw, sql, type Sql } from './sql'

/**
 * A search expression as a condition of a WHERE clause. Every comparison is a condition of its own, true or not for a row whatever
 * else is asked, so that they can be combined at will. MLflow joins instead: the rows found are the same.
 *
 * The table searched is aliased as `x`.
 *
 * @param datasets of logged models: only metrics on these count
 */
export function condition(
  expression: Expression | undefined,
  kind: SearchKind,
  schema: Schema,
  datasets: readonly DatasetFilter[] = [],
): Sql {
  if (!expression) return raw('1')
  if (expression.kind === 'comparison') return comparisonsOf[kind](expression, schema, datasets)
  // What is NULL to SQL does not hold.
  if (expression.kind === 'not') return sql`((${condition(expression.operand, kind, schema, datasets)}) IS NOT TRUE)`
  const operands = expression.operands.map((operand) => condition(operand, kind, schema, datasets))
  return sql`(${join(operands, expression.kind === 'and' ? ' AND ' : ' OR ')})`
}

type Translate = (comparison: Comparison, schema: Schema, datasets: readonly DatasetFilter[]) => Sql

const comparisonsOf: Readonly<Record<SearchKind, Translate>> = {
  runs: runComparison,
  experiments: (comparison) => {
    const { name, comparator, value } = comparison
    if (name.entity === 'tag') return keyed(comparison, raw('x.experiment_id'), 'experiment_tags', 'experiment_id')
    if (name.key === 'experiment_id') return identity(raw('x.experiment_id'), comparator, value)
    return compared(raw(`x."${name.key}"`), comparator, value, name.key !== 'name')
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
      if (name.key === 'run_name') return runNameComparison(comparison)
      if (name.key === 'end_time' && value === null)
        return compared(raw('NULLIF(x.end_time, 0)'), comparator, value, true)
      return compared(runColumn(name.key), comparator, value, /time|duration/.test(name.key))
    case 'metric':
      return keyed(comparison, runId, 'latest_metrics', 'run_uuid', metricCompared(comparison, schema))
    case 'param':
      return keyed(comparison, runId, 'params')
    case 'tag':
      return keyed(comparison, runId, 'tags')
    case 'dataset':
      return datasetComparison(comparison, schema)
  }
}

const runId = raw('x.run_uuid')

/** As MLflow does: the column is empty for runs of MLflow before 1.30. */
function runNameComparison(comparison: Comparison): Sql {
  const tag = { ...comparison, name: { ...comparison.name, key: 'mlflow.runName' } }
  const hasName = keyed({ ...tag, comparator: '!=', value: '' }, runId, 'tags')
  if (comparison.comparator === 'IS NULL') return sql`NOT ${hasName}`
  return comparison.comparator === 'IS NOT NULL' ? hasName : keyed(tag, runId, 'tags')
}

/** The column of table `runs`, aliased `x`, that holds an attribute; a duration is in milliseconds. */
export function runColumn(attribute: string): Sql {
  if (attribute === 'duration') return raw('(NULLIF(x.end_time, 0) - x.start_time)')
  return raw(`x."${{ run_id: 'run_uuid', run_name: 'name' }[attribute] ?? attribute}"`)
}

/** Metrics that are NaN are stored as 0: they differ from any number and are neither less nor greater. */
function metricCompared({ comparator, value }: Comparison, schema: Schema): Sql {
  const number = compared(raw('value'), comparator, value)
  if (!schema.has('latest_metrics', 'is_nan')) return number
  const differs = comparator === '!=' || comparator === 'NOT IN'
  return differs ? sql`(${number} OR is_nan = 1)` : sql`${number} AND is_nan = 0`
}

function datasetComparison({ name, comparator, value }: Comparison, schema: Schema): Sql {
  const missing = comparator === 'IS NULL'
  if (!schema.has('datasets') || !schema.has('inputs') || !schema.has('input_tags')) return raw(missing ? '1' : '0')
  const test = (column: Sql): Sql => (value === null ? raw('1') : compared(column, comparator, value))
  const matching =
    name.key === 'context'
      ? sql`JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context' WHERE ${test(raw('t.value'))}`
      : sql`WHERE ${test(raw(`d."${name.key}"`))}`
  const found = sql`(SELECT i.destination_id FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id ${matching})`
  return sql`${runId} ${raw(missing ? 'NOT IN' : 'IN')} ${found}`
}

/** Of a metric, param or tag: `table` has a row a key. */
function keyed(
  comparison: Comparison,
  id: Sql,
  table: string,
  idColumn = 'run_uuid',
  test = ofText('value', comparison),
): Sql {
  const { name, comparator } = comparison
  const having = (more: Sql) => sql`(SELECT ${raw(idColumn)} FROM ${raw(table)} WHERE "key" = ${name.key}${more})`
  if (comparator === 'IS NULL') return sql`${id} NOT IN ${having(raw(''))}`
  if (comparator === 'IS NOT NULL') return sql`${id} IN ${having(raw(''))}`
  return sql`${id} IN ${having(sql` AND ${test}`)}`
}

/** Of a text, which is read as a number where it is compared with one. */
function ofText(column: string, { comparator, value }: Comparison): Sql {
  return compared(isNumeric(value) ? raw(`number_in(${column})`) : raw(column), comparator, value)
}

function registryComparison(comparison: Comparison, schema: Schema, table: string, idColumns: readonly string[]): Sql {
  const { name, comparator, value } = comparison
  if (name.entity === 'attribute') {
    if (name.key === 'aliases') return aliasComparison(comparison, schema, idColumns)
    return compared(registryColumn(name.key), comparator, value, /time|version/.test(name.key))
  }
  if (name.key === promptTag && comparison.plain) return raw(asksForPrompts(comparison) ? '0' : '1') // prompts are never listed
  return owned(comparison, schema, table, idColumns, sql`t."key" = ${name.key}`, raw('t.value'))
}

function aliasComparison(comparison: Comparison, schema: Schema, idColumns: readonly string[]): Sql {
  return owned(comparison, schema, 'registered_model_aliases', idColumns, raw('1'), raw('t.alias'))
}

/** Of rows of another table that belong to a row of `x`. */
function owned(
  { comparator, value }: Comparison,
  schema: Schema,
  table: string,
  idColumns: readonly string[],
  which: Sql,
  column: Sql,
): Sql {
  const missing = comparator === 'IS NULL'
  if (!schema.has(table)) return raw(missing ? '1' : '0')
  const same = idColumns.map((id) => raw(`t.${id} = x.${id}`))
  const test = value === null ? raw('1') : compared(column, comparator, value)
  return sql`${raw(missing ? 'NOT EXISTS' : 'EXISTS')} (SELECT 1 FROM ${raw(table)} t
    WHERE ${join(same, ' AND ')} AND ${inDefaultWorkspace(schema, table, 't')} AND ${which} AND ${test})`
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

/** The registry is kept by workspace; without workspaces everything is in `default`. */
export function inDefaultWorkspace(schema: Schema, table: string, alias: string): Sql {
  return raw(schema.has(table, 'workspace') ? `${alias}.workspace = 'default'` : '1')
}

function loggedModelComparison(comparison: Comparison, _: Schema, datasets: readonly DatasetFilter[]): Sql {
  const { name, comparator, value } = comparison
  const having = (table: string, key: string, column: string, where = raw('1')) => {
    const isMetric = name.entity === 'metric'
    const compare = () => (isMetric ? compared(raw(column), comparator, value) : ofText(column, comparison))
    const test = value === null ? raw('1') : compare()
    const found = sql`(SELECT model_id FROM ${raw(table)} WHERE ${raw(key)} = ${name.key} AND ${where} AND ${test})`
    return sql`x.model_id ${raw(comparator === 'IS NULL' ? 'NOT IN' : 'IN')} ${found}`
  }
  switch (name.entity) {
    case 'metric':
      return having('logged_model_metrics', 'metric_name', 'metric_value', onDatasets(datasets))
    case 'param':
      return having('logged_model_params', 'param_key', 'param_value')
    case 'tag':
      return having('logged_model_tags', 'tag_key', 'tag_value')
    case 'dataset':
    case 'attribute':
      return compared(loggedModelColumn(name.key), comparator, value, name.key.endsWith('timestamp'))
  }
}

/** Rows of `logged_model_metrics` that were computed on one of the datasets, if there are any. */
export function onDatasets(datasets: readonly DatasetFilter[]): Sql {
  if (datasets.length === 0) return raw('1')
  const on = ({ name, digest }: DatasetFilter): Sql =>
    sql`(${name === undefined ? raw('1') : sql`dataset_name = ${name}`} AND ${digest === undefined ? raw('1') : sql`dataset_digest = ${digest}`})`
  return sql`(${join(datasets.map(on), ' OR ')})`
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

/** Not true, rather than false, where the column is NULL. Of an attribute an empty text is none. */
function compared(column: Sql, comparator: Comparator, value: Literal, isNumber = false): Sql {
  const none = isNumber ? sql`${column} IS NULL` : sql`COALESCE(${column}, '') = ''`
  if (comparator === 'IS NULL') return none
  if (comparator === 'IS NOT NULL') return sql`NOT (${none})`
  if (value === null) return raw('0')
  if (typeof value === 'object') return sql`${column} ${raw(comparator)} (SELECT value FROM ${listed(value)})`
  switch (comparator) {
    case 'ILIKE':
    case 'NOT ILIKE':
      return sql`lower(${column}) ${raw(comparator.replace('ILIKE', 'LIKE'))} lower(${value})`
    case 'RLIKE':
      return sql`matches_regex(${value}, ${column})`
    case 'NOT RLIKE':
      return sql`NOT matches_regex(${value}, ${column})`
    default:
      return sql`${column} ${raw(comparator)} ${value}`
  }
}
