// A store with nothing behind it: runs, curves and artifacts made up from their ids, so that every visit sees the same.
import { artifactsOf } from './artifacts.mjs'
import { StoreError } from '../../src/extension/stores/errors'
import { RunFrameBuilder } from '../../src/shared/runFrame'
import { hostileRun, hostileSeries } from './hostile.mjs'
import { sweepRun, sweepValues } from './sweep.mjs'

const minute = 60_000
const now = Date.UTC(2026, 10, 24, 1, 0)

/** A number in 0 … 1 from text; equal text, equal number. */
function chance(text) {
  let hash = 2166136261
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32
}

const adjectives = ['brave', 'calm', 'dapper', 'eager', 'fancy', 'gentle', 'hungry', 'jolly', 'kind', 'lively']
const animals = ['ant', 'bear', 'crane', 'deer', 'eel', 'fox', 'gull', 'hare', 'ibis', 'koala']
const pick = (list, seed) => list[Math.floor(chance(seed) * list.length)]

export const runIdOf = (n) =>
  [0, 1, 2, 3]
    .map((part) =>
      Math.floor(chance(`${n}/${part}`) * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')

/** What each run is like, by its number. */
const statuses = ['FINISHED', 'FINISHED', 'FINISHED', 'RUNNING', 'FAILED', 'FINISHED', 'KILLED']

const note = `# Learning-rate sweep
Third try with **cosine decay**; see [the docs](https://mlflow.org/docs/latest/) and \`train.py\`.

- batch size 64 was too noisy
- \`val_loss\` spikes at step 400 are *real*: a broken shard

| split | rows |
| --- | ---: |
| train | 48,000 |
| test | 12,000 |

<script>alert('never runs')</script>
`

export function makeStore({ points, broken, slow, hostile, samples, sweep, deleted, metrics: moreMetrics = 0 }) {
  const numberOf = new Map(Array.from({ length: 600 }, (_, n) => [runIdOf(n), n]))
  const wait = (signal) =>
    new Promise((resolve, reject) => {
      if (broken) return reject(Object.assign(new Error(broken), { reason: 'unreachable' }))
      const timer = setTimeout(resolve, slow ? 1e9 : 20)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(new Error('Cancelled.'))
      })
    })

  function metricsOf(n) {
    const last = points - 1
    const latest = (key) => [
      key,
      { value: valueAt(n, key, last), step: last, timestamp: now - 60 * minute + last * 1000 },
    ]
    const metrics = new Map(
      [
        'loss',
        'val_loss',
        'accuracy',
        'val_accuracy',
        'learning_rate',
        'grad_norm',
        'system/cpu_utilization_percentage',
      ].map(latest),
    )
    for (let index = 0; index < moreMetrics; index++) {
      const [key, metric] = latest(`layer.${index}/loss`)
      metrics.set(key, metric)
    }
    metrics.set('test_rmse', { value: 12 + chance(`${n}rmse`), step: 0, timestamp: now })
    metrics.set('best_epoch', { value: Math.round(chance(`${n}best`) * 40), step: 0, timestamp: now })
    metrics.set('auc', { value: n % 5 === 4 ? NaN : 0.9 + chance(`${n}auc`) / 10, step: 0, timestamp: now })
    metrics.set('log_likelihood', { value: n % 4 === 1 ? -Infinity : -120.5 - n, step: 0, timestamp: now })
    return metrics
  }

  /** Shapes that charts find hard: noise, gaps, infinities, a lone spike. */
  function valueAt(n, key, step) {
    const x = step / points
    const noise = (chance(`${n}${key}${step}`) - 0.5) * 2
    const rate = 3 + chance(`${n}rate`) * 4
    const curves = {
      loss: () => Math.exp(-rate * x) * 2.3 + 0.08 + noise * 0.03,
      val_loss: () => {
        if (n % 5 === 1 && x > 0.4 && x < 0.48) return NaN
        if (n % 5 === 2 && Math.abs(x - 0.7) < 0.5 / points) return Infinity
        if (n % 5 === 0 && Math.abs(x - 0.6) < 0.5 / points) return 2.9
        return Math.exp(-rate * x) * 2.1 + 0.2 + x * x * chance(`${n}over`) * 0.4 + noise * 0.05
      },
      accuracy: () => 0.97 - 0.8 * Math.exp(-rate * x) + noise * 0.01,
      val_accuracy: () => 0.93 - 0.75 * Math.exp(-rate * x) + noise * 0.015,
      learning_rate: () => 0.001 * (1 + Math.cos(Math.PI * x)) * 0.5 + 1e-6,
      grad_norm: () => Math.exp(noise + 1 - x * 2),
      'system/cpu_utilization_percentage': () => 60 + noise * 30,
    }
    return key.startsWith('layer.') ? curves.loss() : (curves[key]?.() ?? NaN)
  }

  const edits = new Map()

  /** With what was changed on the page. */
  function runOf(runId) {
    const run = madeRun(runId)
    for (const { act, description, key = 'new tag', value = 'new value', newName = 'renamed' } of edits.get(runId) ??
      []) {
      if (act === 'describe') run.tags.set('mlflow.note.content', description)
      else if (act === 'setTag') run.tags.set(key, value)
      else if (act === 'removeTag') run.tags.delete(key)
      else if (act === 'rename') run.info.runName = newName
      else if (act === 'delete') run.info.lifecycleStage = 'deleted'
      else if (act === 'restore') run.info.lifecycleStage = 'active'
    }
    return run
  }

  function madeRun(runId) {
    const n = numberOf.get(runId)
    if (n === undefined)
      throw new StoreError('notFound', `There is no run ${runId} in demo.db. It may have been deleted for good.`)
    const status = statuses[n % statuses.length]
    const startTime = now - (n + 1) * 47 * minute
    return {
      info: {
        runId,
        experimentId: '1',
        runName:
          n === 7
            ? 'a run with a very long name that somebody’s sweep script made up of lr=0.001, batch=64, depth=12 <b>and</b> so on'
            : `${pick(adjectives, `${n}a`)}-${pick(animals, `${n}b`)}-${n}`,
        userId: 'ada',
        status,
        startTime,
        endTime: status === 'RUNNING' ? null : startTime + 33 * minute + n * 7919,
        artifactUri: `mlflow-artifacts:/1/${runId}/artifacts`,
        lifecycleStage: n === deleted ? 'deleted' : 'active',
      },
      metrics: metricsOf(n),
      params: new Map([
        ['learning_rate', String([0.001, 0.003, 0.01][n % 3])],
        ['batch_size', String([32, 64, 128][n % 3])],
        ['optimizer', ['adam', 'sgd'][n % 2]],
        ['dropout', '0.1'],
        ['layers', '4'],
        ['epochs', '40'],
        ['weight_decay', '1e-05'],
        ['seed', String(n)],
        ['activation', 'gelu'],
        ['scheduler', 'cosine'],
        ['warmup_steps', '200'],
        [
          'feature_columns',
          '["price", "day_of_week", "holiday", "temperature", "promotion", "store_size", "competitor_distance"]',
        ],
        ...(n % 3 === 1 ? [['clip', '1.0']] : []),
      ]),
      tags: new Map([
        ['team', 'forecasting'],
        ['dataset', 'sales-2026-q3'],
        ['mlflow.note.content', note],
        ['mlflow.runName', 'x'],
        ['mlflow.user', 'ada'],
        ['mlflow.source.name', 'train.py'],
        ['mlflow.source.type', 'LOCAL'],
        ['mlflow.source.git.commit', '3f2a9c1be07d4418a3c5d9b2f6e801734cc0a1de'],
        ['mlflow.source.git.branch', 'main'],
        ['mlflow.source.git.repoURL', 'https://github.com/example/demand-forecast'],
        ...(n % 2 ? [['mlflow.parentRunId', runIdOf(0)]] : []),
      ]),
      datasets: [
        {
          dataset: {
            name: 'sales',
            digest: '7f3c21ab',
            sourceType: 'local',
            source: '{"uri": "s3://lake/sales/2026-q3.parquet"}',
            schema: '{"mlflow_colspec": [{"type": "double", "name": "price", "required": true}]}',
            profile: '{"num_rows": 48000, "num_elements": 960000}',
          },
          tags: new Map([['mlflow.data.context', 'training']]),
        },
      ],
      modelOutputs: [{ modelId: `m-${runId.slice(0, 12)}`, step: points - 1 }],
    }
  }

  function seriesOf(runId, key, length, valueOf) {
    const steps = Float64Array.from({ length }, (_, step) => step)
    const { startTime } = runOf(runId).info
    return { runId, key, steps, values: steps.map(valueOf), timestamps: steps.map((step) => startTime + step * 1000) }
  }

  /** As `getRun` gives it. */
  function shownRun(runId) {
    const n = numberOf.get(runId)
    const run = runOf(runId)
    if (sweep) return sweepRun(run, n, chance)
    return hostile ? hostileRun(run, n) : run
  }

  /** With `samples`, whole series are there once it is said so. */
  const whole = Promise.withResolvers()

  return {
    readWhole: () => whole.resolve(),
    async getRun(runId, signal) {
      await wait(signal)
      return shownRun(runId)
    },
    getExperiment: () => Promise.resolve({ experimentId: '1', name: 'demand-forecast' }),
    /** As a server does: every so many points, and the last. */
    sampleMetricHistories: samples
      ? async (runIds, key, signal) => {
          await wait(signal)
          return runIds.map((runId) => ({
            ...seriesOf(runId, key, 320, (index) =>
              valueAt(numberOf.get(runId), key, Math.round((index / 319) * (points - 1))),
            ),
            steps: Float64Array.from({ length: 320 }, (_, index) => Math.round((index / 319) * (points - 1))),
            sampled: true,
          }))
        }
      : undefined,
    async getMetricHistory(runId, key, signal) {
      await wait(signal)
      if (samples) await whole.promise
      const n = numberOf.get(runId)
      if (sweep) {
        const values = sweepValues(shownRun(runId), key, chance)
        return seriesOf(runId, key, values.length, (step) => values[step])
      }
      const strange = hostile ? hostileSeries[key] : undefined
      if (strange) return seriesOf(runId, key, key.toLowerCase() === 'single point' ? 1 : 100, strange)
      const single = ['test_rmse', 'best_epoch', 'auc', 'log_likelihood'].includes(key)
      const steps = Float64Array.from({ length: single ? 1 : points }, (_, step) => step)
      const { startTime } = runOf(runId).info
      return {
        runId,
        key,
        steps,
        values: single ? Float64Array.of(metricsOf(n).get(key).value) : steps.map((step) => valueAt(n, key, step)),
        timestamps: steps.map((step) => startTime + (step / points) * 30 * minute * (1 + chance(`${n}speed`))),
      }
    },
    ...artifactsOf(wait, hostile),
    async *searchRuns({ filter = '', maxResults = Infinity }) {
      await wait()
      const asked = /run_id IN \((.*)\)/.exec(filter)?.[1]
      if (asked !== undefined) {
        const ids = [...asked.matchAll(/'([^']+)'/g)].map(([, id]) => id)
        yield frameOf(ids.filter((id) => numberOf.has(id)).map(shownRun))
        return
      }
      const parent = /= '([^']+)'/.exec(filter)?.[1]
      const n = numberOf.get(parent)
      const children = n === 0 ? Array.from({ length: 120 }, (_, child) => runOf(runIdOf(2 * child + 1)).info) : []
      const found = children.slice(0, maxResults)
      yield { length: found.length, info: (row) => found[row] }
    },
    async *searchModelVersions({ filter }) {
      await wait()
      if (numberOf.get(/'([^']+)'/.exec(filter)?.[1]) % 5 === 0)
        yield [
          {
            name: 'demand-forecast',
            version: '12',
            currentStage: 'Production',
            aliases: ['champion', 'live'],
            source: 'runs:/x/model',
          },
          { name: 'demand-forecast-eu', version: '3', currentStage: 'None', aliases: [], source: 'runs:/x/model' },
        ]
    },
    async *searchLoggedModels({ filter }) {
      await wait()
      const runId = /'([^']+)'/.exec(filter)?.[1] ?? ''
      yield [{ modelId: `m-${runId.slice(0, 12)}`, name: 'model', modelType: 'sklearn', status: 'READY' }]
    },
    edit(runId, { act, ...change }) {
      edits.set(runId, [...(edits.get(runId) ?? []), { act, ...change }])
    },
  }
}

function frameOf(runs) {
  const builder = new RunFrameBuilder(runs.length)
  for (const { info, metrics, params, tags, datasets } of runs) {
    const row = builder.addRun(info)
    for (const [key, { value, step, timestamp }] of metrics) builder.setMetric(row, key, value, step, timestamp)
    for (const [key, value] of params) builder.setParam(row, key, value)
    for (const [key, value] of tags) builder.setTag(row, key, value)
    for (const input of datasets) builder.addDataset(row, input)
  }
  return builder.build()
}
