/** A real tuning, 120 runs in two sweeps from two commits of a real repository: which is best, what made it so, what changed in the code? */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { formatMetric } from '../../src/shared/format'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { gitIn } from '../git'
import { bigExperiment, makeBigDatabase } from './bigDatabase'
import { Workbench } from './workbench'

const minutes = 60_000
const patient = { timeout: minutes }

const newFolder = (): string => {
  const folder = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-tuning-'))), 'project')
  mkdirSync(folder)
  return folder
}

/** Opens an experiment's runs as a table, and compares all that a search finds. Resolves to when Compare was pressed. */
async function compareAll(workbench: Workbench, experiment: string, search: string, found: string): Promise<number> {
  const page = workbench.webview()
  const item = workbench.row('Experiments', new RegExp(`^experiment ${experiment}`))
  await item.hover()
  await item.getByRole('button', { name: 'Open Runs as a Table…' }).click()
  await page.getByRole('grid').locator('.row').first().waitFor(patient)
  if (search !== '') {
    await page.getByRole('combobox').fill(search)
    await page.getByRole('combobox').press('Enter')
  }
  await page.getByText(found).waitFor(patient)
  // A key that comes while the table is drawn anew is lost.
  const selectAll = async (): Promise<void> => {
    await page.getByRole('grid').focus()
    await workbench.page.keyboard.press('Control+a')
    await page.getByText(/\d+ selected/).waitFor({ timeout: 3000 })
  }
  await vi.waitFor(selectAll, patient)
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  return performance.now()
}

