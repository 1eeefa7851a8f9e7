/** What stands beside the code when stores fail, move or say something else. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import * as vscode from 'vscode'
import type { Beside } from '../../src/extension/editor/beside'
import type { TrackingStore } from '../../src/extension/stores'
import { beside, lens, run, selectDatabase, typed, until, workspaceFolder } from './lens'

suite('beside the code, stores', function () {
  this.timeout(120_000)

  const setting = (key: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration('mlflow').update(key, value, vscode.ConfigurationTarget.Workspace)

  suiteSetup('it is there once MLflow is pasted', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: 'print("nothing yet")' })
    await vscode.window.showTextDocument(document)
    const edit = new vscode.WorkspaceEdit()
    edit.insert(document.uri, new vscode.Position(0, 0), 'import os\nimport mlflow\n')
    await vscode.workspace.applyEdit(edit)
    await beside()
  })
  setup(selectDatabase)
  teardown(async () => {
    await setting('refreshInterval', undefined)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await selectDatabase()
  })

  const set = 'mlflow.set_experiment("dynamic-pricing")'
  const log = 'mlflow.log_metric("val/loss", 1)'

  const titles = (part: Beside, document: vscode.TextDocument): string =>
    part
      .lenses(document)
      .map(({ title }) => title)
      .join(' | ')

  const shows = (part: Beside, document: vscode.TextDocument, wanted: RegExp): Promise<unknown> =>
    until(`${String(wanted)}, not ${titles(part, document)}`, () => wanted.test(titles(part, document)), 40_000)

  /** For a database that somebody reads. */
  const patient = { timeout: 20_000 }

  const none = { searchExperiments: 0, searchRuns: 0, searchModelVersions: 0 }

  /** Counts calls of the active store's methods. */
  async function counted(): Promise<{ readonly counts: typeof none } & Disposable> {
    const store = await (await lens()).connections.get().store()
    const counts = { ...none }
    const before: TrackingStore = { ...store }
    const replaced: Pick<TrackingStore, keyof typeof none> = {
      searchExperiments: (...args) => (counts.searchExperiments++, before.searchExperiments(...args)),
      searchRuns: (...args) => (counts.searchRuns++, before.searchRuns(...args)),
      searchModelVersions: (...args) => (counts.searchModelVersions++, before.searchModelVersions(...args)),
    }
    Object.assign(store, replaced)
    return { counts, [Symbol.dispose]: () => Object.assign(store, before) }
  }

  test('a connection that fails is not opened again and again', async () => {
    const file = vscode.Uri.joinPath(workspaceFolder(), 'broken.db').fsPath
    writeFileSync(file, 'this is no database')
    const { connections } = await lens()
    const part = await beside()
    try {
      await setting('connections', [{ name: 'broken', uri: file }])
      await until('the broken one', () => connections.all.some(({ name }) => name === 'broken'))
      const document = await typed(set, log)
      await shows(part, document, /^dynamic-pricing/)
      let changes = 0
      const listening = connections.onDidChange(() => changes++)
      await run('mlflow.selectConnection', { connection: 'broken' })
      await shows(part, document, /^No runs: /)
      assert.deepEqual(part.notes(document), [], 'of the connection before')
      changes = 0
      await sleep(3000)
      listening.dispose()
      assert(changes <= 4, `${String(changes)} changes`)
    } finally {
      await selectDatabase()
      await setting('connections', undefined)
      rmSync(file, { force: true })
    }
  })

  test('an interval asks for the models that are registered, and for no other name', async () => {
    const part = await beside()
    const document = await typed(
      set,
      log,
      'mlflow.log_param("a", 1)',
      'mlflow.register_model("u", "pricing-elasticity")',
    )
    await shows(part, document, /^dynamic-pricing/)
    using counting = await counted()
    const { counts } = counting
    await setting('refreshInterval', 1)
    await until('two intervals', () => counts.searchExperiments >= 2)
    assert(counts.searchModelVersions <= counts.searchExperiments + 1, JSON.stringify(counts))
  })

  test('typing asks for nothing, in a file without an experiment neither', async () => {
    const part = await beside()
    const document = await typed('mlflow.set_experiment("nowhere")', log)
    const sight = await until('a look', () => part.sights.get(document)?.found && part.sights.get(document))
    using counting = await counted()
    const { counts } = counting
    for (let at = 0; at < 5; at++) {
      const edit = new vscode.WorkspaceEdit()
      edit.insert(document.uri, new vscode.Position(0, 0), `# ${String(at)}\n`)
      await vscode.workspace.applyEdit(edit)
      await sleep(250)
    }
    assert.deepEqual(counts, none)
    assert.equal(sight.subject, undefined)
  })

  test('asks for nothing where everything is switched off', async () => {
    const part = await beside()
    const document = await typed(set, log)
    await shows(part, document, /^dynamic-pricing/)
    const shown = ['metrics', 'parameters', 'lenses', 'hovers', 'models', 'autolog'].map((key) => `editor.${key}`)
    const problems = ['similarNames', 'savedViews', 'stages', 'deprecatedStages'].map((key) => `problems.${key}`)
    try {
      await setting('refreshInterval', 1)
      for (const key of shown) await setting(key, false)
      for (const key of problems) await setting(key, 'off')
      await sleep(1500) // what was under way
      using counting = await counted()
      const { counts } = counting
      await sleep(3000)
      assert.deepEqual(counts, none)
    } finally {
      for (const key of [...shown, ...problems]) await setting(key, undefined)
    }
    await shows(part, document, /^dynamic-pricing/)
  })

  test('shows nothing of a store to which the code does not log, and says so', async () => {
    const part = await beside()
    const document = await typed('mlflow.set_tracking_uri("http://prod.example:5000")', set, log)
    await shows(part, document, /^No runs: http:\/\/prod\.example:5000 is no connection/)
    assert.deepEqual(part.notes(document), [])
    const local = await typed('mlflow.set_tracking_uri("sqlite:///mlflow.db")', set, log)
    await shows(part, local, /^dynamic-pricing/)
  })

  test('follows an experiment that gets another name', async () => {
    const part = await beside()
    const document = await typed(set, log)
    await shows(part, document, /^dynamic-pricing/)
    const before = part.sights.get(document)?.subject?.experiment.experimentId
    await setting('refreshInterval', 1)
    const database = new DatabaseSync(vscode.Uri.joinPath(workspaceFolder(), 'mlflow.db').fsPath, patient)
    const swap = (): void =>
      database.exec(`BEGIN IMMEDIATE; UPDATE experiments SET name = 'swapping' WHERE name = 'dynamic-pricing';
        UPDATE experiments SET name = 'dynamic-pricing' WHERE name = 'demand-forecast';
        UPDATE experiments SET name = 'demand-forecast' WHERE name = 'swapping'; COMMIT`)
    swap()
    try {
      const { experiment } = await until('the other one', () => {
        const subject = part.sights.get(document)?.subject
        return subject?.experiment.experimentId !== before && subject
      })
      assert.equal(experiment.name, 'dynamic-pricing')
    } finally {
      swap()
      database.close()
    }
    await until('its own', () => part.sights.get(document)?.subject?.experiment.experimentId === before)
  })

  test('shows the versions of the registry that the code sets, and none where no connection has it', async () => {
    const part = await beside()
    const register = 'mlflow.register_model("runs:/x/model", "pricing-elasticity")'
    const textsIn = async (uri: string, count: number): Promise<string[]> => {
      const document = await typed(`mlflow.set_registry_uri("${uri}")`, set, log, register)
      await until('a look at its models', () => part.sights.get(document)?.models)
      return until('notes', () => {
        const texts = part.notes(document).map(({ text }) => text)
        return texts.length >= count && texts
      })
    }
    const [, versions] = await textsIn('sqlite:///mlflow.db', 2)
    assert.match(versions ?? '', /^v\d/)
    const others = await textsIn('http://registry.example:5000', 1)
    assert.equal(others.length, 1, others.join('; '))
  })

  test('tells of filters that the MLflow of the database does not know yet', async () => {
    const document = await typed(
      'mlflow.search_runs(filter_string="params.lr IS NULL")',
      'mlflow.search_runs(order_by="a")',
    )
    const told = (wanted: RegExp): Promise<unknown> =>
      until(String(wanted), () =>
        vscode.languages.getDiagnostics(document.uri).some(({ message }) => wanted.test(message)),
      )
    await told(/wants a list/)
    const all = vscode.languages.getDiagnostics(document.uri)
    assert.equal(all.length, 1, all.map(({ message }) => message).join('; '))
    const folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-older-'))
    const database = path.join(folder, 'early.db')
    copyFileSync(process.env.MLFLOW_LENS_TEST_OLDER_DATABASE ?? '', database)
    try {
      await run('mlflow.connect', { uri: `sqlite:///${database}`, name: 'early.db' })
      await told(/^early\.db is of MLflow 2\.22, which refuses this\. MLflow 3\.17 takes it\.$/)
    } finally {
      await run('mlflow.disconnect', { connection: 'early.db' })
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  })

  test('an MLproject whose store fails is not looked at with every key', async () => {
    const part = await beside()
    const store = await (await lens()).connections.get().store()
    const before: TrackingStore = { ...store }
    let asked = 0
    const failing: Pick<TrackingStore, 'searchExperiments'> = {
      searchExperiments: () => {
        asked++
        throw new Error('not now')
      },
    }
    Object.assign(store, failing)
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'MLproject')
    const document = await vscode.workspace.openTextDocument(uri)
    try {
      await vscode.window.showTextDocument(document)
      await until('the failure', () => part.sights.get(document)?.problem === 'not now')
      asked = 0
      for (let at = 0; at < 5; at++) {
        const edit = new vscode.WorkspaceEdit()
        edit.insert(uri, new vscode.Position(0, 0), `# ${String(at)}\n`)
        await vscode.workspace.applyEdit(edit)
        await sleep(250)
      }
      assert.equal(asked, 0)
    } finally {
      Object.assign(store, before)
    }
    await run('mlflow.refresh')
    await until('notes', () => part.notes(document).length > 0, 40_000)
  })

  test('finds the runs of a file that are older than the newest of its experiment', async () => {
    const database = new DatabaseSync(vscode.Uri.joinPath(workspaceFolder(), 'mlflow.db').fsPath, patient)
    const names = [
      'run_uuid',
      'name',
      'status',
      'start_time',
      'end_time',
      'lifecycle_stage',
      'experiment_id',
      'artifact_uri',
    ]
    const { id } =
      database.prepare(`SELECT experiment_id AS id FROM experiments WHERE name = 'dynamic-pricing'`).get() ?? {}
    const insert = database.prepare(
      `INSERT INTO runs (${names.join(', ')}) VALUES (?, 'other', 'FINISHED', ?, ?, 'active', ?, '')`,
    )
    const tag = database.prepare(`INSERT INTO tags (run_uuid, key, value) VALUES (?, 'mlflow.source.name', 'other.py')`)
    const now = Date.now()
    try {
      database.exec('BEGIN IMMEDIATE')
      for (let at = 0; at < 250; at++) {
        insert.run(`others${String(at).padStart(26, '0')}`, now + at, now + at, id ?? 0)
        tag.run(`others${String(at).padStart(26, '0')}`)
      }
      database.exec('COMMIT')
      await run('mlflow.refresh')
      const part = await beside()
      const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspaceFolder(), 'train.py'))
      await vscode.window.showTextDocument(document)
      await until(
        'its own runs',
        () => {
          const sight = part.sights.get(document)
          const rows = sight && part.sights.rows(sight)
          return rows && !rows.isAll && rows.rows.every((row) => rows.frame.info(row).runName !== 'other')
        },
        40_000,
      )
      assert(part.notes(document).length > 0)
    } finally {
      database.exec(`DELETE FROM tags WHERE run_uuid LIKE 'others%'; DELETE FROM runs WHERE run_uuid LIKE 'others%'`)
      database.close()
      await run('mlflow.refresh')
    }
  })

  test('a dict of another cell is told of at the call, and costs no other editor its notes', async () => {
    const cell = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python')
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([
        cell(`import mlflow\n${set}`),
        cell('metrics = {\n  "val/loss": 1,\n  "train/loss": 2,\n}'),
        cell('# here\nmlflow.log_metrics(metrics)'),
      ]),
    )
    await vscode.window.showNotebookDocument(notebook)
    const part = await beside()
    const { document } = notebook.cellAt(2)
    const [note] = await until('notes', () => {
      const notes = part.notes(document)
      return notes.length > 0 && notes
    })
    assert.equal(note?.line, 1)
    assert.match(note.text, /^val\/loss .+ · train\/loss /)
    const calls = [1, 2].map((at) => part.sights.get(notebook.cellAt(at).document)?.view.calls)
    assert(calls[0] && calls[0] === calls[1], 'each cell reads the notebook for itself')
  })
})
