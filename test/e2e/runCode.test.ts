/** What changed in the code: runs that the real MLflow logged from a real repository, seen in the workbench. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchBrowser } from '../../scripts/lib/browser.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { copyDemo } from '../../scripts/lib/workbench.mjs'
import { gitIn } from '../git'
import { Workbench } from './workbench'

const logger = `import subprocess, sys
import mlflow

mlflow.set_tracking_uri("sqlite:///mlflow.db")
mlflow.set_experiment("code")
with mlflow.start_run(run_name=sys.argv[1]):
    mlflow.log_dict({"layers": [1, len(sys.argv[1])], "name": sys.argv[1]}, "config.json")
    diff = subprocess.check_output(["git", "diff"], text=True)
    if diff:
        mlflow.log_text(diff, "git.diff")
`

describe('code of runs', () => {
  let folder = ''
  let workbench: Workbench

  const git = (...args: string[]): string => gitIn(folder, ...args)
  const change = (file: string, from: string, to: string): void => {
    const text = readFileSync(path.join(folder, file), 'utf8')
    expect(text).toContain(from)
    writeFileSync(path.join(folder, file), text.replace(from, to))
  }

  beforeAll(async () => {
    folder = copyDemo()
    const python = await ensurePython('mlflow-3')
    const log = (name: string): unknown => execFileSync(python, ['fit.py', name], { cwd: folder })
    writeFileSync(path.join(folder, 'fit.py'), logger)
    git('init', '-q', '-b', 'main')
    git('add', '*.py', 'MLproject', 'README.md')
    git('commit', '-qm', 'Begin')
    log('plain')
    change('train.py', 'import', '# a note that was never committed\nimport')
    change('forecast.py', 'import', '# horizon of two weeks\nimport')
    log('with-changes')
    git('commit', '-qam', 'Forecast two weeks')
    workbench = await Workbench.open({ folder })
    await workbench.openMlflow()
    await workbench.row('Experiments', /^experiment code/).click()
  })
  afterAll(async () => {
    await workbench[Symbol.asyncDispose]()
    rmSync(path.dirname(folder), { recursive: true, force: true })
  })
  beforeEach(({ task, onTestFailed }) => onTestFailed(() => workbench.picture(`failed - ${task.name}`)))

  const row = (name: string) => workbench.row('Experiments', new RegExp(`^run ${name}`))
  const tab = (name: string | RegExp) => workbench.page.getByRole('tab', { name }).first()

  test('a run’s script opens as it was, with what is known of it above', async () => {
    await workbench.menu(row('plain'), 'Open Code of Run')
    await tab(/^fit\.py/).waitFor()
    await workbench.page.getByText('uncommitted changes unknown').waitFor()
    await workbench.picture('code of a run')
  })

  test('what differs from the working tree shows in one editor', async () => {
    await workbench.menu(row('plain'), 'Compare Code with Working Tree')
    await tab(/^plain .* ↔ Working Tree/).waitFor()
    await workbench.page.getByText('# horizon of two weeks').first().waitFor()
    expect(await workbench.page.locator('.multiDiffEntry .status.renamed').count()).toBe(0)
    await workbench.picture('code of a run and the working tree')
  })

  test('two runs differ by the changes that one of them logged', async () => {
    await row('plain').click()
    await row('with-changes').click({ modifiers: ['Control'] })
    await workbench.menu(row('with-changes'), 'Compare Code of Runs…')
    await tab(/uncommitted changes/).waitFor()
    await workbench.page.getByText('# a note that was never committed').first().waitFor()
    await workbench.picture('code of two runs')
  })

  test('their JSON is compared indented', async () => {
    await workbench.menu(row('with-changes'), 'Compare Artifacts of Runs…')
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'config.json' }).click()
    await tab(/^config\.json: /).waitFor()
    await workbench.page.getByText('"with-changes"').first().waitFor()
    await workbench.picture('JSON of two runs')
  })

  test('a report is one page that needs nothing else, light and dark', async () => {
    await workbench.menu(workbench.row('Experiments', /^experiment demand-forecast/), 'Export Comparison Report…')
    const question = workbench.page.locator('.quick-input-widget')
    await question.locator('.monaco-list-row').filter({ hasText: 'HTML' }).click()
    await expect.poll(() => question.locator('input[type="text"]').inputValue(), { timeout: 30_000 }).toMatch(/\.html$/)
    const report = (): string | undefined => readdirSync(folder).find((name) => name.endsWith('.html'))
    // The dialog takes no answer while it looks at the folder, so it is answered until it is gone.
    const saved = async (): Promise<boolean> => {
      if (report() !== undefined) return true
      await question.getByRole('button', { name: 'OK' }).evaluateAll((buttons) => {
        for (const button of buttons) (button as HTMLElement).click()
      })
      return report() !== undefined
    }
    await expect.poll(saved, { timeout: 60_000 }).toBe(true)
    const browser = await launchBrowser()
    try {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1280, 420]) {
          const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
          const asked: string[] = []
          page.on('request', (request) => asked.push(request.url()))
          await page.goto(`file://${path.join(folder, report() ?? '')}`)
          expect(await page.locator('figure svg').count()).toBeGreaterThan(0)
          expect(asked).toHaveLength(1)
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          expect(overflow).toBeLessThanOrEqual(0)
          await page.screenshot({ path: `out/pictures/report ${colorScheme} ${width}.png`, fullPage: true })
          await page.close()
        }
    } finally {
      await browser.close()
    }
  })

  test('in Restricted Mode, no menu offers what needs git, and a comparison says why its code is not shown', async () => {
    await using restricted = await Workbench.open({ folder, trust: true })
    await restricted.openMlflow()
    await restricted.row('Experiments', /^experiment code/).click()
    await restricted.row('Experiments', /^run plain/).click({ button: 'right' })
    const item = (name: string) => restricted.page.getByRole('menuitem', { name, exact: true })
    await item('Compare Artifacts of Runs…').waitFor()
    for (const name of ['Open Code of Run', 'Compare Code with Working Tree', 'Compare Code of Runs…'])
      expect(await item(name).count()).toBe(0)
    await restricted.page.keyboard.press('Escape')
    const run = (name: string) => restricted.row('Experiments', new RegExp(`^run ${name}`))
    await run('plain').click()
    await run('with-changes').click({ modifiers: ['Control'] })
    await restricted.menu(run('with-changes'), 'Compare Runs…')
    const page = restricted.webview()
    await page.getByRole('tab', { name: 'Differences' }).click({ timeout: 60_000 })
    const code = page.locator('lens-code-changes')
    await code.getByText('Git is not run in Restricted Mode. Trust this workspace to see the code of its runs.').waitFor() // prettier-ignore
    await code.getByRole('button', { name: 'Retry' }).waitFor()
    await restricted.picture('code of two runs in Restricted Mode')
  })
})
