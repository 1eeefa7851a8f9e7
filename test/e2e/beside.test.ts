import { spawn } from 'node:child_process'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { quietMlflow } from '../../scripts/lib/mlflow.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

describe('beside the code of the demo', () => {
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'mlflow.refreshInterval': 1 }, width: 1200, height: 800 })
  })
  afterAll(async () => workbench[Symbol.asyncDispose]())
  test('x', async () => {
    const page = workbench.page
    page.on('console', (m) => console.log(m.text().slice(0, 300)))
    await page.keyboard.press('Control+P')
    const input = page.locator('.quick-input-widget input[type="text"]')
    await input.fill('train.py')
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'train.py' }).first().waitFor()
    await input.fill('train.py:155')
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'train.py' }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.monaco-editor .view-line', { hasText: 'val/loss' }).first().waitFor()
    await page.waitForTimeout(4000)
    for (const [n, theme] of [
      ['dark', 'Default Dark Modern'],
      ['light', 'Default Light Modern'],
      ['hc', 'Default High Contrast'],
      ['hcl', 'Default High Contrast Light'],
    ] as const) {
      await workbench.theme(theme)
      await page.waitForTimeout(1500)
      await workbench.picture('beside-' + n)
    }
    await workbench.theme('Default Dark Modern')
    console.log(await page.locator('.codelens-decoration').allInnerTexts())
    await page
      .locator('.view-line span', { hasText: /^"val.loss"$/ })
      .last()
      .hover()
    await page.waitForTimeout(3000)
    await page.screenshot({ path: 'out/pictures/beside-hover.png' })
  })
})
