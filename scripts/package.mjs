// `npm run package`: a VSIX by @vscode/vsce in out/, holding only what runs.
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { underNode24 } from './lib/node24.mjs'
import { root } from './lib/toolchain.mjs'

await underNode24()
const { createVSIX } = await import('@vscode/vsce')
const packagePath = path.join(root, 'out', 'mlflow-lens.vsix')
mkdirSync(path.dirname(packagePath), { recursive: true })
await createVSIX({
  cwd: root,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  skipLicense: false,
})
console.log(`${packagePath}: ${(statSync(packagePath).size / 1024).toFixed(0)} KiB`)
