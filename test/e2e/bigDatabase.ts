/** An mlflow.db with very many runs, in MLflow's own schema: that of the demo, which MLflow made. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export const bigExperiment = 'big'

export interface BigDatabase {
  readonly runs: number
  readonly metrics: number
  readonly params: number
  readonly tags: number
}

/** Wherever it matters, rows come in the order of the index that they go into: so it takes seconds. Histories are left out. */
export function makeBigDatabase(file: string, { runs, metrics, params, tags }: BigDatabase): void {
  using database = new DatabaseSync(file)
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192; PRAGMA cache_size = -400000',
  )
  database.prepare('ATTACH ? AS demo').run(path.join(import.meta.dirname, '../../demo/mlflow.db'))
  database.exec('BEGIN')
  const later = copySchema(database)
  const now = Date.now()
  database.exec(`
    CREATE TEMP TABLE n AS WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < ${runs})
      SELECT n, printf('%032x', n) AS id, abs(random()) / 9223372036854775807.0 AS chance FROM n;
    INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
      VALUES (1, '${bigExperiment}', '/nowhere/1', 'active', ${now}, ${now});
    INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
        source_version, lifecycle_stage, artifact_uri, experiment_id)
      SELECT id, 'run-' || n, 'LOCAL', 'train.py', '', CASE n % 3 WHEN 0 THEN 'ada' WHEN 1 THEN 'grace' ELSE 'alan' END,
        CASE n % 11 WHEN 3 THEN 'FAILED' ELSE 'FINISHED' END, ${now} - n * 60000, ${now} - n * 60000 + 30000 + (n % 97) * 1000,
        '', 'active', '/nowhere/1/' || id || '/artifacts', 1 FROM n;`)
  const each = (count: number, sql: (at: number) => string): void => {
    for (let at = 0; at < count; at++) database.exec(sql(at))
  }
  // One random number a run, spread anew for each key: SQLite's own is what takes the time.
  const spread = (at: number): string => `(chance * ${(at + 3) * 7.31}) - CAST(chance * ${(at + 3) * 7.31} AS INTEGER)`
  each(
    metrics,
    (at) => `INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
      SELECT 'metric_${at}', ${spread(at)}, ${now}, 9, 0, id FROM n`,
  )
  each(
    params,
    (at) => `INSERT INTO params (key, value, run_uuid)
      SELECT 'param_${at}', ${at === 0 ? "'seed ' || n" : `'choice ' || ((n + ${at}) % 4)`}, id FROM n`,
  )
  each(
    tags,
    (at) => `INSERT INTO tags (key, value, run_uuid) SELECT 'tag_${at}', 'team ' || ((n + ${at}) % 7), id FROM n`,
  )
  for (const sql of later) database.exec(sql)
  database.exec('COMMIT')
}

/** Makes the tables empty, as MLflow made those of the demo. Returns the indexes and triggers, which are better made last. */
function copySchema(database: DatabaseSync): string[] {
  const schema = database
    .prepare(
      "SELECT type, sql FROM demo.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    .all() as { type: string; sql: string }[]
  for (const { type, sql } of schema) if (type === 'table') database.exec(sql)
  database.exec('INSERT INTO alembic_version SELECT * FROM demo.alembic_version')
  return schema.flatMap(({ type, sql }) => (type === 'table' ? [] : [sql]))
}
