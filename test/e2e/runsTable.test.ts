import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { themes, views } from '../../scripts/gallery/serve.mjs'
import { GalleryPages, type OpenPage, overflowOf, type PageOptions, violations } from './galleryPages'
import { names, scrollThrough } from './gridRows'

const tableViews = views.filter(([page]) => page === 'runs')
/** The others are only bigger. */
const small = tableViews.filter(([, , query]) => !/00000|metrics=12000/.test(query))
/** What differs by theme is colours. */
const colourful = small.filter(([, title]) => /20$|groups|mistake|failed|match/.test(title))

interface Gallery {
  readonly commands: readonly (readonly [string, unknown])[]
  grow(count: number): void
  fail(message: string): void
  wait(milliseconds: number): void
}
declare const gallery: Gallery

/** The runs table with made-up runs, in a browser without VS Code. */
describe('the runs table', () => {
  let pages: GalleryPages
  beforeAll(async () => {
    pages = await GalleryPages.serve()
  })
  afterAll(() => pages[Symbol.asyncDispose]())

  async function open(query: string, options: PageOptions = {}): Promise<OpenPage & { readonly grid: Locator }> {
    const opened = await pages.open(`runs?${query}`, { width: 1400, ...options })
    const grid = opened.page.getByRole('grid')
    if (/runs=0|no such run/.test(query)) await opened.page.locator('.empty').waitFor()
    else if (!/state=(?:loading|error)/.test(query))
      await expect.poll(() => grid.locator('.row.waiting').count()).toBe(0)
    return { ...opened, grid }
  }

  /** Text of the cell that has the focus. */
  const active = (grid: Locator): Promise<string> =>
    grid.evaluate((element) => {
      const root = element.getRootNode() as ShadowRoot
      const cell = root.getElementById(element.getAttribute('aria-activedescendant') ?? '')
      return (cell?.querySelector('.name') ?? cell)?.textContent.trim() ?? ''
    })

  const sent = (page: Page, name: string): Promise<unknown[]> =>
    page.evaluate((wanted) => gallery.commands.flatMap(([sentName, body]) => (sentName === wanted ? [body] : [])), name)

  test.each(themes.flatMap((theme) => (theme === 'dark' ? small : colourful).map((view) => ({ theme, view }))))(
    'is accessible: $theme, $view.1',
    async ({ theme, view: [, , query] }) => {
      await using table = await open(`theme=${theme}&${query}`, { bypassCSP: true })
      expect(await violations(table.page)).toEqual([])
      expect(table.complaints).toEqual([])
    },
  )

  test('beside code has the metrics in sight: they come before what the icon of a run says, too', async () => {
    const headers = async (width: number): Promise<readonly string[]> => {
      await using table = await open('theme=dark&runs=20', { width })
      return (await table.grid.getByRole('columnheader').allTextContents()).map((text) => text.trim())
    }
    const [wide, slim] = [await headers(1400), await headers(560)]
    const after = (all: readonly string[], one: string): string | undefined => all[all.indexOf(one) + 1]
    expect(after(wide, 'Run')).toBe('Status')
    expect(after(slim, 'Run')).toBe('loss')
  })

  test.each(themes)('is accessible with what it opens: %s', async (theme) => {
    await using table = await open(`theme=${theme}&runs=200`, { bypassCSP: true })
    const { page, grid } = table
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('option').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await grid.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Alt+Enter')
    await grid.page().locator('lens-grid .hover').waitFor()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menu').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('combobox').fill('metrics.')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await violations(page)).toEqual([])
  })

  test('sorts by a column, by two, and the other way round', async () => {
    await using table = await open('runs=1000')
    const { grid } = table
    const loss = grid.getByRole('columnheader', { name: 'loss', exact: true })
    await loss.click()
    await expect.poll(() => loss.getAttribute('aria-sort')).toBe('descending')
    const descending = await names(grid)
    await loss.click()
    await expect.poll(() => loss.getAttribute('aria-sort')).toBe('ascending')
    await expect.poll(() => names(grid)).not.toEqual(descending)
    await grid.getByRole('columnheader', { name: 'User' }).click()
    await loss.click({ modifiers: ['Shift'] })
    await expect.poll(() => loss.getAttribute('aria-description')).toContain('2 of 2')
    expect(await grid.locator('.row').nth(0).textContent()).toContain('ada')
    await grid.getByRole('columnheader', { name: 'User' }).click()
    await grid.getByRole('columnheader', { name: 'User' }).click()
    await expect
      .poll(async () => (await names(grid)).slice(0, 3))
      .toEqual(['brave-ant-0', 'calm-bear-1', 'dapper-crane-2'])
  })

  test('can be used from the keyboard', async () => {
    await using table = await open('runs=1000&nested')
    const { page, grid } = table
    await grid.focus()
    const press = async (keys: string, expected: string | RegExp): Promise<void> => {
      for (const key of keys.split(' ')) await page.keyboard.press(key)
      await expect.poll(() => active(grid), { message: keys }).toMatch(expected)
    }
    await press('ArrowDown', 'gentle-fox-5')
    await press('End', '–')
    await press('Control+End', '–')
    await press('Home', /-995/)
    await press('Control+Home', /brave-ant-0/)
    await press('PageDown', /-\d+/)
    await press('Control+Home', /brave-ant-0/)
    // All of a value; of a name, what the run logged.
    await page.keyboard.press('Alt+Enter')
    await page.getByText(/^learning_rate: /m).waitFor()
    await page.keyboard.press('Control+c')
    await expect.poll(() => sent(page, 'copy')).toEqual([{ text: 'brave-ant-0' }])
    // Into the tree and out of it.
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(200 + 4 + 2))
    await press('ArrowDown', /calm-bear-1/)
    await press('ArrowLeft', /brave-ant-0/)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(200 + 2))
    // Selects.
    await page.keyboard.press('Space')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('3 selected').waitFor()
    await page.keyboard.press('Control+a')
    await page.getByText('200 selected').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('group', { name: 'Selected runs' }).waitFor({ state: 'detached' })
    // Sorts in the header, moves and resizes a column.
    await press('Control+Home Control+ArrowUp ArrowRight ArrowRight', 'Started')
    await page.keyboard.press('Enter')
    const started = grid.getByRole('columnheader', { name: 'Started' })
    await expect.poll(() => started.getAttribute('aria-sort')).toBe('descending')
    // The focus goes along with the column.
    for (const place of ['4', '5']) {
      await page.keyboard.press('Alt+ArrowRight')
      await expect.poll(() => started.getAttribute('aria-colindex')).toBe(place)
    }
    expect(await active(grid)).toBe('Started')
    const width = (await started.boundingBox())?.width ?? 0
    await page.keyboard.press('Alt+Shift+ArrowRight')
    await expect.poll(async () => (await started.boundingBox())?.width).toBe(width + 16)
    // The column's menu.
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Hide column' }).waitFor()
    await page.keyboard.press('h')
    await page.keyboard.press('Enter')
    await started.waitFor({ state: 'detached' })
    // Opens.
    await press('Control+Home', /brave-ant-0|-\d+/)
    await page.keyboard.press('Enter')
    await expect.poll(() => sent(page, 'act')).toMatchObject([{ action: 'open' }])
    await page.keyboard.press('Control+f')
    await page.keyboard.type('eager')
    await page.getByText(/^\d+ of 1,000 runs match$/).waitFor()
    expect(table.complaints).toEqual([])
  })

  test('keeps place, focus and selection when runs arrive', async () => {
    await using table = await open(
      'runs=5000&view={"orderBy":[{"column":{"group":"attribute","key":"start_time"},"descending":false}]}',
    )
    const { page, grid } = table
    await grid.focus()
    for (let page_ = 0; page_ < 3; page_++) await page.keyboard.press('PageDown')
    const name = await active(grid)
    await page.keyboard.press('Space')
    await page.getByText('1 selected').waitFor()
    const before = await names(grid)
    await page.evaluate(() => gallery.grow(7))
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('5009')
    expect(await active(grid)).toBe(name)
    expect(await names(grid)).toEqual(before)
    await page.getByText('1 selected').waitFor()
    // What is selected next reaches from there, not from where that run was.
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('2 selected').waitFor()
  })

  test('is where it was when it is made anew: a tab out of sight is unloaded', async () => {
    await using table = await open('runs=5000')
    const { page, grid } = table
    await grid.focus()
    for (let times = 0; times < 3; times++) await page.keyboard.press('PageDown')
    for (let times = 0; times < 15; times++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('2 selected').waitFor()
    const state = async () => ({
      names: await names(grid),
      active: await active(grid),
      left: await grid.evaluate((element) => element.scrollLeft),
    })
    // Once the bar for what is selected has made its room, and the values are there.
    let before = await state()
    await expect
      .poll(async () => {
        const former = before
        before = await state()
        return before.active !== '' && JSON.stringify(before) === JSON.stringify(former)
      })
      .toBe(true)
    expect(before.left).toBeGreaterThan(100)
    await page.reload()
    await page.getByText('2 selected').waitFor()
    await expect.poll(state).toEqual(before)
    // From there on it is the user's again.
    await grid.focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('Escape')
    await expect.poll(() => active(grid)).toBe('brave-ant-0')
    await page.getByRole('button', { name: 'Only differences' }).click()
    await expect.poll(async () => (await names(grid))[0]).toBe('brave-ant-0')
    expect(table.complaints).toEqual([])
  })

  test.each([360, 1400])('takes whatever was logged, %i px wide', async (width) => {
    await using table = await open('runs=60&state=hostile&nested', { width })
    const { page, grid } = table
    await grid.focus()
    for (const key of [
      'Control+End',
      'Alt+Enter',
      'Home',
      'Alt+Enter',
      'Shift+F10',
      'Escape',
      'Control+ArrowUp',
      'End',
      'Shift+F10',
    ])
      await page.keyboard.press(key)
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    expect(await overflowOf(page)).toBe(0)
    expect(table.complaints).toEqual([])
  })

  test('underlines a mistake in the filter, and says it', async () => {
    await using table = await open('runs=20')
    const { page } = table
    const box = page.getByRole('combobox')
    await box.fill('metrics.loss == 1')
    await page.getByRole('alert').getByText('MLflow has no “==”').waitFor()
    expect(await page.locator('lens-search-box .part').textContent()).toBe('==')
    await page.getByRole('button', { name: 'metrics.loss = 1' }).waitFor()
    await page.getByRole('button', { name: 'Search for it as text' }).click()
    await expect.poll(() => box.inputValue()).toBe('"metrics.loss == 1"')
    await page.locator('lens-search-box').getByText('text', { exact: true }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await box.fill('eager')
    await page.getByText('3 of 20 runs match').waitFor()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  test('selects by mouse: a row, more, and all between', async () => {
    await using table = await open('runs=1000')
    const { page, grid } = table
    const user = (index: number): Locator => grid.locator(`.row[aria-rowindex="${index}"] [aria-colindex="5"]`)
    await user(4).click()
    await page.getByText('1 selected').waitFor()
    await user(8).click({ modifiers: ['Shift'] })
    await page.getByText('5 selected').waitFor()
    await user(6).click({ modifiers: ['Control'] })
    await page.getByText('4 selected').waitFor()
    await grid.locator('.row[aria-rowindex="12"] .tick').click()
    await page.getByText('5 selected').waitFor()
    // The menu of one of them is about all of them; what needs one run is off.
    await user(5).click({ button: 'right' })
    const menu = page.getByRole('menu')
    expect(await menu.getByRole('menuitem', { name: 'Rename…' }).getAttribute('aria-disabled')).toBe('true')
    await menu.getByRole('menuitem', { name: 'Compare' }).click()
    await expect.poll(() => sent(page, 'act')).toMatchObject([{ action: 'compare', runIds: { length: 5 } }])
    await user(4).click({ button: 'right' })
    await menu.getByRole('menuitemcheckbox', { name: 'Star' }).click()
    await expect.poll(() => grid.locator('.star.on').count()).toBe(5)
    await grid.locator('.row[aria-rowindex="20"] .name').click()
    await expect.poll(() => sent(page, 'act')).toHaveLength(2)
    // What leaves the table is no longer selected.
    await page.getByRole('combobox').fill('calm')
    await page.getByText('125 of 1,000 runs match').waitFor()
    await page.getByText('2 selected').waitFor()
  })

  test('moves, resizes, fits, hides and pins columns', async () => {
    await using table = await open('runs=200')
    const { page, grid } = table
    const head = (name: string): Locator => grid.getByRole('columnheader', { name, exact: true })
    const box = async (name: string) => (await head(name).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const before = await box('Duration')
    await page.mouse.move(before.x + before.width - 3, before.y + 10)
    await page.mouse.down()
    await page.mouse.move(before.x + before.width + 57, before.y + 10, { steps: 4 })
    await page.mouse.up()
    await expect.poll(async () => (await box('Duration')).width).toBe(before.width + 60)
    await head('Duration').locator('.handle').dblclick()
    await expect.poll(async () => (await box('Duration')).width).toBeLessThan(before.width + 20)
    const [from, to] = [await box('User'), await box('Status')]
    await page.mouse.move(from.x + 20, from.y + 10)
    await page.mouse.down()
    await page.mouse.move(to.x + 20, to.y + 10, { steps: 6 })
    await page.mouse.up()
    await expect.poll(() => head('User').getAttribute('aria-colindex')).toBe('2')
    await head('loss').click({ button: 'right' })
    await page.getByRole('menuitemcheckbox', { name: 'Pinned' }).click()
    await expect.poll(() => head('loss').getAttribute('aria-description')).toContain('pinned')
    const pinned = await box('loss')
    await grid.evaluate((element) => element.scrollTo(900, 0))
    await expect.poll(() => head('model').isVisible()).toBe(true)
    // It stays, beside the name, whatever else scrolls.
    expect((await box('loss')).x).toBeLessThanOrEqual(pinned.x)
    await head('loss').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Hide column' }).click()
    await head('loss').waitFor({ state: 'detached' })
    // All of it survives a reload.
    await page.reload()
    await expect.poll(() => head('User').getAttribute('aria-colindex')).toBe('2')
    await expect.poll(() => head('loss').count()).toBe(0)
    expect(table.complaints).toEqual([])
  })

  test('draws bars and sparklines on demand', async () => {
    await using table = await open('runs=200')
    const { page, grid } = table
    for (const what of ['Bars', 'Sparklines']) {
      await grid
        .getByRole('columnheader', { name: what === 'Bars' ? 'auc' : 'accuracy', exact: true })
        .click({ button: 'right' })
      await page.getByRole('menuitemcheckbox', { name: what }).click()
    }
    await expect.poll(() => grid.locator('.bar:not([hidden])').count()).toBeGreaterThan(10)
    await expect.poll(() => grid.locator('.spark path[d^="M"]').count()).toBeGreaterThan(10)
    // There is no bar for NaN.
    const cells = await grid.locator('[role="gridcell"]:has(.bar:not([hidden]))').allTextContents()
    expect(cells.every((text) => Number.isFinite(Number(text.trim())))).toBe(true)
  })

  test('groups, opens a group, and says what its numbers are made of', async () => {
    await using table = await open('runs=200')
    const { page, grid } = table
    await page.getByRole('button', { name: 'Group' }).click()
    await page.getByRole('menuitem', { name: 'Group by…' }).click()
    await page.getByPlaceholder('Search columns').fill('optim')
    await page.getByRole('option', { name: /optimizer/ }).click()
    await expect.poll(() => names(grid)).toEqual(['adam', 'sgd'])
    await grid.locator('.row[aria-rowindex="3"] [aria-colindex="9"]').click()
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('104')
    await grid.focus()
    await page.keyboard.press('Space')
    await page.getByText('100 selected').waitFor()
    await page.keyboard.press('Alt+Enter')
    await grid
      .page()
      .locator('lens-grid .hover')
      .getByText(/values from/)
      .waitFor()
    expect(
      await grid.locator('.row.group').first().getByRole('gridcell', { name: 'adam' }).getAttribute('aria-expanded'),
    ).toBe('true')
  })

  test('does to all members of a group what its menu says, by pointer and by key', async () => {
    const grouped = encodeURIComponent(JSON.stringify({ groupBy: [{ group: 'param', key: 'optimizer' }] }))
    await using table = await open(`runs=200&view=${grouped}`)
    const { page, grid } = table
    await expect.poll(() => names(grid)).toEqual(['adam', 'sgd'])
    await grid.locator('.row.group').last().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Compare', exact: true }).click()
    await expect.poll(() => sent(page, 'act')).toMatchObject([{ action: 'compare' }])
    const [{ runIds }] = (await sent(page, 'act')) as [{ runIds: string[] }]
    expect(new Set(runIds).size).toBe(100)

    await grid.locator('.row.group').last().click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Export', exact: true }).click()
    await page.getByRole('menuitem', { name: 'JSON' }).click()
    await page.getByRole('menuitem', { name: 'Copy' }).click()
    await expect.poll(() => sent(page, 'export')).toEqual([{ format: 'json', to: 'clipboard', runIds }])

    for (const [key, item] of [
      ['ContextMenu', 'Select its 100 runs'],
      ['Shift+F10', 'Deselect its 100 runs'],
    ] as const) {
      await grid.focus()
      await page.keyboard.press(key)
      await page.getByRole('menuitem', { name: item }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.getByText('100 selected').waitFor({ state: item.startsWith('De') ? 'detached' : 'visible' })
    }
  })

  test('finds columns among 12,000, shows and orders them', async () => {
    await using table = await open('runs=50&metrics=12000')
    const { page, grid } = table
    await page.getByRole('button', { name: 'Columns' }).click()
    const search = page.getByPlaceholder('Search columns')
    await page.getByRole('option').first().waitFor()
    expect(await page.getByRole('option').count()).toBeLessThan(40)
    await page.getByRole('button', { name: 'Hide all' }).click()
    await expect.poll(() => grid.getAttribute('aria-colcount')).toBe('1')
    await search.fill('layer.11999')
    await page.getByRole('option', { name: /layer.11999/ }).click()
    await search.fill('auc')
    await page.getByRole('option', { name: /auc/ }).click()
    await expect.poll(() => grid.getAttribute('aria-colcount')).toBe('3')
    await search.fill('')
    await page.getByRole('button', { name: 'Shown' }).click()
    await page.getByRole('listbox', { name: 'Columns' }).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Escape')
    await expect.poll(() => grid.getByRole('columnheader', { name: 'auc' }).getAttribute('aria-colindex')).toBe('2')
  })

  test('orders columns by dragging them in the list of columns', async () => {
    await using table = await open('runs=50')
    const { page, grid } = table
    const shown = (): Promise<string[]> => grid.locator('.names [role="columnheader"] .title').allTextContents()
    await expect.poll(async () => (await shown()).slice(0, 4)).toEqual(['Run', 'Status', 'Started', 'Duration'])
    await page.getByRole('button', { name: 'Columns' }).click()
    const item = (name: string): Locator => page.getByRole('option', { name: new RegExp(`^${name}`) })
    await item('Duration').dragTo(item('Status'))
    await expect.poll(async () => (await shown()).slice(0, 4)).toEqual(['Run', 'Duration', 'Status', 'Started'])
    await item('Duration').dragTo(item('Started'))
    await expect.poll(async () => (await shown()).slice(0, 4)).toEqual(['Run', 'Status', 'Started', 'Duration'])
    expect(await page.locator('.drop-before, .drop-after').count()).toBe(0)
    expect(table.complaints).toEqual([])
  })

  test('reaches the end of 750,000 rows, and of 12,000 columns', async () => {
    await using tall = await open('runs=750000')
    await tall.grid.focus()
    await tall.page.keyboard.press('Control+End')
    await tall.page.keyboard.press('Home')
    await expect.poll(() => active(tall.grid)).toBe('jolly-hare-749999')
    // Also on the screen, which is less high than its rows are.
    const [row, grid] = [tall.grid.locator('.active'), tall.grid]
    const { bottom, lower } = await row.evaluate(
      (element, outer) => {
        return { bottom: element.getBoundingClientRect().bottom, lower: outer.getBoundingClientRect().bottom }
      },
      await grid.elementHandle(),
    )
    expect(Math.abs(lower - bottom)).toBeLessThan(20)
    await using wide = await open('runs=200&metrics=12000&columns=12030')
    expect(await wide.grid.getAttribute('aria-colcount')).toBe('12023')
    await wide.grid.focus()
    await wide.page.keyboard.press('End')
    await wide.grid.getByRole('columnheader', { name: 'Registered models' }).waitFor()
    expect(await wide.grid.locator('[role="gridcell"]').count()).toBeLessThan(1500)
    expect([...tall.complaints, ...wide.complaints]).toEqual([])
  })

  test('offers a way out where nothing matches, and completes what is typed', async () => {
    await using table = await open('runs=200')
    const { page, grid } = table
    await page.getByRole('button', { name: 'Status' }).click()
    for (const status of ['Scheduled']) await page.getByRole('menuitemcheckbox', { name: status }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Status: Scheduled' }).waitFor()
    await page.getByText('None of the 200 runs matches.').waitFor()
    await page.getByRole('button', { name: 'Clear all filters' }).click()
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('202')
    const box = page.getByRole('combobox')
    await box.click()
    await page.keyboard.type('metrics.acc')
    await page.getByRole('option', { name: 'metrics.accuracy' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => box.inputValue()).toBe('metrics.accuracy')
    // What was accepted once is not offered any more: Enter searches now.
    await expect.poll(() => page.getByRole('option').count()).toBe(0)
    await page.keyboard.press('Enter')
    expect(await box.inputValue()).toBe('metrics.accuracy')
    await page.keyboard.type(' == 0.95')
    await page.keyboard.press('Enter')
    await page.getByText('MLflow has no “==”', { exact: false }).waitFor()
    for (let back = 0; back < 7; back++) await page.keyboard.press('Backspace')
    await page.keyboard.type('> 0.95')
    await page.keyboard.press('Enter')
    await page.getByText(/^\d+ of 200 runs match$/).waitFor()
    // A mistake is not worth to be offered again.
    await expect
      .poll(() => sent(page, 'used'))
      .toEqual([{ filter: 'metrics.accuracy' }, { filter: 'metrics.accuracy > 0.95' }])
    // Filters used before are at hand.
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('202')
    await page.keyboard.press('ArrowDown')
    const used = page.getByRole('option', { name: 'metrics.accuracy > 0.95' })
    await used.waitFor()
    const at = (await page.getByRole('option').allTextContents()).findIndex((text) => text.includes('> 0.95'))
    for (let row = 0; row <= at; row++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await used.waitFor({ state: 'detached' })
    await page.getByText(/^\d+ of 200 runs match$/).waitFor()
    await page.keyboard.press('Enter')
    expect(await box.inputValue()).toBe('metrics.accuracy > 0.95')
  })

  test('finds what started between two days', async () => {
    await using table = await open('runs=2000')
    const { page } = table
    const day = (before: number): string => new Date(Date.now() - before * 86_400_000).toLocaleDateString('sv')
    await page.getByRole('button', { name: 'Started' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Between dates…' }).click()
    // Whichever is named first.
    await page.getByLabel('From').fill(day(11))
    await page.getByLabel('To').fill(day(20))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: `Started: ${day(20)} to ${day(11)}` }).waitFor()
    // One run in 47 minutes, ten days of them; clocks may change.
    const found = Number(/^(\d+) of/.exec((await page.getByText(/of 2,000 runs match/).textContent()) ?? '')?.[1])
    expect(Math.abs(found - (10 * 24 * 60) / 47)).toBeLessThan(3)
    await page.getByRole('button', { name: /^Started:/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Any time' }).click()
    await page.getByText('2,000 runs', { exact: true }).waitFor()
  })

  test('gives the focus back to what opened a list, a menu or a form', async () => {
    await using table = await open('runs=200')
    const { page } = table
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const tool = (name: string | RegExp): Locator => page.getByRole('button', { name })
    const isFocused = (element: Locator): Promise<boolean> => element.evaluate((node) => node.matches(':focus'))
    const columns = page.getByRole('dialog', { name: 'Columns' })
    await tool('Columns').press('Enter')
    await columns.waitFor()
    await press('Escape')
    await columns.waitFor({ state: 'detached' })
    expect(await isFocused(tool('Columns'))).toBe(true)
    await tool('Group').press('Enter')
    await page.getByRole('menuitem', { name: 'Group by…' }).press('Enter')
    await page.getByPlaceholder('Search columns').fill('optimizer')
    await expect.poll(() => page.getByRole('option').count()).toBe(1)
    await press('ArrowDown', 'Enter')
    await expect.poll(() => isFocused(tool('Group: optimizer'))).toBe(true)
    await tool('Started').press('Enter')
    await page.getByRole('menuitemcheckbox', { name: 'Between dates…' }).press('Enter')
    await page.getByLabel('From').fill('2026-01-02')
    // A year that goes on beyond four digits is no date.
    expect(await page.getByLabel('From').getAttribute('max')).toBe('9999-12-31')
    await press('Escape')
    await expect.poll(() => isFocused(tool('Started'))).toBe(true)
    // A menu in the place of another leads back to it.
    await tool('Export').press('Enter')
    await page.getByRole('menuitem', { name: 'JSON' }).press('ArrowRight')
    await page.getByRole('menuitem', { name: 'Copy' }).press('ArrowLeft')
    await expect.poll(() => isFocused(page.getByRole('menuitem', { name: 'JSON' }))).toBe(true)
    await press('Escape')
    expect(await isFocused(tool('Export'))).toBe(true)
    expect(table.complaints).toEqual([])
  })

  test('lets a pointer at rest choose nothing in a menu that opens under it', async () => {
    await using table = await open('runs=200')
    const { page, grid } = table
    const first = page.getByRole('menuitem', { name: 'Open', exact: true })
    const isFocused = (): Promise<boolean> => first.evaluate((node) => node.matches(':focus'))
    const box = await grid.getByRole('gridcell', { name: 'hungry-gull-6' }).boundingBox()
    await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 5)
    await grid.focus()
    for (const key of ['Control+Home', 'Shift+F10']) await page.keyboard.press(key)
    await page.getByRole('menuitem', { name: 'Copy run ID' }).waitFor()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    expect(await isFocused()).toBe(true)
    await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 30, { steps: 3 })
    expect(await isFocused()).toBe(false)
  })

  test('is set as it shows once a sort is stopped', async () => {
    await using table = await open('runs=200&state=partial')
    const { page, grid } = table
    const loss = grid.getByRole('columnheader', { name: 'loss', exact: true })
    await loss.click()
    const sort = page.getByRole('button', { name: /^Sort/ })
    await expect.poll(() => sort.getAttribute('aria-label')).toBe('Sort: loss ↓')
    await expect.poll(() => loss.getAttribute('aria-sort')).toBe('descending')
    const before = await names(grid)
    await page.evaluate(() => gallery.wait(600_000))
    await grid.getByRole('columnheader', { name: 'accuracy', exact: true }).click()
    await expect.poll(() => sort.getAttribute('aria-label')).toBe('Sort: accuracy ↓')
    await page.evaluate(() => gallery.wait(0))
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => sort.getAttribute('aria-label')).toBe('Sort: loss ↓')
    expect(await names(grid)).toEqual(before)
  })

  test('says what it is sorted by, also where that column does not show', async () => {
    await using table = await open('runs=200&columns=6')
    const { page, grid } = table
    await page.getByRole('button', { name: 'Sort' }).click()
    await page.getByRole('menuitem', { name: 'Sort by…' }).click()
    await page.getByPlaceholder('Search columns').fill('seed')
    await expect.poll(() => page.getByRole('option').count()).toBe(1) // before that, it is elsewhere
    await page.getByRole('option', { name: /seed/ }).click()
    const sort = page.getByRole('button', { name: /^Sort: seed/ })
    await expect.poll(() => sort.getAttribute('aria-label')).toBe('Sort: seed ↑')
    await sort.click()
    await page.getByRole('menuitem', { name: /^seed/ }).click()
    await expect.poll(() => sort.getAttribute('aria-label')).toBe('Sort: seed ↓')
    await page.getByRole('menuitemcheckbox', { name: 'Newest first' }).click()
    await page.getByRole('button', { name: 'Sort', exact: true }).waitFor()
    await expect.poll(async () => (await names(grid))[0]).toBe('brave-ant-0')
  })

  test('saves a filter, and finds what is starred', async () => {
    await using table = await open('runs=200')
    const { page, grid } = table
    const box = page.getByRole('combobox')
    await box.fill('eager')
    await page.getByRole('button', { name: 'Save this filter' }).click()
    await expect.poll(() => sent(page, 'keepFilter')).toEqual([{ filter: 'eager', on: true }])
    await page.getByRole('button', { name: 'Saved: forget this filter' }).waitFor()
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option', { name: 'eager saved' }).click()
    await page.getByText('25 of 200 runs match').waitFor()
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await grid.locator('.row[aria-rowindex="9"] .name').hover()
    await grid.locator('.row[aria-rowindex="9"] .star').click()
    await page.getByRole('button', { name: 'Status' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Only starred runs' }).click()
    await page.getByText('2 of 200 runs match').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Status: starred' }).waitFor()
  })

  test('keeps its rows when a refresh fails, and says so', async () => {
    await using table = await open('runs=50')
    const { page, grid } = table
    await page.evaluate(() => gallery.fail('The server answered 503.'))
    await page.getByText('The server answered 503.').waitFor()
    expect(await names(grid)).toContain('brave-ant-0')
  })

  test('exports, saves and loads', async () => {
    await using table = await open('runs=50')
    const { page } = table
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Markdown table' }).click()
    await page.getByRole('menuitem', { name: 'Copy' }).click()
    await expect.poll(() => sent(page, 'export')).toEqual([{ format: 'markdown', to: 'clipboard', runIds: null }])
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name: 'Failures' }).click()
    await page.getByRole('button', { name: 'Status: Failed' }).waitFor()
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name: 'Save this view…' }).click()
    await expect.poll(() => sent(page, 'saveView')).toMatchObject([{ view: { statuses: ['FAILED'] } }])
  })

  test('scrolls 100,000 rows × 50 columns without a stall', async () => {
    await using table = await open('runs=100000&metrics=28')
    const { grid, page } = table
    expect(await grid.getAttribute('aria-colcount')).toBe('50')
    const shares = await grid.evaluate(scrollThrough)
    for (const { how, frames, over, waiting } of shares)
      console.log(
        `scrolling ${how}: ${frames} frames, ${over} over 33 ms, ${waiting} with a row that waits for its values`,
      )
    // Half of the frames: whatever else runs on this machine counts too.
    const [wheel] = shares
    expect(wheel?.frames).toBe(200)
    expect(wheel?.over).toBeLessThan(100)
    expect(wheel?.waiting).toBeLessThan(40)
    await expect.poll(() => grid.locator('.row.waiting').count()).toBe(0)
    expect(await page.locator('lens-grid .row').count()).toBeLessThan(120)
  })
})
