// `npm run bench`: makes the stores it needs (cached), measures, prints each budget as a ratio.
// `npm run bench -- frames folders` measures some groups only (see bench/index.ts; also `activation`, `charts`, `typing` and `size`).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { makeFolder } from '../bench/makeFolder.mjs'
import { startMlflow, quietMlflow } from './lib/mlflow.mjs'
import { underNode24 } from './lib/node24.mjs'
import { run, startGroup, until } from './lib/run.mjs'
import { cacheDir, ensurePython, installOnce, root, step } from './lib/toolchain.mjs'
import { measureActivation } from './lib/activation.mjs'
import { measureCharts } from './lib/chartBench.mjs'
import { measureTyping } from './lib/typingBench.mjs'

await underNode24()
const asked = process.argv.slice(2)
const ownGroups = ['activation', 'size', 'charts', 'typing']
const storeGroups = asked.filter((name) => !ownGroups.includes(name))
const wants = (...names) => asked.length === 0 || names.some((name) => asked.includes(name))

const temporary = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-bench-'))
const stops = []
let over = 0
try {
  if (asked.length === 0 || storeGroups.length > 0) await measureStores()

  if (wants('activation')) {
    const { ours, empty } = await measureActivation()
    report(
      ours - empty <= 50,
      `+ ${(ours - empty).toFixed(1)} ms (at most + 50)`,
      'activation: load the bundle and run activate()',
      `an empty extension: ${ours.toFixed(1)} ms against ${empty.toFixed(1)} ms, medians of 5 windows`,
    )
  }
  if (wants('charts')) {
    const { ours, uplot, chartJs } = await measureCharts(7)
    for (const [what, name] of Object.entries({ draw: 'first draw', zoom: 'zoom', hover: 'hover' })) {
      const ratio = middle(ours.map((times, nth) => times[what] / uplot[nth][what]))
      const [mine, theirs] = [ours, uplot].map((all) => middle(all.map((times) => times[what])).toFixed(1))
      report(
        ratio <= 1,
        `${ratio.toFixed(3)} x (at most 1.000)`,
        `line chart, 10 series × 100,000 points: ${name}`,
        `uPlot with the raw points, same page: ${mine} ms against ${theirs} ms, medians of ${ours.length} rounds; chart.js as it comes: ${chartJs[0][what].toFixed(0)} ms`,
      )
    }
  }
  if (wants('typing')) {
    await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root })
    const { ours, without } = await measureTyping(await historiesStore())
    const every = (blocks, nth) => blocks.filter((_, block) => block % 2 === nth).flat()
    for (const [name, share] of Object.entries({ median: 0.5, '95th percentile': 0.95 })) {
      const [mine, theirs] = [ours, without].map((blocks) => quantile(blocks.flat(), share))
      // What differs between every other block of the workbench without it, and the rest of them.
      const noise = Math.abs(Math.log(quantile(every(without, 0), share) / quantile(every(without, 1), share)))
      const most = 1 + Math.max(0.1, noise)
      report(
        mine / theirs <= most,
        `${(mine / theirs).toFixed(3)} x (at most ${most.toFixed(3)}, as noise is ${(100 * noise).toFixed(1)} %)`,
        `typing in a file of 2,000 lines with 50 calls, of 10,000 runs in mlflow.db: ${name} from key to screen`,
        `the same workbench without it: ${mine.toFixed(1)} ms against ${theirs.toFixed(1)} ms, ${ours.flat().length} characters each`,
      )
    }
  }
  if (wants('size')) {
    await run(process.execPath, ['scripts/package.mjs'], { cwd: root, quiet: true })
    const size = statSync(path.join(root, 'out/mlflow-lens.vsix')).size / 1024 / 1024
    report(size <= 1, `${size.toFixed(2)} MB (at most 1)`, 'VSIX', 'size')
  }
} finally {
  for (const stop of stops.reverse()) await stop()
  rmSync(temporary, { recursive: true, force: true })
}
console.log(over === 0 ? 'every budget is met' : `${over} budget${over > 1 ? 's are' : ' is'} not met`)
process.exitCode = over === 0 ? 0 : 1

