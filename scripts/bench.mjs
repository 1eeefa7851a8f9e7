// `npm run bench`: makes the stores it needs (cached), measures, prints each budget as a ratio.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { startMlflow, quietMlflow } from './lib/mlflow.mjs'
import { underNode24 } from './lib/node24.mjs'
import { run, startGroup, until } from './lib/run.mjs'
import { cacheDir, ensurePython, installOnce, root, step } from './lib/toolchain.mjs'
import { measureActivation } from './lib/activation.mjs'

await underNode24()
const temporary = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-bench-'))
const stops = []
let over = 0
try {
  await run(process.execPath, ['esbuild.mjs', '--bench', '--production'], { cwd: root })
  const python = await ensurePython('mlflow-3')
  const database = await benchStore(python, '10000', '5', '200000')
  const doubled = await benchStore(python, '20000')

  step('starting mlflow server on the same file')
  const server = await startMlflow({ python, database, folder: temporary })
  stops.push(server.stop)
  const replay = startGroup(process.execPath, [path.join(root, 'scripts/lib/replay.mjs'), server.url])
  stops.push(replay.stop)
  const port = await until(() => /listening (\d+)/.exec(replay.output())?.[1], 'replay server')

  const results = path.join(temporary, 'results.json')
  await run(process.execPath, [path.join(root, 'out/bench/index.js')], {
    env: {
      ...process.env,
      BENCH_DATABASE: database,
      BENCH_DOUBLED: doubled,
      BENCH_SERVER: server.url,
      BENCH_REPLAY: `http://127.0.0.1:${port}`,
      BENCH_WORKER: path.join(root, 'dist/sqliteWorker.js'),
      BENCH_RESULTS: results,
    },
  })
  over += JSON.parse(readFileSync(results, 'utf8')).filter((row) => row.ratio > row.budget).length

  const { ours, empty } = await measureActivation()
  report(
    ours - empty <= 50,
    `+ ${(ours - empty).toFixed(1)} ms (at most + 50)`,
    'activation: load the bundle and run activate()',
    `an empty extension: ${ours.toFixed(1)} ms against ${empty.toFixed(1)} ms, medians of 5 windows`,
  )

  await run(process.execPath, ['scripts/package.mjs'], { cwd: root, quiet: true })
  const size = statSync(path.join(root, 'out/mlflow-lens.vsix')).size / 1024 / 1024
  report(size <= 1, `${size.toFixed(2)} MB (at most 1)`, 'VSIX', 'size')
} finally {
  for (const stop of stops.reverse()) await stop()
  rmSync(temporary, { recursive: true, force: true })
}
console.log(over === 0 ? 'every budget is met' : `${over} budget${over > 1 ? 's are' : ' is'} not met`)
process.exitCode = over === 0 ? 0 : 1

function report(met, figure, what, against) {
  if (!met) over++
  console.log(`${met ? 'ok  ' : 'OVER'} ${figure}  ${what} | ${against}`)
}

/** A database of bench/make.py, kept in the cache under the script's own hash. */
async function benchStore(python, ...args) {
  const script = path.join(root, 'bench/make.py')
  const key = createHash('sha256').update(readFileSync(script)).update(args.join(' ')).digest('hex').slice(0, 8)
  const folder = path.join(cacheDir, `bench-${args.join('-')}-${key}`)
  await installOnce(folder, `a benchmark store of ${args[0]} runs`, async (making) => {
    mkdirSync(making, { recursive: true })
    await run(python, [script, path.join(making, 'mlflow.db'), ...args], {
      quiet: true,
      env: { ...process.env, ...quietMlflow },
    })
  })
  return path.join(folder, 'mlflow.db')
}