describe('120 tuning runs', () => {
  let folder = ''
  let workbench: Workbench

  const git = (...args: string[]): string => gitIn(folder, ...args)
  const change = (file: string, from: string, to: string): void => {
    const text = readFileSync(path.join(folder, file), 'utf8')
    expect(text).toContain(from)
    writeFileSync(path.join(folder, file), text.replace(from, to))
  }

  beforeAll(async () => {
    folder = newFolder()
    for (const file of ['tune.py', 'model.py']) cpSync(path.join('test/fixtures/sweep', file), path.join(folder, file))
    const python = await ensurePython('mlflow-3')
    const env = { ...process.env, ...quietMlflow }
    const sweep = (seed: number): Promise<unknown> =>
      promisify(execFile)(python, ['tune.py', '60', String(seed)], { cwd: folder, env })
    git('init', '-q', '-b', 'main')
    git('add', '*.py')
    git('commit', '-qm', 'Tune')
    await sweep(1)
    change('model.py', 'floor = 0.2 ', 'floor = 0.12 ')
    change('model.py', 'numpy==1.26.4', 'numpy==2.1.0')
    git('commit', '-qam', 'Lower the floor')
    change('model.py', 'math.exp(-epoch / 2)', 'math.exp(-epoch)')
    await sweep(2)
    workbench = await Workbench.open({ folder, width: 1400, height: 1000 })
    await workbench.openMlflow()
  }, 10 * minutes)
  afterAll(async () => {
    await workbench[Symbol.asyncDispose]()
    rmSync(path.dirname(folder), { recursive: true, force: true })
  })
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const page = (): FrameLocator => workbench.webview()
  const tab = (name: string): Locator => page().getByRole('tab', { name })
  const code = (): Locator => page().locator('lens-code-changes')

  function query<T>(sql: string): T[] {
    using database = new DatabaseSync(path.join(folder, 'mlflow.db'), { readOnly: true })
    return database.prepare(sql).all() as T[]
  }

  test(
    'tell in one panel which is best, what made it so, and what changed in the code',
    async () => {
      const started = await compareAll(
        workbench,
        'tuning',
        "attributes.run_name LIKE 'trial%'",
        '120 of 122 runs match',
      )
      const loss = page().getByRole('group', { name: 'loss', exact: true })
      await loss.getByText('100 of 112 runs are drawn').waitFor(patient)
      console.log(`120 runs: curves on screen ${Math.round(performance.now() - started)} ms after Compare`)
      await workbench.picture('tuning - charts')

      // Which is best: nothing is, until the user says what better is.
      await tab('Tuning').click()
      await page().getByText('Choose the metric that matters').waitFor(patient)
      await page().getByRole('combobox', { name: 'Metric', exact: true }).selectOption('metric:val_rmse')
      await page().getByRole('radio', { name: 'Lower is better' }).click()
      const [best] = query<{ name: string }>(
        "SELECT r.name FROM latest_metrics m JOIN runs r USING (run_uuid) WHERE m.key = 'val_rmse' ORDER BY m.value LIMIT 1",
      )
      const first = page().getByRole('table', { name: 'The best runs' }).locator('tbody tr').first()
      await first.getByRole('button', { name: best?.name ?? 'none' }).waitFor(patient)
      await page().getByText('112 of 120 runs have a finite value').waitFor()
      expect(await page().getByRole('combobox', { name: 'Metric', exact: true }).inputValue()).toBe('metric:val_rmse')

      // Or which has been best at any step.
      await page().getByRole('radio', { name: 'Best value' }).click()
      await page().getByText('Lower is better · Best value · 112 of 120 runs have a finite value').waitFor(patient)
      const [ever] = query<{ name: string; value: number }>(
        "SELECT r.name, m.value FROM metrics m JOIN runs r USING (run_uuid) WHERE m.key = 'val_rmse' ORDER BY m.value LIMIT 1",
      )
      await first.getByRole('button', { name: ever?.name ?? 'none' }).waitFor()
      await first.getByText(formatMetric(ever?.value ?? NaN), { exact: true }).waitFor()
      await page().getByRole('radio', { name: 'Last value' }).click()
      await first.getByRole('button', { name: best?.name ?? 'none' }).waitFor(patient)

      // What made it so: as the script makes it, the optimizer and the learning rate.
      const importance = page().getByRole('table', { name: 'Importance of parameters' })
      await importance.waitFor(patient)
      const ranking = await importance.locator('tbody th').allTextContents()
      expect(ranking.slice(0, 2).map((key) => key.trim()).sort()).toEqual(['learning_rate', 'optimizer']) // prettier-ignore
      await workbench.picture('tuning - best')

      // What changed in the code: the second commit, and what was not committed.
      await tab('Differences').click()
      await page().getByRole('columnheader').filter({ hasText: best?.name ?? '' }).filter({ hasText: 'baseline' }).waitFor(patient) // prettier-ignore
      await code().getByText('model.py', { exact: true }).waitFor(patient)
      const lines = await code().locator('.line').allTextContents()
      expect(lines.some((line) => line.startsWith('+    floor = 0.12 + 0.15'))).toBe(true)
      expect(lines.some((line) => line.startsWith('+    return [floor + math.exp(-epoch) '))).toBe(true)
      expect(lines.some((line) => line.startsWith('-    return [floor + math.exp(-epoch / 2) '))).toBe(true)
      await code()
        .getByText(/With the uncommitted changes that the run logged, to 1 file/)
        .waitFor()
      const commits = page().getByRole('table', { name: 'Commits of these runs' }).locator('tbody tr')
      expect(await commits.count()).toBe(2)

      // And in the environment: as it was logged with a model by MLflow, or by whoever wrote the same files.
      await page().getByRole('button', { name: 'Compare the Python environments too' }).click()
      await page().getByText('112 of 120 runs have logged a Python environment').waitFor(patient)
      await page().getByRole('rowheader', { name: 'numpy' }).waitFor()
      expect(await page().getByRole('rowheader', { name: 'scikit-learn' }).count()).toBe(0)
      await page()
        .getByText(/numpy is “2\.1\.0” in 11 of 11|No more than chance: .*numpy/)
        .waitFor(patient)
      expect(await workbench.page.locator('.tabs-container .tab').count()).toBe(2)
    },
    5 * minutes,
  )

  test(
    'are shown so in every theme',
    async () => {
      for (const [name, theme] of [
        ['light', 'Default Light Modern'],
        ['high contrast', 'Default High Contrast'],
        ['high contrast light', 'Default High Contrast Light'],
        ['dark', 'Default Dark Modern'],
      ] as const) {
        await workbench.theme(theme)
        for (const at of ['Tuning', 'Differences']) {
          await tab(at).click()
          if (at === 'Differences') await code().locator('.line').last().scrollIntoViewIfNeeded(patient)
          else await page().getByRole('table', { name: 'Importance of parameters' }).waitFor(patient)
          await workbench.picture(`tuning - ${at} ${name}`)
        }
      }
    },
    2 * minutes,
  )

  test('have their code compared in the diff editor too', async () => {
    await tab('Differences').click()
    await code()
      .getByRole('button', { name: /^Open in Diff Editor.*model\.py$/ })
      .click()
    await workbench.page
      .getByRole('tab', { name: /^model\.py: / })
      .first()
      .waitFor(patient)
    await workbench.page.locator('.monaco-diff-editor').getByText('floor = 0.12').first().waitFor(patient)
  })

  test('are told in a report, with the best of them and what made them so', async () => {
    const target = path.join(folder, 'sweep.html')
    await workbench.page.locator('.tab', { hasText: 'Compare 120 runs' }).click()
    await page().getByRole('button', { name: 'More actions', exact: true }).click()
    await page().getByRole('menuitem', { name: 'Export report…' }).click()
    const dialog = workbench.page.locator('.quick-input-widget')
    await dialog.locator('.monaco-list-row', { hasText: 'HTML' }).click()
    const input = dialog.locator('input[type="text"]')
    await expect.poll(() => input.inputValue(), patient).toMatch(/\.html$/)
    await input.fill(target)
    await workbench.saveTo(target)
    const [best] = query<{ name: string }>(
      "SELECT r.name FROM latest_metrics m JOIN runs r USING (run_uuid) WHERE m.key = 'val_rmse' ORDER BY m.value LIMIT 1",
    )
    const report = readFileSync(target, 'utf8')
    expect(report).toContain('The best runs')
    expect(report).toContain(best?.name)
  })
})

