// Our line chart beside uPlot and chart.js, in one page of a real browser; see bench/charts/page.ts.
/* global window */
import * as esbuild from 'esbuild'
import path from 'node:path'
import { launchBrowser } from './browser.mjs'
import { root } from './toolchain.mjs'

/** As many as a pointer that crosses the plot in two seconds makes. */
const hovers = 100
/** Zooms to these steps of 100,000, one after the other. */
const ranges = [
  [20_000, 70_000],
  [30_000, 40_000],
  [33_000, 34_000],
  [0, 99_999],
]

/**
 * Times in ms of the first draw of a new page, the mean zoom and a hover, for each contender and round. A hover's time is what it takes
 * of the page's thread: what goes by until the next frame, and what other processes take, is the same for all.
 *
 * @param {number} rounds
 * @returns {Promise<Record<'ours' | 'uplot' | 'chartJs', { draw: number, zoom: number, hover: number }[]>>}
 */
export async function measureCharts(rounds) {
  const host = await bundle('bench/charts/host.ts')
  const script = `const hostScript = ${JSON.stringify(host)};\n${await bundle('bench/charts/page.ts')}`
  const browser = await launchBrowser()
  try {
    const round = async (name) => {
      const page = await browser.newPage({ viewport: { width: 900, height: 800 } })
      page.on('pageerror', (error) => console.error(error.message))
      await page.setContent('<!DOCTYPE html><html><body class="vscode-dark" style="margin: 0"></body></html>')
      await page.addScriptTag({ content: script })
      const devtools = await page.context().newCDPSession(page)
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
      const busy = async () => {
        const { metrics } = await devtools.send('Performance.getMetrics')
        return 1000 * (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? NaN)
      }
      const draw = await page.evaluate((contender) => window.bench.draw(contender), name)
      let zoom = 0
      for (const range of ranges) zoom += await page.evaluate((to) => window.bench.zoom(to), range)
      const before = await busy()
      await page.evaluate((count) => window.bench.hover(count), hovers)
      const hover = ((await busy()) - before) / hovers
      if ((await page.evaluate(() => window.bench.colours())) < 10) throw new Error(`${name} has drawn nothing`)
      await page.close()
      return { draw, zoom: zoom / ranges.length, hover }
    }
    const found = { ours: [], uplot: [], chartJs: [await round('chartJs')] }
    for (let nth = 0; nth < rounds; nth++)
      for (const name of nth % 2 ? ['ours', 'uplot'] : ['uplot', 'ours']) found[name].push(await round(name))
    return found
  } finally {
    await browser.close()
  }
}

async function bundle(file) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(root, file)],
    ...{ bundle: true, write: false, minify: true, format: 'iife', target: 'es2022', absWorkingDir: root },
    tsconfig: path.join(root, 'src/webview/tsconfig.json'),
  })
  return outputFiles[0].text
}
