/** Launching from inside VS Code: the demo's project, on the demo's own database, with the real MLflow. */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as vscode from 'vscode'
import { lens, until } from './lens'
import { pressing } from './pressing'
import type { MlflowLensApi } from '../../src/extension/extension'
import type { TrackingStore } from '../../src/extension/stores'
import type { Branch } from '../../src/extension/tree/node'

interface Launched {
  readonly runId: string
  readonly status?: string
  readonly explanation?: string
}

const run = (options?: Record<string, unknown>): Thenable<Launched | null> =>
  vscode.commands.executeCommand('mlflow.runEntryPoint', options)

async function ran(options: Record<string, unknown>): Promise<Launched> {
  const launched = await run(options)
  assert.ok(launched)
  return launched
}

suite('projects', function () {
  this.timeout(180_000)
  let store: TrackingStore
  let views: MlflowLensApi['views']
  let workspace = ''
  const quick = { data: 'data/sales.csv', epochs: 3, pause: 0 }
  const slow = { ...quick, epochs: 1000, pause: 0.2 }
  const database = 'mlflow.db'

  const setPython = (value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('mlflow').update('pythonPath', value, vscode.ConfigurationTarget.Workspace)

  suiteSetup(async () => {
    workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? ''
    const api = await lens()
    views = api.views
    store = await api.connections.get(database).store()
    await setPython(process.env.MLFLOW_LENS_TEST_PYTHON)
  })

  suiteTeardown(() => setPython(undefined))

  const statusOf = async (runId: string): Promise<string> => (await store.getRun(runId)).info.status

  test('a launch with all answers resolves to its run, and waits when told to', async () => {
    const options = { connection: database, entryPoint: 'main', parameters: quick, experimentName: 'launched' }
    const { runId, status, explanation } = await ran({ ...options, runName: 'from the editor', wait: true })
    assert.equal(status, 'FINISHED', explanation)
    const { info, params, metrics } = await store.getRun(runId)
    assert.equal(info.runName, 'from the editor')
    assert.equal((await store.getExperiment(info.experimentId)).name, 'launched')
    assert.equal(params.get('epochs'), '3')
    assert.ok(metrics.size > 0)
  })

  test('a launch resolves while the run trains; stopping it ends it', async () => {
    const options = { connection: database, entryPoint: 'main', parameters: slow, experimentName: 'launched' }
    const { runId } = await ran(options)
    assert.equal(await statusOf(runId), 'RUNNING')
    const terminal = vscode.window.terminals.find(({ name }) => name === 'MLflow: main')
    assert.ok(terminal)
    assert.deepEqual(await vscode.commands.executeCommand('mlflow.stopRun', { runId }), { runId, status: 'KILLED' })
    assert.equal(await statusOf(runId), 'KILLED')
  })

  test('closing the terminal stops the run', async () => {
    for (const { dispose } of vscode.window.terminals.map((one) => ({ dispose: () => one.dispose() }))) dispose()
    const options = { connection: database, entryPoint: 'main', parameters: slow, experimentName: 'launched' }
    const { runId } = await ran(options)
    vscode.window.terminals.find(({ name }) => name === 'MLflow: main')?.dispose()
    // Killed in the middle of a write, it leaves a database that can't be read until the run is ended.
    const status = (): Promise<string> =>
      statusOf(runId).catch((error: unknown) => {
        if (String(error).includes('left in the middle of a write')) return 'RUNNING'
        throw error
      })
    while ((await status()) === 'RUNNING') await delay(200)
    assert.equal(await statusOf(runId), 'KILLED')
  })

  test('without answers it asks, with defaults filled in, and shows its run in the tree', async () => {
    await vscode.commands.executeCommand('mlflow.experiments.focus')
    await vscode.commands.executeCommand('mlflow.selectConnection', { connection: database })
    views.experiments.restart() // all rows are closed
    const launching = run({ connection: database, project: '.' })
    // Takes what is offered, question after question.
    const launched = await pressing('workbench.action.acceptSelectedQuickOpenItem', launching)
    assert.ok(launched)
    const open = (): readonly Branch[] => views.experiments.root?.branches.filter(({ expanded }) => expanded) ?? []
    await until('its row', () => open().some(({ loaded }) => loaded.some(({ key }) => key === `run:${launched.runId}`)))
    await vscode.commands.executeCommand('mlflow.stopRun', { runId: launched.runId })
    assert.equal(await statusOf(launched.runId), 'KILLED')
  })

  suite('refused before anything starts', () => {
    const typed = `entry_points:
  main:
    parameters: {epochs: {type: float, default: 1}, data: {type: path, default: .}, model: {type: uri, default: "x:y"}}
    command: "echo {epochs} {data} {model}"
  broken:
    command: "echo {nope}"
`
    suiteSetup(() => {
      mkdirSync(path.join(workspace, 'typed'))
      writeFileSync(path.join(workspace, 'typed', 'MLproject'), typed)
    })
    suiteTeardown(() => rmSync(path.join(workspace, 'typed'), { recursive: true }))

    const refused: [string, Record<string, unknown>, RegExp][] = [
      ['an unknown entry point', { entryPoint: 'nope' }, /has no entry point “nope”\. It has: main, broken/],
      ['a number that is none', { parameters: { epochs: 'many' } }, /epochs must be a number, not “many”/],
      ['a path that is not there', { parameters: { data: 'gone.csv' } }, /data: “gone\.csv” does not exist/],
      ['a URI that is none', { parameters: { model: 'z' } }, /model must be a URI/],
      ['a command that can’t be filled in', { entryPoint: 'broken' }, /MLproject, line 6: .*uses \{nope\}/],
      ['a folder without a project', { project: 'data' }, /There is no MLproject file in/],
      ['an unknown connection', { connection: 'nowhere' }, /There is no connection “nowhere”/],
      ['an unknown environment manager', { envManager: 'poetry' }, /Wrong options .* envManager/],
    ]
    for (const [name, options, message] of refused)
      test(name, () => {
        const base = { connection: database, project: 'typed', entryPoint: 'main', parameters: {} }
        return assert.rejects(Promise.resolve(run({ ...base, ...options })), message)
      })
  })

  test('a Python that is not there is named, with what to do', async () => {
    await setPython(path.join(workspace, 'no', 'python'))
    try {
      const options = { connection: database, entryPoint: 'main', parameters: {} }
      await assert.rejects(Promise.resolve(run(options)), /mlflow\.pythonPath can’t be used: not there/)
    } finally {
      await setPython(process.env.MLFLOW_LENS_TEST_PYTHON)
    }
  })

  test('a run that was not launched here can’t be stopped here', () =>
    assert.rejects(
      Promise.resolve(vscode.commands.executeCommand('mlflow.stopRun', { runId: 'f'.repeat(32) })),
      /was not launched from this window/,
    ))
})
