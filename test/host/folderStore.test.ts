/** A folder of runs, made by the real MLflow: found, browsed, launched into, and made a database of. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as vscode from 'vscode'
import type { StoreConnection } from '../../src/extension/connections'
import { labelled, labels, lens, rows, run, selectDatabase, until, workspaceFolder } from './lens'

interface Migrated {
  readonly target: string
  readonly identical: boolean
  readonly differences: readonly string[]
  readonly counts: readonly { readonly what: string; readonly before: number; readonly after: number }[]
  readonly connection: string | null
}

suite('folder store', function () {
  this.timeout(180_000)
  let folder = ''
  let connection: StoreConnection
  const python = process.env.MLFLOW_LENS_TEST_PYTHON ?? ''

  /** Of the run by its name. */
  function runFolder(runName: string): string {
    const named = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
      (name) =>
        name.endsWith(path.join('tags', 'mlflow.runName')) && readFileSync(path.join(folder, name), 'utf8') === runName,
    )
    assert.ok(named, runName)
    return path.join(folder, path.dirname(path.dirname(named)))
  }

  const setPython = (value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('mlflow').update('pythonPath', value, vscode.ConfigurationTarget.Workspace)

  suiteSetup(async () => {
    const { connections } = await lens()
    const extension = vscode.extensions.getExtension('mlflow-lens.mlflow-lens')
    folder = path.join(workspaceFolder().fsPath, 'a folder', 'mlruns')
    await mkdir(path.dirname(folder))
    const seed = path.join(extension?.extensionPath ?? '', 'test/stores/folder_store.py')
    await promisify(execFile)(python, [seed, folder])
    appendFileSync(path.join(runFolder('run 1'), 'metrics', 'loss'), '1750000000 torn\n')
    connection = await until('the folder', () => connections.find('a folder/mlruns'))
  })

  suiteTeardown(async () => {
    const { connections } = await lens()
    await setPython(undefined)
    await selectDatabase()
    await run('mlflow.disconnect', { connection: connection.id }) // connected to by hand, it would stay
    rmSync(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 })
    await until('its end', () => !connections.find('a folder/mlruns'))
  })

  teardown(() => run('mlflow.clearFilter', {}))

  /** Every name, content and time of change. */
  function fingerprint(): string {
    const hash = createHash('sha256')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    assert.ok(files.length > 50)
    for (const file of files) {
      const status = statSync(path.join(folder, file))
      hash.update(`${file} ${status.mtimeMs} ${status.mode}`)
      if (status.isFile()) hash.update(readFileSync(path.join(folder, file)))
    }
    return hash.digest('hex')
  }

  test('is found where it lies; the artifacts beside an mlflow.db are none', async () => {
    const { connections } = await lens()
    assert.deepEqual([connection.kind, connection.origin], ['files', 'workspace'])
    assert.ok(existsSync(path.join(workspaceFolder().fsPath, 'mlruns')), 'the demo has artifacts in mlruns')
    assert.equal(connections.find('mlruns'), undefined)
    await assert.rejects(
      async () => run('mlflow.connect', { uri: path.join(workspaceFolder().fsPath, 'mlruns') }),
      /only artifacts/,
    )
  })

  test('is the same connection by its path and by its URI', async () => {
    for (const uri of [folder, pathToFileURL(folder).href, 'a folder/mlruns/'])
      assert.equal((await run<{ id: string }>('mlflow.connect', { uri })).id, connection.id)
  })

  test('opens at once, and shows experiments, runs and models', async () => {
    const { views } = await lens()
    await run('mlflow.selectConnection', { connection: connection.id })
    const experiments = await rows(views.experiments)
    assert.deepEqual(labels(experiments).sort(), ['Default', 'pricing'])
    const runs = await rows(views.experiments, labelled(experiments, 'pricing'))
    assert.deepEqual(labels(runs), ['run 3', 'run 2', 'run 1', 'run 0'])
    assert.deepEqual(labels(await rows(views.models)), ['pricing model'])
    assert.equal(connection.state.status, 'ready')
  })

  test('a run with a torn file is marked, says what is wrong, and shows the rest', async () => {
    const { views } = await lens()
    await run('mlflow.selectConnection', { connection: connection.id })
    const runs = await rows(views.experiments, labelled(await rows(views.experiments), 'pricing'))
    const broken = runs.filter((node) => node.present().icon?.id === 'warning')
    assert.equal(broken.length, 1, labels(runs).join(', '))
    const [node] = broken
    assert.match(node?.present().spoken ?? '', /warning: .*loss/)
    assert.match(node?.present().description ?? '', /partly unreadable/)
    const groups = await rows(views.experiments, node)
    assert.equal(labelled(groups, 'Parameters').present().description, '3')
  })

  test('answers MLflow’s searches, and tells which are ours', async () => {
    const { views } = await lens()
    await run('mlflow.selectConnection', { connection: connection.id })
    const plain = await run<{ lensOnly: string[] }>('mlflow.filterRuns', { filter: "params.lr = '0.1'" })
    assert.deepEqual(plain.lensOnly, [])
    const shown = async (): Promise<string[]> =>
      labels(await rows(views.experiments, labelled(await rows(views.experiments), 'pricing')))
    assert.deepEqual(await shown(), ['run 1'])
    const filter = "params.lr > 0.15 OR duration < '15s'"
    assert.notDeepEqual((await run<{ lensOnly: string[] }>('mlflow.filterRuns', { filter })).lensOnly, [])
    assert.deepEqual(await shown(), ['run 3', 'run 2', 'run 0'])
    assert.match(views.experiments.view.message ?? '', /MLflow Lens only/)
    await assert.rejects(async () => run('mlflow.filterRuns', { filter: 'metrics.loss < abc' }), /character 16.*»abc«/)
  })

  test('sorts by duration', async () => {
    const { views } = await lens()
    await run('mlflow.selectConnection', { connection: connection.id })
    await run('mlflow.sortRuns', { by: 'duration', ascending: true })
    try {
      const runs = await rows(views.experiments, labelled(await rows(views.experiments), 'pricing'))
      assert.deepEqual(labels(runs), ['run 0', 'run 1', 'run 2', 'run 3'])
      assert.match(runs[0]?.present().description ?? '', /^10(\.0+)? s/)
    } finally {
      await run('mlflow.sortRuns', { by: 'time', ascending: false })
    }
  })

  test('an edit of a finished run shows as soon as its file is written, without polling', async () => {
    const { views } = await lens()
    const setInterval = (value: number | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration('mlflow').update('refreshInterval', value, vscode.ConfigurationTarget.Workspace)
    await run('mlflow.selectConnection', { connection: connection.id })
    await vscode.commands.executeCommand('mlflow.experiments.focus')
    const experiment = labelled(await rows(views.experiments), 'pricing')
    await rows(views.experiments, experiment)
    await setInterval(600)
    try {
      const meta = path.join(runFolder('run 2'), 'meta.yaml')
      const before = readFileSync(meta, 'utf8')
      const shows = (name: string, text: string): Promise<true> => {
        let written = 0
        return until(name, async () => {
          // VS Code does not tell when its watcher stands: what is written before is written again.
          if (Date.now() - written > 3_000) {
            writeFileSync(meta, text)
            written = Date.now()
          }
          return labels(await rows(views.experiments, experiment)).includes(name)
        })
      }
      await shows('renamed', before.replace('run_name: run 2', 'run_name: renamed'))
      await shows('run 2', before)
    } finally {
      await setInterval(undefined)
    }
  })

  test('advises where the user’s MLflow refuses it', async () => {
    await setPython(python)
    await connection.store()
    const advice = await until('the advice', () => connection.advice)
    assert.match(advice.short, /^MLflow 3\.\d+/)
    assert.match(advice.whole, /Browsing works as it is.*migrate/)
  })

  test('a launch is refused where it may not be allowed, and works where it may', async () => {
    await setPython(python)
    const launch = {
      connection: connection.id,
      entryPoint: 'main',
      parameters: { data: 'data/sales.csv', epochs: 2, pause: 0 },
      experimentName: 'launched',
      wait: true,
    }
    await assert.rejects(
      async () => run('mlflow.runEntryPoint', { ...launch, allowFolderStore: false }),
      /refuses to log into the folder.*Migrate Folder Store/,
    )
    const launched = await run<{ runId: string; status: string; explanation?: string }>('mlflow.runEntryPoint', {
      ...launch,
      allowFolderStore: true,
    })
    assert.equal(launched.status, 'FINISHED', launched.explanation)
    const store = await connection.store()
    assert.equal((await store.getRun(launched.runId)).params.get('epochs'), '2')
  })

  test('a torn file stops MLflow’s migration: it says so, and nothing is left', async () => {
    await setPython(python)
    const target = path.join(path.dirname(folder), 'failed.db')
    await assert.rejects(
      async () => run('mlflow.migrateFolderStore', { connection: connection.id, target }),
      /broken line/,
    )
    assert.deepEqual(readdirSync(path.dirname(folder)), ['mlruns'])
  })

  test('becomes a database with all of it, which opens; the folder stays as it was', async () => {
    const { connections, views } = await lens()
    await setPython(python)
    rmSync(path.join(runFolder('run 1'), 'metrics', 'loss'))
    const before = fingerprint()
    const target = path.join(path.dirname(folder), 'new.db')
    const migrated = await run<Migrated>('mlflow.migrateFolderStore', { connection: connection.id, target, open: true })
    assert.deepEqual(migrated.differences, [])
    assert.equal(migrated.identical, true)
    assert.ok(migrated.counts.some(({ what, before: n }) => what === 'metricPoints' && n > 100))
    assert.equal(fingerprint(), before)
    assert.equal(connections.active?.name, 'a folder/new.db')
    assert.ok(labels(await rows(views.experiments)).includes('pricing'))
    await assert.rejects(
      async () => run('mlflow.migrateFolderStore', { connection: connection.id, target }),
      /exists already/,
    )
    await run('mlflow.disconnect', { connection: 'a folder/new.db' })
  })
})
