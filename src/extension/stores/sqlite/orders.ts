import type { DatasetFilter, Ordering } from '../../../shared/filter'
import { loggedModelColumn, onDatasets, registryColumn, runColumn } from './conditions'
import type { Schema } from './schema'
import { join, raw, sql, type Sql } from './sql'

/** Orders of each search, as MLflow has them: what they join to the table aliased `x`, and the ORDER BY clause. */
export interface Order {
  readonly joins: Sql
  readonly by: Sql
}

/** Missing values come last in both directions, and NaN just before them. Then newest first, then by id. */
export function runOrder(orderings: readonly Ordering[], schema: Schema): Order {
  const joins: Sql[] = []
  const by: Sql[] = []
  orderings.forEach(({ name, ascending }, at) => {
    const alias = `o${at}`
    let value = runColumn(name.key)
    let rank = raw('')
    if (name.entity !== 'attribute') {
      const table = { metric: 'latest_metrics', param: 'params', tag: 'tags', dataset: 'tags' }[name.entity]
      joins.push(
        sql`LEFT JOIN ${raw(`${table} ${alias} ON ${alias}.run_uuid = x.run_uuid AND ${alias}."key" =`)} ${name.key}`,
      )
      value = raw(`${alias}.value`)
      if (name.entity === 'metric')
        rank = sql`WHEN ${schema.column('latest_metrics', 'is_nan', alias, '0')} = 1 THEN 1 `
    }
    by.push(sql`CASE ${rank}WHEN ${value} IS NULL THEN 2 ELSE 0 END`, directed(value, ascending))
  })
  if (!orderings.some(({ name }) => name.entity === 'attribute' && name.key === 'start_time'))
    by.push(raw('x.start_time DESC'))
  by.push(raw('x.run_uuid'))
  return { joins: join(joins, ' '), by: join(by, ', ') }
}

export function experimentOrder(orderings: readonly Ordering[], schema: Schema): Order {
  if (orderings.length === 0)
    return plain([
      raw(schema.has('experiments', 'creation_time') ? 'x.creation_time DESC' : 'NULL'),
      raw('x.experiment_id'),
    ])
  const by = orderings.map(({ name, ascending }) => directed(raw(`x."${name.key}"`), ascending))
  if (!mentions(orderings, 'experiment_id')) by.push(raw('x.experiment_id DESC'))
  return plain(by)
}

export function registeredModelOrder(orderings: readonly Ordering[]): Order {
  const by = orderings.map(({ name, ascending }) => directed(registryColumn(name.key), ascending))
  if (!mentions(orderings, 'name')) by.push(raw('x.name'))
  return plain(by)
}

/** Not MLflow's own default, which is by last update: newest version first within a name. */
export function modelVersionOrder(orderings: readonly Ordering[]): Order {
  const by = orderings.map(({ name, ascending }) => directed(registryColumn(name.key), ascending))
  if (!mentions(orderings, 'name')) by.push(raw('x.name'))
  if (!mentions(orderings, 'version_number')) by.push(raw('x.version DESC'))
  return plain(by)
}

/** Missing values last in both directions; then newest first. NaN is kept as 0. */
export function loggedModelOrder(orderings: readonly Ordering[] = []): Order {
  const by = orderings.flatMap(({ name, ascending, dataset }) => {
    const value = name.entity === 'metric' ? latestMetric(name.key, dataset) : loggedModelColumn(name.key)
    return [sql`${value} IS NULL`, directed(value, ascending)]
  })
  if (!mentions(orderings, 'creation_timestamp')) by.push(sql`${loggedModelColumn('creation_timestamp')} DESC`)
  if (!mentions(orderings, 'model_id')) by.push(raw('x.model_id'))
  return plain(by)
}

function latestMetric(key: string, dataset: DatasetFilter | undefined): Sql {
  return sql`(SELECT metric_value FROM logged_model_metrics WHERE model_id = x.model_id AND metric_name = ${key}
    AND ${onDatasets(dataset ? [dataset] : [])} ORDER BY metric_timestamp_ms DESC, metric_step DESC, run_id LIMIT 1)`
}

const plain = (by: readonly Sql[]): Order => ({ joins: raw(''), by: join(by, ', ') })
const directed = (value: Sql, ascending: boolean) => sql`${value} ${raw(ascending ? 'ASC' : 'DESC')}`
const mentions = (orderings: readonly Ordering[], key: string) =>
  orderings.some(({ name }) => name.entity === 'attribute' && name.key === key)
