/** Pages of the gallery, opened in a browser without VS Code; what they complain of is kept. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { serveGallery } from '../../scripts/gallery/serve.mjs'
import { launchBrowser } from '../../scripts/lib/browser.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** What the page complained of, asked the user, or fetched from elsewhere. */
  readonly complaints: readonly string[]
}

export interface PageOptions {
  readonly width?: number
  readonly height?: number
  /** axe is a script that the pages' policy refuses. */
  readonly bypassCSP?: boolean
}

/** The gallery with a browser to open its pages in. */
export class GalleryPages implements AsyncDisposable {
  private constructor(
    private readonly browser: Browser,
    private readonly gallery: Awaited<ReturnType<typeof serveGallery>>,
  ) {}

  static async serve(): Promise<GalleryPages> {
    const gallery = await serveGallery()
    return new GalleryPages(await launchBrowser(), gallery)
  }

  /** @param path `run?theme=dark&…`. Loading and failed pages are waited for, others are not. */
  async open(path: string, { width = 1100, height = 900, bypassCSP = false }: PageOptions = {}): Promise<OpenPage> {
    const context = await this.browser.newContext({ viewport: { width, height }, bypassCSP })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      // Pictures that a page makes itself, and frames that it writes itself, are fetched from nowhere.
      if (!/^(?:blob|about):/.test(request.url()) && !request.url().startsWith(this.gallery.url))
        complaints.push(`request: ${request.url()}`)
    })
    await page.goto(this.gallery.url + path)
    if (path.includes('state=loading')) await page.getByRole('button', { name: 'Cancel' }).waitFor()
    if (path.includes('state=error')) await page.getByRole('button', { name: 'Retry' }).waitFor()
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close()
    await this.gallery.stop()
  }
}

/** Pixels by which a page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** What axe finds. @param within the first element of that name in the page's own element; all of the page where left out */
export async function violations(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(async (name) => {
    const { axe } = window as unknown as { axe: { run(context: unknown, options: RunOptions): Promise<AxeResults> } }
    const root = document.querySelector('[role="main"]')?.shadowRoot
    const context = name === undefined ? document : (root?.querySelector(name) ?? document)
    return axe.run(context, { resultTypes: ['violations'] })
  }, within)
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary?.slice(0, 300) ?? ''}`),
  )
}
