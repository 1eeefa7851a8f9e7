import { asksForMetrics, type DatasetFilter, type Expression, type Ordering } from '../../../shared/filter'
import { loggedModelStatuses, type LoggedModel } from '../../../shared/model'
import { condition, onDatasets } from './conditions'
import type { Snapshot } from './database'
import { loggedModelOrder } from './orders'
import { listed, raw, sql, type Sql } from './sql'
import { mapsByOwner, metricValue, numberOrNull, text } from './values'

export interface LoggedModelSearch {
  readonly experimentIds: readonly string[]
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
  /** Models with a metric on one of these; of their metrics only those on these are compared. */
  readonly datasets: readonly DatasetFilter[]
}

/** Ids of all matching models, in order. None where the store is of MLflow 2. */
export function findLoggedModels(snapshot: Snapshot, search: LoggedModelSearch): string[] {
  const { experimentIds, filter, orderBy, datasets } = search
  const hasMetric = sql`x.model_id IN (SELECT model_id FROM logged_model_metrics WHERE ${onDatasets(datasets)})`
  return find(
    snapshot,
    sql`x.experiment_id IN (SELECT CAST(value AS INTEGER) FROM ${listed(experimentIds)})
      AND ${datasets.length === 0 || asksForMetrics(filter) ? raw('1') : hasMetric}
      AND ${condition(filter, 'loggedModels', snapshot.schema, datasets)}`,
    orderBy,
  )
}

/** Ids of what `runs:/<run>/<name>` can mean, newest first: models whose source is the run, and those among its outputs. */
export function findModelsOfRun(snapshot: Snapshot, runId: string): string[] {
  return find(
    snapshot,
    sql`(x.source_run_id = ${runId} OR x.model_id IN (SELECT destination_id FROM inputs
      WHERE source_type = 'RUN_OUTPUT' AND source_id = ${runId} AND destination_type = 'MODEL_OUTPUT'))`,
  )
}

function find({ all, schema }: Snapshot, matching: Sql, orderBy: readonly Ordering[] = []): string[] {
  if (!schema.has('logged_models')) return []
  return all(sql`
    SELECT x.model_id FROM logged_models x WHERE x.lifecycle_stage <> 'deleted' AND ${matching}
    ORDER BY ${loggedModelOrder(orderBy).by}`).map(([id]) => text(id))
}

/** The models of the given ids, in that order; those that are gone are left out. */
export function readLoggedModels({ all }: Snapshot, ids: readonly string[]): LoggedModel[] {
  if (ids.length === 0) return [] // also where there are no such tables
  const asked = listed(ids)
  const tags = mapsByOwner(
    all(sql`SELECT j."key", t.tag_key, t.tag_value FROM ${asked} j JOIN logged_model_tags t ON t.model_id = j.value`),
  )
  const params = mapsByOwner(
    all(
      sql`SELECT j."key", p.param_key, p.param_value FROM ${asked} j JOIN logged_model_params p ON p.model_id = j.value`,
    ),
  )
  const metrics = Map.groupBy(
    all(sql`
      SELECT j."key", m.metric_name, m.metric_value, CAST(m.metric_step AS REAL), CAST(m.metric_timestamp_ms AS REAL),
        m.run_id, m.dataset_name, m.dataset_digest
      FROM ${asked} j JOIN logged_model_metrics m ON m.model_id = j.value`),
    ([at]) => at as number,
  )
  return all(sql`
    SELECT j."key", x.model_id, CAST(x.experiment_id AS TEXT), x.name, x.artifact_location, CAST(x.creation_timestamp_ms AS REAL),
      CAST(x.last_updated_timestamp_ms AS REAL), x.status, x.status_message, x.model_type, x.source_run_id
    FROM ${asked} j CROSS JOIN logged_models x ON x.model_id = j.value`).map((row) => {
    const [at, modelId, experimentId, name, location, created, updated, status, message, type, sourceRunId] = row
    return {
      modelId: text(modelId),
      experimentId: text(experimentId),
      name: text(name),
      artifactUri: text(location),
      creationTime: numberOrNull(created),
      lastUpdatedTime: numberOrNull(updated),
      status: loggedModelStatuses[Number(status)] ?? 'UNSPECIFIED',
      ...(text(message) !== '' && { statusMessage: text(message) }),
      modelType: text(type),
      sourceRunId: text(sourceRunId),
      tags: tags.get(at as number) ?? new Map<string, string>(),
      params: params.get(at as number) ?? new Map<string, string>(),
      metrics: (metrics.get(at as number) ?? []).map(([, key, value, step, timestamp, runId, dataset, digest]) => ({
        key: text(key),
        value: metricValue(value),
        step: numberOrNull(step) ?? 0,
        timestamp: numberOrNull(timestamp) ?? 0,
        ...(typeof runId === 'string' && runId !== '' && { runId }),
        ...(typeof dataset === 'string' && dataset !== '' && { dataset: { name: dataset, digest: text(digest) } }),
      })),
    }
  })
}
