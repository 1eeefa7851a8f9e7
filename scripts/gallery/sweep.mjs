// A sweep that is made up: what its runs were given, and what came of it. Every visit sees the same.

const rates = [1, 2, 3, 5].flatMap((digit) => [-5, -4, -3, -2].map((power) => digit * 10 ** power))
const batches = [16, 32, 64, 128, 256]

/** @param chance a number in 0 … 1 from text */
export function sweepRun(run, n, chance) {
  const pick = (list, what) => list[Math.floor(chance(`${n}${what}`) * list.length)]
  const rate = Number(pick(rates, 'rate').toPrecision(3))
  const optimizer = pick(['adam', 'adam', 'sgd', 'lion'], 'optimizer')
  const batch = pick(batches, 'batch')
  const dropout = Math.round(chance(`${n}dropout`) * 50) / 100
  const best = optimizer === 'sgd' ? -2 : -3
  const distance = Math.abs(Math.log10(rate) - best)
  const rmse =
    11 + 3 * distance ** 1.6 + (optimizer === 'sgd' ? 1.5 : 0) + 6 * Math.abs(dropout - 0.15) + chance(`${n}noise`)
  const diverged = optimizer !== 'sgd' && rate >= 0.03
  const params = new Map([
    ['learning_rate', String(rate)],
    ['optimizer', optimizer],
    ['batch_size', String(batch)],
    ['dropout', String(dropout)],
    ['layers', String(2 + Math.floor(chance(`${n}layers`) * 5))],
    ['weight_decay', n % 9 === 4 ? 'None' : String(10 ** -Math.floor(2 + chance(`${n}decay`) * 4))],
    ['epochs', '40'],
    ['seed', String(n)],
    ...(n % 4 === 1 ? [['clip', '1.0']] : []),
    ...(n % 5 === 2 ? [] : [['tokenizer', `bpe-${1 + Math.floor(chance(`${n}tokenizer`) * 15)}k`]]),
  ])
  const metrics = new Map(
    [
      ['val_rmse', diverged ? (n % 2 ? NaN : Infinity) : rmse],
      ['train_rmse', rmse - 1 - 3 * (0.5 - dropout)],
      ['minutes', 4 + (400 / batch) * (1 + chance(`${n}speed`))],
      ['gain', 16 - rmse],
      ['never', NaN],
    ].map(([key, value]) => [key, { value, step: 39, timestamp: run.info.startTime + 1000 }]),
  )
  if (n % 17 === 3) metrics.delete('val_rmse')
  run.tags.set('mlflow.source.git.commit', n % 3 ? run.tags.get('mlflow.source.git.commit') : 'b'.repeat(40))
  run.datasets[0].dataset.digest = n % 7 ? '7f3c21ab' : '01d5e9aa'
  return { ...run, params, metrics }
}

/** A metric of such a run over its steps: most are better before their end than at it. */
export function sweepValues(run, key, chance) {
  const last = run.metrics.get(key)?.value
  if (last === undefined) return Float64Array.of()
  const { runId } = run.info
  const dip = chance(`${runId}${key}dip`) * (key === 'val_rmse' ? 4 : 0.5)
  const at = 8 + Math.floor(chance(`${runId}${key}at`) * 30)
  const end = Number.isFinite(last) ? last : 20
  return Float64Array.from({ length: 40 }, (_, step) => {
    if (step === 39) return last
    return step <= at ? end - dip + (at - step) * 0.4 : end - (dip * (39 - step)) / (39 - at)
  })
}
