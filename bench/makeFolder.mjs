// Makes an mlruns/ folder for the benchmarks, laid out as MLflow's FileStore does: in seconds, where MLflow itself takes minutes.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const start = 1_760_000_000_000 // ms since the epoch
export const folderExperiment = '123456789012345678'

/** Numbers from 0 up to 1, always the same ones. */
function numbers() {
  let state = 7
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

const yaml = (values) =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')

/** Makes `folder` with `runs` runs of `metrics` metrics × `points` points, 3 parameters and 3 tags in experiment "runs". */
export function makeFolder(folder, runs, metrics = 5, points = 20) {
  const experiment = path.join(folder, folderExperiment)
  const write = (file, text) => writeFileSync(path.join(experiment, file), text)
  mkdirSync(path.join(folder, '.trash'), { recursive: true })
  mkdirSync(experiment)
  write(
    'meta.yaml',
    yaml({
      artifact_location: `file:///nowhere/${folderExperiment}`,
      creation_time: start,
      experiment_id: `'${folderExperiment}'`,
      last_update_time: start,
      lifecycle_stage: 'active',
      name: 'runs',
    }),
  )
  const random = numbers()
  for (let index = 0; index < runs; index++) {
    const id = Array.from({ length: 8 }, () =>
      Math.floor(random() * 0x10000)
        .toString(16)
        .padStart(4, '0'),
    ).join('')
    const begun = start + index * 1000
    for (const part of ['metrics', 'params', 'tags', 'artifacts'])
      mkdirSync(path.join(experiment, id, part), { recursive: true })
    write(
      `${id}/meta.yaml`,
      yaml({
        artifact_uri: `file:///nowhere/${folderExperiment}/${id}/artifacts`,
        end_time: begun + 60_000,
        entry_point_name: "''",
        experiment_id: `'${folderExperiment}'`,
        lifecycle_stage: 'active',
        run_id: id,
        run_name: `run-${index}`,
        source_name: "''",
        source_type: 4,
        source_version: "''",
        start_time: begun,
        status: 3,
        tags: '[]',
        user_id: 'bench',
      }),
    )
    for (let metric = 0; metric < metrics; metric++) {
      const lines = Array.from({ length: points }, (_, step) => `${begun + step * 100} ${random()} ${step}\n`)
      write(`${id}/metrics/metric_${metric}`, lines.join(''))
    }
    for (let param = 0; param < 3; param++)
      write(`${id}/params/param_${param}`, String([0.001, 0.01, 0.1, 1][Math.floor(random() * 4)]))
    write(`${id}/tags/mlflow.runName`, `run-${index}`)
    write(`${id}/tags/mlflow.user`, 'bench')
    write(`${id}/tags/team`, `team ${index % 7}`)
  }
}