test(
  '500 runs are compared without a freeze',
  async () => {
    const folder = newFolder()
    const file = path.join(folder, 'mlflow.db')
    makeBigDatabase(file, { runs: 500, metrics: 12, params: 20, tags: 4 })
    {
      using database = new DatabaseSync(file)
      database.exec(`INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid)
      SELECT m.key, m.value * (1 + 1.0 / (1 + steps.value)), m.timestamp, steps.value, m.is_nan, m.run_uuid
      FROM latest_metrics AS m, json_each('[0,1,2,3,4,5,6,7,8,9]') AS steps`)
    }
    await using workbench = await Workbench.open({ folder, width: 1400, height: 1000 })
    await workbench.openMlflow()
    const page = workbench.webview()
    const started = await compareAll(workbench, bigExperiment, '', '500 runs')
    const since = (from: number): string => `${Math.round(performance.now() - from)} ms`
    await page
      .getByRole('group', { name: 'metric_0', exact: true })
      .getByText('100 of 500 runs are drawn')
      .waitFor(patient)
    console.log(`500 runs: curves on screen ${since(started)} after Compare`)
    await workbench.picture('tuning - 500 runs')
    await page.locator('body').evaluate(() => {
      const gaps = { longest: 0 }
      Object.assign(window, { gaps })
      let last = performance.now()
      const tick = (): void => {
        const now = performance.now()
        gaps.longest = Math.max(gaps.longest, now - last)
        last = now
        setTimeout(tick, 0)
      }
      tick()
    })
    const longest = (): Promise<number> =>
      page.locator('body').evaluate(() => {
        const { gaps } = window as unknown as { gaps: { longest: number } }
        const found = gaps.longest
        gaps.longest = 0
        return found
      })
    for (const [at, there] of [
      ['Tuning', page.getByText('Choose the metric that matters')],
      ['Differences', page.getByRole('grid', { name: /^Values of 500 runs/ })],
    ] as const) {
      const from = performance.now()
      await page.getByRole('tab', { name: at }).click()
      await there.waitFor(patient)
      console.log(`500 runs: ${at} after ${since(from)}, longest block ${Math.round(await longest())} ms`)
    }
    await page.getByRole('tab', { name: 'Tuning' }).click()
    await page.getByRole('combobox', { name: 'Metric', exact: true }).selectOption('metric:metric_0')
    const from = performance.now()
    await page.getByRole('radio', { name: 'Lower is better' }).click()
    await page.getByRole('table', { name: 'Importance of parameters' }).waitFor(patient)
    console.log(`500 runs: importance after ${since(from)}, longest block ${Math.round(await longest())} ms`)
    await workbench.picture('tuning - 500 runs tuned')
    const reading = performance.now()
    await page.getByRole('radio', { name: 'Best value' }).click()
    await page.getByText('Lower is better · Best value · 500 of 500 runs').waitFor(patient)
    console.log(`500 runs: best values after ${since(reading)}, longest block ${Math.round(await longest())} ms`)
  },
  5 * minutes,
)
