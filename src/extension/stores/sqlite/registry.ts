import type { Expression, Ordering } from '../../../shared/filter'
import {
  promptTag,
  stages,
  type ModelVersion,
  type ModelVersionStatus,
  type RegisteredModel,
} from '../../../shared/model'
import { condition, inDefaultWorkspace } from './conditions'
import type { Snapshot } from './database'
import { modelVersionOrder, registeredModelOrder } from './orders'
import { join, listed, raw, sql, type Sql } from './sql'
import { mapsByOwner, numberOrNull, text, word } from './values'

export interface ModelSearch {
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
}

/** Names of all matching registered models, in order. None where the store has no registry yet. */
export function findRegisteredModels(snapshot: Snapshot, { filter, orderBy }: ModelSearch): string[] {
  const { all, schema } = snapshot
  if (!schema.has('registered_models')) return []
  return all(sql`
    SELECT x.name FROM registered_models x
    WHERE ${inDefaultWorkspace(schema, 'registered_models', 'x')}
      AND ${noPrompt(snapshot, 'registered_model_tags', ['name'])} AND ${condition(filter, 'registeredModels', schema)}
    ORDER BY ${registeredModelOrder(orderBy).by}`).map(([name]) => text(name))
}

/** A version's name and number, as JSON: what identifies it. */
export type VersionId = string

/** Names and numbers of all matching versions, in order, without deleted ones. */
export function findModelVersions(snapshot: Snapshot, { filter, orderBy }: ModelSearch): VersionId[] {
  const { all, schema } = snapshot
  if (!schema.has('model_versions')) return []
  return all(sql`
    SELECT json_array(x.name, x.version) FROM model_versions x
    WHERE ${inDefaultWorkspace(schema, 'model_versions', 'x')} AND x.current_stage <> 'Deleted_Internal'
      AND ${noPrompt(snapshot, 'model_version_tags', ['name', 'version'])} AND ${condition(filter, 'modelVersions', schema)}
    ORDER BY ${modelVersionOrder(orderBy).by}`).map(([id]) => text(id))
}

/** Prompts are kept as registered models that have this tag. */
function noPrompt({ schema }: Snapshot, table: string, idColumns: readonly string[]): Sql {
  if (!schema.has(table)) return raw('1')
  const same = idColumns.map((column) => raw(`t.${column} = x.${column}`))
  return sql`NOT EXISTS (SELECT 1 FROM ${raw(table)} t WHERE ${join(same, ' AND ')}
    AND ${inDefaultWorkspace(schema, table, 't')} AND t."key" = ${promptTag} AND t.value = 'true')`
}

/** The models of the given names, in that order; those that are gone are left out. */
export function readRegisteredModels(snapshot: Snapshot, names: readonly string[]): RegisteredModel[] {
  const { all, schema } = snapshot
  const asked = listed(names)
  const belonging = (table: string, key: string, value: string) =>
    schema.has(table)
      ? all(sql`SELECT j."key", t.${raw(key)}, t.${raw(value)} FROM ${asked} j JOIN ${raw(table)} t ON t.name = j.value
          AND ${inDefaultWorkspace(schema, table, 't')} ORDER BY t.${raw(key)}`)
      : []
  const tags = mapsByOwner(belonging('registered_model_tags', '"key"', 'value'))
  const aliases = mapsByOwner(belonging('registered_model_aliases', 'alias', 'version'))
  const latest = latestVersions(snapshot, names)
  return all(sql`
    SELECT j."key", x.name, CAST(x.creation_time AS REAL), CAST(NULLIF(x.last_updated_time, 0) AS REAL), x.description
    FROM ${asked} j CROSS JOIN registered_models x ON x.name = j.value
      AND ${inDefaultWorkspace(schema, 'registered_models', 'x')}`).map(
    ([at, name, created, updated, description]) => ({
      name: text(name),
      creationTime: numberOrNull(created),
      lastUpdatedTime: numberOrNull(updated),
      description: text(description),
      tags: tags.get(at as number) ?? new Map<string, string>(),
      aliases: aliases.get(at as number) ?? new Map<string, string>(),
      latestVersions: latest.get(text(name)) ?? [],
    }),
  )
}

/** The newest version of each stage, newest first, by name. */
function latestVersions(snapshot: Snapshot, names: readonly string[]): Map<string, ModelVersion[]> {
  const { all, schema } = snapshot
  if (!schema.has('model_versions')) return new Map()
  const ids = all(sql`
    SELECT json_array(x.name, MAX(x.version)) FROM ${listed(names)} j JOIN model_versions x ON x.name = j.value
      AND ${inDefaultWorkspace(schema, 'model_versions', 'x')} AND x.current_stage <> 'Deleted_Internal'
    GROUP BY x.name, x.current_stage ORDER BY MAX(x.version) DESC`).map(([id]) => text(id))
  return Map.groupBy(readModelVersions(snapshot, ids), ({ name }) => name)
}

const versionStatuses: readonly ModelVersionStatus[] = ['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY']

/** The versions of the given ids, in that order; those that are gone are left out. */
export function readModelVersions({ all, schema }: Snapshot, ids: readonly VersionId[]): ModelVersion[] {
  const asked = listed(ids)
  const of = (table: string, alias: string) =>
    sql`${raw(alias)}.name = j.value ->> 0 AND ${raw(alias)}.version = j.value ->> 1 AND ${inDefaultWorkspace(schema, table, alias)}`
  const tags = mapsByOwner(
    schema.has('model_version_tags')
      ? all(
          sql`SELECT j."key", t."key", t.value FROM ${asked} j JOIN model_version_tags t ON ${of('model_version_tags', 't')}`,
        )
      : [],
  )
  const aliases = Map.groupBy(
    schema.has('registered_model_aliases')
      ? all(
          sql`SELECT j."key", t.alias FROM ${asked} j JOIN registered_model_aliases t ON ${of('registered_model_aliases', 't')}`,
        )
      : [],
    ([at]) => at as number,
  )
  return all(sql`
    SELECT j."key", x.name, CAST(x.version AS TEXT), CAST(x.creation_time AS REAL), CAST(x.last_updated_time AS REAL),
      x.description, x.user_id, x.current_stage, x.source, x.run_id, x.status, x.status_message
    FROM ${asked} j CROSS JOIN model_versions x ON ${of('model_versions', 'x')}`).map((row) => {
    const [at, name, version, created, updated, description, userId, stage, source, runId, status, message] = row
    return {
      name: text(name),
      version: text(version),
      creationTime: numberOrNull(created),
      lastUpdatedTime: numberOrNull(updated),
      description: text(description),
      userId: text(userId),
      currentStage: word(stage, stages, 'None'),
      source: text(source),
      runId: text(runId),
      status: word(status, versionStatuses, 'READY'),
      statusMessage: text(message),
      tags: tags.get(at as number) ?? new Map<string, string>(),
      aliases: (aliases.get(at as number) ?? []).map(([, alias]) => text(alias)).sort(),
    }
  })
}
