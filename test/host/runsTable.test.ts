import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import * as vscode from 'vscode'
import { defaultView } from '../../src/shared/runsTable/view'
import { labelled, lens, rows, run, selectDatabase, until } from './lens'

interface Opened {
  readonly connection: string
  readonly experimentIds: readonly string[]
  readonly names: readonly string[]
}

suite('the runs table', () => {
  let folder: string
  setup(async () => {
    await selectDatabase()
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-views-'))
  })
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await rm(folder, { recursive: true, force: true })
  })

  /** What the row of an experiment hands to commands. */
  async function optionsOf(name: string): Promise<{ connection: string; experimentId: string; name: string }> {
    const { views } = await lens()
    const node = labelled(await rows(views.experiments), name)
    return (node as unknown as { commandOptions: { connection: string; experimentId: string; name: string } })
      .commandOptions
  }

  const tabs = (): string[] =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.includes('mlflow.runs'))
      .map(({ label }) => label)

  const tabsAre = (expected: readonly string[]): Promise<unknown> =>
    until(`the tabs ${expected.join(', ')}`, () => JSON.stringify(tabs()) === JSON.stringify(expected))

  test('opens in a tab that bears its experiment’s name, once, and asks nothing', async () => {
    const { connection, experimentId, name } = await optionsOf('dynamic-pricing')
    const expected = { connection, experimentIds: [experimentId], names: [name] }
    assert.deepEqual(await run<Opened>('mlflow.openRuns', { connection, experimentId, name }), expected)
    await tabsAre(['Runs: dynamic-pricing'])
    assert.deepEqual(await run<Opened>('mlflow.openRuns', { experimentIds: [experimentId] }), expected)
    assert.deepEqual(await run<Opened>('mlflow.openRuns', { names: [name] }), expected)
    await tabsAre(['Runs: dynamic-pricing'])
  })

  test('is one for several experiments, in whatever order they are named', async () => {
    const selection = [await optionsOf('dynamic-pricing'), await optionsOf('demand-forecast')]
    await run('mlflow.openRuns', { selection })
    await run('mlflow.openRuns', { selection: selection.toReversed() })
    await tabsAre(['Runs: dynamic-pricing and 1 more'])
  })

  test('of an experiment that is not there is an error for whoever asked', async () => {
    await assert.rejects(Promise.resolve(run('mlflow.openRuns', { names: ['no such'] })), /no such/)
    await assert.rejects(Promise.resolve(run('mlflow.openRuns', { experimentIds: ['987654'] })), /987654/)
    const many = Array.from({ length: 201 }, (_, at) => ({ experimentId: String(at), name: String(at) }))
    await assert.rejects(Promise.resolve(run('mlflow.openRuns', { selection: many })), /200 .*201/)
    await assert.rejects(Promise.resolve(run('mlflow.openRuns', { view: { version: 2 } })), /mlflow\.openRuns.*version/)
    assert.deepEqual(tabs(), [])
  })

  test('opens with a view that somebody shared as a file', async () => {
    const file = path.join(folder, 'best.mlflow-view.json')
    const view = { ...defaultView, filter: 'metrics.rmse < 1' }
    await writeFile(file, JSON.stringify({ mlflowView: 1, name: 'best', experiments: ['demand-forecast'], view }))
    const opened = await run<Opened & { view: string }>('mlflow.openRunsView', { path: file })
    assert.deepEqual([opened.names, opened.view], [['demand-forecast'], 'best'])
    await tabsAre(['Runs: demand-forecast'])
    await run('mlflow.openRunsView', vscode.Uri.file(file)) // as the explorer does
    await tabsAre(['Runs: demand-forecast'])
    const { experimentId } = await optionsOf('dynamic-pricing')
    const elsewhere = await run<Opened>('mlflow.openRunsView', { path: file, experimentId })
    assert.deepEqual(elsewhere.experimentIds, [experimentId])
  })

  test('refuses a file that is no view, in words', async () => {
    const file = path.join(folder, 'wrong.mlflow-view.json')
    await writeFile(file, '{"mlflowView": 1, "view": {"version": 1, "filter": 3}}')
    await assert.rejects(Promise.resolve(run('mlflow.openRunsView', { path: file })), /wrong\.mlflow.*view\.filter/)
    await assert.rejects(Promise.resolve(run('mlflow.openRunsView', { path: path.join(folder, 'none') })), /none/)
  })

  test('is exported to the clipboard or a file, just as the store has it', async () => {
    const { connections } = await lens()
    const { experimentId } = await optionsOf('demand-forecast')
    const store = await connections.get().store()
    const lines: string[] = []
    let metric = ''
    for await (const frame of store.searchRuns({ experimentIds: [experimentId], orderBy: ['start_time DESC'] })) {
      metric ||= frame.metricKeys[0] ?? ''
      for (let row = 0; row < frame.length; row++)
        lines.push(`${frame.runId(row)},${frame.metricAt(row, metric)?.value ?? ''}`)
    }
    const columns = [{ column: { group: 'metric', key: metric } }]
    const options = { experimentIds: [experimentId], format: 'csv', view: { version: 1, columns } }
    const expected = [`run_id,metrics.${metric}`, ...lines, ''].join('\r\n')
    assert(lines.length > 3)

    const copied = await run<{ runs: number }>('mlflow.exportRuns', { ...options, to: 'clipboard' })
    assert.deepEqual(copied, { runs: lines.length })
    assert.equal(await vscode.env.clipboard.readText(), expected)
    const file = path.join(folder, 'runs.csv')
    await run('mlflow.exportRuns', { ...options, path: file })
    assert.equal(await readFile(file, 'utf8'), expected)
    const given = await run<{ text: string }>('mlflow.exportRuns', { ...options, to: 'result' })
    assert.equal(given.text, expected)
  })

  test('says what is wrong with the filter of what is to be exported', async () => {
    const view = { version: 1, filter: 'metrics.loss <' }
    const options = { names: ['demand-forecast'], format: 'json', to: 'result', view }
    await assert.rejects(Promise.resolve(run('mlflow.exportRuns', options)))
  })

  test('opens from its row, and asks where nothing is named', async () => {
    const node = labelled(await rows((await lens()).views.experiments), 'dynamic-pricing')
    await vscode.commands.executeCommand('mlflow.openRuns', node)
    await tabsAre(['Runs: dynamic-pricing'])
    const asking = run('mlflow.openRuns')
    await until('the question to be closed', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen')
      return Promise.race([asking.then(() => true), new Promise<false>((no) => setTimeout(() => no(false), 100))])
    })
    assert.equal(await asking, null)
  })
})
