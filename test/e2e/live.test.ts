import { spawn } from 'node:child_process'
import path from 'node:path'
import type { FrameLocator, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { until } from '../../scripts/lib/run.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

/** The demo's own script trains while its run is looked at. */
describe('a run that trains', () => {
  let workbench: Workbench
  let training: ReturnType<typeof spawn>
  let name = ''

  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'mlflow.refreshInterval': 1 }, width: 1200, height: 800 })
    training = spawn(await ensurePython('mlflow-3'), ['train.py', '--epochs', '80', '--pause', '0.5'], {
      cwd: workbench.folder,
      env: {
        ...process.env,
        ...quietMlflow,
        MLFLOW_TRACKING_URI: `sqlite:///${path.join(workbench.folder, 'mlflow.db')}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    training.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
    await until(() => output.includes('epoch   1 '), 'second epoch of train.py', {
      failed: () => training.exitCode !== null && `it ended: ${output}`,
    })
    await workbench.openMlflow()
    await workbench.row('Experiments', /^experiment dynamic-pricing/).click()
    const newest = workbench.row('Experiments', /^run \S+ · running/)
    await newest.waitFor()
    name = /^run (\S+)/.exec((await newest.getAttribute('aria-label')) ?? '')?.[1] ?? ''
    await newest.click()
    await workbench.webview().getByRole('heading', { name }).waitFor()
  })

  afterAll(async () => {
    training.kill()
    await workbench[Symbol.asyncDispose]()
  })

  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const chart = (webview: FrameLocator, metric: string): Locator =>
    webview.getByRole('group', { name: metric, exact: true })

  /** The points that a chart says it stands for. */
  async function pointsOf(metric: string): Promise<number> {
    const text = await chart(workbench.webview(), metric)
      .getByText(/^[\d,]+ points?\b/)
      .innerText()
    return parseInt(text.replaceAll(',', ''))
  }

  const step = async (): Promise<number> =>
    Number(await workbench.webview().locator('tr[data-key="revenue_lift"] td').nth(4).innerText())

  test('grows on its page, which stays as the reader has set it', async () => {
    const page = workbench.webview()
    const plot = chart(page, 'train/loss').getByRole('application')
    await plot.focus()
    await workbench.page.keyboard.press('Home')
    await workbench.page.keyboard.press('+')
    await chart(page, 'train/loss').getByRole('button', { name: 'Reset zoom' }).waitFor()
    const zoomed = await pointsOf('train/loss')
    const watched = await page.locator('body').evaluateHandle(() => {
      const scroller = document.documentElement
      scroller.scrollTop = 120
      const seen = { top: scroller.scrollTop, jumps: 0, blanks: 0 }
      const look = (): void => {
        if (scroller.scrollTop !== seen.top) seen.jumps++
        const page = document.querySelector('lens-run-page')?.shadowRoot
        const charts = page?.querySelector('lens-metric-charts')?.shadowRoot?.querySelectorAll('lens-line-chart') ?? []
        for (const each of charts) if (each.shadowRoot?.querySelector('lens-loading')) seen.blanks++
        requestAnimationFrame(look)
      }
      look()
      return seen
    })
    const points = await pointsOf('revenue_lift')
    const before = await step()
    await expect.poll(() => pointsOf('revenue_lift'), { timeout: 30_000 }).toBeGreaterThan(points + 2)
    await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(before)
    expect(await pointsOf('train/loss')).toBe(zoomed)
    expect(await watched.jsonValue()).toMatchObject({ jumps: 0, blanks: 0 })
  })

  test('grows in a comparison until it is finished, and then its page has all of it', async () => {
    await workbench.row('Experiments', new RegExp(`^run ${name}`)).click()
    const other = workbench.row('Experiments', /^run week-47/)
    await other.click({ modifiers: ['ControlOrMeta'] })
    await workbench.menu(other, 'Compare Runs…')
    await workbench.page.locator('.tab.active', { hasText: `${name} ↔ week-47` }).waitFor()
    const comparison = workbench.webview()
    const points = await pointsOf('train/loss')
    await expect.poll(() => pointsOf('train/loss'), { timeout: 30_000 }).toBeGreaterThan(points)
    await expect.poll(() => comparison.locator('lens-run-list .status.finished').count(), { timeout: 120_000 }).toBe(2)
    expect(await pointsOf('train/loss')).toBe(380)

    // Once the tree knows it, too: VS Code drops a click on a row that is drawn anew under it.
    await workbench.row('Experiments', new RegExp(`^run ${name} · finished`)).click()
    const page = workbench.webview()
    await page.getByRole('heading', { name }).waitFor()
    await page.getByText('Finished').first().waitFor()
    await page.getByRole('treeitem', { name: /predictions\.csv/ }).waitFor()
    await chart(page, 'train/loss').getByRole('button', { name: 'Reset zoom' }).waitFor()
  })
})
