// `npm run l10n`: collects what the code says to users into l10n/bundle.l10n.json, which translations start from.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { underNode24 } from './lib/node24.mjs'
import { root } from './lib/toolchain.mjs'

await underNode24()
const { sentencesInSources } = await import('./lib/sources.mjs')
mkdirSync(path.join(root, 'l10n'), { recursive: true })
const bundle = Object.fromEntries(sentencesInSources().map((sentence) => [sentence, sentence]))
writeFileSync(path.join(root, 'l10n/bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`)
