import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../../scripts/lib/run.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { Workbench } from './workbench'

/** Where the demo was made, and so where MLflow puts artifacts of its new runs, however often the demo is copied. */
const demoRoot = '/tmp/mlflow-lens-demo'

test("the demo's entry point is launched from the palette, and its run shows in the tree while it trains", async ({
  onTestFailed,
  onTestFinished,
}) => {
  const python = await ensurePython('mlflow-3')
  onTestFinished(() => rmSync(demoRoot, { recursive: true, force: true }))
  await using workbench = await Workbench.open({
    settings: { 'mlflow.pythonPath': python, 'mlflow.refreshInterval': 2 },
  })
  onTestFailed(() => workbench.picture('failed - launch'))
  const { page } = workbench
  await workbench.openMlflow()
  await workbench.row('Experiments', /^experiment dynamic-pricing/).click()

  await workbench.command('MLflow: Run Entry Point…')
  const question = page.locator('.quick-input-widget')
  await question.getByRole('option', { name: /main/ }).first().click()
  // Accepts what each further question suggests, until there are no more.
  await until(
    async () => {
      if (await page.locator('.terminal-wrapper.active').isVisible()) return true
      if (await question.isVisible()) await page.keyboard.press('Enter')
      return false
    },
    'terminal of the launched entry point',
    { timeout: 60_000 },
  )
  await workbench.picture('launch')

  const newest = (): { name: string; status: string } | undefined => {
    using database = new DatabaseSync(path.join(workbench.folder, 'mlflow.db'), { readOnly: true, timeout: 5000 })
    return database.prepare('SELECT name, status FROM runs ORDER BY start_time DESC LIMIT 1').get() as
      { name: string; status: string } | undefined
  }
  const running = workbench.view('Experiments').getByRole('treeitem', { name: /· running · (now|\d+ s ago)/ })
  await running.first().waitFor({ timeout: 90_000 })
  await workbench.picture('launch running')
  expect(newest()?.status).toBe('RUNNING')
  await until(() => newest()?.status === 'FINISHED', 'end of the run', { timeout: 120_000 })
  const finished = workbench
    .view('Experiments')
    .getByRole('treeitem', { name: new RegExp(`^run ${newest()?.name ?? ''} · finished`) })
  await finished.first().waitFor({ timeout: 30_000 })
})
