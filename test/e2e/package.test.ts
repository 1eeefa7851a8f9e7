import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

test('the VSIX holds all that runs: its tree, a run page with charts, and icons', async () => {
  const unpacked = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-vsix-'))
  try {
    execFileSync(process.execPath, ['scripts/package.mjs'], { stdio: 'pipe' })
    execFileSync(await ensurePython('mlflow-3'), ['-m', 'zipfile', '-e', 'out/mlflow-lens.vsix', unpacked])
    await using workbench = await Workbench.open({ extension: path.join(unpacked, 'extension') })
    const missing: string[] = []
    workbench.page.on('response', (response) => {
      if (response.status() >= 400 && response.url().includes('mlflow-lens-vsix-')) missing.push(response.url())
    })
    await workbench.openMlflow()
    await workbench.row('Experiments', /^experiment dynamic-pricing/).click()
    await workbench.row('Experiments', /^run week-47/).click()
    const charts = workbench.webview().locator('canvas.curves')
    await charts.first().waitFor()
    expect(missing).toEqual([])
  } finally {
    rmSync(unpacked, { recursive: true, force: true })
  }
})
