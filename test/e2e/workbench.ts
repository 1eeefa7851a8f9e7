/** Drives a real VS Code in a real browser: one server and one page, and what tests do with them. */
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core'
import { vi } from 'vitest'
import { launchBrowser } from '../../scripts/lib/browser.mjs'
import { copyDemo, serveWorkbench } from '../../scripts/lib/workbench.mjs'

export interface WorkbenchOptions {
  /** Folder of the extension; the checkout when left out. */
  readonly extension?: string
  /** Workspace folder; a copy of demo/ when left out. */
  readonly folder?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  /** True keeps workspace trust on: the workspace starts in Restricted Mode. */
  readonly trust?: boolean
  readonly width?: number
  readonly height?: number
}

/** Built-in themes, and the class that the workbench has under each. */
const themes = {
  'Default Dark Modern': 'vs-dark',
  'Default Light Modern': 'vs',
  'Default High Contrast': 'hc-black',
  'Default High Contrast Light': 'hc-light',
} as const

export class Workbench implements AsyncDisposable {
  private constructor(
    readonly page: Page,
    readonly folder: string,
    private readonly browser: Browser,
    private readonly ownsFolder: boolean,
    private readonly server: Awaited<ReturnType<typeof serveWorkbench>>,
  ) {}

  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const folder = options.folder ?? copyDemo()
    const server = await serveWorkbench({
      settings: options.settings ?? {},
      env: options.env ?? {},
      trust: options.trust ?? false,
    })
    const browser = await launchBrowser()
    const page = await browser.newPage({ viewport: { width: options.width ?? 1400, height: options.height ?? 900 } })
    await page.goto(server.url(folder, options.extension === undefined ? {} : { extension: options.extension }))
    const workbench = new Workbench(page, folder, browser, options.folder === undefined, server)
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
    return workbench
  }

  /** Shows the MLflow side bar; resolves when its Experiments view is there. */
  async openMlflow(): Promise<void> {
    await this.page.locator('.activitybar [aria-label^="MLflow"]').first().click({ timeout: 60_000 })
    await this.view('Experiments').waitFor()
  }

  /** A view of the side bar by its title. */
  view(title: string): Locator {
    return this.page
      .locator('.split-view-view .pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${title}"]`) })
  }

  /** The row of a view's tree whose label starts with `label`. */
  row(view: string, label: string | RegExp): Locator {
    return this.view(view).getByRole('treeitem', { name: label }).first()
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]')
    const item = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first()
    // A webview that has not loaded yet swallows keys, and one that takes the focus closes the palette.
    const choose = async (): Promise<void> => {
      await this.page.keyboard.press('F1')
      await input.fill(`>${title}`, { timeout: 3_000 })
      await item.waitFor({ timeout: 10_000 })
    }
    await vi.waitFor(choose, { timeout: 60_000 })
    await this.page.keyboard.press('Enter')
  }

  /** Chooses an item of a row's context menu; by keyboard, since VS Code ignores a click that comes right after the menu opened. */
  async menu(row: Locator, item: string): Promise<void> {
    await row.click({ button: 'right' })
    const entry = this.page.getByRole('menuitem', { name: item, exact: true })
    await entry.hover()
    await this.page.keyboard.press('Enter')
    await entry.waitFor({ state: 'hidden' })
  }

  async closeEditor(): Promise<void> {
    await this.command('View: Close Editor')
  }

  /** Answers the dialog that asks where to save, once it proposes or was told a path; resolves when the file is there. */
  async saveTo(file: string): Promise<void> {
    const ok = this.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' })
    // The dialog takes no answer while it looks at the folder, so it is answered until it is gone; without waiting for a
    // button that the last answer has just taken away.
    const saved = async (): Promise<boolean> => {
      if (existsSync(file)) return true
      await ok.evaluateAll((buttons) => {
        for (const button of buttons) (button as HTMLElement).click()
      })
      return existsSync(file)
    }
    await vi.waitUntil(saved, { timeout: 60_000, interval: 250 })
  }

  /** The document of the visible webview. */
  webview(): FrameLocator {
    return this.page.locator('iframe.webview.ready').last().contentFrame().locator('#active-frame').contentFrame()
  }

  /** Reloads the window as a user does, so that VS Code saves its state first; resolves when the workbench is back. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load')
    await this.command('Developer: Reload Window')
    await loaded
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
  }

  /** Changes the colour theme; resolves when the workbench wears it. */
  async theme(name: keyof typeof themes): Promise<void> {
    this.server.writeSettings({ 'workbench.colorTheme': name })
    await this.page.locator(`.monaco-workbench.${themes[name]}`).waitFor()
  }

  /** Saves what is on screen to out/pictures/<name>.png. */
  async picture(name: string): Promise<void> {
    await this.page.mouse.move(1000, 5) // away from what shows a tooltip
    await this.page.locator('.workbench-hover-container:visible').first().waitFor({ state: 'hidden' })
    await this.page.screenshot({ path: path.join('out/pictures', `${name}.png`) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close()
    await this.server.stop()
    if (this.ownsFolder) rmSync(path.dirname(this.folder), { recursive: true, force: true })
  }
}
