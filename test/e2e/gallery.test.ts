import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { themes, views } from '../../scripts/gallery/serve.mjs'
import { GalleryPages, type OpenPage, overflowOf, type PageOptions, violations } from './galleryPages'

/** Pages that say all there is to say about accessibility; the others are only bigger. */
const small = views.filter(([page, , query]) => page !== 'runs' && !/00000|runs=[15]\d|"tab"/.test(query))
/** What differs by theme is colours. */
const colourful = small.filter(([, , query]) =>
  ['', 'runs=5', 'metric=auc', 'runs=4&state=partial', 'state=error'].includes(query),
)

const withoutCharts = /state=(?:loading|error|nothing|reading|no\w+)|new_metric/

const patient = { timeout: 30_000 }

/** The real pages with made-up runs, in a browser without VS Code. */
describe('the pages', () => {
  let pages: GalleryPages
  beforeAll(async () => {
    pages = await GalleryPages.serve()
  })
  afterAll(() => pages[Symbol.asyncDispose]())

  async function open(path: string, options: PageOptions = {}): Promise<OpenPage> {
    const opened = await pages.open(path, options)
    if (!withoutCharts.test(path)) await chartsInSight(opened.page)
    return opened
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
    ['beside?metrics=loss val_loss', 300],
    ['beside?metrics=loss val_loss', 1100],
  ])('take whatever was logged: %s, %i px wide', async (path, width) => {
    await using opened = await open(`${path}&theme=dark&state=hostile`, { width })
    const { page, complaints } = opened
    const all = page.getByRole('button', { name: /^Show all \d+ charts$/ })
    if (await all.isVisible()) await all.click()
    for (const chart of await page.locator('lens-line-chart').all()) {
      await chart.scrollIntoViewIfNeeded()
      await expect.poll(() => page.evaluate(waitingInSight), patient).toBe(0)
    }
    expect(await overflowOf(page)).toBe(0)
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

  test('go through twelve thousand metrics, and read those that are in sight', async () => {
    await using opened = await open('run?theme=dark&metrics=12000&runs=1')
    const { page } = opened
    const box = page.getByRole('region', { name: 'All of Metrics' })
    const rows = box.locator('tr[data-key]')
    await box
      .getByRole('row', { name: /layer\.3\/loss/ })
      .getByText('500')
      .waitFor()
    expect(await rows.count()).toBeLessThan(100)
    await box.evaluate((element) => (element.scrollTop = element.scrollHeight / 2))
    await box.evaluate((element) => (element.scrollTop = element.scrollHeight))
    await box
      .getByRole('row', { name: /val_loss/ })
      .getByText('500', { exact: true })
      .waitFor()
    expect(await rows.count()).toBeLessThan(100)
    expect(
      await page.evaluate(() => (window as unknown as { gallery: { asked: string[] } }).gallery.asked.length),
    ).toBeLessThan(150)
    await page.getByRole('textbox', { name: 'Filter metrics' }).fill('layer.11999')
    await expect.poll(() => page.locator('lens-metric-table tr[data-key]').count()).toBe(1)
    await page.getByRole('textbox', { name: 'Filter charts' }).fill('layer.119')
    await page.getByRole('button', { name: 'Show all 111 charts' }).waitFor()
    await page.getByRole('textbox', { name: 'Filter charts' }).fill('')
    await page.getByRole('button', { name: 'Show 200 more of 12,006 charts' }).waitFor()
    expect(opened.complaints).toEqual([])
  })

  /** Artifacts of the gallery, and what is to be seen of each. */
  const artifacts: readonly (readonly [path: string, seen: RegExp])[] = [
    ['model', /As a Python function/],
    ['images', /samples\/good/],
    ['confusion_matrix.png', /320 × 256 pixels/],
    ['photo.jpg', /40 × 30 pixels/],
    ['small.bmp', /40 × 30 pixels/],
    ['small.gif', /40 × 30 pixels/],
    ['small.webp', /40 × 30 pixels/],
    ['shape.svg', /120 × 60 pixels/],
    ['predictions.csv', /1,200 rows, 7 columns · separated by comma/],
    ['data.parquet', /first 200 of 300 rows · 6 columns/],
    ['gzip.parquet', /first 200 of 300 rows · 6 columns/],
    ['brotli.parquet', /compressed with BROTLI/],
    ['eval.json', /as mlflow\.log_table writes it · 2 rows, 4 columns/],
    ['report.json', /12\.0000000000000000001/],
    ['report.html', /Shown without scripts/],
    ['report.pdf', /Loss of week 47 – größer/],
    ['locked.pdf', /A password is needed/],
    ['broken.pdf', /Not even its number of pages/],
    ['notes.md', /second try/],
    ['train.py', /def train\(learning_rate: float\)/],
    ['latin.txt', /not UTF-8; read as Windows-1252/],
    ['empty.txt', /This file is empty/],
    ['log.txt', /first 64 KB of 2\.9 MB shown/],
    ['weights.bin', /There is no preview of binary data/],
    ['lies.png', /Its name says PNG, but it is HTML/],
    ['lies.csv', /Its name says CSV, but it is PNG/],
    ['bomb.png', /60,000 × 60,000 pixels, which is more than is drawn/],
    ['broken.parquet', /invalid/],
  ]

  /** A browser tells of handlers and styles that it refuses to make of a text, which is before the text is cleaned. */
  const refused = /^(?:Executing inline event handler|Applying inline style) violates/

  const row = (page: Page, path: string) => page.locator(`[role="treeitem"][data-path="${path}"]`)

  test.each([
    ['dark', 1100, artifacts],
    ['hc-light', 360, artifacts.slice(0, 12)],
    ['light', 1400, artifacts.slice(0, 3)],
    ['hc-black', 1100, artifacts.slice(0, 3)],
  ] as const)('show artifacts as what they are, accessibly: %s, %i px wide', async (theme, width, shown) => {
    await using opened = await open(`run?theme=${theme}&runs=1`, { width, bypassCSP: true })
    const { page, complaints } = opened
    for (const [path, seen] of shown) {
      await row(page, path).click()
      await page.locator('lens-artifact-browser .preview').getByText(seen).first().waitFor()
      expect([path, await violations(page, 'lens-artifact-browser')]).toEqual([path, []])
    }
    expect(await overflowOf(page)).toBe(0)
    expect(complaints.filter((complaint) => !refused.test(complaint))).toEqual([])
  })

  test('neither run nor fetch what is in an artifact, whatever it is called', async () => {
    await using opened = await open('run?theme=dark&runs=1&state=hostile', { width: 700 })
    const { page, complaints } = opened
    const rows = page.locator('lens-artifact-tree [role="treeitem"]')
    await rows.first().waitFor()
    for (let index = 0; index < (await rows.count()); index++) {
      const path = (await rows.nth(index).getAttribute('data-path')) ?? ''
      if (path === 'model' || path === 'images') continue
      await rows.nth(index).click()
      await page.locator('lens-artifact-browser h3', { hasText: path.slice(0, 100) }).waitFor()
      await expect.poll(() => page.locator('lens-artifact-browser lens-loading').count(), patient).toBe(0)
    }
    await page.locator('[data-path$=".html"]').first().click()
    await page.frameLocator('iframe').locator('body').waitFor()
    expect(await page.frameLocator('iframe').locator('script, svg, iframe, form, base, meta[http-equiv]').count()).toBe(
      0,
    )
    expect(await overflowOf(page)).toBe(0)
    expect(complaints.filter((complaint) => !refused.test(complaint))).toEqual([])
  })

  test('go through artifacts from the keyboard', async () => {
    await using opened = await open('run?theme=dark&runs=1')
    const { page } = opened
    await row(page, 'images').focus()
    for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key)
    await row(page, 'model/MLmodel').waitFor()
    for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
    await expect
      .poll(() => row(page, 'model/input_example.json').evaluate((element) => element.matches(':focus')))
      .toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'input_example.json' }).waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => row(page, 'model').getAttribute('aria-expanded')).toBe('false')
  })

  test('keep artifacts in reach of the keyboard where the one that was chosen is gone', async () => {
    await using opened = await open(`run?theme=dark&runs=1&view=${JSON.stringify({ artifact: 'model/gone.txt' })}`)
    const { page } = opened
    await page.getByText('There is no artifact model/gone.txt any more.').waitFor()
    const reachable = page.getByRole('treeitem').and(page.locator('[tabindex="0"]'))
    expect(await reachable.count()).toBe(1)
    await reachable.focus()
    await page.keyboard.press('ArrowDown')
    expect(await reachable.count()).toBe(1)
  })

  test('read on in a long text as far as they are asked to', async () => {
    await using opened = await open('run?theme=dark&runs=1')
    const { page } = opened
    await row(page, 'log.txt').click()
    await page.getByText('first 64 KB of 2.9 MB shown').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('first 320 KB of 2.9 MB shown').waitFor()
    const text = (await page.locator('lens-text-view pre').textContent()) ?? ''
    expect(text.length).toBe(320 * 1024)
    // As the store makes it: no byte twice, none left out where the parts meet.
    for (const at of [65_535, 65_536, 65_537, 327_679])
      expect(text.charCodeAt(at)).toBe(at % 64 === 63 ? 10 : 97 + (at % 26))
  })

  test('let a note be written, keep what was written over a reload, and show what is true afterwards', async () => {
    await using opened = await open('run?theme=dark&runs=1', { bypassCSP: true })
    const { page } = opened
    const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node.matches(':focus'))
    const heading = page.getByRole('button', { name: 'Note', exact: true })
    const box = page.getByRole('textbox', { name: 'Note, in Markdown' })
    await page.getByRole('button', { name: 'Edit the note' }).press('Enter')
    await expect.poll(() => isFocused(box)).toBe(true)
    await page.keyboard.press('Escape')
    await box.waitFor({ state: 'detached' })
    await expect.poll(() => isFocused(heading)).toBe(true)
    await page.getByRole('button', { name: 'Edit the note' }).press('Enter')
    await box.fill('A *new* note')
    expect(await violations(page, 'lens-note')).toEqual([])
    await page.reload()
    await expect.poll(() => box.inputValue()).toBe('A *new* note')
    await box.press('Control+Enter')
    await page.locator('lens-note em', { hasText: 'new' }).waitFor()
    await box.waitFor({ state: 'detached' })
    await expect.poll(() => isFocused(heading)).toBe(true)
  })

  test('say that a note was not saved, and what is true now', async () => {
    await using opened = await open('run?theme=dark&runs=1&state=readonly', { bypassCSP: true })
    const { page } = opened
    await page.getByRole('button', { name: 'Edit the note' }).click()
    const box = page.getByRole('textbox', { name: 'Note, in Markdown' })
    await box.fill('lost?')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText(/It was not saved: .*locked by another program.* The note is still what it was/).waitFor()
    expect(await box.inputValue()).toBe('lost?')
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByText(/Nothing was changed: .*locked/).waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('tag, rename, delete and restore a run', async () => {
    await using opened = await open('run?theme=dark&runs=1&first=1', { bypassCSP: true })
    const { page } = opened
    await page.getByRole('button', { name: 'Rename this run' }).click()
    await page.getByRole('heading', { level: 1, name: 'renamed' }).waitFor()
    await page.getByRole('button', { name: 'Change team' }).click()
    await page.getByRole('button', { name: 'new value' }).waitFor()
    await page.getByRole('button', { name: 'Remove team' }).click()
    await page.getByRole('button', { name: 'Remove team' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByText('This run is deleted').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('This run is deleted').waitFor({ state: 'detached' })
  })

  test('list children page by page, and what was registered', async () => {
    await using opened = await open('run?theme=dark&runs=1')
    const { page } = opened
    const children = page.getByRole('list', { name: 'Child runs' }).getByRole('listitem')
    await page.getByText('Child runs: 120').waitFor()
    expect(await children.count()).toBe(50)
    await page.getByRole('button', { name: '70 more' }).click()
    await expect.poll(() => children.count()).toBe(120)
    await page.getByText('@champion').waitFor()
    await page
      .getByRole('button', { name: /^System metrics/ })
      .first()
      .click()
    await page.getByRole('table', { name: 'System metrics' }).waitFor()
    await page.getByRole('button', { name: 'model', exact: true }).click()
    await page.getByText('As a Python function').waitFor()
  })

  test.each(themes)('are accessible with all of a run unfolded: %s', async (theme) => {
    await using opened = await open(`run?theme=${theme}&runs=1`, { bypassCSP: true })
    const { page } = opened
    await page
      .getByRole('button', { name: /^System metrics/ })
      .last()
      .click()
    await page.getByRole('button', { name: /^MLflow’s own tags/ }).click()
    await page.locator('.dataset summary').click()
    await page.getByRole('button', { name: 'val_loss', exact: true }).click()
    await page.getByRole('button', { name: 'Close the large chart' }).waitFor()
    await page.locator('.dataset').getByText('s3://lake/sales/2026-q3.parquet').waitFor()
    await page.locator('.dataset').getByRole('cell', { name: 'price' }).waitFor()
    await chartsInSight(page)
    expect(await violations(page)).toEqual([])
    expect(await overflowOf(page)).toBe(0)
  })

  test('scroll at once for those who want no motion', async () => {
    await using opened = await open('run?theme=dark&runs=1')
    const { page } = opened
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const top = await page
      .getByRole('button', { name: /^Artifacts/ })
      .first()
      .evaluate((button) => {
        ;(button as HTMLElement).click()
        return new Promise<number>((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve(scrollY)))),
        )
      })
    expect(top).toBeGreaterThan(200)
    await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))))
    expect(await page.evaluate(() => scrollY)).toBe(top)
  })

  test('of 520 runs compare 500, and say so', async () => {
    await using opened = await open('compare?theme=dark&runs=520')
    await opened.page.getByText('the first 500 are shown, 20 are left out').waitFor()
  })
})

/** How many charts in sight still wait for their curves; runs in the page. */
function waitingInSight(): number {
  const root = document.querySelector('lens-run-page, lens-compare-page')?.shadowRoot
  const parts = root?.querySelectorAll('lens-metric-charts, lens-charts-tab') ?? []
  const roots = [root, ...[...parts].map(({ shadowRoot }) => shadowRoot)]
  const charts = roots.flatMap((part) => [...(part?.querySelectorAll('lens-line-chart') ?? [])])
  return charts.filter((chart) => {
    const { top, bottom } = chart.getBoundingClientRect()
    return bottom > 0 && top < innerHeight && chart.shadowRoot?.querySelector('lens-loading')
  }).length
}
