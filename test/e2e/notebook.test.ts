import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { ensurePython, root } from '../../scripts/lib/toolchain.mjs'
import { copyDemo } from '../../scripts/lib/workbench.mjs'
import { Workbench } from './workbench'

/** A kernel that runs each cell as a program of its own, by a file that is called as Jupyter's kernel is. */
const kernel = `
const vscode = require('vscode'), { spawn } = require('child_process'), ours = require('./dist/extension.js')
exports.deactivate = ours.deactivate
exports.activate = (context) => {
  const controller = vscode.notebooks.createNotebookController('test', 'jupyter-notebook', 'Test Kernel')
  controller.supportedLanguages = ['python']
  controller.executeHandler = async (cells) => {
    for (const cell of cells) {
      const execution = controller.createNotebookCellExecution(cell)
      execution.start(Date.now())
      const child = spawn(process.env.TEST_PYTHON, [process.env.TEST_KERNEL], { stdio: ['pipe', 'ignore', 'inherit'] })
      child.stdin.end(cell.document.getText())
      const code = await new Promise((resolve) => child.on('close', resolve))
      execution.end(code === 0, Date.now())
    }
  }
  context.subscriptions.push(controller)
  return ours.activate(context)
}`

const cell = (source: string) => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source })

const notebook = {
  cells: [
    cell(`import mlflow
mlflow.set_experiment("dynamic-pricing")
with mlflow.start_run(run_name="from-a-cell"):
    for step in range(20):
        mlflow.log_metric("val/loss", 1 / (step + 40), step=step)`),
    cell('print("nothing of MLflow")'),
  ],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
}

describe('a notebook', () => {
  let workbench: Workbench
  let temporary: string
  let folder: string

  beforeAll(async () => {
    temporary = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-notebook-'))
    const file = (...parts: string[]): string => path.join(temporary, ...parts)
    for (const part of ['dist', 'media', 'l10n', 'package.nls.json']) symlinkSync(path.join(root, part), file(part))
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as object
    writeFileSync(file('package.json'), JSON.stringify({ ...manifest, main: './kernel.js' }))
    writeFileSync(file('kernel.js'), kernel)
    writeFileSync(file('ipykernel_launcher.py'), 'import sys\nexec(sys.stdin.read())\n')
    folder = copyDemo()
    writeFileSync(path.join(folder, 'explore.ipynb'), JSON.stringify(notebook))
    workbench = await Workbench.open({
      extension: temporary,
      folder,
      settings: { 'mlflow.refreshInterval': 1 },
      env: {
        ...quietMlflow,
        MLFLOW_TRACKING_URI: `sqlite:///${path.join(folder, 'mlflow.db')}`,
        TEST_PYTHON: await ensurePython('mlflow-3'),
        TEST_KERNEL: file('ipykernel_launcher.py'),
      },
    })
  })

  afterAll(async () => {
    await workbench[Symbol.asyncDispose]()
    for (const made of [temporary, path.dirname(folder)]) rmSync(made, { recursive: true, force: true })
  })

  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  test('has lenses and curves in its cells, and says under a cell which run it has made', async () => {
    const { page } = workbench
    await page.keyboard.press('ControlOrMeta+P')
    await page.locator('.quick-input-widget input[type="text"]').fill('explore.ipynb')
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'explore.ipynb' }).first().waitFor()
    await page.keyboard.press('Enter')
    const first = page.locator('.notebookOverlay .cell-list-container .code-cell-row').first()
    await first.waitFor({ timeout: 60_000 })

    await first
      .locator('.codelens-decoration', { hasText: /dynamic-pricing:.\d+.runs/ })
      .first()
      .waitFor({ timeout: 60_000 })
    const curves = (): Promise<number> =>
      first
        .locator('.view-line [class*="ced-"]')
        .evaluateAll((all) => all.filter((span) => getComputedStyle(span, '::before').content.startsWith('url')).length)
    await expect.poll(curves, { timeout: 30_000 }).toBe(1)

    await first.hover()
    await workbench.command('Notebook: Run All')
    const item = first.locator('.cell-statusbar-container .cell-status-item', { hasText: 'from-a-cell' })
    // Where kernels are, VS Code asks which one at first.
    const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Test Kernel' }).first()
    await choice.or(item).first().waitFor({ timeout: 60_000 })
    if (await choice.isVisible()) await choice.click()
    await item.waitFor({ timeout: 90_000 })
    await expect.poll(() => item.innerText()).toMatch(/from-a-cell/)
    expect(await page.locator('.cell-status-item', { hasText: /from-a-cell|runs$/ }).count()).toBe(1)
    await item.hover()
    await page
      .getByText(/started while this cell ran last/)
      .first()
      .waitFor()
    await page.screenshot({ path: 'out/pictures/notebook.png' })
    await item.click()
    await page.locator('.tab.active', { hasText: 'from-a-cell' }).waitFor()
  })
})
