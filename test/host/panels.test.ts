import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { labelled, lens, rows, run, selectDatabase, until } from './lens'

interface Opened {
  readonly runId: string
  readonly title: string
}
interface Compared {
  readonly runIds: readonly string[]
  readonly leftOut: number
}

suite('the pages', () => {
  setup(selectDatabase)
  teardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'))

  /** Options of the newest runs of an experiment, as their rows hand them to commands. */
  async function newest(experiment: string, count: number): Promise<{ connection: string; runId: string }[]> {
    const { connections, views } = await lens()
    const nodes = await rows(views.experiments, labelled(await rows(views.experiments), experiment))
    const connection = connections.get().id
    return nodes.slice(0, count).map((node) => {
      const options = 'commandOptions' in node ? (node.commandOptions as { runId?: string }) : {}
      assert(options.runId, 'the row is no run')
      return { connection, runId: options.runId }
    })
  }

  const tabs = (): vscode.Tab[] =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.includes('mlflow.'))

  test('a run opens in a tab that bears its name, once', async () => {
    const [wanted] = await newest('dynamic-pricing', 1)
    assert(wanted)
    const opened = await run<Opened>('mlflow.openRun', wanted)
    assert.equal(opened.runId, wanted.runId)
    await until('the tab’s title', () => tabs().some((tab) => tab.label === opened.title))
    await run('mlflow.openRun', wanted)
    assert.equal(tabs().length, 1)
  })

  test('a tab bears its run’s name even if its page was never seen', async () => {
    const [first, second] = await newest('dynamic-pricing', 2)
    assert(first && second)
    const opening = run<Opened>('mlflow.openRun', first)
    const comparing = run('mlflow.compareRuns', { selection: [first, second] })
    const opened = await opening
    await comparing
    await until('the tab’s title', () => tabs().some((tab) => tab.label === opened.title))
    assert(!tabs().some((tab) => tab.label.startsWith(first.runId.slice(0, 8))))
  })

  test('a run that does not exist is an error for whoever asked', async () => {
    await assert.rejects(Promise.resolve(run('mlflow.openRun', { runId: 'f'.repeat(32) })), /f{32}/)
  })

  test('runs that were selected together are compared', async () => {
    const selection = await newest('dynamic-pricing', 3)
    const compared = await run<Compared>('mlflow.compareRuns', { selection })
    assert.deepEqual(
      compared.runIds,
      selection.map(({ runId }) => runId),
    )
    await until('the tab', () => tabs().some((tab) => tab.label.includes('3')))
  })

  test('of an experiment the newest ten runs are compared', async () => {
    const { connections, views } = await lens()
    const node = labelled(await rows(views.experiments), 'demand-forecast')
    const options = (node as unknown as { commandOptions: { experimentId: string } }).commandOptions
    const compared = await run<Compared>('mlflow.compareRuns', { connection: connections.get().id, ...options })
    assert.equal(new Set(compared.runIds).size, 10)
  })

  test('a comparison takes five hundred runs and says how many it left out', async () => {
    const runIds = Array.from({ length: 530 }, (_, index) => index.toString(16).padStart(32, '0'))
    const compared = await run<Compared>('mlflow.compareRuns', { runIds })
    assert.equal(compared.runIds.length, 500)
    assert.equal(compared.leftOut, 30)
  })

  test('options of the wrong shape are refused', async () => {
    await assert.rejects(Promise.resolve(run('mlflow.compareRuns', { runIds: 'all' })), /mlflow\.compareRuns.*runIds/)
  })
})
