import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

/** Edits by hand in the demo's own mlflow.db, with nothing running beforehand. One test stands on another. */
describe('editing by hand', () => {
  let workbench: Workbench
  beforeAll(async () => {
    workbench = await Workbench.open({ settings: { 'mlflow.pythonPath': await ensurePython('mlflow-3') } })
    await workbench.openMlflow()
  })
  afterAll(async () => {
    const { folder } = workbench
    await workbench[Symbol.asyncDispose]()
    const left = (): string[] =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(folder))
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 30_000 }) // the server of the database ends with the window
  })
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const input = () => workbench.page.locator('.quick-input-widget input[type="text"]')
  const run = (name: string) => workbench.row('Experiments', new RegExp(`^run ${name}`))

  function query<T>(sql: string, ...values: string[]): T[] {
    using database = new DatabaseSync(path.join(workbench.folder, 'mlflow.db'), { readOnly: true })
    return database.prepare(sql).all(...values) as T[]
  }

  test('a run is renamed from its menu; MLflow is started for it, with progress and Cancel', async () => {
    await workbench.row('Experiments', /^experiment dynamic-pricing/).click()
    await run('week-47').waitFor()
    await run('week-47').click({ button: 'right' })
    await workbench.page.getByRole('menuitem', { name: 'Rename…', exact: true }).waitFor()
    await workbench.page.screenshot({ path: 'out/pictures/menu of a run.png' })
    await workbench.page.keyboard.press('Escape')
    await workbench.menu(run('week-47'), 'Rename…')
    await expect.poll(() => input().inputValue()).toBe('week-47')
    await input().fill('the best week')
    await workbench.page.keyboard.press('Enter')
    await run('the best week').waitFor({ timeout: 60_000 })
    expect(query("SELECT 1 FROM runs WHERE name = 'the best week'").length).toBe(1)
    await workbench.picture('renamed')
  })

  test('a tag is set by two questions', async () => {
    await workbench.menu(run('the best week'), 'Set Tag…')
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'New tag…' }).click()
    await workbench.page.locator('.quick-input-widget').getByText('Key of the tag').waitFor() // else it would filter the list
    await input().fill('verdict')
    await workbench.page.keyboard.press('Enter')
    await workbench.page.locator('.quick-input-widget').getByText('verdict', { exact: false }).first().waitFor()
    await expect.poll(() => input().inputValue()).toBe('')
    await input().fill('keep it')
    await workbench.page.keyboard.press('Enter')
    const tags = () =>
      query<{ value: string }>("SELECT value FROM tags WHERE key = 'verdict'").map(({ value }) => value)
    await expect.poll(tags).toEqual(['keep it'])
  })

  test('deleting asks, and what is deleted is restored from the palette', async () => {
    await workbench.menu(run('the best week'), 'Delete…')
    const dialog = workbench.page.locator('.monaco-dialog-box')
    await dialog.getByText('Delete run the best week?').waitFor()
    await workbench.page.screenshot({ path: 'out/pictures/delete question.png' })
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
    await run('the best week').waitFor({ state: 'detached' })
    await workbench.command('MLflow: Restore…')
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'the best week' }).click()
    await run('the best week').waitFor()
  })

  test('the last changes are taken back one by one', async () => {
    await workbench.command('MLflow: Show Recent Changes')
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'restored' }).waitFor()
    await workbench.page.screenshot({ path: 'out/pictures/recent changes.png' })
    await workbench.page.keyboard.press('Escape')
    await workbench.command('MLflow: Undo Last Change')
    await run('the best week').waitFor({ state: 'detached' })
    await workbench.command('MLflow: Undo Last Change')
    await run('the best week').waitFor()
    for (let count = 0; count < 2; count++) await workbench.command('MLflow: Undo Last Change')
    await run('week-47').waitFor()
  })
})
