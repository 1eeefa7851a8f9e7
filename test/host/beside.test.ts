import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { Beside } from '../../src/extension/editor/beside'
import type { LineNote } from '../../src/extension/editor/lineNotes'
import { lens, run, selectDatabase, until, workspaceFolder } from './lens'

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

  async function typed(...lines: string[]): Promise<vscode.TextDocument> {
    const content = ['import mlflow', ...lines].join('\n')
    const document = await vscode.workspace.openTextDocument({ language: 'python', content })
    await vscode.window.showTextDocument(document)
    return document
  }

  const beside = async (): Promise<Beside> => {
    const { editor } = await lens()
    return until('the editor', () => editor.beside())
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
    assert.match(await hover(document, '"train_rows"'), /\| Run \| Value \|/)
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

  test('completes the names of metrics, experiments and models inside strings', async () => {
    const document = await typed(
      'mlflow.set_experiment("dynamic-pricing")',
      'mlflow.log_metric("',
      'mlflow.set_experiment("',
      'mlflow.pyfunc.load_model("models:/',
    )
    await until('lenses', async () => (await titles(document)) !== '')
    const offered = async (line: number): Promise<string[]> => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        document.lineAt(line).range.end,
      )
      return items
        .filter(({ detail }) => detail === 'MLflow')
        .map(({ label }) => (typeof label === 'string' ? label : label.label))
    }
    assert((await offered(2)).includes('val/loss'))
    assert((await offered(3)).includes('demand-forecast'))
    assert((await offered(4)).includes('pricing-elasticity'))
    assert.deepEqual(await offered(1), [])
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

  test('cells of a notebook are one program', async () => {
    const cell = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python')
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([
        cell('import mlflow\nmlflow.set_experiment("dynamic-pricing")'),
        cell('# the loss\nmlflow.log_metric("val/loss", 1)'),
      ]),
    )
    await vscode.window.showNotebookDocument(notebook)
    const { document } = notebook.cellAt(1)
    const found = await note(document, 'mlflow.log_metric', /^[\d.]+/)
    assert.equal(found.line, 1)
    assert.match(await hover(document, '"val/loss"'), /Chart of val\/loss/)
  })

  test('is silent on lines that call nothing', async () => {
    const document = await typed('mlflow.set_experiment("dynamic-pricing")', 'print("mlflow.log_metric", "val/loss")')
    await until('lenses', async () => (await titles(document)) !== '')
    assert.deepEqual((await beside()).notes(document), [])
  })
})
