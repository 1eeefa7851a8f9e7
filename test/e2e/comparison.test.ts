import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GalleryPages, type OpenPage } from './galleryPages'

const patient = { timeout: 30_000 }

/** What the host of the gallery was last asked to save. */
interface Saved {
  readonly name: string
  readonly ending: string
  readonly bytes?: Uint8Array
  readonly text?: string
}

/** The page that compares runs, with made-up runs, in a browser without VS Code. */
describe('a comparison', () => {
  let pages: GalleryPages

  beforeAll(async () => {
    pages = await GalleryPages.serve()
  })
  afterAll(() => pages[Symbol.asyncDispose]())

  async function open(query: string, width = 1300): Promise<OpenPage> {
    const opened = await pages.open(`compare?theme=dark&${query}`, { width })
    await opened.page.locator('lens-line-chart .points').first().waitFor(patient)
    return opened
  }

  const chart = (page: Page, metric: string): Locator =>
    page.locator('lens-line-chart').filter({ has: page.locator(`section[aria-label="${metric}"]`) })
  const summary = async (page: Page, metric: string): Promise<string> =>
    (await chart(page, metric).locator('.plot').getAttribute('aria-label')) ?? ''
  /** From … to … of a summary: of x, then of y. */
  const numbers = async (page: Page, metric: string): Promise<number[]> =>
    [...(await summary(page, metric)).matchAll(/(?:from|to) (−?[\d.]+)/g)].map(([, text = '']) =>
      Number(text.replace('−', '-')),
    )
  const saved = (page: Page): Promise<Saved | undefined> =>
    page.evaluate(() => (window as unknown as { gallery: { saved?: Saved } }).gallery.saved)
  const choose = async (page: Page, metric: string, item: string): Promise<void> => {
    await chart(page, metric)
      .getByRole('button', { name: `More actions for ${metric}` })
      .click()
    await page.getByRole(/Small|Medium|Large/.test(item) ? 'menuitemcheckbox' : 'menuitem', { name: item }).click()
  }

  async function drag(page: Page, metric: string, from: readonly [number, number], to: readonly [number, number]) {
    const box = await chart(page, metric).locator('.plot').boundingBox()
    if (!box) throw new Error('no plot')
    const at = ([x, y]: readonly [number, number]) =>
      [box.x + 60 + x * (box.width - 70), box.y + y * box.height] as const
    await page.mouse.move(...at(from))
    await page.mouse.down()
    await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]))
    await page.mouse.move(...at(to))
    await page.mouse.up()
  }

  test('zooms to a box along x, along y, and along both, with true detail, and back', async () => {
    await using opened = await open('runs=3&points=20000')
    const { page } = opened
    await drag(page, 'loss', [0.4, 0.5], [0.6, 0.52])
    await expect.poll(async () => (await numbers(page, 'loss'))[0], patient).toBeGreaterThan(7000)
    const [from = 0, to = 0] = await numbers(page, 'loss')
    expect(to - from).toBeLessThan(4500)
    const reset = chart(page, 'loss').getByRole('button', { name: 'Reset zoom' })
    // Zoomed in as far as single points, which the overview of the whole does not have.
    for (const _ of [1, 2, 3]) {
      const [before = 0] = await numbers(page, 'loss')
      await drag(page, 'loss', [0.45, 0.5], [0.55, 0.52])
      await expect.poll(async () => (await numbers(page, 'loss'))[0], patient).not.toBe(before)
    }
    await chart(page, 'loss')
      .getByText(/^\d+ points$/)
      .waitFor(patient)
    await reset.click()
    await expect.poll(async () => (await numbers(page, 'loss')).slice(0, 2), patient).toEqual([0, 19_999])

    await drag(page, 'loss', [0.5, 0.2], [0.5, 0.5])
    await reset.waitFor()
    expect((await numbers(page, 'loss')).slice(0, 2)).toEqual([0, 19_999])
    const told = await summary(page, 'loss')
    await page.reload()
    await reset.waitFor(patient)
    await expect.poll(() => summary(page, 'loss'), patient).toBe(told)
    await chart(page, 'loss').locator('.plot').dblclick()
    await reset.waitFor({ state: 'detached' })

    await drag(page, 'loss', [0.2, 0.2], [0.5, 0.7])
    await expect.poll(async () => (await numbers(page, 'loss'))[0], patient).toBeGreaterThan(1000)
    await chart(page, 'loss').locator('.plot').press('Escape')
    await reset.waitFor({ state: 'detached' })
    expect((await numbers(page, 'loss')).slice(0, 2)).toEqual([0, 19_999])
    expect(opened.complaints).toEqual([])
  })

  test('zooms and pans both axes from the keyboard', async () => {
    await using opened = await open('runs=2')
    const plot = chart(opened.page, 'loss').locator('.plot')
    const told = chart(opened.page, 'loss').locator('[aria-live]')
    await plot.focus()
    await plot.press('PageUp')
    await expect.poll(() => told.textContent()).toMatch(/^Zoomed to values from/)
    const before = await told.textContent()
    await plot.press('Shift+ArrowUp')
    await expect.poll(() => told.textContent()).not.toBe(before)
    await plot.press('+')
    await expect.poll(() => told.textContent()).toMatch(/^Zoomed to Step from/)
    await plot.press('Escape')
    await expect.poll(() => told.textContent()).toBe('All is shown')
  })

  test('smooths, shows what was logged behind it, and reads both at the cursor', async () => {
    await using opened = await open('runs=2')
    const { page } = opened
    await page.getByRole('slider').fill('0.9')
    await expect.poll(() => summary(page, 'loss'), patient).toContain('Smoothed by 0.9')
    const plot = chart(page, 'loss').locator('.plot')
    await plot.focus()
    await plot.press('ArrowRight')
    await chart(page, 'loss')
      .locator('.list')
      .getByText(/\(logged: /)
      .first()
      .waitFor()
    await chart(page, 'loss').getByRole('button', { name: 'Show as table' }).click()
    await chart(page, 'loss')
      .locator('lens-chart-table td')
      .getByText(/\(logged: /)
      .first()
      .waitFor()
  })

  test('draws one metric against another, and on logarithmic axes, and says what has no place there', async () => {
    await using opened = await open('runs=2')
    const { page } = opened
    await page.getByRole('radio', { name: 'Metric' }).click()
    await page.getByRole('button', { name: /^Metric of the x axis/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'val_loss' }).click()
    await expect.poll(() => summary(page, 'accuracy'), patient).toContain('val_loss from')
    await chart(page, 'accuracy')
      .getByText(/points are left out: at their step there is no finite val_loss/)
      .waitFor(patient)
    await page.getByRole('radio', { name: 'Step' }).click()
    await page.getByRole('button', { name: 'Log x' }).click()
    await chart(page, 'accuracy').getByText('2 points at zero or before are not on a logarithmic axis').waitFor(patient)
    await expect.poll(async () => (await numbers(page, 'accuracy'))[0], patient).toBe(1)
  })

  test('leaves outliers out of the y axis, and says how far they reach', async () => {
    await using opened = await open('runs=2')
    await opened.page.getByRole('button', { name: 'Ignore outliers' }).click()
    await chart(opened.page, 'grad_norm')
      .getByText(/^Without outliers: all values lie between/)
      .waitFor(patient)
  })

  test('groups runs by a parameter as means with bands, of those that are shown', async () => {
    await using opened = await open('runs=12')
    const { page } = opened
    await page.getByRole('button', { name: /^Group runs/ }).click()
    await page.getByRole('menuitemcheckbox', { name: /^optimizer/ }).click()
    await expect.poll(() => summary(page, 'loss'), patient).toContain('line chart of 2 groups of runs')
    const groups = page.getByRole('list', { name: 'Groups' })
    await groups.getByText('optimizer = adam').waitFor()
    expect(await groups.getByText('6 runs').count()).toBe(2)
    await page.getByRole('radio', { name: '±1 SD' }).click()
    const plot = chart(page, 'loss').locator('.plot')
    await plot.focus()
    await plot.press('ArrowRight')
    await chart(page, 'loss')
      .locator('.list')
      .getByText(/band: .* runs: 6\)/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: /^Only/ }).first().click()
    await groups.getByText('1 runs').waitFor()
    await expect.poll(() => summary(page, 'loss'), patient).toContain('line chart of 1 groups of runs')
    expect(opened.complaints).toEqual([])
  })

  test('keeps its zoom while points arrive', async () => {
    await using opened = await open('runs=4')
    const { page } = opened
    await drag(page, 'loss', [0.3, 0.5], [0.6, 0.52])
    await expect.poll(async () => (await numbers(page, 'loss'))[0], patient).toBeGreaterThan(100)
    const zoomed = await numbers(page, 'loss')
    await page.evaluate(() =>
      (window as unknown as { gallery: { refresh(scope: string): void } }).gallery.refresh('anew'),
    )
    await chart(page, 'loss').locator('.points').waitFor(patient)
    expect(await numbers(page, 'loss')).toEqual(zoomed)
  })

  test('finds, resizes and moves charts, fills the page with one, and keeps that over a reload', async () => {
    await using opened = await open('runs=2')
    const { page } = opened
    const order = (): Promise<(string | null)[]> =>
      page.locator('[data-card]').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-card')))
    const [first = '', second = '', ...others] = (await order()) as string[]
    const grip = page.getByRole('button', { name: `Move ${first}`, exact: true })
    await grip.focus()
    await grip.press('ArrowRight')
    await expect.poll(order).toEqual([second, first, ...others])
    await expect.poll(() => grip.evaluate((element) => element.matches(':focus'))).toBe(true)

    const target = await page.locator(`[data-card="${second}"]`).boundingBox()
    const from = await grip.boundingBox()
    if (!target || !from) throw new Error('no cards')
    await page.mouse.move(from.x + 5, from.y + 5)
    await page.mouse.down()
    await page.mouse.move(target.x + 50, target.y + 50, { steps: 4 })
    await page.mouse.up()
    await expect.poll(order).toEqual([first, second, ...others])

    await choose(page, first, 'Large')
    const width = async (): Promise<number> => (await page.locator(`[data-card="${first}"]`).boundingBox())?.width ?? 0
    await expect.poll(width).toBeGreaterThan(900)
    await grip.press('ArrowRight')
    await page.reload()
    await expect.poll(order, patient).toEqual([second, first, ...others])
    await expect.poll(width).toBeGreaterThan(900)

    await choose(page, second, 'Full screen')
    const wide = async (): Promise<number | undefined> =>
      (await page.locator(`[data-card="${second}"]`).boundingBox())?.width
    await expect.poll(wide).toBe(1300)
    await page.reload()
    await expect.poll(wide, patient).toBe(1300)
    await chart(page, second).locator('.plot').press('Escape')
    await expect
      .poll(async () => (await page.locator(`[data-card="${second}"]`).boundingBox())?.width)
      .toBeLessThan(1100)

    await page.getByRole('textbox', { name: 'Search charts' }).fill(second)
    await expect.poll(order).toEqual([second])
  })

  test('saves a layout by name and comes back to it', async () => {
    await using opened = await open('runs=2')
    const { page } = opened
    const layouts = page.getByRole('button', { name: 'Layouts' })
    await choose(page, 'loss', 'Small')
    await page.getByRole('slider').fill('0.5')
    await layouts.click()
    await page.getByRole('menuitem', { name: 'Save layout as…' }).click()
    await page.getByRole('radio', { name: 'Relative time' }).click()
    await page.getByRole('application').first().focus()
    await page.keyboard.press('+')
    await page.getByRole('button', { name: 'Reset zoom' }).first().waitFor()
    await layouts.click()
    await page.getByRole('menuitem', { name: 'Back to the first layout' }).click()
    await expect.poll(() => page.getByRole('slider').inputValue()).toBe('0')
    // Milliseconds that were zoomed to are no steps.
    await expect.poll(() => page.getByRole('button', { name: 'Reset zoom' }).count()).toBe(0)
    await layouts.click()
    await page.getByRole('menuitem', { name: 'my layout' }).click()
    await expect.poll(() => page.getByRole('slider').inputValue()).toBe('0.5')
    await page.locator('.card.small[data-card="loss"]').waitFor()
    await layouts.click()
    await page.getByRole('menuitem', { name: 'Delete a layout' }).click()
    await page.getByRole('menuitem', { name: 'my layout' }).click()
    await layouts.click()
    await page.getByRole('menuitem', { name: 'Save layout as…' }).waitFor()
    expect(await page.getByRole('menuitem', { name: 'my layout' }).count()).toBe(0)
  })

  test('saves a chart as SVG of lines, as PNG, and its points as CSV', async () => {
    await using opened = await open('runs=3')
    const { page } = opened
    await choose(page, 'val_loss'.slice(4), 'Save as SVG…')
    await expect.poll(async () => (await saved(page))?.ending, patient).toBe('svg')
    const svg = await page.evaluate(() => {
      const { bytes } = (window as unknown as { gallery: { saved: { bytes: Uint8Array } } }).gallery.saved
      const parsed = new DOMParser().parseFromString(new TextDecoder().decode(bytes), 'image/svg+xml')
      const lines = [...parsed.querySelectorAll('g > path')].map((path) => path.getAttribute('d') ?? '')
      return {
        problem: parsed.querySelector('parsererror')?.textContent,
        points: lines.map((d) => d.split('L').length),
        words: [...parsed.querySelectorAll('text')].map((text) => text.textContent),
        images: parsed.querySelectorAll('image').length,
      }
    })
    expect(svg).toMatchObject({ points: [500, 500, 500], images: 0 })
    expect(svg.problem).toBeUndefined()
    expect(svg.words).toEqual(expect.arrayContaining(['loss', 'Step', 'calm-ant-1']))

    await choose(page, 'loss', 'Save as PNG…')
    await expect.poll(async () => (await saved(page))?.ending, patient).toBe('png')
    const png = await page.evaluate(async () => {
      const { bytes } = (window as unknown as { gallery: { saved: { bytes: Uint8Array<ArrayBuffer> } } }).gallery.saved
      const { width, height } = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      return { width, height }
    })
    expect(png.width).toBeGreaterThan(1200)
    expect(png.height).toBeGreaterThan(500)

    await choose(page, 'loss', 'Save points as CSV…')
    await expect.poll(async () => (await saved(page))?.ending, patient).toBe('csv')
    const lines = ((await saved(page))?.text ?? '').trim().split('\r\n')
    expect(lines[0]).toBe('run,run_id,step,timestamp,loss')
    expect(lines).toHaveLength(1 + 3 * 500)
    expect(opened.complaints).toEqual([])
  })

  test('leads to a report, and to the code and artifacts of two of its runs', async () => {
    await using opened = await open('runs=3')
    const { page } = opened
    const menu = async (...items: readonly (string | RegExp)[]): Promise<void> => {
      await page.getByRole('button', { name: 'More actions', exact: true }).click()
      for (const name of items) await page.getByRole('menuitem', { name }).click()
    }
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    /** The last of a command that came, which the gallery says. */
    const sent = async (name: string): Promise<unknown> => {
      const last = (): string | undefined => said.findLast((text) => text.startsWith(`${name} `))
      await expect.poll(last).toBeDefined()
      return JSON.parse(last()?.slice(name.length) ?? '')
    }
    await page.getByRole('radio', { name: 'Relative time' }).click()
    await menu('Export report…')
    const report = (await sent('exportReport')) as { runs: { runId: string }[]; metrics: string[]; axis: string }
    expect(report).toMatchObject({ axis: 'relative' })
    expect(report.metrics).toContain('loss')
    const [first, second, third] = report.runs
    await menu('Compare artifacts…', 'brave-bear-0 with calm-ant-1')
    expect(await sent('compareArtifacts')).toEqual({ runs: [first, second] })
    await page.getByRole('checkbox').nth(1).click()
    await menu('Compare code…')
    expect(await sent('compareCode')).toEqual({ runs: [first, third] })
    expect(opened.complaints).toEqual([])
  })

  test('of 510 runs takes 500, draws 100 of them and says both, and finds a run in the legend', async () => {
    await using opened = await open('runs=510')
    const { page } = opened
    await page.getByText('the first 500 are shown, 10 are left out').waitFor(patient)
    await chart(page, 'loss')
      .getByText('100 of 500 runs are drawn: hide some, or group them')
      .waitFor({ timeout: 60_000 })
    const rows = page.getByRole('list', { name: 'Runs' }).getByRole('listitem')
    expect(await rows.count()).toBeLessThan(60)
    await page.getByRole('textbox', { name: 'Filter runs' }).fill('seed=321')
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByRole('button', { name: 'Only these' }).click()
    await expect.poll(() => summary(page, 'loss'), patient).toContain('line chart of 1 run')
    await page.getByRole('button', { name: /^Group runs/ }).click()
    await page.getByRole('menuitemcheckbox', { name: /^optimizer/ }).click()
    await page.getByRole('textbox', { name: 'Filter runs' }).fill('')
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => summary(page, 'loss'), { timeout: 60_000 }).toContain('line chart of 2 groups of runs')
    expect(opened.complaints).toEqual([])
  })

  test('numbers both axes of a chart', async () => {
    await using opened = await open('runs=2')
    const inked = (part: 'left' | 'bottom'): Promise<number> =>
      chart(opened.page, 'loss')
        .locator('canvas.curves')
        .evaluate((canvas, edge) => {
          if (!(canvas instanceof HTMLCanvasElement)) return 0
          const { width, height } = canvas
          const [x, y, wide, high] = edge === 'left' ? [0, 0, 52, height - 30] : [70, height - 16, width - 70, 16]
          const pixels = canvas.getContext('2d')?.getImageData(x, y, wide, high).data ?? []
          return [...pixels].filter((value, at) => at % 4 === 3 && value > 100).length
        }, part)
    await expect.poll(() => inked('left'), patient).toBeGreaterThan(50)
    await expect.poll(() => inked('bottom'), patient).toBeGreaterThan(50)
  })

  test.each([300, 480, 700, 1000, 1300, 1700, 2500])('cards fill a page of %i px to its right edge', async (width) => {
    await using opened = await open('runs=2')
    const { page } = opened
    await page.setViewportSize({ width, height: 900 })
    const edges = (): Promise<number[]> =>
      page.locator('.cards').evaluate((cards) => {
        const rows = new Map<number, number>()
        for (const card of cards.children) {
          const { top, right } = card.getBoundingClientRect()
          rows.set(top, Math.max(rows.get(top) ?? 0, right))
        }
        const { right: edge } = cards.getBoundingClientRect()
        return [...rows.values()].map((right) => Math.abs(edge - right))
      })
    await expect.poll(async () => Math.max(...(await edges())), patient).toBeLessThan(2)
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(tooWide).toBe(false)
  })

  test('with 100 runs at the cursor lists the nearest first, and how many more', async () => {
    await using opened = await open('runs=100')
    const { page } = opened
    await page.getByText('100 of 100 runs loaded').waitFor({ state: 'detached', timeout: 60_000 })
    const plot = chart(page, 'loss').locator('.plot')
    await expect.poll(() => summary(page, 'loss'), { timeout: 60_000 }).toContain('100 runs')
    await plot.hover({ position: { x: 200, y: 100 } })
    const list = chart(page, 'loss').locator('.list')
    await list.getByText('90 more').waitFor(patient)
    const heights = (): Promise<(number | undefined)[]> =>
      list.evaluate((element) =>
        ['.row.focused', '.row:not(.focused)'].map((rows) =>
          [...element.querySelectorAll(rows)]
            .map((row) => row.getBoundingClientRect().top)
            .sort((a, b) => a - b)
            .at(0),
        ),
      )
    await expect
      .poll(async () => {
        const [focused = Infinity, others = -Infinity] = await heights()
        return focused < others
      }, patient)
      .toBe(true)
    expect(await list.locator('.row').count()).toBe(10)
  })

  test('keeps the rows at the cursor in place while the pointer moves, and puts them in order when it rests', async () => {
    await using opened = await open('runs=6')
    const { page } = opened
    await expect.poll(() => summary(page, 'loss'), patient).toContain('6 runs')
    const plot = chart(page, 'loss').locator('.plot')
    const list = chart(page, 'loss').locator('.list')
    const rows = (): Promise<string[]> =>
      list.evaluate((element) =>
        [...element.querySelectorAll('.row')]
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map(({ textContent }) => textContent),
      )
    const values = async (): Promise<number[]> =>
      ((await list.locator('.values').textContent()) ?? '')
        .split('\n')
        .map((text) => Number.parseFloat(text.split('… ').at(-1) ?? ''))
    await plot.hover({ position: { x: 100, y: 100 } })
    await list.waitFor(patient)
    const orders = await plot.evaluate(async (element) => {
      const list = element.querySelector('.list')
      const { left, top, width } = element.getBoundingClientRect()
      const seen = new Set<string>()
      for (let x = 100; x < width - 20; x += 8) {
        const at = { clientX: left + x, clientY: top + 100, bubbles: true }
        element.dispatchEvent(new PointerEvent('pointermove', at))
        await new Promise(requestAnimationFrame)
        const rows = [...(list?.querySelectorAll<HTMLElement>('.row') ?? [])]
        seen.add(rows.map(({ style, textContent }) => `${textContent} ${style.transform}`).join())
      }
      return seen.size
    })
    expect(orders).toBeLessThanOrEqual(2) // a stalled machine may have the pointer rest once
    const falling = async (): Promise<boolean> => {
      const [told, names] = [await values(), await rows()]
      return names.length === 6 && told.length === 6 && told.every((value, at) => value <= (told[at - 1] ?? Infinity))
    }
    await expect.poll(falling, patient).toBe(true)
    expect(opened.complaints).toEqual([])
  })

  test('says which run is gone while it is shown, and keeps what it had', async () => {
    await using opened = await open('runs=3')
    const { page } = opened
    await page.evaluate(() => {
      const { gallery } = window as unknown as { gallery: { breakStore(): void; refresh(scope: string): void } }
      gallery.breakStore()
      gallery.refresh('all')
    })
    await page.getByText('The server answered 503.').first().waitFor(patient)
    expect(await summary(page, 'loss')).toContain('line chart of 3 runs')
  })
})
