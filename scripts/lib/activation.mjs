// How long a real extension host takes to load and activate this extension, and an empty one beside it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { launchBrowser } from './browser.mjs'
import { until } from './run.mjs'
import { root } from './toolchain.mjs'
import { serveWorkbench } from './workbench.mjs'

const emptyManifest = {
  name: 'empty',
  publisher: 'bench',
  version: '0.0.1',
  engines: { vscode: '^1.105.0' },
  main: './extension.js',
  activationEvents: [],
}

/** Makes an extension in a folder that does nothing; gives the folder. */
export function emptyExtension(folder) {
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(emptyManifest))
  writeFileSync(path.join(folder, 'extension.js'), 'exports.activate = () => {}')
  return folder
}

/** Activates the one extension under development in a window; writes the milliseconds and ends. */
const probe = `
const vscode = require('vscode'), fs = require('fs')
exports.run = async () => {
  const extension = vscode.extensions.getExtension(process.env.BENCH_EXTENSION)
  if (extension.isActive) throw new Error('it is active already')
  const started = performance.now()
  await extension.activate()
  const file = process.env.BENCH_TIME
  fs.writeFileSync(file + '.part', String(performance.now() - started))
  fs.renameSync(file + '.part', file)
}`

/** Medians over `windows` windows of each, in turn, in milliseconds. */
export async function measureActivation(windows = 5) {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-activation-'))
  const file = (...parts) => path.join(temporary, ...parts)
  mkdirSync(file('workspace'))
  writeFileSync(file('probe.js'), probe)
  const extensions = {
    ours: { id: 'mlflow-lens.mlflow-lens', folder: root, times: [] },
    empty: { id: 'bench.empty', folder: emptyExtension(file('empty')), times: [] },
  }
  const browser = await launchBrowser()
  try {
    for (let round = 0; round < windows; round++)
      for (const [name, { id, folder, times }] of Object.entries(extensions)) {
        const result = file(`${name}-${round}.txt`)
        const workbench = await serveWorkbench({ env: { BENCH_EXTENSION: id, BENCH_TIME: result } })
        const page = await browser.newPage()
        const messages = []
        page.on('console', (message) => messages.push(message.text()))
        await page.goto(workbench.url(file('workspace'), { tests: file('probe.js'), extension: folder }))
        await until(() => existsSync(result), 'activation time', { timeout: 60_000 }).catch((error) => {
          throw new Error(`${error.message}\n${messages.slice(-20).join('\n')}`)
        })
        await page.close()
        await workbench.stop()
        times.push(Number(readFileSync(result, 'utf8')))
      }
  } finally {
    await browser.close()
    rmSync(temporary, { recursive: true, force: true })
  }
  const median = ({ times }) => times.sort((a, b) => a - b)[times.length >> 1]
  return { ours: median(extensions.ours), empty: median(extensions.empty) }
}
