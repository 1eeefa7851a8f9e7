// `npm run pictures`: the browser suite takes screenshots as it goes (out/pictures); those that the README shows are kept.
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { underNode24 } from './lib/node24.mjs'
import { run } from './lib/run.mjs'
import { ensureCodeServer, root } from './lib/toolchain.mjs'

const suites = ['test/e2e/demo.test.ts', 'test/e2e/runsWorkbench.test.ts', 'test/e2e/beside.test.ts']
const kept = ['compare', 'runs', 'beside']

await underNode24()
await ensureCodeServer()
await run(process.execPath, ['esbuild.mjs'], { cwd: root })
await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', ...suites], {
  cwd: root,
})
mkdirSync(path.join(root, 'media/pictures'), { recursive: true })
for (const name of kept) {
  copyFileSync(path.join(root, 'out/pictures', `${name}.png`), path.join(root, 'media/pictures', `${name}.png`))
  console.log(`media/pictures/${name}.png`)
}
