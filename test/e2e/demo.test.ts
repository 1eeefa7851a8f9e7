import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Workbench } from './workbench'

/** A stranger's first minutes: the demo in a real VS Code, looked at through a real browser. One test stands on another. */
describe('the demo', () => {
  let workbench: Workbench

  beforeAll(async () => {
    workbench = await Workbench.open()
    await workbench.openMlflow()
  })

  afterAll(async () => workbench[Symbol.asyncDispose]())

  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  /** What MLflow itself stored, read without our code. */
  function query<T>(sql: string, ...values: string[]): T[] {
    using database = new DatabaseSync(path.join(workbench.folder, 'mlflow.db'), { readOnly: true })
    return database.prepare(sql).all(...values) as T[]
  }

  const chart = (webview: FrameLocator, metric: string): Locator =>
    webview.getByRole('group', { name: metric, exact: true })

  test('shows experiments, their runs, and models without a server or Python', async () => {
    const active = query<{ name: string }>(
      "SELECT e.name FROM experiments e WHERE lifecycle_stage = 'active' AND EXISTS (SELECT 1 FROM runs r WHERE r.experiment_id = e.experiment_id)",
    )
    expect(active.length).toBe(3)
    for (const { name } of active) await workbench.row('Experiments', new RegExp(`^experiment ${name}`)).waitFor()
    for (const { name } of query<{ name: string }>('SELECT name FROM registered_models'))
      await workbench.row('Models', new RegExp(name)).waitFor()

    await workbench.row('Experiments', /^experiment dynamic-pricing/).click()
    await workbench.row('Experiments', /^run week-48 · running/).waitFor()
    await workbench.row('Experiments', /^run pricing sweep · finished · 9 nested/).waitFor()
    await workbench.row('Experiments', /^run steps-0.8 · failed/).waitFor()
    await workbench.picture('tree')
  })

  test('opens a run with its parameters, metrics, note and charts', async () => {
    await workbench.row('Experiments', /^run week-47/).click()
    const page = workbench.webview()
    await page.getByRole('heading', { name: 'week-47' }).waitFor()
    const params = query<{ key: string; value: string }>(
      "SELECT p.key, p.value FROM params p JOIN runs r USING (run_uuid) WHERE r.name = 'week-47'",
    )
    expect(params.length).toBeGreaterThan(3)
    for (const { key, value } of params) {
      await page.getByText(key, { exact: true }).first().waitFor()
      await page.getByText(value, { exact: true }).first().waitFor()
    }
    await page.getByRole('paragraph').getByText('Candidate for the next price list').waitFor()
    await chart(page, 'train/loss').locator('canvas.curves').waitFor()
    await page.getByText('300 points').first().waitFor()
    await workbench.picture('run')
  })

  test('opens an artifact in an editor of its own', async () => {
    await workbench
      .webview()
      .getByRole('treeitem', { name: /report\.md/ })
      .click()
    await workbench.webview().getByRole('button', { name: 'Open', exact: true }).click()
    await workbench.page.locator('.tab', { hasText: 'report.md' }).waitFor()
    await workbench.page.locator('.monaco-editor .view-line').first().waitFor()
    await workbench.closeEditor()
  })

  test('compares two runs: both curves are on the canvas, their values in the table twin', async () => {
    await workbench.row('Experiments', /^run week-47/).click()
    await workbench.row('Experiments', /^run week-46/).click({ modifiers: ['ControlOrMeta'] })
    await workbench.menu(workbench.row('Experiments', /^run week-46/), 'Compare Runs…')
    await workbench.page.locator('.tab.active', { hasText: 'week-46' }).waitFor()
    const page = workbench.webview()
    const loss = chart(page, 'train/loss')
    await loss.getByText('600 points').waitFor()
    await workbench.picture('compare')

    const colors = await curveColors(loss.locator('canvas.curves'))
    expect(colors.length, `colours of the curves: ${colors.join(' ')}`).toBe(2)

    await loss.getByRole('button', { name: 'Show as table' }).click()
    const table = loss.locator('lens-chart-table table')
    await table.waitFor()
    const stored = query<{ name: string; step: number; value: number }>(
      "SELECT r.name, m.step, m.value FROM metrics m JOIN runs r USING (run_uuid) WHERE m.key = 'train/loss' AND r.name IN ('week-46', 'week-47')",
    )
    const [names = [], ...shown] = await table
      .locator('tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent.trim())),
      )
    expect([...names].sort()).toEqual(['Step', 'week-46', 'week-47'])
    expect(shown.length).toBeGreaterThan(100)
    for (const [steps = '', ...values] of shown)
      for (const [index, text] of values.entries()) {
        const name = names[index + 1]
        const [from = NaN, to = from] = steps.split(' – ').map(Number)
        const real = stored
          .filter((point) => point.name === name && point.step >= from && point.step <= to)
          .map(({ value }) => value)
        const [low = NaN, high = low] = text.split(' … ').map(Number)
        expect(low).toBeCloseTo(Math.min(...real), 6)
        expect(high).toBeCloseTo(Math.max(...real), 6)
      }
    await loss.getByRole('button', { name: 'Show as chart' }).click()
  })

  test('comes back after a reload', async () => {
    await workbench.reload()
    await workbench.page.locator('.tab.active', { hasText: 'week-46' }).waitFor()
    await chart(workbench.webview(), 'train/loss').getByText('600 points').waitFor()
  })

  test.each([
    'Default Light Modern',
    'Default High Contrast',
    'Default High Contrast Light',
    'Default Dark Modern',
  ] as const)('follows the theme %s', async (theme) => {
    await workbench.theme(theme)
    const expected = await workbench.page
      .locator('.monaco-workbench')
      .evaluate((element) => getComputedStyle(element).getPropertyValue('--vscode-foreground'))
    const body = workbench.webview().locator('body')
    await expect
      .poll(() => body.evaluate((element) => getComputedStyle(element).getPropertyValue('--vscode-foreground')))
      .toBe(expected)
    const loss = chart(workbench.webview(), 'train/loss')
    // High contrast draws the axes in a colour too.
    await expect.poll(async () => (await curveColors(loss.locator('canvas.curves'))).length).toBeGreaterThanOrEqual(2)
    await workbench.picture(`compare ${theme}`)
  })
})

/** The saturated colours that fill at least 0.1 % of a canvas: its curves, without grid and text. */
async function curveColors(canvas: Locator): Promise<string[]> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
    const counts = new Map<string, number>()
    for (let i = 0; i < pixels.length; i += 4) {
      const [r = 0, g = 0, b = 0, a = 0] = pixels.slice(i, i + 4)
      if (a < 250 || Math.max(r, g, b) - Math.min(r, g, b) < 60) continue
      const color = `${r},${g},${b}`
      counts.set(color, (counts.get(color) ?? 0) + 1)
    }
    return [...counts].filter(([, count]) => count > (width * height) / 1000).map(([color]) => color)
  })
}
