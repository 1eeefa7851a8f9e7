/** `npm run bench`: each budget as a ratio, both sides measured in this one run. Environment set by scripts/bench.mjs. */
import { writeFileSync } from 'node:fs'
import { print, type Row } from './measure'
import { serverRows, sqliteRows } from './stores'

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this by npm run bench`)
  return value
}

const files = {
  database: variable('BENCH_DATABASE'),
  doubled: variable('BENCH_DOUBLED'),
  server: variable('BENCH_SERVER'),
  replay: variable('BENCH_REPLAY'),
  options: { workerPath: variable('BENCH_WORKER'), timeout: 600_000 },
}

async function main(): Promise<void> {
  const rows: Row[] = []
  for (const group of [sqliteRows, serverRows])
    for (const row of await group(files)) {
      print(row)
      rows.push(row)
    }
  writeFileSync(variable('BENCH_RESULTS'), JSON.stringify(rows))
}

void main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
