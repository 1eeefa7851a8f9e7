import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { python } from '../stores/servers'
import { Workbench } from './workbench'

/** A workspace as MLflow 2 leaves it, opened where a newer MLflow is installed. */
describe('a workspace with an mlruns folder', () => {
  let workbench: Workbench
  let workspace = ''
  let torn = ''

  beforeAll(async () => {
    workspace = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-folder-'))), 'project')
    const folder = path.join(workspace, 'mlruns')
    mkdirSync(workspace)
    await python('2', [path.resolve('test/stores/folder_store.py'), folder])
    const [name = ''] = globSync(path.join(folder, '*/*/tags/mlflow.runName')).filter(
      (file) => readFileSync(file, 'utf8') === 'run 1',
    )
    torn = path.resolve(name, '../../metrics/loss')
    appendFileSync(torn, '1750000000 torn\n')
    workbench = await Workbench.open({
      folder: workspace,
      settings: { 'mlflow.pythonPath': await ensurePython('mlflow-3') },
      width: 1200,
      height: 800,
    })
    await workbench.openMlflow()
  })

  afterAll(async () => {
    await workbench[Symbol.asyncDispose]()
    rmSync(path.dirname(workspace), { recursive: true, force: true, maxRetries: 5 })
  })

  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const quickInput = () => workbench.page.locator('.quick-input-widget')
  const quickRow = (label: string | RegExp) =>
    quickInput().locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first()

  test('shows its runs, without anybody doing anything', async () => {
    await workbench.row('Experiments', /^experiment pricing/).click()
    for (const name of ['run 3', 'run 2', 'run 1', 'run 0'])
      await workbench.row('Experiments', new RegExp(`^run ${name} `)).waitFor()
    expect(existsSync(path.join(workspace, 'mlflow.db'))).toBe(false)
  })

  test('warns of the run that is not whole, and shows the rest of it', async () => {
    const broken = workbench.row('Experiments', /^run run \d · warning/)
    await broken.waitFor()
    await broken.click()
    const page = workbench.webview()
    await page.getByRole('heading', { name: /^run \d$/ }).waitFor()
    await page.getByText(/^metrics\/loss: a damaged line was left out/).waitFor()
    await page.getByText('two').first().waitFor()
    await workbench.picture('folder run with a warning')
  })

  test('says at the connection what the newer MLflow makes of it', async () => {
    await workbench.view('Connections').locator('.pane-header').click()
    await workbench.row('Connections', /^connection mlruns.*MLflow 3\.\d+\.\d+ refuses it/).waitFor()
    await workbench.picture('folder connections')
  })

  test('completes a filter from the runs, shows where it is wrong, and what is ours', async () => {
    await workbench.command('MLflow: Filter Runs…')
    const input = quickInput().locator('input[type="text"]')
    await quickInput().getByText('Filter Runs', { exact: true }).waitFor() // else it may be the palette's still
    await input.pressSequentially('metrics.lo')
    await quickRow('metrics.loss').waitFor()
    await workbench.picture('filter completion')
    await workbench.page.keyboard.press('Enter')
    await expect.poll(() => input.inputValue()).toBe('metrics.loss ')
    await input.pressSequentially('< abc OR ')
    await quickRow('»abc«').waitFor()
    await workbench.picture('filter error')
    await input.fill("params.lr > 0.05 OR tags.kind = 'even'")
    await quickRow('MLflow Lens only').waitFor()
    await workbench.picture('filter ours')
    await workbench.page.keyboard.press('Enter')
    await workbench
      .view('Experiments')
      .getByText(/Filter: .* · MLflow Lens only/)
      .waitFor()
    await workbench.row('Experiments', /^run run 3 /).waitFor()
    await workbench.row('Experiments', /^run run 0 /).waitFor({ state: 'detached' })
    await workbench.command('MLflow: Clear Filter')
    await workbench.row('Experiments', /^run run 0 /).waitFor()
  })

  test.each([
    'Default Light Modern',
    'Default High Contrast',
    'Default High Contrast Light',
    'Default Dark Modern',
  ] as const)('looks as it should in %s', async (theme) => {
    await workbench.theme(theme)
    await workbench.picture(`folder ${theme}`)
  })

  test('is migrated after it was asked, and the report tells what became of it', async () => {
    rmSync(torn)
    await workbench.command('MLflow: Migrate Folder Store to SQLite…')
    const input = quickInput().locator('input[type="text"]')
    await expect.poll(() => input.inputValue()).toBe('mlflow.db')
    await workbench.page.keyboard.press('Enter')
    const dialog = workbench.page.locator('.monaco-dialog-box')
    await dialog.getByText(/migrate-filestore/).waitFor()
    await workbench.page.screenshot({ path: 'out/pictures/migration question.png' })
    await dialog.getByRole('button', { name: 'Migrate', exact: true }).click()
    await workbench.webview().getByRole('heading', { name: 'Folder store migrated' }).waitFor({ timeout: 120_000 })
    expect(existsSync(path.join(workspace, 'mlflow.db'))).toBe(true)
    await workbench.page.screenshot({ path: 'out/pictures/migration report.png' })
    await workbench.command('Notifications: Show Notifications') // under tests VS Code shows them by no toasts
    const told = workbench.page.locator('.notifications-center .monaco-list-row')
    await told.filter({ hasText: 'has all that the folder has' }).getByRole('button', { name: 'Open It' }).click()
    await workbench.row('Connections', /^connection mlflow\.db · active/).waitFor()
    await workbench.row('Experiments', /^experiment pricing/).waitFor()
  })
})