async function measureStores() {
  await run(process.execPath, ['esbuild.mjs', '--bench', '--production'], { cwd: root })
  const python = await ensurePython('mlflow-3')
  const database = await historiesStore()
  const small = ['--metrics', '3', '--params', '3', '--tags', '2']
  const databases = {}
  for (const runs of [1000, 10_000, 100_000]) databases[runs] = await benchStore(python, runs, ...small)
  const folders = {}
  for (const runs of [1000, 3000, 10_000, 30_000]) folders[runs] = await benchFolder(runs)

  const setting = path.join(temporary, 'setting.json')
  const results = path.join(temporary, 'results.json')
  const scratch = path.join(temporary, 'scratch')
  mkdirSync(scratch)
  writeFileSync(
    setting,
    JSON.stringify({
      database,
      doubled: await benchStore(python, 20_000),
      databases,
      folders,
      ...(wants('server', 'blocks') && (await servers(python, database))),
      ...(wants('restGrowth') && { made: await listening('madeServer.mjs') }),
      options: { workers: path.join(root, 'dist'), timeout: 600_000 },
      scratch,
      memoryScript: path.join(root, 'out/bench/memory.js'),
    }),
  )
  step(`measuring on ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}`)
  await run(process.execPath, [path.join(root, 'out/bench/index.js'), setting, results, ...storeGroups])
  over += JSON.parse(readFileSync(results, 'utf8')).filter(
    ({ ratio, budget }) => budget !== undefined && !(typeof ratio === 'number' && ratio <= budget),
  ).length
}

/** MLflow's server on the database, and one that repeats its answers. */
async function servers(python, database) {
  step('starting mlflow server on the same file')
  const server = await startMlflow({ python, database, folder: temporary })
  stops.push(server.stop)
  return { server: server.url, replay: await listening('replay.mjs', server.url) }
}

/** Starts a server of scripts/lib; resolves to where it listens. */
async function listening(script, ...args) {
  const server = startGroup(process.execPath, [path.join(root, 'scripts/lib', script), ...args])
  stops.push(server.stop)
  const port = await until(() => /listening (\d+)/.exec(server.output())?.[1], script)
  return `http://127.0.0.1:${port}`
}

function report(met, figure, what, against) {
  if (!met) over++
  console.log(`${met ? 'ok  ' : 'OVER'} ${figure}  ${what} | ${against}`)
}

/** Of 10,000 runs, and five long histories. */
async function historiesStore() {
  return benchStore(await ensurePython('mlflow-3'), 10_000, '--histories', '5', '--points', '200000')
}

function quantile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN
}

function middle(values) {
  return quantile(values, 0.5)
}

/** A database of bench/make.py with so many runs. */
async function benchStore(python, runs, ...options) {
  const script = path.join(root, 'bench/make.py')
  const folder = await cached(script, `${runs} ${options.join(' ')}`, `a database of ${runs} runs`, (making) =>
    run(python, [script, path.join(making, 'mlflow.db'), String(runs), ...options], {
      quiet: true,
      env: { ...process.env, ...quietMlflow },
    }),
  )
  return path.join(folder, 'mlflow.db')
}

async function benchFolder(runs) {
  const script = path.join(root, 'bench/makeFolder.mjs')
  const folder = await cached(script, String(runs), `an mlruns folder of ${runs} runs`, (making) =>
    makeFolder(path.join(making, 'mlruns'), runs),
  )
  return path.join(folder, 'mlruns')
}

/** What a script makes, kept in the cache under the script's own hash. */
function cached(script, args, what, make) {
  const key = createHash('sha256').update(readFileSync(script)).update(args).digest('hex').slice(0, 8)
  return installOnce(path.join(cacheDir, `bench-${key}`), what, async (making) => {
    mkdirSync(making, { recursive: true })
    await make(making)
  })
}
