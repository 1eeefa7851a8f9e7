import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { themes } from '../../scripts/gallery/serve.mjs'
import { GalleryPages, type OpenPage, violations } from './galleryPages'

/** In the page: what the host of the gallery was last asked to save, and requests that were given up. */
declare const gallery: { saved?: { name: string; ending: string; bytes?: Uint8Array }; cancelled: readonly string[] }

const patient = { timeout: 60_000 }

const chosen = { metric: 'metric:val_rmse', direction: 'lower' }

/** The tabs over all runs of a comparison, with made-up runs, in a browser without VS Code. */
describe('many runs', () => {
  let pages: GalleryPages

  beforeAll(async () => {
    pages = await GalleryPages.serve()
  })
  afterAll(() => pages[Symbol.asyncDispose]())

  const open = (
    query: string,
    view: object,
    { width = 1300, theme = 'dark', bypassCSP = false } = {},
  ): Promise<OpenPage> =>
    pages.open(`compare?theme=${theme}&${query}&view=${encodeURIComponent(JSON.stringify(view))}`, { width, bypassCSP })

  const tuning = (of: object = chosen) => ({ tab: 'tuning', tabs: { tuning: of } })
  const differences = { tab: 'differences', tabs: { tuning: chosen } }

  const best = (page: Page) => page.getByRole('table', { name: 'The best runs' })
  const importance = (page: Page) => page.getByRole('table', { name: 'Importance of parameters' })
  const parallel = (page: Page) => page.locator('lens-parallel .plot')
  const summary = (page: Page) => parallel(page).getAttribute('aria-label')

  test('of a tuning: which is best, what made it so, and what is different', async () => {
    await using opened = await open('runs=120&state=sweep', tuning({}))
    const { page, complaints } = opened
    // Nothing is taken to be better until the user says so.
    await page.getByText('Choose the metric that matters').waitFor(patient)
    await page.getByRole('combobox', { name: 'Metric', exact: true }).selectOption('metric:val_rmse')
    await page.getByText('Choose whether higher or lower is better of val_rmse').waitFor(patient)
    await page.getByRole('radio', { name: 'Lower is better' }).click()
    const winner = await best(page).locator('tbody tr').first().getByRole('button').textContent(patient)
    await expect.poll(() => summary(page), patient).toContain(`Best run: ${winner?.trim() ?? ''}.`)
    // What made it so: as it was made, the learning rate and the optimizer.
    await importance(page).waitFor(patient)
    const ranking = await importance(page).locator('tbody th').allTextContents()
    expect(ranking.slice(0, 2).map((key) => key.trim()).sort()).toEqual(['learning_rate', 'optimizer']) // prettier-ignore
    // Words part the runs without a direction: their bar goes to both sides of the middle.
    const bar = importance(page).getByRole('row').filter({ hasText: 'optimizer' }).locator('rect').first()
    const [from = NaN, width = NaN] = await bar.evaluate((rect) => ['x', 'width'].map((name) => Number(rect.getAttribute(name)))) // prettier-ignore
    expect(from + width / 2).toBeCloseTo(50, 6)
    expect(width).toBeGreaterThan(0)
    await page.getByText(/The forest explains \d\d % of the variance of val_rmse/).waitFor()
    // The other direction has another winner.
    await page.getByRole('radio', { name: 'Higher is better' }).click()
    await expect.poll(() => best(page).locator('tbody tr').first().getByRole('button').textContent()).not.toBe(winner)
    await page.getByRole('radio', { name: 'Lower is better' }).click()

    await page.getByRole('tab', { name: 'Differences' }).click()
    await page.getByRole('combobox', { name: 'Baseline', exact: true }).selectOption({ label: winner?.trim() ?? '' })
    await page.getByRole('columnheader').filter({ hasText: 'baseline' }).filter({ hasText: winner?.trim() ?? '' }).waitFor() // prettier-ignore
    await page.getByText(/of the best 10/).first().waitFor(patient) // prettier-ignore
    expect(complaints).toEqual([])
  })

  test('are judged by their last values or by their best ones, here and in the differences', async () => {
    await using opened = await open('runs=120&state=sweep', tuning())
    const { page, complaints } = opened
    const winner = best(page).locator('tbody tr').first()
    const [, atLast = ''] = await winner.locator('th, td').allTextContents()
    await page.getByText('Lower is better · Last value ·').waitFor(patient)
    await page.getByRole('radio', { name: 'Best value' }).click()
    await page.getByText('Lower is better · Best value ·').waitFor(patient)
    await best(page).getByRole('columnheader', { name: 'val_rmse (best)' }).waitFor()
    const [, atBest = ''] = await winner.locator('th, td').allTextContents()
    expect(atBest).not.toBe(atLast)
    // The runs that diverged at their end have good values before it.
    await page.getByText('113 of 120 runs have a finite value.').waitFor()
    await importance(page).waitFor(patient)
    await page.getByText(/of the variance of val_rmse \(best\)/).waitFor()
    await page.getByRole('tab', { name: 'Differences' }).click()
    await page.getByRole('columnheader').filter({ hasText: 'baseline' }).filter({ hasText: atBest.trim() }).waitFor(patient) // prettier-ignore
    await page.getByText('by val_rmse (best), lower is better').waitFor(patient)
    expect(complaints).toEqual([])
  })

  test('are judged by nothing while their histories are read, which can be stopped and gone on with', async () => {
    await using opened = await open('runs=500&state=sweep&slow=stats', tuning({ ...chosen, counts: 'best' }))
    const { page } = opened
    await page.getByText('Reading metric histories: 40 of 470').waitFor(patient)
    expect(await best(page).count()).toBe(0)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('40 of 470 metric histories have been read').waitFor(patient)
    await page.getByRole('radio', { name: 'Last value' }).click()
    await best(page).waitFor(patient)
    await page.getByRole('radio', { name: 'Best value' }).click()
    await page.getByRole('button', { name: 'Read the others' }).click()
    await page.getByText('470 of 500 runs have a finite value.').waitFor(patient)
  })

  test('are filtered by brushes from pointer and keyboard, and the best of what is left is shown', async () => {
    await using opened = await open('runs=120&state=sweep', tuning({ ...chosen, axes: ['param:optimizer', 'param:learning_rate', 'metric:val_rmse'] })) // prettier-ignore
    const { page } = opened
    await parallel(page).scrollIntoViewIfNeeded()
    await expect.poll(() => summary(page), patient).toContain('120 of 120 runs')
    await page.getByRole('button', { name: 'Axis optimizer' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Only sgd' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Only sgd', checked: true }).waitFor() // it stays, for another
    await page.keyboard.press('Escape')
    await expect.poll(() => summary(page), patient).not.toContain('120 of 120 runs')
    await page.getByText(/\d+ of 120 runs are within the filters/).waitFor()
    await expect
      .poll(async () => new Set(await best(page).locator('tbody tr td:nth-child(5), tbody tr td').allTextContents()))
      .toContain('sgd')
    const from = page.getByRole('slider', { name: 'learning_rate: from' })
    const before = await summary(page)
    await from.focus()
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key)
    await expect.poll(() => summary(page), patient).not.toBe(before)
    await page.keyboard.press('Delete')
    await expect.poll(() => summary(page), patient).toBe(before)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect.poll(() => summary(page), patient).toContain('120 of 120 runs')
    // A drag along the middle axis.
    const box = await parallel(page).boundingBox()
    if (!box) throw new Error('no plot')
    const x = box.x + box.width / 2
    await page.mouse.move(x, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(x, box.y + 100)
    await page.mouse.move(x, box.y + 150)
    await page.mouse.up()
    await page.getByText(/\d+ of 120 runs are within the filters/).waitFor(patient)
    // Axes change places.
    await page.getByRole('button', { name: 'Axis optimizer' }).focus()
    await page.keyboard.press('Alt+ArrowRight')
    await expect.poll(() => summary(page), patient).toContain('learning_rate, optimizer, val_rmse')
  })

  test('are saved as SVG, PNG and CSV, each plot as it is on the page', async () => {
    await using opened = await open('runs=120&state=sweep', tuning())
    const { page, complaints } = opened
    const elements = ['lens-parallel', 'lens-scatter', 'lens-bars', 'lens-boxes', 'lens-heat-map']
    const save = async (element: string, item: string): Promise<{ name: string; text: string; words: string[] }> => {
      await page.evaluate(() => delete gallery.saved)
      await page
        .locator(element)
        .getByRole('button', { name: /^More actions for/ })
        .focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: item }).press('Enter')
      await page.waitForFunction(() => gallery.saved !== undefined, undefined, patient)
      return page.evaluate(() => {
        const { name = '', ending, bytes = new Uint8Array() } = gallery.saved ?? {}
        const text = ending === 'png' ? '' : new TextDecoder().decode(bytes)
        const parsed = ending === 'svg' ? new DOMParser().parseFromString(text, 'image/svg+xml') : undefined
        const problem = parsed?.querySelector('parsererror')?.textContent
        if (problem) throw new Error(problem)
        return { name, text, words: [...(parsed?.querySelectorAll('text') ?? [])].map((each) => each.textContent) }
      })
    }
    await parallel(page).waitFor(patient)
    const shapes: number[] = []
    for (const element of elements) {
      const { words, text } = await save(element, 'Save as SVG…')
      shapes.push(text.match(/<(?:path|rect)/g)?.length ?? 0)
      expect(words.join('\n')).toMatch(/, the best run · Lower is better/)
      expect(words.join('\n')).toMatch(/val_rmse/)
      expect(text).not.toMatch(/<image|<script|="[^"]*(?:NaN|undefined)/)
    }
    // A line, a dot or a bar a run: those without a value too.
    for (const count of shapes.slice(0, 4)) expect(count).toBeGreaterThan(120)
    expect(shapes[4]).toBeGreaterThan(20)

    const { name, text } = await save('lens-scatter', 'Save values as CSV…')
    const lines = text.trim().split('\r\n')
    expect(name).toMatch(/^Scatter val_rmse by /)
    expect(lines).toHaveLength(121)
    expect(lines[0]).toMatch(/^run,run_id,params\.\w+,metrics\.val_rmse$/)
    expect((await save('lens-heat-map', 'Save values as CSV…')).text).toMatch(/,metrics\.val_rmse \(mean\),runs\r\n/)
    expect((await save('lens-boxes', 'Save values as CSV…')).text.split('\r\n')[0]).toMatch(/^run,run_id,group,/)

    await page.getByRole('button', { name: 'Axis optimizer' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Only sgd' }).click()
    await page.keyboard.press('Escape')
    await page.getByText(/\d+ of 120 runs are within the filters/).waitFor(patient)
    expect((await save('lens-bars', 'Save as SVG…')).words.at(-1)).toMatch(/^\d+ of 120 runs are within the filters$/)
    await save('lens-bars', 'Save as PNG…')
    // As wide as on the page, twice as sharp, and in its colours.
    const png = await page.evaluate(async () => {
      const bytes = new Uint8Array(gallery.saved?.bytes ?? [])
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const ctx = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
      ctx?.drawImage(picture, 0, 0)
      return { width: picture.width, height: picture.height, corner: [...(ctx?.getImageData(1, 1, 1, 1).data ?? [])] }
    })
    expect(png.width).toBeGreaterThanOrEqual(800)
    expect(png.height).toBeGreaterThan(2 * 280)
    const background = await page.evaluate(() => {
      const ctx = new OffscreenCanvas(1, 1).getContext('2d')
      if (ctx) ctx.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background')
      ctx?.fillRect(0, 0, 1, 1)
      return [...(ctx?.getImageData(0, 0, 1, 1).data ?? [])]
    })
    expect(png.corner).toEqual(background)
    expect(complaints).toEqual([])
  })

  test('say what is in no bin and beyond an axis, and all words are within reach of the keyboard', async () => {
    const view = { metric: 'metric:gain', direction: 'higher', logs: [['metric:gain', true]], by: 'param:tokenizer', heatX: 'param:dropout', heatY: 'param:tokenizer', axes: ['param:tokenizer', 'metric:gain'] } // prettier-ignore
    await using opened = await open('runs=120&state=sweep', tuning(view))
    const { page, complaints } = opened
    const boxes = page.locator('lens-boxes')
    await boxes.getByText('The 12 commonest values have a box each; 3 others share one.').waitFor(patient)
    await boxes.getByText(/\d+ boxes reach to zero or less, which a logarithmic axis can’t show/).waitFor(patient)
    await boxes.getByRole('button', { name: 'Show as table' }).click()
    await expect.poll(() => boxes.locator('tbody th').allTextContents(), patient).toHaveLength(14)
    expect((await boxes.locator('tbody th').allTextContents()).slice(-2)).toEqual(['others', 'not set'])
    const map = page.locator('lens-heat-map')
    await map.getByText('24 runs have no place here: one of the two is not set, or no finite number.').waitFor(patient)
    await map.getByText(/\d+ runs have no place here: of words, only the 12 commonest have one/).waitFor(patient)
    await page.getByRole('button', { name: 'Axis tokenizer' }).click()
    await page.getByRole('menuitem', { name: 'Only…' }).click()
    await expect.poll(() => page.getByRole('menuitemcheckbox').count(), patient).toBe(16)
    await page.keyboard.type('not')
    await page.keyboard.press('Enter')
    await page.getByText('24 of 120 runs are within the filters').waitFor(patient)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('menuitemcheckbox', { checked: true }).count(), patient).toBe(2)
    expect(complaints).toEqual([])
  })

  test('of many words tell each in full under its box, however narrow the page', async () => {
    await using opened = await open('runs=120&state=sweep', tuning({ ...chosen, by: 'param:tokenizer' }), { width: 360 }) // prettier-ignore
    const { page } = opened
    const plot = page.locator('lens-boxes .plot')
    await plot.scrollIntoViewIfNeeded(patient)
    await expect.poll(() => plot.locator('canvas.picture').evaluate((canvas) => (canvas as HTMLCanvasElement).width), patient).toBeGreaterThan(0) // prettier-ignore
    const box = await plot.boundingBox()
    if (!box) throw new Error('no plot')
    // The label of the fourth of 14 boxes, in whichever row it is.
    const x = box.x + 74 + ((box.width - 86) / 14) * 3.5
    await page.mouse.move(x, box.y + box.height - 8)
    await plot.locator('.tip strong').getByText('tokenizer: bpe-4k').waitFor(patient)
  })

  test('are told run by run from the keyboard, and have a table twin', async () => {
    await using opened = await open('runs=120&state=sweep', tuning())
    const { page } = opened
    for (const name of ['scatter', 'bars', 'boxes', 'heat-map', 'parallel']) {
      const plot = page.locator(`lens-${name}`)
      await plot.locator('.plot').scrollIntoViewIfNeeded(patient)
      await expect.poll(() => plot.locator('canvas.picture').evaluate((canvas) => (canvas as HTMLCanvasElement).width), patient).toBeGreaterThan(0) // prettier-ignore
      await plot.locator('.plot').focus()
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => plot.locator('[aria-live]').textContent(), patient).not.toBe('')
      await plot.getByRole('button', { name: 'Show as table' }).click()
      await expect.poll(() => plot.locator('tbody tr').count(), patient).toBeGreaterThan(1)
    }
  })

  test.each([
    ['Tuning, chosen', 'runs=120&state=sweep', tuning({ ...chosen, trend: true, brushes: [['param:dropout', { low: 0.1, high: 0.3 }]] })], // prettier-ignore
    ['Tuning, not chosen', 'runs=12&state=sweep', tuning({})],
    ['Tuning, all NaN', 'runs=30&state=sweep', tuning({ metric: 'metric:never', direction: 'higher' })],
    ['Tuning, one run', 'runs=1&state=sweep', tuning()],
    ['Differences', 'runs=120&state=sweep', differences],
    ['Pictures', 'runs=3', { tab: 'pictures' }],
  ] as const)('are accessible in all themes: %s', async (_, query, view) => {
    for (const theme of themes) {
      await using opened = await open(query, view, { theme, bypassCSP: true })
      const { page, complaints } = opened
      await settled(page)
      expect([theme, await violations(page)]).toEqual([theme, []])
      expect(complaints).toEqual([])
    }
  })

  test.each([
    ['runs=12&state=hostile', tuning({ metric: 'metric:val_accuracy', direction: 'higher' }), 360],
    ['runs=12&state=hostile', { tab: 'differences', onlyDifferences: false, tabs: { tuning: { metric: 'metric:val_accuracy', direction: 'higher' } } }, 360], // prettier-ignore
    ['runs=12&state=hostile', { tab: 'pictures' }, 360],
    ['runs=500&state=sweep', tuning(), 1300],
    ['runs=20&metrics=12000', tuning({ metric: 'metric:layer.11999/loss', direction: 'lower' }), 1300],
    ['runs=20&metrics=12000', { tab: 'differences', onlyDifferences: false }, 1300],
  ] as const)('take whatever was logged: %s %o, %i px wide', async (query, view, width) => {
    await using opened = await open(query, view, { width })
    const { page, complaints } = opened
    await settled(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0) // prettier-ignore
    expect(complaints).toEqual([])
  })

  test('of 12,000 keys draw those in sight, and reach the last from the keyboard', async () => {
    await using opened = await open('runs=100&metrics=12000', { tab: 'differences', onlyDifferences: false })
    const { page } = opened
    const grid = page.getByRole('grid')
    await grid.waitFor(patient)
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(12_000)
    expect(await grid.getAttribute('aria-colcount')).toBe('101')
    expect(await page.locator('lens-difference-table .cell').count()).toBeLessThan(2000)
    await grid.focus()
    await page.keyboard.press('Control+End')
    await expect
      .poll(() => page.locator('lens-difference-table .cell.active').textContent(), patient)
      .toMatch(/\d{4}-\d\d-\d\d/) // of the last run, when it began
  })

  test('have their code compared, file by file', async () => {
    await using opened = await open('runs=20&state=sweep', differences)
    const { page, complaints } = opened
    const code = page.locator('lens-code-changes')
    await code.getByText('able-fox-3 (3f2a1b0) → brave-hare-7').waitFor(patient)
    expect(await code.locator('.line.added').count()).toBe(4)
    await code.getByText('src/net.py → src/models/<b>net</b>.py').waitFor()
    await code.getByText('312 more lines').waitFor()
    await code.getByText('3 more files differ').waitFor()
    // All commits that the runs ran, and which of them is shown.
    const commits = page.getByRole('table', { name: 'Commits of these runs' })
    expect(await commits.locator('tbody tr').count()).toBe(2)
    const link = commits.getByRole('button', { name: /^Compare with / })
    const other = (await link.textContent())?.trim().replace('Compare with ', '') ?? ''
    await page.getByRole('combobox', { name: 'Baseline against' }).selectOption({ index: 0 })
    await link.click()
    const shown = page.getByRole('combobox', { name: 'Baseline against' }).locator('option:checked')
    await expect.poll(() => shown.textContent(), patient).toBe(other)
    // Few enough to be read unasked.
    await page.getByText('20 of 20 runs have logged a Python environment').waitFor(patient)
    expect(complaints).toEqual([])
  })

  test('can do without the comparison of their code, and have it made later', async () => {
    await using opened = await open('runs=12&slow=codeChanges', differences)
    const { page } = opened
    const code = page.locator('lens-code-changes')
    await code.getByRole('button', { name: 'Cancel' }).click(patient)
    await code.getByText('Cancelled.').waitFor(patient)
    await expect.poll(() => page.evaluate(() => gallery.cancelled), patient).toEqual(['codeChanges'])
    await code.getByRole('button', { name: 'Retry' }).click()
    await code.getByText('src/train.py', { exact: true }).waitFor(patient)
  })

  test('stay as they are when a refresh fails, and say so', async () => {
    await using opened = await open('runs=20&state=sweep', tuning())
    const { page } = opened
    await best(page).waitFor(patient)
    await page.evaluate(() => {
      const { gallery } = window as unknown as { gallery: { breakStore(): void; refresh(scope: string): void } }
      gallery.breakStore()
      gallery.refresh('all')
    })
    await page.locator('lens-tuning-tab lens-stale').getByText('The server answered 503.').waitFor(patient)
    expect(await best(page).count()).toBe(1)
  })

  test('that are gone are told of, and the others compared', async () => {
    await using opened = await open('runs=10&state=partial', { tab: 'differences' })
    const { page } = opened
    await page.getByText('1 of 11 runs could not be read: This run is not there any more.').waitFor(patient)
    expect(await page.getByRole('grid').getAttribute('aria-colcount')).toBe('11')
  })

  test('that are deleted are marked wherever they are named, and compared like others', async () => {
    await using opened = await open('runs=3&deleted=1&state=sweep', tuning())
    const { page } = opened
    await best(page).getByRole('button', { name: '(deleted)' }).waitFor(patient)
    expect(await best(page).getByRole('button').count()).toBe(3)
    const listed = page.locator('lens-run-list').getByRole('listitem').filter({ hasText: 'Deleted' })
    const name = (await listed.locator('.name').textContent(patient))?.trim() ?? ''
    expect(await listed.count()).toBe(1)
    await page.getByRole('tab', { name: 'Differences' }).click()
    await page
      .getByRole('columnheader')
      .filter({ hasText: `${name} (deleted)` })
      .waitFor(patient)
  })

  test('show their pictures side by side, by step', async () => {
    await using opened = await open('runs=4', { tab: 'pictures' })
    const { page } = opened
    await expect.poll(() => page.locator('lens-run-picture img').count(), patient).toBe(4)
    const slider = page.getByRole('slider', { name: /Step/ })
    await slider.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('lens-run-picture .step').allTextContents(), patient).toEqual(
      Array.from({ length: 4 }, () => 'step 0'),
    ) // prettier-ignore
    await page.getByRole('combobox', { name: 'Picture', exact: true }).selectOption('path:confusion_matrix.png')
    await expect.poll(() => page.getByText('320 × 256 pixels').count(), patient).toBe(4)
    await slider.waitFor({ state: 'detached' })
  })
})

/** Nothing is being read or computed any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('lens-tuning-tab, lens-differences-tab, lens-pictures-tab').first().waitFor(patient)
  await expect.poll(() => page.locator('[role=tabpanel] lens-loading').count(), patient).toBe(0)
}
