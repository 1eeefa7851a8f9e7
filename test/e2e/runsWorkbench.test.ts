import { spawn } from 'node:child_process'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { copyDemo } from '../../scripts/lib/workbench.mjs'
import { names } from './gridRows'
import { Workbench } from './workbench'

const week = 7 * 24 * 3_600_000

/** The runs table of the demo in a real VS Code, used as somebody would who never saw it before. One test stands on another. */
describe('the runs table in VS Code', () => {
  let workbench: Workbench
  let python: string
  const folder = copyDemo()

  beforeAll(async () => {
    bringUpToDate(path.join(folder, 'mlflow.db'))
    python = await ensurePython('mlflow-3')
    workbench = await Workbench.open({ folder, settings: { 'mlflow.refreshInterval': 1, 'mlflow.pythonPath': python } })
    await workbench.openMlflow()
  })
  afterAll(() => workbench[Symbol.asyncDispose]())
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const page = (): FrameLocator => workbench.webview()
  const grid = (): Locator => page().getByRole('grid')
  const head = (name: string): Locator => grid().getByRole('columnheader', { name, exact: true })
  const row = (name: string): Locator => grid().locator('.row', { hasText: name })
  const tab = (name: string): Locator => workbench.page.locator('.tab', { hasText: name })
  const input = (): Locator => workbench.page.locator('.quick-input-widget input[type="text"]')
  const button = (name: string): Locator => page().getByRole('button', { name, exact: true })
  const choose = (item: RegExp): Promise<void> => page().getByRole('menuitem', { name: item }).click()

  function query<T>(sql: string, ...values: (string | number)[]): T[] {
    using database = new DatabaseSync(path.join(folder, 'mlflow.db'), { readOnly: true })
    return database.prepare(sql).all(...values) as T[]
  }

  async function openRuns(experiment: string): Promise<void> {
    const item = workbench.row('Experiments', new RegExp(`^experiment ${experiment}`))
    await item.hover()
    await item.getByRole('button', { name: 'Open Runs as a Table…' }).click()
    await tab(`Runs: ${experiment}`).waitFor()
    await grid().locator('.row').first().waitFor()
  }

  /** Names of an experiment's runs of the last week, the greatest of a metric first. */
  const bestOfTheWeek = (experiment: string, metric: string): string[] =>
    query<{ name: string }>(
      `SELECT r.name FROM runs r JOIN experiments e USING (experiment_id)
        JOIN latest_metrics m ON m.run_uuid = r.run_uuid AND m.key = ?
        WHERE e.name = ? AND r.start_time >= ? ORDER BY m.value DESC`,
      ...[metric, experiment, Date.now() - week],
    ).map(({ name }) => name)

  test('leads a new user to the best run of the last week, why it stands out, and its model', async () => {
    await openRuns('recommendations')
    await page().getByText('15 runs', { exact: true }).waitFor()
    await button('Started').click()
    await page().getByRole('menuitemcheckbox', { name: 'Last 7 days' }).click()
    const best = bestOfTheWeek('recommendations', 'ndcg_at_10')
    await page().getByText(`${best.length} of 15 runs match`).waitFor()
    await head('ndcg_at_10').click()
    await expect.poll(() => names(grid())).toEqual(best)

    const columns = async (): Promise<number> => Number(await grid().getAttribute('aria-colcount'))
    const before = await columns()
    await button('Only differences').click()
    await expect.poll(columns).toBeLessThan(before)
    const [first = '', second = ''] = best
    const values = async (name: string): Promise<string[]> =>
      (await row(name).getByRole('gridcell').allTextContents()).map((text) => text.trim())
    const [mine, other] = [await values(first), await values(second)]
    expect(mine.slice(1).filter((value, at) => value === other[at + 1])).toEqual([])
    await workbench.picture('best of the week')

    await row(first).locator('.name').click()
    await page().getByRole('heading', { name: first, level: 1 }).waitFor()
    await page()
      .getByRole('treeitem', { name: /^model/ })
      .first()
      .click()
    await page().getByText('As a Python function').waitFor()
    await workbench.picture('best of the week - model')
  })

  test('comes back after a reload as it was set', async () => {
    await tab('Runs: recommendations').click()
    await button('Started: Last 7 days').waitFor()
    const best = bestOfTheWeek('recommendations', 'ndcg_at_10')
    await row(best[1] ?? '')
      .getByRole('gridcell')
      .nth(1)
      .click()
    await page().getByText('1 selected').waitFor()
    // What it opens is another tab, and this one is unloaded meanwhile.
    await row(best[0] ?? '')
      .locator('.name')
      .click()
    await page()
      .getByRole('heading', { name: best[0] ?? '', level: 1 })
      .waitFor()
    await tab('Runs: recommendations').click()
    await page().getByText('1 selected').waitFor()
    await workbench.reload()
    await button('Started: Last 7 days').waitFor({ timeout: 60_000 })
    await expect.poll(() => names(grid())).toEqual(best)
    await page().getByText('1 selected').waitFor()
    expect(await head('ndcg_at_10').getAttribute('aria-sort')).toBe('descending')
  })

  test('shows the best run first where it is the child of another', async () => {
    await openRuns('dynamic-pricing')
    const best = bestOfTheWeek('dynamic-pricing', 'revenue_lift')
    await head('revenue_lift').click()
    await button('Started').click()
    await page().getByRole('menuitemcheckbox', { name: 'Last 7 days' }).click()
    await expect.poll(async () => (await names(grid()))[0]).toBe('pricing sweep')
    await page().getByText('9 under closed parents').waitFor()
    await grid().focus()
    await workbench.page.keyboard.press('Control+Home')
    await workbench.page.keyboard.press('ArrowRight')
    await expect.poll(async () => (await names(grid()))[1]).toBe(best[0])
    await page().getByText('under closed parents').waitFor({ state: 'detached' })
  })

  test('draws curves and bars of what was really logged', async () => {
    const choices = async (column: string, ...items: readonly string[]): Promise<void> => {
      for (const item of items) {
        await head(column).click({ button: 'right' })
        await page().getByRole('menuitemcheckbox', { name: item }).click()
      }
    }
    await choices('train/loss', 'Sparklines')
    await choices('revenue_lift', 'Bars', 'Higher is better')
    const drawn = grid().locator('.spark path[d^="M"]')
    // A curve for each run but the sweep itself, which logged none.
    await expect.poll(() => drawn.count()).toBe((await names(grid())).length - 1)
    await expect.poll(() => grid().locator('.cell.best').count()).toBe(1)
    await button('Started: Last 7 days').click()
    await page().getByRole('menuitemcheckbox', { name: 'Any time' }).click()
    await page().getByText('31 runs', { exact: true }).waitFor()
    await expect.poll(() => drawn.count()).toBeGreaterThan(20)
    await workbench.picture('runs')
  })

  test('changes several runs at once', async () => {
    await row('week-47').locator('.tick').click()
    await row('languid-bear-119').locator('.tick').click()
    await page().getByText('2 selected').waitFor()
    await button('Actions').click()
    await choose(/^Set tag…/)
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'New tag…' }).click()
    await workbench.page.locator('.quick-input-widget').getByText('Key of the tag').first().waitFor()
    await input().fill('verdict')
    await workbench.page.keyboard.press('Enter')
    await workbench.page.locator('.quick-input-widget').getByText('verdict').first().waitFor()
    await expect.poll(() => input().inputValue()).toBe('')
    await input().fill('keep')
    await workbench.page.keyboard.press('Enter')
    const tagged = () =>
      query<{ name: string }>(
        "SELECT r.name FROM tags t JOIN runs r USING (run_uuid) WHERE t.key = 'verdict' AND t.value = 'keep' ORDER BY 1",
      ).map(({ name }) => name)
    await expect.poll(tagged, { timeout: 90_000 }).toEqual(['languid-bear-119', 'week-47'])
    await page().getByRole('combobox').fill("tags.verdict = 'keep'")
    await page().getByRole('combobox').press('Enter')
    await page()
      .getByText(/^2 of \d+ runs match$/)
      .waitFor()
    await button('Clear the search').click()
  })

  test('registers the model of a run', async () => {
    await row('week-46').click({ button: 'right' })
    await choose(/^Register model…/)
    const widget = workbench.page.locator('.quick-input-widget')
    await widget.locator('.monaco-list-row', { hasText: 'New registered model…' }).click()
    await widget.getByText('Name of the registered model').first().waitFor()
    await expect.poll(() => input().inputValue()).toBe('')
    await input().fill('pricing-nightly')
    await workbench.page.keyboard.press('Enter')
    const versions = () =>
      query<{ version: number; run: string }>(
        `SELECT v.version, r.name run FROM model_versions v JOIN runs r ON r.run_uuid = v.run_id WHERE v.name = 'pricing-nightly'`,
      )
    await expect.poll(versions, { timeout: 90_000 }).toEqual([{ version: 1, run: 'week-46' }])
    await workbench.row('Models', /^(?:registered )?model pricing-nightly/).waitFor()
    await workbench.picture('registered from the table')
  })

  test('shows a run that trains while it does', async () => {
    const before = query<{ name: string }>('SELECT name FROM runs').map(({ name }) => name)
    const training = spawn(python, ['train.py', '--epochs', '12', '--pause', '0.4'], {
      cwd: folder,
      env: { ...process.env, ...quietMlflow, MLFLOW_TRACKING_URI: `sqlite:///${path.join(folder, 'mlflow.db')}` },
      stdio: 'ignore',
    })
    try {
      await button('Views').click()
      await choose(/^Reset to/)
      await expect.poll(async () => before.includes((await names(grid()))[0] ?? ''), { timeout: 60_000 }).toBe(false)
      const [name = ''] = await names(grid())
      await row(name).getByText('Running').waitFor()
      await row(name).getByText('Finished').waitFor({ timeout: 90_000 })
      expect(query('SELECT 1 FROM runs WHERE name = ? AND status = ?', name, 'FINISHED')).toHaveLength(1)
    } finally {
      training.kill()
    }
  })

  test('deletes a saved view once it was asked whether to', async () => {
    await button('Views').click()
    await choose(/^Save this view…/)
    await workbench.page.locator('.quick-input-widget').getByText('Name of the view').first().waitFor()
    await input().fill('mine')
    await workbench.page.keyboard.press('Enter')
    const saved = (): Locator => page().getByRole('menuitem', { name: 'mine', exact: true })
    /** Opened anew until it has, or lacks, the view: the page is told of it after the command. */
    const listed = async (there: boolean): Promise<void> => {
      await expect
        .poll(async () => {
          await workbench.page.keyboard.press('Escape')
          await button('Views').click()
          await page()
            .getByRole('menuitem', { name: /^Reset to/ })
            .waitFor()
          return (await saved().count()) > 0
        })
        .toBe(there)
    }
    for (const answer of ['Cancel', 'Delete']) {
      await listed(true)
      await choose(/^Delete a view/)
      await saved().click()
      await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: answer }).click()
      await workbench.page.locator('.monaco-dialog-box').waitFor({ state: 'detached' })
    }
    await listed(false)
    await workbench.page.keyboard.press('Escape')
  })

  test('is exported into an editor as it shows', async () => {
    await page().getByRole('group', { name: 'Which runs and columns' }).getByRole('button', { name: 'Export' }).click()
    await choose(/^CSV/)
    await choose(/^Open in an editor/)
    await workbench.page.locator('.monaco-editor .view-line', { hasText: 'run_id,' }).first().waitFor()
    await workbench.picture('exported')
  })
})

/** Moves all times of a copy of the demo so that its last run ended just now. */
function bringUpToDate(file: string): void {
  using database = new DatabaseSync(file)
  const { last } = database.prepare('SELECT max(coalesce(end_time, start_time)) AS last FROM runs').get() as {
    last: number
  }
  const by = Date.now() - last - 60_000
  database.exec(`UPDATE runs SET start_time = start_time + ${by}, end_time = end_time + ${by};
    UPDATE latest_metrics SET timestamp = timestamp + ${by}`)
}
