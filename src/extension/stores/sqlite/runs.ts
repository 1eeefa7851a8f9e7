import type { Expression, Ordering } from '../../../shared/filter'
import type { DatasetInput, LifecycleStage, RunInfo, RunStatus, ViewType } from '../../../shared/model'
import { kept, RunFrameBuilder, type RunFrameData } from '../../../shared/runFrame'
import { condition } from './conditions'
import type { Snapshot } from './database'
import { runOrder } from './orders'
import type { Schema } from './schema'
import { listed, raw, sql, type Sql } from './sql'
import { metricValue, numberOrNull, text, textOrNull, word } from './values'

export interface RunSearch {
  /** Decimal integers. */
  readonly experimentIds: readonly string[]
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
  readonly view: ViewType
  readonly limit: number | undefined
}

/** Ids of all matching runs, in order. */
export function findRuns({ all, schema }: Snapshot, search: RunSearch): string[] {
  const { joins, by } = runOrder(search.orderBy, schema)
  const rows = all(sql`
    SELECT x.run_uuid FROM runs x ${joins}
    WHERE x.experiment_id IN (SELECT CAST(value AS INTEGER) FROM ${listed(search.experimentIds)})
      AND ${inView(search.view)} AND ${condition(search.filter, 'runs', schema)}
    ORDER BY ${by} LIMIT ${search.limit ?? -1}`)
  return rows.map(([id]) => text(id))
}

/** Condition on `x.lifecycle_stage`. */
export function inView(view: ViewType): Sql {
  const stages = { ACTIVE_ONLY: ["'active'"], DELETED_ONLY: ["'deleted'"], ALL: ["'active'", "'deleted'"] }[view]
  return raw(`x.lifecycle_stage IN (${stages.join(', ')})`)
}

const statuses: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']
export const lifecycleStages: readonly LifecycleStage[] = ['active', 'deleted']

/**
 * The runs of the given ids, in that order; those that are gone are left out.
 *
 * The hot path: `json_each` gives each value its row without a look-up, and CROSS JOIN keeps SQLite at going from the ids to the
 * values by the index on run_uuid.
 */
export function readRuns(snapshot: Snapshot, ids: readonly string[]): RunFrameData {
  const { all, forEach, schema } = snapshot
  const builder = new RunFrameBuilder(ids.length)
  const asked = listed(ids)
  const rowOf = new Int32Array(ids.length).fill(-1)

  for (const row of all(sql`
    SELECT j."key", x.run_uuid, CAST(x.experiment_id AS TEXT), ${runName(snapshot)}, ${schema.column('runs', 'name', 'x')},
      ${schema.column('runs', 'user_id', 'x')}, x.status, CAST(x.start_time AS REAL), CAST(x.end_time AS REAL), x.artifact_uri,
      x.lifecycle_stage
    FROM ${asked} j CROSS JOIN runs x ON x.run_uuid = j.value`)) {
    const [at, runId, experimentId, name, nameKept, userId, status, startTime, endTime, artifactUri, stage] = row
    const info: RunInfo = {
      runId: text(runId),
      experimentId: text(experimentId),
      runName: text(name),
      userId: text(userId),
      status: word(status, statuses, 'SCHEDULED'),
      startTime: numberOrNull(startTime),
      endTime: endTime === 0 ? null : numberOrNull(endTime),
      artifactUri: text(artifactUri),
      lifecycleStage: word(stage, lifecycleStages, 'active'),
    }
    const isNamed = nameKept !== null && nameKept !== ''
    const otherwise =
      (isNamed ? 0 : nameKept === null ? kept.noName : kept.emptyName) +
      (userId === null ? kept.noUser : 0) +
      (endTime === 0 ? kept.endAtZero : 0)
    rowOf[at as number] = builder.addRun(info, otherwise)
  }

  forEach(
    sql`j."key", m."key", ${unlessNan('latest_metrics', schema)}, CAST(m.step AS REAL), CAST(m.timestamp AS REAL)`,
    sql`FROM ${asked} j CROSS JOIN latest_metrics m ON m.run_uuid = j.value`,
    (at, name, value, step, timestamp) => {
      const row = rowOf[at as number] ?? -1
      builder.setMetric(row, text(name), metricValue(value), step as number, timestamp as number)
    },
  )
  forEach(
    sql`j."key", p."key", p.value`,
    sql`FROM ${asked} j CROSS JOIN params p ON p.run_uuid = j.value`,
    (at, name, value) => builder.setParam(rowOf[at as number] ?? -1, text(name), text(value)),
  )
  forEach(
    sql`j."key", t."key", t.value`,
    sql`FROM ${asked} j CROSS JOIN tags t ON t.run_uuid = j.value`,
    (at, name, value) => builder.setTag(rowOf[at as number] ?? -1, text(name), text(value)),
  )

  for (const [at, input] of datasets(snapshot, asked)) builder.addDataset(rowOf[at] ?? -1, input)
  for (const [at, modelId, step] of modelOutputs(snapshot, asked))
    builder.addModelOutput(rowOf[at as number] ?? -1, { modelId: text(modelId), step: numberOrNull(step) ?? 0 })
  return builder.build().data
}

/** Runs of MLflow before 1.30 have their name in a tag only. */
function runName({ schema }: Snapshot): Sql {
  const column = schema.column('runs', 'name', 'x')
  return sql`COALESCE(NULLIF(${column}, ''), (SELECT value FROM tags WHERE run_uuid = x.run_uuid AND "key" = 'mlflow.runName'))`
}

function datasets({ all, schema }: Snapshot, asked: Sql): [number, DatasetInput][] {
  if (!schema.has('inputs') || !schema.has('datasets') || !schema.has('input_tags')) return []
  const found = new Map<string, [number, { dataset: DatasetInput['dataset']; tags: Map<string, string> }]>()
  for (const [at, input, name, digest, sourceType, source, described, profile, tag, value] of all(sql`
    SELECT j."key", i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile,
      t.name, t.value
    FROM ${asked} j CROSS JOIN inputs i ON i.destination_type = 'RUN' AND i.destination_id = j.value
    JOIN datasets d ON d.dataset_uuid = i.source_id LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid
    ORDER BY j."key", i.rowid`)) {
    const id = text(input)
    let entry = found.get(id)
    if (!entry) {
      const dataset = {
        name: text(name),
        digest: text(digest),
        sourceType: text(sourceType),
        source: text(source),
        schema: textOrNull(described),
        profile: textOrNull(profile),
      }
      entry = [at as number, { dataset, tags: new Map() }]
      found.set(id, entry)
    }
    if (tag !== null) entry[1].tags.set(text(tag), text(value))
  }
  return [...found.values()]
}

/** Rows of position, model id, step. */
function modelOutputs({ all, schema }: Snapshot, asked: Sql): unknown[][] {
  if (!schema.has('inputs')) return []
  return all(sql`
    SELECT j."key", i.destination_id, CAST(${schema.column('inputs', 'step', 'i', '0')} AS REAL)
    FROM ${asked} j CROSS JOIN inputs i
      ON i.source_type = 'RUN_OUTPUT' AND i.source_id = j.value AND i.destination_type = 'MODEL_OUTPUT'
    ORDER BY j."key", i.destination_id`)
}

/** The value of row `m`, NULL where it is NaN. */
export function unlessNan(table: 'metrics' | 'latest_metrics', schema: Schema): Sql {
  return sql`CASE WHEN ${schema.column(table, 'is_nan', 'm', '0')} = 0 THEN m.value END`
}
