// How long a typed character takes to the screen in a workbench with this extension, and in one without it.
/* global window, document, requestAnimationFrame, MessageChannel, MutationObserver */
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyExtension } from './activation.mjs'
import { launchBrowser } from './browser.mjs'
import { until } from './run.mjs'
import { root } from './toolchain.mjs'
import { serveWorkbench } from './workbench.mjs'

const lines = 2000
const calls = 50
/** Where it is typed: a line after a call. */
const at = 1001
/** What is typed again and again, a line at a time. */
const typed = 'total = loss * value + 1'
/** Milliseconds between two keys: of a fast typist. */
const pause = 60

/**
 * Times in ms from keydown to the frame that has the character, of blocks that are typed in turn.
 *
 * @param {string} database with the experiment "runs"
 * @param {number} blocks of each
 * @returns {Promise<Record<'ours' | 'without', number[][]>>}
 */
export async function measureTyping(database, blocks = 12) {
  const temporary = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-typing-')))
  const browser = await launchBrowser()
  const servers = []
  const start = async (name, extension) => {
    const folder = path.join(temporary, name)
    mkdirSync(folder)
    copyFileSync(database, path.join(folder, 'mlflow.db'))
    writeFileSync(path.join(folder, 'train.py'), script())
    const server = await serveWorkbench({ settings: { 'editor.minimap.enabled': false } })
    servers.push(server)
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    await page.goto(server.url(folder, { extension }))
    await open(page)
    return page
  }
  try {
    const ours = await start('ours', root)
    const notes = ours.locator('.codelens-decoration', { hasText: 'Last run' })
    const without = await start('without', emptyExtension(path.join(temporary, 'empty')))
    // The file was opened where its first call is in sight: what is shown there says that the runs are there.
    await notes.first().waitFor({ timeout: 120_000 })
    for (const page of [ours, without]) await goTo(page)
    const found = { ours: [], without: [] }
    await type(ours)
    await type(without) // warm
    for (let block = 0; block < blocks; block++)
      for (const [name, page] of block % 2 ? Object.entries({ ours, without }) : Object.entries({ without, ours }))
        found[name].push(await type(page))
    return found
  } finally {
    await browser.close()
    for (const server of servers) await server.stop()
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function script() {
  const text = ['import mlflow', 'mlflow.set_experiment("runs")', 'mlflow.start_run()']
  while (text.length < lines) {
    const nth = text.length / (lines / calls)
    text.push(
      !Number.isInteger(nth)
        ? `total_${text.length} = {"a": [loss, ${text.length}], "b": f"{loss:.3f}"}  # what is it?`
        : nth % 2
          ? `mlflow.log_param("param_${nth % 10}", value)`
          : `mlflow.log_metric("metric_${nth % 10}", value, step=step)`,
    )
  }
  return text.join('\n')
}

/** Opens the file, and has the page time what is typed. */
async function open(page) {
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
  await page.keyboard.press('ControlOrMeta+P')
  const input = page.locator('.quick-input-widget input[type="text"]')
  await input.fill('train.py')
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'train.py' }).first().waitFor({ timeout: 60_000 })
  await page.keyboard.press('Enter')
  await page.locator('.monaco-editor .view-line', { hasText: 'import' }).first().waitFor()
  await page.locator('.monaco-editor .view-line span.mtk1, .monaco-editor .view-line span.mtk6').first().waitFor()
  await page.evaluate(() => {
    const times = (window.typing = [])
    let down
    document.addEventListener('keydown', (event) => (down = event.timeStamp), true)
    const after = new MessageChannel()
    after.port1.onmessage = ({ data }) => times.push(window.performance.now() - data)
    new MutationObserver(() => {
      if (down === undefined) return
      const since = down
      down = undefined
      // The first task after the frame has been drawn.
      requestAnimationFrame(() => after.port2.postMessage(since))
    }).observe(document.querySelector('.monaco-editor .view-lines'), {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
}

async function goTo(page) {
  await page.keyboard.press('Control+G')
  const input = page.locator('.quick-input-widget input[type="text"]')
  await input.fill(`:${at}`)
  await page.keyboard.press('Enter')
  await input.waitFor({ state: 'hidden' })
  await page.keyboard.press('End')
}

/** Types a line; resolves to the times of its characters. */
async function type(page) {
  await page.keyboard.press('Enter')
  await sleep(500)
  await page.evaluate(() => (window.typing.length = 0))
  for (const character of typed) {
    await page.keyboard.press(character === ' ' ? 'Space' : character)
    await sleep(pause)
  }
  await until(async () => (await page.evaluate(() => window.typing.length)) >= typed.length, 'what was typed')
  return page.evaluate(() => window.typing)
}
