import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bigExperiment, makeBigDatabase } from './bigDatabase'
import { names, scrollThrough, untilRowsChange } from './gridRows'
import { Workbench } from './workbench'

const runs = 100_000

/** The runs table in a real VS Code, over an mlflow.db of 100,000 runs × 50 columns. One test stands on another. */
describe('a table of 100,000 runs', () => {
  let folder: string
  let workbench: Workbench

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-big-')))
    makeBigDatabase(path.join(folder, 'mlflow.db'), { runs, metrics: 22, params: 11, tags: 6 })
    workbench = await Workbench.open({ folder })
    await workbench.openMlflow()
  })
  afterAll(async () => {
    await workbench[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const page = (): FrameLocator => workbench.webview()
  const grid = (): Locator => page().getByRole('grid')
  const head = (name: string): Locator => grid().getByRole('columnheader', { name, exact: true })

  /** Names of runs, as the database itself has them. */
  function named(sql: string): string[] {
    using database = new DatabaseSync(path.join(folder, 'mlflow.db'), { readOnly: true })
    return database
      .prepare(sql)
      .all()
      .map(({ name }) => String(name))
  }

  /** Waits for the rows that these are, and tells how long the reader waited. */
  async function shows(what: string, act: () => Promise<void>, expected: readonly string[]): Promise<void> {
    const waited = grid().evaluate(untilRowsChange)
    await expect.poll(() => grid().getAttribute('data-watched')).toBe('')
    await act()
    console.log(`${what}: other rows after ${Math.round(await waited)} ms`)
    await expect
      .poll(async () => (await names(grid())).slice(0, expected.length), { timeout: 20_000 })
      .toEqual(expected)
  }

  test('opens from the row of its experiment, with all that there is as columns', async () => {
    const row = workbench.row('Experiments', new RegExp(`^experiment ${bigExperiment}`))
    await row.hover()
    await row.getByRole('button', { name: /Open Runs as a Table/ }).click()
    await page().getByText('100,000 runs', { exact: true }).waitFor({ timeout: 120_000 })
    await page().getByRole('button', { name: 'Columns' }).click()
    await page().getByRole('button', { name: 'All', exact: true }).click()
    await page()
      .getByRole('button', { name: /^Show these \d+$/ })
      .click()
    await workbench.page.keyboard.press('Escape')
    await expect.poll(() => grid().getAttribute('aria-colcount').then(Number)).toBeGreaterThanOrEqual(50)
    await expect.poll(() => grid().locator('.row.waiting').count()).toBe(0)
    await workbench.picture('100,000 runs')
  })

  test('scrolls without a stall', async () => {
    const shares = await grid().evaluate(scrollThrough)
    for (const { how, frames, over, waiting } of shares)
      console.log(
        `scrolling ${how}: ${frames} frames, ${over} over 33 ms, ${waiting} with a row that waits for its values`,
      )
    // Whatever else runs on this machine counts too.
    const [wheel] = shares
    expect(wheel?.frames).toBe(200)
    expect(wheel?.over).toBeLessThan(100)
    await grid().focus()
    await workbench.page.keyboard.press('Control+End')
    await expect.poll(async () => (await names(grid())).at(-1)).toBe(`run-${runs - 1}`)
    await workbench.page.keyboard.press('Control+Home')
    await expect.poll(async () => (await names(grid()))[0]).toBe('run-0')
  })

  test('sorts and filters as the database itself would', async () => {
    const sorted = (order: string, where = '1', join = ''): string[] =>
      named(`SELECT r.name FROM runs r JOIN latest_metrics m ON m.run_uuid = r.run_uuid AND m.key = 'metric_3' ${join}
        WHERE ${where} ORDER BY m.value ${order} LIMIT 20`)
    const metric = head('metric_3')
    // Attributes come first; columns that are out of sight are not drawn.
    const seen = async (): Promise<boolean> => {
      await grid().evaluate((element) => element.scrollBy(100, 0))
      return metric.isVisible()
    }
    await expect.poll(seen).toBe(true)
    await grid().evaluate((element) => element.scrollBy(200, 0))
    await shows('sorting by a metric', () => metric.click(), sorted('DESC'))
    await shows('sorting the other way', () => metric.click(), sorted('ASC'))
    const search = page().getByRole('combobox', { name: 'Search runs' })
    const find = async (text: string): Promise<void> => {
      await search.fill(text)
      await search.press('Enter')
    }
    const other = "JOIN latest_metrics o ON o.run_uuid = r.run_uuid AND o.key = 'metric_1'"
    await shows('an expression', () => find('metrics.metric_1 < 0.25'), sorted('ASC', 'o.value < 0.25', other))
    const seed = "JOIN params p ON p.run_uuid = r.run_uuid AND p.key = 'param_0'"
    await shows('a word', () => find('run-9'), sorted('ASC', "r.name LIKE '%run-9%'"))
    await shows(
      'two words',
      () => find('seed 77'),
      sorted('ASC', "p.value LIKE 'seed %77%' OR r.run_uuid LIKE '%77%'", seed),
    )
    await workbench.picture('100,000 runs found')
    await shows('no filter', () => page().getByRole('button', { name: 'Clear the search' }).click(), sorted('ASC'))
    const newest = named('SELECT name FROM runs ORDER BY start_time DESC LIMIT 20')
    await shows('the newest first', () => metric.click(), newest)
  })
})
