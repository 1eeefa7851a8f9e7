// Chromium under playwright-core.
import { chromium } from 'playwright-core'
import { ensureChromium } from './toolchain.mjs'

/** A headless Chromium that asks nothing of the network but what its pages do. */
export async function launchBrowser() {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  })
}
