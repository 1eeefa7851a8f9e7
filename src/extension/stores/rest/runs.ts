/** Runs as a server sends them. The page of a search is the hot path: one pass, no copies. */
import type { LifecycleStage, Run, RunInfo, RunStatus } from '../../../shared/model'
import { RunFrameBuilder } from '../../../shared/runFrame'
import { fieldsOf, idOf, integerOf, listOf, mapOf, metricValueOf, textOf, wordOf, type Fields } from './shape'

const statuses: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']
export const lifecycleStages: readonly LifecycleStage[] = ['active', 'deleted']

export function runInfoOf(value: unknown): RunInfo {
  const info = fieldsOf(value, 'run.info')
  return {
    runId: idOf(info.run_id ?? info.run_uuid, 'run.info.run_id'),
    experimentId: idOf(info.experiment_id, 'run.info.experiment_id'),
    runName: textOf(info.run_name, 'run.info.run_name'),
    userId: textOf(info.user_id, 'run.info.user_id'),
    status: wordOf(info.status, statuses, 'run.info.status'),
    startTime: integerOf(info.start_time, 'run.info.start_time'),
    endTime: integerOf(info.end_time, 'run.info.end_time'),
    artifactUri: textOf(info.artifact_uri, 'run.info.artifact_uri'),
    lifecycleStage: wordOf(info.lifecycle_stage, lifecycleStages, 'run.info.lifecycle_stage'),
  }
}

/** Adds one run of a page. */
export function appendRun(value: unknown, builder: RunFrameBuilder): void {
  const run = fieldsOf(value, 'runs[…]')
  appendContent(run, builder.addRun(runInfoOf(run.info)), builder)
}

/** The answer of `runs/get`. */
export function runOf(json: unknown): Run {
  const run = fieldsOf(fieldsOf(json, 'the answer').run, 'run')
  const builder = new RunFrameBuilder(1)
  appendContent(run, builder.addRun(runInfoOf(run.info)), builder)
  return builder.build().run(0)
}

function appendContent(run: Fields, row: number, builder: RunFrameBuilder): void {
  if (run.data !== undefined) appendData(fieldsOf(run.data, 'run.data'), row, builder)
  if (run.inputs !== undefined) appendDatasets(fieldsOf(run.inputs, 'run.inputs'), row, builder)
  if (run.outputs !== undefined) appendModelOutputs(fieldsOf(run.outputs, 'run.outputs'), row, builder)
}

function appendData(data: Fields, row: number, builder: RunFrameBuilder): void {
  for (const value of listOf(data.metrics, 'metrics')) {
    const metric = fieldsOf(value, 'metrics[…]')
    builder.setMetric(
      row,
      textOf(metric.key, 'metric.key'),
      metricValueOf(metric.value, 'metric.value'),
      integerOf(metric.step, 'metric.step') ?? 0,
      integerOf(metric.timestamp, 'metric.timestamp') ?? 0,
    )
  }
  for (const value of listOf(data.params, 'params')) {
    const param = fieldsOf(value, 'params[…]')
    builder.setParam(row, textOf(param.key, 'param.key'), textOf(param.value, 'param.value'))
  }
  for (const value of listOf(data.tags, 'tags')) {
    const tag = fieldsOf(value, 'tags[…]')
    builder.setTag(row, textOf(tag.key, 'tag.key'), textOf(tag.value, 'tag.value'))
  }
}

function appendDatasets(inputs: Fields, row: number, builder: RunFrameBuilder): void {
  for (const value of listOf(inputs.dataset_inputs, 'dataset_inputs')) {
    const input = fieldsOf(value, 'dataset_inputs[…]')
    const dataset = fieldsOf(input.dataset, 'dataset')
    builder.addDataset(row, {
      dataset: {
        name: textOf(dataset.name, 'dataset.name'),
        digest: textOf(dataset.digest, 'dataset.digest'),
        sourceType: textOf(dataset.source_type, 'dataset.source_type'),
        source: textOf(dataset.source, 'dataset.source'),
        schema: textOf(dataset.schema, 'dataset.schema') || null,
        profile: textOf(dataset.profile, 'dataset.profile') || null,
      },
      tags: mapOf(input.tags, 'dataset tags'),
    })
  }
}

function appendModelOutputs(outputs: Fields, row: number, builder: RunFrameBuilder): void {
  for (const value of listOf(outputs.model_outputs, 'model_outputs')) {
    const output = fieldsOf(value, 'model_outputs[…]')
    builder.addModelOutput(row, {
      modelId: idOf(output.model_id, 'model_output.model_id'),
      step: integerOf(output.step, 'model_output.step') ?? 0,
    })
  }
}
