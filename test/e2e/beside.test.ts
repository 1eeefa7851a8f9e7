import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

describe('beside the code of the demo', () => {
  let workbench: Workbench
  let training: ReturnType<typeof spawn> | undefined

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'mlflow.refreshInterval': 1, 'editor.minimap.enabled': false } })
    await workbench.command('View: Close Primary Side Bar')
  })

  afterAll(async () => {
    training?.kill()
    await workbench[Symbol.asyncDispose]()
  })

  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  /** Opens a file with a line in sight. */
  async function open(file: string, line: number, text: string): Promise<void> {
    const { page } = workbench
    await page.keyboard.press('ControlOrMeta+P')
    const input = page.locator('.quick-input-widget input[type="text"]')
    const found = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: file }).first()
    await input.fill(file)
    await found.waitFor()
    await input.fill(`${file}:${line}`)
    await found.waitFor()
    await page.keyboard.press('Enter')
    await lineWith(text).waitFor()
  }

  const lineWith = (text: string) =>
    workbench.page
      .locator('.monaco-editor .view-line')
      .filter({ hasText: text.replaceAll(' ', '\u00a0') })
      .first()

  /** What is drawn at the end of the line: the text, and the address of the picture. */
  const noteAt = (text: string): Promise<{ text: string; picture: string }> =>
    lineWith(text).evaluate((line) => {
      const contents = [...line.querySelectorAll('[class*="ced-"]')].flatMap((span) =>
        ['::before', '::after'].map((pseudo) => getComputedStyle(span, pseudo).content),
      )
      const of = (test: RegExp): string => contents.find((content) => test.test(content)) ?? ''
      return { text: of(/^"/), picture: of(/^url/) }
    })

  const lenses = async (): Promise<string> =>
    (await workbench.page.locator('.codelens-decoration').allInnerTexts()).join(' | ').replaceAll('\u00a0', ' ')

  const valLoss = 'log_metric("val/loss"'

  test('shows at once and without a click how its metrics have been doing', async () => {
    await open('train.py', 155, valLoss)
    const opened = performance.now()
    await expect
      .poll(() => noteAt(valLoss), { timeout: 30_000, interval: 20 })
      .toMatchObject({
        text: expect.stringMatching(/^"0\.01\d+ · step \d+, running · [+−][\d.]+ % vs /) as string,
        picture: expect.stringContaining('data:image/svg+xml') as string,
      })
    console.log(`notes after ${Math.round(performance.now() - opened)} ms`)
    expect((await noteAt('log_param("train_rows"')).text).toBe('"468"')
    await expect.poll(lenses).toMatch(/dynamic-pricing: 30 runs · last one running, started .+ ago.+Compare last 10/s)
    expect(await lenses()).toMatch(/Last run: week-48 · running.+Re-run/s)
  })

  test('a hover has a chart, the last runs, and ways to go on', async () => {
    const { page } = workbench
    const hover = page.locator('.monaco-hover').filter({ hasText: 'Choose Reference' })
    // A hover does not come where the pointer rested before the editor was ready for it.
    await expect
      .poll(
        async () => {
          await page.mouse.move(700, 300)
          await page
            .locator('.view-line span', { hasText: /^"val\/loss"$/ })
            .last()
            .hover()
          return hover
            .first()
            .waitFor({ timeout: 5000 })
            .then(
              () => true,
              () => false,
            )
        },
        { timeout: 60_000 },
      )
      .toBe(true)
    await hover.locator('img[alt^="Chart of val/loss in the run week-48"]').waitFor()
    await hover.getByRole('row').nth(5).waitFor({ state: 'attached' })
    await page.screenshot({ path: 'out/pictures/beside-hover.png' })
    await hover.getByRole('link', { name: 'week-48' }).first().click()
    await page.locator('.tab.active', { hasText: 'week-48' }).waitFor()
    await workbench.closeEditor()
  })

  test('goes with the language of the file', async () => {
    const { page } = workbench
    await open('train.py', 155, valLoss)
    const speak = async (language: string): Promise<void> => {
      await workbench.command('Change Language Mode')
      await page.keyboard.type(language)
      await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: language }).waitFor()
      await page.keyboard.press('Enter')
    }
    await speak('Plain Text')
    await expect.poll(() => noteAt(valLoss), { timeout: 30_000 }).toEqual({ text: '', picture: '' })
    await speak('Python')
    await expect.poll(async () => (await noteAt(valLoss)).text, { timeout: 30_000 }).toMatch(/step/)
  })

  test('looks right in every theme', async () => {
    await open('train.py', 155, valLoss)
    for (const theme of [
      'Default Light Modern',
      'Default High Contrast',
      'Default High Contrast Light',
      'Default Dark Modern',
    ] as const) {
      const before = (await noteAt(valLoss)).picture
      await workbench.theme(theme)
      await expect.poll(async () => (await noteAt(valLoss)).picture, { timeout: 15_000 }).not.toBe(before)
      await workbench.picture(`beside ${theme}`)
    }
  })

  test('moves while the script trains', async () => {
    await open('train.py', 155, valLoss)
    training = spawn(await ensurePython('mlflow-3'), ['train.py', '--epochs', '200', '--pause', '0.3'], {
      cwd: workbench.folder,
      env: {
        ...process.env,
        ...quietMlflow,
        MLFLOW_TRACKING_URI: `sqlite:///${path.join(workbench.folder, 'mlflow.db')}`,
      },
      stdio: 'ignore',
    })
    const seen = new Set<string>()
    const steps = new Set<string>()
    const look = async (): Promise<number> => {
      const { text, picture } = await noteAt(valLoss)
      const step = / · step (\d+), running/.exec(text)?.[1]
      if (step !== undefined && !text.includes('step 100,')) {
        steps.add(step)
        seen.add(picture)
      }
      return Math.min(seen.size, steps.size)
    }
    await expect.poll(look, { timeout: 120_000, interval: 200 }).toBeGreaterThan(4)
    await expect.poll(lenses, { timeout: 30_000 }).toMatch(/dynamic-pricing: 31 runs · last one running, started/)
    await workbench.picture('beside')
  })

  /** Puts the cursor on a line of the open file. */
  async function goTo(line: number): Promise<void> {
    const { page } = workbench
    await page.keyboard.press('Control+G')
    const input = page.locator('.quick-input-widget input[type="text"]')
    await input.fill(`:${line}`)
    await page.keyboard.press('Enter')
    await input.waitFor({ state: 'hidden' })
  }

  test('a chart beside the code follows the cursor, moves, can be pinned, and is back after a reload', async () => {
    const { page } = workbench
    await open('train.py', 164, valLoss)
    const button = page.getByRole('button', { name: 'Show Chart Beside' }) // of the editor's title
    await button.click()
    const chart = workbench.webview().locator('lens-beside-page')
    await chart.getByRole('application', { name: /^val\/loss: line chart of \d+ runs/ }).waitFor({ timeout: 60_000 })
    await chart.getByText('reference', { exact: true }).waitFor()
    await chart.getByText('The experiment is the one that line 144 sets.').waitFor()
    await workbench.picture('beside chart')

    // The script that was started above is still training.
    const step = (): Promise<string> => chart.getByRole('row').nth(1).locator('.step').innerText()
    const before = await step()
    await expect.poll(step, { timeout: 60_000 }).not.toBe(before)

    // The code has kept the focus.
    await goTo(165)
    await chart.getByRole('application', { name: /^revenue_lift: / }).waitFor({ timeout: 30_000 })
    await page.locator('.tab', { hasText: 'revenue_lift' }).waitFor()
    await chart.getByRole('button', { name: 'Pin' }).click()
    await chart.getByRole('button', { name: 'Pin', pressed: true }).waitFor()
    await lineWith(valLoss).click()
    await workbench.reload()
    const restored = workbench.webview().locator('lens-beside-page')
    await restored.getByRole('application', { name: /^revenue_lift: / }).waitFor({ timeout: 60_000 })
    await restored.getByRole('button', { name: 'Pin', pressed: true }).click()
    await lineWith(valLoss).click()
    await restored.getByRole('application', { name: /^val\/loss: / }).waitFor({ timeout: 30_000 })

    for (const theme of [
      'Default Light Modern',
      'Default High Contrast',
      'Default High Contrast Light',
      'Default Dark Modern',
    ] as const) {
      await workbench.theme(theme)
      await workbench.picture(`beside chart ${theme}`)
    }

    // By keyboard to the line, to a run, and to the comparison.
    await restored.getByRole('button', { name: 'train.py' }).press('Enter')
    await expect.poll(() => page.locator('.monaco-editor.focused').count()).toBe(1)
    await restored.getByRole('button', { name: 'Compare These' }).press('Enter')
    await page.locator('.tab.active', { hasText: 'Compare 10 runs' }).waitFor()
    await workbench.command('View: Close All Editors')
    await expect.poll(() => page.locator('.tab').count()).toBe(0)
  })

  test('tells the last values of parameters in the MLproject', async () => {
    await open('MLproject', 8, 'learning_rate: {')
    await expect
      .poll(async () => (await noteAt('learning_rate: {type: float, default: 0.002}')).text)
      .toMatch(/^"[\d.]+, .+ and \d+ more"$/)
    await workbench.picture('beside MLproject')
  })

  test('takes no time in a window that is up', async () => {
    await workbench.closeEditor()
    await open('forecast.py', 100, 'log_metric("val_rmse"')
    const opened = performance.now()
    const note = (): Promise<{ text: string; picture: string }> => noteAt('log_metric("val_rmse"')
    await expect.poll(note, { timeout: 30_000, interval: 20 }).toMatchObject({
      picture: expect.stringContaining('data:image/svg+xml') as string,
    })
    const took = performance.now() - opened
    console.log(`notes after ${Math.round(took)} ms`)
    expect(took).toBeLessThan(5000) // a second on a machine of one's own
  })

  test('is silent on a file that calls nothing of MLflow', async () => {
    await open('plots.py', 1, 'import')
    await expect.poll(() => workbench.page.locator('.codelens-decoration').count()).toBe(0)
  })
})
