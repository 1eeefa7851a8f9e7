/** `npm run bench`: each budget as a ratio, both sides measured in this one run. What to measure with comes from scripts/bench.mjs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { besideRows } from './beside'
import { blockRows } from './blocks'
import { databaseRows, growthRows } from './databases'
import { folderRows } from './folders'
import { frameRows } from './frames'
import { print, type Row } from './measure'
import type { Group, Setting } from './reading'
import { refreshRows } from './refreshing'
import { restGrowthRows } from './restGrowth'
import { serverRows } from './servers'

/** In this order: the server's answers, once read, are what the REST rows and blocks read again. */
const groups: Readonly<Record<string, Group>> = {
  databases: databaseRows,
  growth: growthRows,
  frames: frameRows,
  folders: folderRows,
  refresh: refreshRows,
  restGrowth: restGrowthRows,
  server: serverRows,
  blocks: blockRows,
  beside: besideRows,
}

/** node index.js SETTING RESULTS [GROUP …] */
async function main([setting = '', results = '', ...asked]: readonly string[]): Promise<void> {
  const given = JSON.parse(readFileSync(setting, 'utf8')) as Setting
  const unknown = asked.find((name) => !(name in groups))
  if (unknown !== undefined)
    throw new Error(`there is no group ${unknown}: there are ${Object.keys(groups).join(', ')}`)
  const rows: Row[] = []
  for (const [name, group] of Object.entries(groups)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    for await (const row of group(given)) {
      print(row)
      rows.push(row)
    }
  }
  writeFileSync(results, JSON.stringify(rows))
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
