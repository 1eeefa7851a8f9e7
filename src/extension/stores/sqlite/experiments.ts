import type { Expression, Ordering } from '../../../shared/filter'
import type { Experiment, ViewType } from '../../../shared/model'
import { condition } from './conditions'
import type { Snapshot } from './database'
import { experimentOrder } from './orders'
import { inView, lifecycleStages } from './runs'
import { listed, sql } from './sql'
import { mapsByOwner, numberOrNull, text, word } from './values'

export interface ExperimentSearch {
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
  readonly view: ViewType
}

/** Ids of all matching experiments, in order. */
export function findExperiments({ all, schema }: Snapshot, search: ExperimentSearch): string[] {
  return all(sql`
    SELECT CAST(x.experiment_id AS TEXT) FROM experiments x
    WHERE ${inView(search.view)} AND ${condition(search.filter, 'experiments', schema)}
    ORDER BY ${experimentOrder(search.orderBy, schema).by}`).map(([id]) => text(id))
}

/** The experiments of the given ids, in that order; those that are gone are left out. */
export function readExperiments({ all, schema }: Snapshot, ids: readonly string[]): Experiment[] {
  const asked = listed(ids)
  const tags = mapsByOwner(
    schema.has('experiment_tags')
      ? all(
          sql`SELECT j."key", t."key", t.value FROM ${asked} j JOIN experiment_tags t ON t.experiment_id = CAST(j.value AS INTEGER)`,
        )
      : [],
  )
  const time = (column: string) => sql`CAST(NULLIF(${schema.column('experiments', column, 'x')}, 0) AS REAL)`
  return all(sql`
    SELECT j."key", CAST(x.experiment_id AS TEXT), x.name, ${schema.column('experiments', 'artifact_location', 'x')},
      x.lifecycle_stage, ${time('creation_time')}, ${time('last_update_time')}
    FROM ${asked} j CROSS JOIN experiments x ON x.experiment_id = CAST(j.value AS INTEGER)`).map(
    ([at, id, name, location, stage, created, updated]) => ({
      experimentId: text(id),
      name: text(name),
      artifactLocation: text(location),
      lifecycleStage: word(stage, lifecycleStages, 'active'),
      creationTime: numberOrNull(created),
      lastUpdateTime: numberOrNull(updated),
      tags: tags.get(at as number) ?? new Map<string, string>(),
    }),
  )
}
