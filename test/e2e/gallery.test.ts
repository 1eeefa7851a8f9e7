import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveGallery, themes, views } from '../../scripts/gallery/serve.mjs'
import { launchBrowser } from '../../scripts/lib/browser.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Pages that say all there is to say about accessibility; the others are only bigger. */
const small = views.filter(([page, , query]) => page !== 'runs' && !/00000|runs=1/.test(query))
/** What differs by theme is colours. */
const colourful = small.filter(([, , query]) => ['', 'runs=5', 'runs=4&state=partial', 'state=error'].includes(query))

const patient = { timeout: 30_000 }

/** The real pages with made-up runs, in a browser without VS Code. */
describe('the pages', () => {
  let browser: Browser
  let gallery: Awaited<ReturnType<typeof serveGallery>>

  beforeAll(async () => {
    gallery = await serveGallery()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await gallery.stop()
  })

  interface OpenPage extends AsyncDisposable {
    readonly page: Page
    /** What the page complained of, asked the user, or fetched from elsewhere. */
    readonly complaints: readonly string[]
  }

  async function open(path: string, { width = 1100, bypassCSP = false } = {}): Promise<OpenPage> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(gallery.url)) complaints.push(`request: ${request.url()}`)
    })
    await page.goto(gallery.url + path)
    if (path.includes('state=loading')) await page.getByRole('button', { name: 'Cancel' }).waitFor()
    else if (path.includes('state=error')) await page.getByRole('button', { name: 'Retry' }).waitFor()
    else await chartsInSight(page)
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
  }

  /** Resolves when the charts in sight are drawn. */
  async function chartsInSight(page: Page): Promise<void> {
    await page.locator('lens-line-chart').first().waitFor()
    await expect.poll(() => page.evaluate(waitingInSight), patient).toBe(0)
  }

  test.each(themes.flatMap((theme) => (theme === 'dark' ? small : colourful).map((view) => ({ theme, view }))))(
    'are accessible: $theme, $view.1',
    async ({ theme, view: [name, , query] }) => {
      await using opened = await open(`${name}?theme=${theme}&${query}`, { bypassCSP: true })
      expect(await violations(opened.page)).toEqual([])
    },
  )

  test.each([
    ['run?runs=1', 300],
    ['run?runs=1', 1100],
    ['run?runs=1&first=1', 300],
    ['run?runs=1&first=2', 1100],
    ['compare?runs=4', 300],
    ['compare?runs=4', 1100],
  ])('take whatever was logged: %s, %i px wide', async (path, width) => {
    await using opened = await open(`${path}&theme=dark&state=hostile`, { width })
    const { page, complaints } = opened
    const all = page.getByRole('button', { name: /^Show all \d+ charts$/ })
    if (await all.isVisible()) await all.click()
    for (const chart of await page.locator('lens-line-chart').all()) {
      await chart.scrollIntoViewIfNeeded()
      await expect.poll(() => page.evaluate(waitingInSight), patient).toBe(0)
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    expect(complaints).toEqual([])
  })

  test('draw of a hundred charts those that are in sight', async () => {
    await using opened = await open('run?theme=dark&metrics=100&runs=1')
    const { page } = opened
    const charts = page.locator('lens-line-chart')
    await page.getByRole('button', { name: /^Show all \d+ charts$/ }).click()
    await expect.poll(() => charts.count(), patient).toBeGreaterThan(100)
    const drawn = (): Promise<number> =>
      charts
        .locator('canvas.curves')
        .evaluateAll((all) => all.filter((canvas) => canvas.clientWidth === (canvas as HTMLCanvasElement).width).length)
    await charts.last().scrollIntoViewIfNeeded()
    await chartsInSight(page)
    await expect.poll(drawn, patient).toBeLessThan(20)
    expect(await drawn()).toBeGreaterThan(0)
  })

  test('of 300 runs show 100, and say so', async () => {
    await using opened = await open('compare?theme=dark&runs=300')
    await opened.page.getByText('the first 100 are shown, 200 are left out').waitFor()
  })
})

/** How many charts in sight still wait for their curves; runs in the page. */
function waitingInSight(): number {
  const root = document.querySelector('lens-run-page, lens-compare-page')?.shadowRoot
  return [...(root?.querySelectorAll('lens-line-chart') ?? [])].filter((chart) => {
    const { top, bottom } = chart.getBoundingClientRect()
    return bottom > 0 && top < innerHeight && chart.shadowRoot?.querySelector('lens-loading')
  }).length
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }
    return axe.run({ resultTypes: ['violations'] })
  })
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`),
  )
}
