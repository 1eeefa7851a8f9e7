import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

/** A run's page in a real VS Code: its artifacts, and changes made on it. One test stands on another. */
describe('a run’s page', () => {
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'mlflow.pythonPath': await ensurePython('mlflow-3') } })
    await workbench.openMlflow()
    await workbench.row('Experiments', /^experiment dynamic-pricing/).click()
    await workbench.row('Experiments', /^run week-47/).click()
    await page().getByRole('heading', { name: 'week-47' }).waitFor()
  })
  afterAll(() => workbench[Symbol.asyncDispose]())
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const page = () => workbench.webview()
  const artifact = (name: string) => page().locator(`[role="treeitem"][data-path="${name}"]`)

  function query<T>(sql: string, ...values: string[]): T[] {
    using database = new DatabaseSync(path.join(workbench.folder, 'mlflow.db'), { readOnly: true })
    return database.prepare(sql).all(...values) as T[]
  }
  const note = (): string | undefined =>
    query<{ value: string }>(
      "SELECT t.value FROM tags t JOIN runs r USING (run_uuid) WHERE r.name = 'week-47' AND t.key = 'mlflow.note.content'",
    )[0]?.value

  test('shows pictures under VS Code’s own policy, and a model as a card', async () => {
    await artifact('plots').click()
    await artifact('plots/predictions.png').click()
    await page()
      .getByText(/\d+ × \d+ pixels/)
      .waitFor()
    const width = await page()
      .locator('lens-image-view img')
      .evaluate((image) => (image as HTMLImageElement).naturalWidth)
    expect(width).toBeGreaterThan(10)
    await workbench.picture('artifact picture')
    await page().getByTitle('Show its files').click()
    await page().getByText('As a Python function').waitFor()
    await workbench.picture('artifact model')
  })

  test('saves an artifact where the dialog says', async () => {
    const target = path.join(workbench.folder, 'predictions.png')
    await artifact('plots/predictions.png').click()
    await page().getByRole('button', { name: 'Save…', exact: true }).click()
    const dialog = workbench.page.locator('.quick-input-widget')
    await expect.poll(() => dialog.locator('input[type="text"]').inputValue()).toBe(target)
    // The dialog takes no answer while it looks at the folder, so it is answered until it is gone; without waiting for a
    // button that the last answer has just taken away.
    const saved = async (): Promise<boolean> => {
      if (existsSync(target)) return true
      await dialog.getByRole('button', { name: 'OK' }).evaluateAll((buttons) => {
        for (const button of buttons) (button as HTMLElement).click()
      })
      return existsSync(target)
    }
    await expect.poll(saved, { timeout: 20_000 }).toBe(true)
    expect(readFileSync(target).subarray(1, 4).toString()).toBe('PNG')
    expect(readdirSync(workbench.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('has its note edited, which MLflow stores', async () => {
    await page().getByRole('button', { name: 'Edit the note' }).click()
    const box = page().getByRole('textbox', { name: 'Note, in Markdown' })
    await box.fill('Chosen for **week 48**.')
    await workbench.picture('note editor')
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await page().locator('lens-note strong', { hasText: 'week 48' }).waitFor({ timeout: 90_000 })
    await box.waitFor({ state: 'detached' })
    expect(note()).toBe('Chosen for **week 48**.')
  })

  test('shows what else was changed about it', async () => {
    await page().getByRole('button', { name: 'Add a tag' }).click()
    const input = workbench.page.locator('.quick-input-widget input[type="text"]')
    const newTag = workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'New tag…' })
    await newTag.click()
    await workbench.page.locator('.quick-input-widget').getByText('Key of the tag').first().waitFor()
    await input.fill('verdict')
    await workbench.page.keyboard.press('Enter')
    await workbench.page.locator('.quick-input-widget').getByText('verdict').first().waitFor()
    await expect.poll(() => input.inputValue()).toBe('')
    await input.fill('ship it')
    await workbench.page.keyboard.press('Enter')
    await page().getByRole('button', { name: 'ship it' }).waitFor()
    await page().getByRole('button', { name: 'Delete…' }).click()
    await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete', exact: true }).click()
    await page().getByText('This run is deleted').waitFor()
    await page().getByRole('button', { name: 'Restore', exact: true }).click()
    await page().getByText('This run is deleted').waitFor({ state: 'detached' })
    await workbench.command('MLflow: Undo Last Change')
    await page().getByText('This run is deleted').waitFor()
    await workbench.picture('run deleted')
  })
})
