/**
 * Makes a frame in this process and prints what it takes (`Footprint`). `node --expose-gc memory.js WORKERS store URI` reads one;
 * `… made MIX` takes 100,000 made-up runs page by page, as they come from a worker.
 */
import { RunFrame, RunFrameBuilder, transferablesOf } from '../src/shared/runFrame'
import { madeUpPage, mixes, type Mix } from './madeUp'
import { readCold } from './reading'

const megabytes = (): number => {
  if (!globalThis.gc) throw new Error('run this with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}

function made(mix: Mix): RunFrame {
  const runs = new RunFrameBuilder()
  for (let first = 0; first < 100_000; first += 2500) {
    const { data } = madeUpPage(first, 2500, mix)
    runs.append(new RunFrame(structuredClone(data, { transfer: transferablesOf(data) })))
  }
  return runs.build()
}

async function main(): Promise<void> {
  const [workers = '', kind, of = ''] = process.argv.slice(2)
  const mix = mixes[of]
  if (kind === 'made' && mix) madeUpPage(0, 10, mix) // its code is loaded now
  const before = megabytes()
  const frame = kind === 'made' && mix ? made(mix) : await readCold(of, { workers })
  const kept = megabytes() - before
  if (frame.length === 0) throw new Error('no runs')
  console.log(JSON.stringify({ kept, peak: process.resourceUsage().maxRSS / 1000 }))
}

void main()
