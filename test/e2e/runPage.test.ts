import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

/** A run's page in a real VS Code: its artifacts, and changes made on it. One test stands on another. */
describe('a run’s page', () => {
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'mlflow.pythonPath': await ensurePython('mlflow-3') } })
    putArtifacts()
    await workbench.openMlflow()
    await workbench.row('Experiments', /^experiment dynamic-pricing/).click()
    await workbench.row('Experiments', /^run week-47/).click()
    await page().getByRole('heading', { name: 'week-47' }).waitFor()
  })
  afterAll(() => workbench[Symbol.asyncDispose]())
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const page = () => workbench.webview()
  const artifact = (name: string) => page().locator(`[role="treeitem"][data-path="${name}"]`)

  function query<T>(sql: string, ...values: string[]): T[] {
    using database = new DatabaseSync(path.join(workbench.folder, 'mlflow.db'), { readOnly: true })
    return database.prepare(sql).all(...values) as T[]
  }
  /** The icon that marks the run in the tree; empty where it isn't marked. */
  async function mark(): Promise<string> {
    const icon = workbench.row('Experiments', /^run week-47/).locator('.custom-view-tree-node-item-icon')
    const image = await icon.evaluate((element) => getComputedStyle(element).backgroundImage)
    return Buffer.from(/base64,([\w+/=]+)/.exec(image)?.[1] ?? '', 'base64').toString()
  }

  const runId = (): string => query<{ id: string }>("SELECT run_uuid id FROM runs WHERE name = 'week-47'")[0]?.id ?? ''

  /** What nobody would log: two gigabytes, a lie, a way out of the run, and names that mean something in a URL. */
  function putArtifacts(): void {
    const [experiment = ''] = readdirSync(path.join(workbench.folder, 'mlruns')).filter((name) =>
      existsSync(path.join(workbench.folder, 'mlruns', name, runId())),
    )
    const place = (name: string): string =>
      path.join(workbench.folder, 'mlruns', experiment, runId(), 'artifacts', name)
    writeFileSync(place('huge.log'), 'the beginning of it\n')
    truncateSync(place('huge.log'), 2 ** 31 + 10)
    writeFileSync(place('lies.png'), '<html><script>alert(1)</script>')
    writeFileSync(place('100% größe #1?.txt'), 'an odd name')
    writeFileSync(path.join(workbench.folder, 'secret.txt'), 'not of this run')
    symlinkSync(path.join(workbench.folder, 'secret.txt'), place('way out.txt'))
  }

  const note = (): string | undefined =>
    query<{ value: string }>(
      "SELECT t.value FROM tags t JOIN runs r USING (run_uuid) WHERE r.name = 'week-47' AND t.key = 'mlflow.note.content'",
    )[0]?.value

  test('has its run marked in the tree, in its colour, as long as it is open', async () => {
    const color = await page().locator('.named svg line').getAttribute('stroke')
    await expect.poll(mark, { timeout: 30_000 }).toContain(`fill="${color ?? ''}"`)
    await workbench.picture('run marked')
    await workbench.closeEditor()
    await expect.poll(mark, { timeout: 30_000 }).toBe('')
    await workbench.row('Experiments', /^run week-47/).click()
    await page().getByRole('heading', { name: 'week-47' }).waitFor()
  })

  test('shows pictures under VS Code’s own policy, and a model as a card', async () => {
    await artifact('plots').click()
    await artifact('plots/predictions.png').click()
    await page()
      .getByText(/\d+ × \d+ pixels/)
      .waitFor()
    const width = await page()
      .locator('lens-image-view img')
      .evaluate((image) => (image as HTMLImageElement).naturalWidth)
    expect(width).toBeGreaterThan(10)
    await workbench.picture('artifact picture')
    await page().getByTitle('Show its files').click()
    await page().getByText('As a Python function').waitFor()
    await workbench.picture('artifact model')
  })

  test.each([
    ['huge.log', /first 64 KB of 2 GB shown|There is no preview of/],
    ['lies.png', /Its name says PNG, but it is HTML/],
    ['100% größe #1?.txt', /an odd name/],
    ['way out.txt', /leads out of the run’s artifacts and was not opened/],
  ])('takes what nobody would log: %s', async (name, seen) => {
    await artifact(name).click()
    await page().locator('.preview').getByText(seen).first().waitFor()
    await workbench.picture(`artifact ${name.replace(/\W+/g, ' ')}`)
  })

  test('can be closed while it reads, and opened again', async () => {
    await artifact('huge.log').click()
    await artifact('plots/predictions.png').click()
    await workbench.closeEditor()
    // VS Code drops a click on a row that is drawn anew under it.
    await expect.poll(mark, { timeout: 30_000 }).toBe('')
    await workbench.row('Experiments', /^run week-47/).click()
    await artifact('plots').click()
    await artifact('plots/predictions.png').click()
    await page()
      .getByText(/\d+ × \d+ pixels/)
      .waitFor()
    expect(await workbench.page.locator('.notification-toast').count()).toBe(0)
  })

  test('comes back after a reload as it was set', async () => {
    const large = page().locator('lens-line-chart.large')
    await page().getByRole('button', { name: 'train/loss', exact: true }).click()
    await large.getByRole('button', { name: 'Close the large chart' }).waitFor()
    await page()
      .getByRole('button', { name: /^Reproduce/ })
      .last()
      .click()
    const before = await page().locator('.named svg line').getAttribute('stroke')
    await workbench.reload()
    await workbench.page.locator('.tab.active', { hasText: 'week-47' }).waitFor({ timeout: 60_000 })
    await large.getByRole('button', { name: 'Close the large chart' }).waitFor({ timeout: 60_000 })
    await page()
      .getByText(/\d+ × \d+ pixels/)
      .waitFor()
    expect(await page().locator('lens-section#reproduce').getAttribute('folded')).toBe('')
    expect(await page().locator('.named svg line').getAttribute('stroke')).toBe(before)
    await page()
      .getByRole('button', { name: /^Reproduce/ })
      .last()
      .click()
    await workbench.picture('run restored')
  })

  test('saves an artifact where the dialog says', async () => {
    const target = path.join(workbench.folder, 'predictions.png')
    await artifact('plots/predictions.png').click()
    await page().getByRole('button', { name: 'Save…', exact: true }).click()
    const dialog = workbench.page.locator('.quick-input-widget')
    await expect.poll(() => dialog.locator('input[type="text"]').inputValue()).toBe(target)
    await workbench.saveTo(target)
    expect(readFileSync(target).subarray(1, 4).toString()).toBe('PNG')
    expect(readdirSync(workbench.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('has its note edited, which MLflow stores', async () => {
    await page().getByRole('button', { name: 'Edit the note' }).click()
    const box = page().getByRole('textbox', { name: 'Note, in Markdown' })
    await box.fill('Chosen for **week 48**.')
    await workbench.picture('note editor')
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await page().locator('lens-note strong', { hasText: 'week 48' }).waitFor({ timeout: 90_000 })
    await box.waitFor({ state: 'detached' })
    expect(note()).toBe('Chosen for **week 48**.')
  })

  test('shows what else was changed about it', async () => {
    await page().getByRole('button', { name: 'Add a tag' }).click()
    const input = workbench.page.locator('.quick-input-widget input[type="text"]')
    const newTag = workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'New tag…' })
    await newTag.click()
    await workbench.page.locator('.quick-input-widget').getByText('Key of the tag').first().waitFor()
    await input.fill('verdict')
    await workbench.page.keyboard.press('Enter')
    await workbench.page.locator('.quick-input-widget').getByText('verdict').first().waitFor()
    await expect.poll(() => input.inputValue()).toBe('')
    await input.fill('ship it')
    await workbench.page.keyboard.press('Enter')
    await page().getByRole('button', { name: 'ship it' }).waitFor()
    await page().getByRole('button', { name: 'Delete…' }).click()
    await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete', exact: true }).click()
    await page().getByText('This run is deleted').waitFor()
    await page().getByRole('button', { name: 'Restore', exact: true }).click()
    await page().getByText('This run is deleted').waitFor({ state: 'detached' })
    await workbench.command('MLflow: Undo Last Change')
    await page().getByText('This run is deleted').waitFor()
    await workbench.picture('run deleted')
  })

  test('says that its run is gone for good, and keeps what was known of it', async () => {
    const gone = runId()
    const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${path.join(workbench.folder, 'mlflow.db')}` }
    const gc = ['-m', 'mlflow', 'gc', '--backend-store-uri', env.MLFLOW_TRACKING_URI, '--run-ids', gone]
    await promisify(execFile)(await ensurePython('mlflow-3'), gc, { env: { ...env, MLFLOW_DISABLE_TELEMETRY: 'true' } })
    expect(query('SELECT 1 FROM runs WHERE run_uuid = ?', gone)).toEqual([])
    await page()
      .getByText(/refresh failed: .*no run/)
      .waitFor({ timeout: 60_000 })
    await page().getByRole('heading', { name: 'week-47' }).waitFor()
    await workbench.picture('run gone')
  })

  test('shows what MLflow’s own client logs as tables and pictures', async () => {
    const script = [path.resolve('test/e2e/logged_artifacts.py'), path.join(workbench.folder, 'weekly tables')]
    const MLFLOW_TRACKING_URI = `sqlite:///${path.join(workbench.folder, 'mlflow.db')}`
    const env = { ...process.env, ...quietMlflow, MLFLOW_TRACKING_URI }
    await promisify(execFile)(await ensurePython('mlflow-3'), script, { env })
    await workbench.row('Experiments', /^experiment weekly tables/).click()
    await workbench.row('Experiments', /^run tables/).click()
    await page().getByRole('heading', { name: 'tables', level: 1 }).waitFor()

    const table = page().locator('.preview').getByRole('table')
    const cells = async (): Promise<string[][]> => {
      const rows = (await table.getByRole('row').all()).slice(1)
      return Promise.all(rows.map(async (row) => row.getByRole('cell').allInnerTexts()))
    }
    await artifact('tables').click()
    await artifact('tables/weeks.parquet').click()
    const weeks = [
      ['45', 'tea', '0.125'],
      ['46', 'coffee, roasted', ''],
      ['47', '', '-3.5'],
    ]
    await expect.poll(cells).toEqual(weeks)
    await artifact('tables/weeks.json').click()
    await page().getByText('A table in JSON, as mlflow.log_table writes it · 3 rows, 4 columns').waitFor()
    await expect.poll(() => table.locator('lens-image-view img').count()).toBe(3)
    await workbench.picture('logged table')
    await expect.poll(cells).toEqual(weeks.map((row) => [...row, '']))
    await artifact('images').click()
    await page().getByRole('heading', { name: 'fit/price' }).waitFor()
    await page().getByText('32 × 24 pixels').waitFor()
    await workbench.picture('logged pictures')
  })
})
