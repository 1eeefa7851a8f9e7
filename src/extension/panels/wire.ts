import { parentRunTag, type DatasetInput, type Run } from '../../shared/model'
import type { RunDetails } from '../../shared/protocol'
import type { Connection } from '../connections/connection'
import { allows, type Permission } from '../stores/rights'

/** A run as it crosses to a page: JSON and typed arrays only; keys in natural order. */
/** @param permission of the user on the run's experiment, where the server told */
export function runDetails(
  run: Run,
  experimentName: string,
  connection: Connection,
  permission?: Permission,
): RunDetails {
  const { info } = run
  const metrics = [...run.metrics].sort(byKey)
  return {
    connection: { id: connection.id, name: connection.name, uri: connection.uri },
    runId: info.runId,
    name: info.runName,
    experimentId: info.experimentId,
    experimentName,
    user: info.userId,
    status: info.status,
    deleted: info.lifecycleStage === 'deleted',
    mayEdit: allows(permission, 'EDIT'),
    mayDelete: allows(permission, 'MANAGE'),
    startTime: info.startTime,
    endTime: info.endTime,
    problem: info.problem ?? null,
    artifactUri: info.artifactUri,
    parentRunId: run.tags.get(parentRunTag) ?? null,
    metrics: {
      keys: metrics.map(([key]) => key),
      values: Float64Array.from(metrics, ([, metric]) => metric.value),
      steps: Float64Array.from(metrics, ([, metric]) => metric.step),
      timestamps: Float64Array.from(metrics, ([, metric]) => metric.timestamp),
    },
    params: [...run.params].sort(byKey),
    tags: [...run.tags].sort(byKey),
    datasets: run.datasets.map(datasetDetails),
    modelOutputs: run.modelOutputs.map(({ modelId, step }) => ({ modelId, step })),
  }
}

/** Characters of what a dataset tells of itself. */
const mostText = 20_000

function datasetDetails({ dataset, tags }: DatasetInput): RunDetails['datasets'][number] {
  return {
    name: dataset.name,
    digest: dataset.digest,
    sourceType: dataset.sourceType,
    context: tags.get('mlflow.data.context') ?? '',
    source: dataset.source.slice(0, mostText),
    schema: (dataset.schema ?? '').slice(0, mostText),
    profile: (dataset.profile ?? '').slice(0, mostText),
  }
}

const collator = new Intl.Collator('en', { numeric: true })

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => collator.compare(a, b)
