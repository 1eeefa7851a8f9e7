import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { LineNote } from '../../src/extension/editor/lineNotes'
import { experimentNamed } from '../../src/extension/projects/experiments'
import type { ModelVersion } from '../../src/shared/model'
import { defaultView } from '../../src/shared/runsTable/view'
import { beside, lens, run, selectDatabase, typed, until, workspaceFolder } from './lens'

suite('beside the code', () => {
  setup(selectDatabase)
  teardown(async () => {
    await run('mlflow.chooseReference', { reference: 'last' })
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
  })

  async function open(name: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspaceFolder(), name))
    await vscode.window.showTextDocument(document)
    return document
  }

  /** The note on the line that has the text, once there is one that is as wanted. */
  async function note(document: vscode.TextDocument, code: string, wanted: RegExp): Promise<LineNote> {
    const { line } = document.positionAt(document.getText().indexOf(code))
    const part = await beside()
    let last: LineNote | undefined
    try {
      return await until(`${code}: ${String(wanted)}`, () => {
        last = part.notes(document).find((each) => each.line === line)
        return last && wanted.test(last.text) ? last : undefined
      })
    } catch (error) {
      throw new Error(`the note says: ${last?.text ?? 'nothing'}`, { cause: error })
    }
  }

  const lensesOf = async (document: vscode.TextDocument): Promise<vscode.CodeLens[]> =>
    (
      await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50)
    ).filter(({ command }) => command?.command.startsWith('mlflow.'))

  const titles = async (document: vscode.TextDocument): Promise<string> =>
    (await lensesOf(document)).map(({ command }) => command?.title).join(' | ')

  async function hover(document: vscode.TextDocument, code: string): Promise<string> {
    const position = document.positionAt(document.getText().indexOf(code) + 2)
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    )
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
      .join('\n')
  }

  const setting = (key: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration('mlflow').update(key, value, vscode.ConfigurationTarget.Workspace)

  test('metrics with their curve, parameters, and runs above the lines that start them', async () => {
    const document = await open('train.py')
    await note(document, 'mlflow.log_metric("val/loss"', / vs /)
    await until('a curve', async () => (await note(document, 'mlflow.log_metric("val/loss"', / vs /)).curve)
    assert.match((await note(document, 'mlflow.log_param("train_rows"', /./)).text, /^\d+/)
    await until('lenses', async () =>
      /^dynamic-pricing: \d+ runs · last one .+Compare last 10.+Last run/.test(await titles(document)),
    )
    const [first] = await lensesOf(document)
    assert.equal(first?.command?.command, 'mlflow.openRuns')
  })

  test('a hover with picture, numbers and links that are allowed', async () => {
    const document = await open('train.py')
    await note(document, 'mlflow.log_metric("val/loss"', / vs /)
    const text = await hover(document, '"val/loss"')
    assert.match(text, /!\[Chart of val\/loss in the run .+\]\(data:image\/svg\+xml;base64,/)
    assert.match(text, /\| --- \| ---: \|/)
    assert.match(text, /line 144 sets/)
    assert.match(await hover(document, '"train_rows"'), /\| Run \| (?:&nbsp;)*\s*Value \|/)
    assert.match(await hover(document, 'mlflow.set_experiment'), /line 144 sets/)
    assert.equal(await hover(document, 'import argparse'), '')
  })

  test('compares with what the user chose', async () => {
    const document = await open('train.py')
    const code = 'mlflow.log_metric("revenue_lift"'
    await note(document, code, / vs /)
    await run('mlflow.chooseReference', { reference: 'best' })
    await note(document, code, /^(?!.* vs )/) // nobody has said which way is better
    assert.deepEqual(await run('mlflow.setDirection', { metric: 'revenue_lift', direction: 'higher' }), {
      metric: 'revenue_lift',
      direction: 'higher',
    })
    try {
      const best = await note(document, code, /−.+ vs /)
      assert.match(await hover(document, '"revenue_lift"'), /That is worse/)
      await run('mlflow.setDirection', { metric: 'revenue_lift', direction: 'lower' })
      await note(document, code, /^(?!.*−)/)
      assert.notEqual(best.text, '')
    } finally {
      await run('mlflow.setDirection', { metric: 'revenue_lift', direction: null })
    }
    await run('mlflow.chooseReference', { reference: 'production' })
    const store = await (await lens()).connections.get().store()
    let production = ''
    for await (const page of store.searchModelVersions({ filter: "name = 'pricing-elasticity'" }))
      for (const version of page)
        if (version.currentStage === 'Production') production ||= (await store.getRun(version.runId)).info.runName
    await note(document, code, new RegExp(` vs ${production}$`))
  })

  test('shows another experiment where the user says so', async () => {
    const document = await open('train.py')
    const file = document.uri.toString()
    await until('its own', async () => (await titles(document)).startsWith('dynamic-pricing'))
    await run('mlflow.chooseExperiment', { experiment: 'demand-forecast' })
    await until('the chosen one', async () => (await titles(document)).startsWith('demand-forecast'))
    assert.deepEqual(await run('mlflow.chooseExperiment', { file, experiment: null }), { file, experiment: null })
    await until('its own again', async () => (await titles(document)).startsWith('dynamic-pricing'))
    await assert.rejects(
      async () => run('mlflow.chooseExperiment', { experiment: 'nowhere' }),
      /no experiment “nowhere”/,
    )
  })

  test('what is typed shows at once what it would log to', async () => {
    const document = await typed('mlflow.set_experiment("dynamic-pricing")', 'mlflow.log_metric("val/loss", 1)')
    await note(document, 'mlflow.log_metric', /^[\d.]+/)
    const edit = new vscode.WorkspaceEdit()
    edit.insert(document.uri, new vscode.Position(3, 0), '\nmlflow.log_metric("train/loss", 1)\n')
    await vscode.workspace.applyEdit(edit)
    await note(document, 'mlflow.log_metric("train', /^[\d.]+/)
  })

  test('versions with stage and alias where a model is registered', async () => {
    const document = await typed(
      'mlflow.set_experiment("dynamic-pricing")',
      'mlflow.register_model("runs:/x/model", "pricing-elasticity")',
    )
    await note(document, 'mlflow.register_model', /v\d+.* @/)
  })

  test('finds the experiment by where its runs came from', async () => {
    const document = await open('forecast.py')
    const edit = new vscode.WorkspaceEdit()
    const at = document.getText().indexOf('mlflow.set_experiment(EXPERIMENT)')
    const [start, end] = [at, at + 'mlflow.set_experiment(EXPERIMENT)'.length].map((offset) =>
      document.positionAt(offset),
    )
    assert(start && end)
    edit.replace(document.uri, new vscode.Range(start, end), 'pass')
    await vscode.workspace.applyEdit(edit)
    await note(document, 'mlflow.log_metric("val_rmse"', /^[\d.]+/)
    await until('the rule', async () =>
      (await hover(document, '"val_rmse"')).includes('to which this file logged last'),
    )
  })

  test('everything can be switched off', async () => {
    const document = await open('train.py')
    const code = 'mlflow.log_metric("val/loss"'
    await note(document, code, /./)
    const part = await beside()
    const keys = ['metrics', 'parameters', 'lenses', 'hovers'].map((key) => `editor.${key}`)
    for (const key of keys) await setting(key, false)
    try {
      await until('no notes', () => part.notes(document).length === 0)
      assert.equal(await titles(document), '')
      assert.equal(await hover(document, '"val/loss"'), '')
    } finally {
      for (const key of keys) await setting(key, undefined)
    }
    await note(document, code, /./)
  })

  /** What of MLflow is offered where `code` ends for the first time. */
  async function offered(document: vscode.TextDocument, code: string): Promise<string[]> {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(document.getText().indexOf(code) + code.length),
    )
    return items
      .filter(({ detail }) => detail === 'MLflow')
      .map(({ label }) => (typeof label === 'string' ? label : label.label))
  }

  test('completes the names of metrics, experiments and models inside strings', async () => {
    const document = await typed(
      'from mlflow import log_metric as lm',
      'mlflow.set_experiment("dynamic-pricing")',
      'mlflow.log_metric("',
      "lm(value=1, key='va')",
      'mlflow.log_metrics({"train/loss": 1, "re"})',
      "mlflow.set_experiment('",
      'mlflow.pyfunc.load_model("models:/',
      "mlflow.pyfunc.load_model(model_uri='models:/pricing-elasticity/')",
      'mlflow.pyfunc.load_model("models:/pricing-elasticity@")',
      'print("after")',
    )
    await until('lenses', async () => (await titles(document)) !== '')
    const has = async (code: string, name: string): Promise<void> => {
      const names = await offered(document, code)
      assert(names.includes(name), `${name} is not among ${names.join(', ')} after ${code}`)
    }
    await has('mlflow.log_metric("', 'val/loss')
    await has("key='va", 'val/loss')
    await has('"re', 'revenue_lift')
    await has("set_experiment('", 'demand-forecast')
    await has('load_model("models:/', 'pricing-elasticity')
    await has('pricing-elasticity/', '1')
    await has('pricing-elasticity/', 'latest')
    await has('pricing-elasticity/', 'Production')
    await has('pricing-elasticity@', 'champion')
    assert.deepEqual(await offered(document, 'set_experiment("dynamic-pricing")'), [])
    assert.deepEqual(await offered(document, 'print("after'), [])
  })

  test('completes a filter as one goes on typing it, with what the runs have', async () => {
    const document = await typed(
      'mlflow.set_experiment("dynamic-pricing")',
      'mlflow.search_runs(filter_string="met")',
      "mlflow.search_runs(['1'], 'metrics.revenue_lift ')",
      'mlflow.search_runs(',
      '    experiment_names=["demand-forecast"],',
      "    filter_string=\"status = 'FINISHED' and metrics.val",
      ')',
      'mlflow.MlflowClient().search_model_versions(f"name = ")',
    )
    await until('lenses', async () => (await titles(document)) !== '')
    const first = await offered(document, 'filter_string="met')
    assert(first.includes('metrics.revenue_lift') && !first.includes('NOT'), first.join(', '))
    assert.deepEqual((await offered(document, 'metrics.revenue_lift ')).toSorted(), ['!=', '<', '<=', '=', '>', '>='])
    const other = await offered(document, 'and metrics.val')
    assert(other.includes('metrics.val_rmse') && !other.some((name) => name.includes('val/loss')), other.join(', '))
    assert((await offered(document, 'f"name = ')).includes("'pricing-elasticity'"))
  })

  test('a script that sets no experiment completes models too', async () => {
    const document = await typed('model = mlflow.pyfunc.load_model("models:/")')
    await until('models', async () => (await offered(document, 'models:/')).includes('pricing-elasticity'))
    await setting('editor.completion', false)
    try {
      assert.deepEqual(await offered(document, 'models:/'), [])
    } finally {
      await setting('editor.completion', undefined)
    }
  })

  /** What the Problems panel says of a document, once it is as wanted. */
  const problems = (
    document: vscode.TextDocument,
    wanted: (found: vscode.Diagnostic[]) => boolean,
  ): Promise<vscode.Diagnostic[]> =>
    until('the problems', () => {
      const found = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'MLflow')
      return wanted(found) && found
    })

  const fixesAt = (document: vscode.TextDocument, problem: vscode.Diagnostic): Thenable<vscode.CodeAction[]> =>
    vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
      vscode.CodeActionKind.QuickFix.value,
    )

  test('tells of filters, stages and parameters that MLflow will refuse, at their characters', async () => {
    const document = await typed(
      'client = mlflow.MlflowClient()',
      'mlflow.set_experiment("dynamic-pricing")',
      'mlflow.search_runs(filter_string="metrics.loss < 1 "',
      '    "and metricz.loss < 1")',
      'mlflow.search_runs(filter_string="status = \'FINISHED\' OR metrics.loss < 1")',
      'client.transition_model_version_stage("pricing-elasticity", 1, "Prod")',
      'with mlflow.start_run():',
      '    mlflow.log_param("lr", 1)',
      '    mlflow.log_param("lr", 2)',
    )
    const found = await problems(document, ({ length }) => length === 4)
    assert.deepEqual(
      found.map(({ range, code, severity }) => [range.start.line, document.getText(range), code, severity]),
      [
        [9, '"lr"', 'parameters', vscode.DiagnosticSeverity.Warning],
        [4, 'metricz', 'filters', vscode.DiagnosticSeverity.Warning],
        [5, 'OR', 'filters', vscode.DiagnosticSeverity.Warning],
        [6, '"Prod"', 'stages', vscode.DiagnosticSeverity.Warning],
      ],
    )
    await setting('problems.filters', 'error')
    await setting('problems.parameters', 'off')
    try {
      const [first] = await problems(document, ({ length }) => length === 3)
      assert.equal(first?.severity, vscode.DiagnosticSeverity.Error)
    } finally {
      await setting('problems.filters', undefined)
      await setting('problems.parameters', undefined)
    }
    const stage = found.find(({ code }) => code === 'stages')
    const [fix] = stage ? await fixesAt(document, stage) : []
    assert(fix?.edit)
    await vscode.workspace.applyEdit(fix.edit)
    assert.equal(
      document.lineAt(6).text,
      'client.transition_model_version_stage("pricing-elasticity", 1, "Production")',
    )
    await problems(document, (all) => all.some(({ code }) => code === 'deprecatedStages'))
  })

  test('a deprecated stage becomes the alias of the version that it loads', async () => {
    const store = await (await lens()).connections.get().store()
    const versions: ModelVersion[] = []
    for await (const page of store.searchModelVersions({ filter: "name = 'pricing-elasticity'" }))
      versions.push(...page)
    const loaded = versions
      .filter(({ currentStage }) => currentStage === 'Production')
      .sort((a, b) => Number(b.version) - Number(a.version))[0]
    assert(loaded?.aliases[0], 'the demo has an alias for the version in Production')
    const document = await typed("model = mlflow.pyfunc.load_model('models:/pricing-elasticity/Production')")
    const fix = await until('a fix', async () => {
      const [problem] = await problems(document, ({ length }) => length === 1)
      assert(problem)
      assert.equal(problem.severity, vscode.DiagnosticSeverity.Hint)
      assert.deepEqual(problem.tags, [vscode.DiagnosticTag.Deprecated])
      return (await fixesAt(document, problem))[0]
    })
    assert(fix.edit)
    await vscode.workspace.applyEdit(fix.edit)
    assert.equal(
      document.lineAt(1).text,
      `model = mlflow.pyfunc.load_model('models:/pricing-elasticity@${loaded.aliases[0]}')`,
    )
    await problems(document, ({ length }) => length === 0)
  })

  test('tells of a metric in a saved view that no code logs', async () => {
    const { tableMemory, connections } = await lens()
    const memory = await tableMemory()
    const connection = connections.get()
    const experiment = await experimentNamed(await connection.store(), 'dynamic-pricing')
    assert(experiment)
    const subject = { connection: connection.id, experimentIds: [experiment.experimentId] }
    const column = (key: string) => ({ column: { group: 'metric' as const, key } })
    const view = { ...defaultView, columns: [column('val/loss'), column('old_loss')], filter: 'metrics.older < 1' }
    memory.saveView(subject, 'best ones', view)
    try {
      const document = await open('train.py')
      const found = await problems(document, ({ length }) => length === 2)
      assert.deepEqual(
        found.map(({ message }) => /“best ones”.+“(.+?)”/.exec(message)?.[1]),
        ['old_loss', 'older'],
      )
      assert.match(document.lineAt(found[0]?.range.start.line ?? 0).text, /set_experiment/)
      const [fix] = found[0] ? await fixesAt(document, found[0]) : []
      assert.equal(fix?.command?.command, 'mlflow.openRuns')
      const edit = new vscode.WorkspaceEdit()
      edit.insert(document.uri, new vscode.Position(document.lineCount, 0), '\nmlflow.log_metric("old_loss", 1)\n')
      await vscode.workspace.applyEdit(edit)
      await problems(document, ({ length }) => length === 1)
    } finally {
      memory.deleteView(subject, 'best ones')
    }
  })

  test('tells of a name that differs only in separators, and changes it', async () => {
    const document = await typed('mlflow.set_experiment("dynamic-pricing")', 'mlflow.log_metric("VAL-loss", 1)')
    const [problem] = await until('a problem', () => {
      const found = vscode.languages.getDiagnostics(document.uri)
      return found.length > 0 && found
    })
    assert.match(problem?.message ?? '', /“val\/loss”.+“VAL-loss”/)
    const [fix] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem?.range,
      vscode.CodeActionKind.QuickFix.value,
    )
    assert(fix?.edit)
    await vscode.workspace.applyEdit(fix.edit)
    assert.equal(document.lineAt(2).text, 'mlflow.log_metric("val/loss", 1)')
    await until('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0)
  })

  test('tells of a name that another file spells otherwise', async () => {
    const [root] = vscode.workspace.workspaceFolders ?? []
    assert(root)
    const write = async (name: string, key: string): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(root.uri, name)
      const text = `import mlflow\n\nmlflow.set_experiment("spelling")\nmlflow.log_metric("${key}", 1)\n`
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text))
      return uri
    }
    const [other, own] = [await write('other_spelling.py', 'basket_size'), await write('spelling.py', 'Basket-Size')]
    try {
      const document = await vscode.workspace.openTextDocument(own)
      await vscode.window.showTextDocument(document)
      const [problem] = await problems(document, ({ length }) => length === 1)
      assert.match(problem?.message ?? '', /other_spelling\.py logs “basket_size”.+“Basket-Size”/)
      await write('other_spelling.py', 'Basket-Size')
      await problems(document, ({ length }) => length === 0)
    } finally {
      for (const uri of [other, own]) await vscode.workspace.fs.delete(uri)
    }
  })

  test('cells of a notebook are one program', async () => {
    const cell = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python')
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([
        cell('import mlflow\nmlflow.set_experiment("dynamic-pricing")'),
        cell('# the loss\nmlflow.log_metric("val/loss", 1)'),
        cell('with mlflow.start_run():\n    mlflow.log_param("lr", 1)\n    mlflow.log_params({"lr": 2})'),
      ]),
    )
    await vscode.window.showNotebookDocument(notebook)
    const { document } = notebook.cellAt(1)
    const found = await note(document, 'mlflow.log_metric', /^[\d.]+/)
    assert.equal(found.line, 1)
    assert.match(await hover(document, '"val/loss"'), /Chart of val\/loss/)
    const [problem] = await problems(notebook.cellAt(2).document, ({ length }) => length === 1)
    assert.deepEqual([problem?.range.start.line, problem?.range.start.character], [2, 23])
    assert.match(problem?.message ?? '', /since line 2/)
  })

  const chart = (options: object = {}): Thenable<{ file: string; metric: string }> =>
    run('mlflow.showChartBeside', options)

  const chartTabs = (): readonly string[] =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.flatMap(({ input, label }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith('mlflow.beside') ? [label] : [],
      ),
    )

  const select = (editor: vscode.TextEditor, code: string): void => {
    const at = editor.document.positionAt(editor.document.getText().indexOf(code))
    editor.selection = new vscode.Selection(at, at)
  }

  test('a chart beside the code follows the cursor, and stays where it is pinned', async () => {
    const document = await open('train.py')
    await note(document, 'mlflow.log_metric("val/loss"', / vs /)
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One)
    select(editor, 'epoch.val_loss, step')
    assert.deepEqual(await chart(), { file: document.uri.toString(), metric: 'val/loss' })
    assert.equal(vscode.window.activeTextEditor?.document, document, 'the code keeps the focus')
    await until('its tab', () => chartTabs().join() === 'val/loss')
    select(editor, 'epoch.revenue_lift, step')
    await until('the metric under the cursor', () => chartTabs().join() === 'revenue_lift')
    select(editor, 'import argparse')
    assert.deepEqual(await chart({ metric: 'train/loss', file: document.uri.toString(), pinned: true }), {
      file: document.uri.toString(),
      metric: 'train/loss',
    })
    select(editor, 'epoch.val_loss, step')
    // A second one follows; the pinned one stays.
    assert.equal((await chart()).metric, 'val/loss')
    await until('two charts', () => [...chartTabs()].sort().join() === 'train/loss,val/loss')
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
    await until('no chart', () => chartTabs().length === 0)
    await assert.rejects(async () => chart({}), /Open a Python file first/)
    await assert.rejects(async () => chart({ metric: 1 }), /Wrong options/)
  })

  test('is silent on lines that call nothing', async () => {
    const document = await typed('mlflow.set_experiment("dynamic-pricing")', 'print("mlflow.log_metric", "val/loss")')
    await until('lenses', async () => (await titles(document)) !== '')
    assert.deepEqual((await beside()).notes(document), [])
  })
})
