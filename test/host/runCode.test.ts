/** A real repository, and runs that the real MLflow logged from it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import * as vscode from 'vscode'
import { codeUri, parseCodeUri } from '../../src/extension/code/uri'
import { pressing } from './pressing'
import { gitIn } from '../git'
import { lens, run, selectDatabase, until, workspaceFolder } from './lens'

const execute = promisify(execFile)

interface Opened {
  readonly path: string
  readonly uri: string
  readonly commit: string
  readonly uncommitted: boolean
  readonly says: string
}
interface Compared {
  readonly files: readonly { readonly kind: string; readonly path: string; readonly oldPath?: string }[]
  readonly says: string
}

const script = `import json, subprocess, sys
import mlflow

uri, artifacts, *names = sys.argv[1:]
mlflow.set_tracking_uri(uri)
experiment = mlflow.get_experiment_by_name("code")
mlflow.set_experiment(experiment_id=experiment.experiment_id if experiment else mlflow.create_experiment("code", artifacts))
for name in names:
    tags = {"mlflow.source.git.commit": "0123456789" * 4} if name == "lost" else {}
    with mlflow.start_run(run_name=name, tags=tags) as run:
        mlflow.log_param("lr", len(name) / 10)
        for step in range(50):
            mlflow.log_metric("loss", 1 / (step + len(name)), step=step)
        mlflow.log_dict({"name": name, "layers": [1, 2, len(name)]}, "config.json")
        mlflow.log_text(f"step,loss\\n0,{len(name)}\\n", "table.csv")
        blob_path = artifacts + "/../zeros.txt"
        with open(blob_path, "wb") as blob:
            blob.write(b"\\x7fELF\\0\\1\\2")
        mlflow.log_artifact(blob_path)
        if name == "dirty":
            mlflow.log_text(subprocess.check_output(["git", "diff"], text=True), "git.diff")
        print(json.dumps([name, run.info.run_id]))
`

suite('code of runs', function () {
  this.timeout(120_000)
  let root = ''
  let temporary = ''
  let connection = ''
  const runs = new Map<string, string>()
  const file = (name: string): string => path.join(root, ...name.split('/'))
  const of = (name: string): { connection: string; runId: string } => ({ connection, runId: runs.get(name) ?? '' })

  const git = (...args: string[]): string => gitIn(root, ...args)

  const log = (...names: string[]): Promise<void> => logIn(root, 'lab/fit.py', ...names)

  async function logIn(cwd: string, file: string, ...names: string[]): Promise<void> {
    const python = process.env.MLFLOW_LENS_TEST_PYTHON ?? ''
    const args = [file, `sqlite:///${temporary}/code.db`, path.join(temporary, 'artifacts'), ...names]
    const { stdout } = await execute(python, args, { cwd })
    for (const [, name = '', id = ''] of stdout.matchAll(/^\["(\w+)", "(\w+)"\]$/gm)) runs.set(name, id)
  }

  suiteSetup(async () => {
    root = workspaceFolder().fsPath
    temporary = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-code-')))
    mkdirSync(file('lab'))
    writeFileSync(file('lab/fit.py'), script)
    writeFileSync(file('lab/model.py'), 'layers = 1\nwidth = 8\n')
    writeFileSync(file('lab/gone.py'), 'x = 1\n')
    git('init', '-q')
    git('add', 'lab')
    git('commit', '-qm', 'first')
    await log('first', 'lost')
    writeFileSync(file('lab/model.py'), 'layers = 2\nwidth = 8\n')
    await log('dirty')
    rmSync(file('lab/gone.py'))
    writeFileSync(file('lab/new.py'), 'y = 2\n')
    git('add', 'lab')
    git('commit', '-qm', 'second')
    await log('second')
    writeFileSync(file('lab/model.py'), 'layers = 3\nwidth = 8\n')
    const uri = `sqlite:///${temporary}/code.db`
    await run('mlflow.connect', { uri })
    connection = (await lens()).connections.get().id
  })

  suiteTeardown(async () => {
    await run('workbench.action.closeAllEditors')
    await run('mlflow.disconnect', { connection })
    await selectDatabase()
    for (const place of [file('lab'), file('.git'), temporary])
      rmSync(place, { recursive: true, force: true, maxRetries: 5 })
  })
  teardown(() => run('workbench.action.closeAllEditors'))

  const open = (name: string, options: object = {}): Thenable<Opened> =>
    run<Opened>('mlflow.openRunCode', { ...of(name), ...options })
  const textOf = async ({ uri }: Opened): Promise<string> =>
    (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).getText()
  const tab = (): string => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? ''

  test('a run’s script opens as it was, read-only', async () => {
    writeFileSync(file('lab/fit.py'), `# changed since\n${script}`)
    try {
      const opened = await open('first')
      assert.equal(opened.path, 'lab/fit.py')
      assert.equal(opened.commit, git('rev-parse', 'HEAD~1').trim())
      assert.match(opened.says, /the run does not say/)
      assert.equal(await textOf(opened), script)
      await until('its tab', () => tab() === 'fit.py')
      await assert.rejects(async () => vscode.workspace.fs.writeFile(vscode.Uri.parse(opened.uri), Buffer.from('x')))
    } finally {
      writeFileSync(file('lab/fit.py'), script)
    }
  })

  test('the address of code on another drive stays the same when it is written and read', () => {
    const code = { root: 'C:/work/lab', commit: 'a'.repeat(40), connection: 'c', runId: 'r', path: 'lab/fit.py' }
    const uri = codeUri(code)
    assert.deepEqual(parseCodeUri(uri), code)
    assert.deepEqual(parseCodeUri(vscode.Uri.parse(uri.toString())), code)
    assert.deepEqual(parseCodeUri(uri.with({ path: '/C:/work/lab/lab/fit.py' })), code)
    assert.equal(parseCodeUri(uri.with({ path: '/d:/work/lab/lab/fit.py' })), undefined)
  })

  test('code that no run names belongs to the experiment of a run of the commit that changed it', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file('lab/new.py')))
    const editor = await vscode.window.showTextDocument(document)
    await editor.edit((edit) =>
      edit.insert(new vscode.Position(0, 0), 'import mlflow\n\nmlflow.log_metric("loss", 1)\n'),
    )
    const commit = git('rev-parse', '--short=7', 'HEAD').trim()
    const hovers = async (): Promise<string> =>
      (
        await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          new vscode.Position(2, 20),
        )
      )
        .flatMap(({ contents }) => contents)
        .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
        .join()
    await until('a hover with the rule', async () =>
      (await hovers()).includes(`a run of the commit ${commit}, which changed this file`),
    )
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  })

  test('what was logged uncommitted is in it, unless it is not wanted', async () => {
    const opened = await open('dirty', { path: 'lab/model.py' })
    assert.equal(opened.uncommitted, true)
    assert.equal(await textOf(opened), 'layers = 2\nwidth = 8\n')
    const committed = await open('dirty', { path: 'lab/model.py', uncommitted: false })
    assert.equal(await textOf(committed), 'layers = 1\nwidth = 8\n')
  })

  test('a line above the file says whose it is and what is known', async () => {
    const opened = await open('first', { path: 'lab/model.py' })
    const lenses = await until('the lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        vscode.Uri.parse(opened.uri),
      )
      return found.length > 1 && found
    })
    assert.match(lenses[0]?.command?.title ?? '', /first at [0-9a-f]{7} · uncommitted changes unknown/)
  })

  test('two runs differ by their commits', async () => {
    const { files } = await run<Compared>('mlflow.compareRunCode', { selection: [of('first'), of('second')] })
    assert.deepEqual(files, [
      { kind: 'deleted', path: 'lab/gone.py' },
      { kind: 'changed', path: 'lab/model.py' },
      { kind: 'added', path: 'lab/new.py' },
    ])
    await until('the tab', () => /^first \([0-9a-f]{7}\) ↔ second/.test(tab()))
  })

  test('and by the changes that one of them logged', async () => {
    const { files, says } = await run<Compared>('mlflow.compareRunCode', { selection: [of('first'), of('dirty')] })
    assert.deepEqual(files, [{ kind: 'changed', path: 'lab/model.py' }])
    assert.match(says, /With the uncommitted changes that the run logged, to 1 file/)
    await until('the tab', () => tab().startsWith('lab/model.py: first'))
    const after = await run<Compared>('mlflow.compareRunCode', { selection: [of('dirty'), of('second')] })
    assert.deepEqual(
      after.files.map(({ path: name }) => name),
      ['lab/gone.py', 'lab/new.py'],
    )
  })

  test('a run and the working tree', async () => {
    const all = await run<Compared>('mlflow.compareCodeWithWorkingTree', of('second'))
    assert.deepEqual(all.files, [{ kind: 'changed', path: 'lab/model.py' }])
    assert.match(all.says, /does not track/)
    const none = await run<Compared>('mlflow.compareCodeWithWorkingTree', { ...of('second'), path: 'lab/new.py' })
    assert.deepEqual(none.files, [])
    // The user's work is as it was.
    assert.equal(git('status', '--short', 'lab'), ' M lab/model.py\n')
  })

  test('JSON of two runs is compared indented, other texts as they are, and what is no text is not', async () => {
    const selection = [of('first'), of('second')]
    const json = await run<{ left: string; right: string }>('mlflow.compareArtifacts', {
      selection,
      path: 'config.json',
    })
    await until('the tab', () => tab() === 'config.json: first ↔ second')
    const texts = await Promise.all(
      [json.left, json.right].map(async (uri) =>
        (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).getText(),
      ),
    )
    assert.match(texts[0] ?? '', /^\{\n {2}"name": "first",\n {2}"layers": \[\n {4}1,/)
    assert.match(texts[1] ?? '', /"name": "second"/)
    const csv = await run<{ left: string }>('mlflow.compareArtifacts', { selection, path: 'table.csv' })
    assert.match(csv.left, /^mlflow:/)
    const compare = (path: string): Promise<unknown> =>
      Promise.resolve(run('mlflow.compareArtifacts', { selection, path }))
    await assert.rejects(compare('nope.txt'), /first has no artifact nope\.txt/)
    await assert.rejects(compare('zeros.txt'), /zeros\.txt of first is .*only texts/)
    await assert.rejects(Promise.resolve(run('mlflow.compareArtifacts', { runIds: ['a', 'b', 'c'] })), /Two runs/)
  })

  test('of artifacts that both runs have, one is chosen', async () => {
    const asking = run<{ path: string }>('mlflow.compareArtifacts', { selection: [of('first'), of('second')] })
    const { path: chosen } = await pressing('workbench.action.acceptSelectedQuickOpenItem', asking)
    assert.equal(chosen, 'config.json')
  })

  test('runs since a line changed are those whose commit has the change', async () => {
    interface Since {
      readonly commit: string | null
      readonly byCommit: number
      readonly byTime: number
      readonly filter: string
      readonly says: string
    }
    const since = (name: string, line: number): Thenable<Since> =>
      run<Since>('mlflow.showRunsSinceLineChanged', { connection, path: file(name), line })
    const [first, second] = git('log', '--reverse', '--format=%H').trim().split('\n')
    const width = await since('lab/model.py', 2)
    assert.equal(width.commit, first)
    assert.deepEqual([width.byCommit, width.byTime], [3, 1]) // “lost” has a commit that nobody knows
    const added = await since('lab/new.py', 1)
    assert.equal(added.commit, second)
    assert.equal(added.byCommit, 1)
    assert.match(added.says, /Line 1 changed in [0-9a-f]{7} at .*“second”.*has that one: 1\./)
    const csv = await run<{ runs: number; text: string }>('mlflow.exportRuns', {
      connection,
      names: ['code'],
      view: { version: 1, filter: added.filter },
      format: 'csv',
      to: 'result',
    })
    assert.equal(csv.runs, added.byCommit + added.byTime)
    assert.match(csv.text, /second/)
    const open = await since('lab/model.py', 1)
    assert.equal(open.commit, null)
    assert.match(open.says, /not committed yet/)
    await assert.rejects(Promise.resolve(since('lab/model.py', 99)), /no line 99/)
  })

  test('a commit that is not here is named', async () => {
    const isMissing = /0123456.* not in .*no remote/
    await assert.rejects(Promise.resolve(open('lost')), isMissing)
    git('remote', 'add', 'origin', 'https://git.example.com/a/b.git')
    try {
      await assert.rejects(Promise.resolve(open('lost')), /not in this clone.*git fetch origin (0123456789){4}/)
    } finally {
      git('remote', 'remove', 'origin')
    }
  })

  test('a file that is not in the commit, and one outside the repository, are refused', async () => {
    await assert.rejects(Promise.resolve(open('first', { path: 'lab/new.py' })), /no file lab\/new\.py/)
    const { uri } = await open('first')
    const good = vscode.Uri.parse(uri)
    const query = JSON.parse(good.query) as Record<string, unknown>
    for (const bad of [
      good.with({ path: good.path.replace('fit.py', '../../x.py') }),
      good.with({ path: good.path.replace('lab/fit.py', '.git/config') }),
      good.with({ query: JSON.stringify({ ...query, root: temporary }) }),
      good.with({ query: JSON.stringify({ ...query, commit: '--help' }) }),
      good.with({ query: '' }),
    ])
      await assert.rejects(async () => vscode.workspace.fs.readFile(bad), bad.toString())
  })

  test('the script of a run in a clone within the workspace’s opens, too', async () => {
    const nested = file('lab/nested')
    mkdirSync(nested)
    try {
      writeFileSync(path.join(nested, 'fit.py'), script)
      for (const args of [
        ['init', '-q'],
        ['add', '.'],
        ['commit', '-qm', 'nested'],
      ])
        git('-C', nested, ...args)
      await logIn(nested, 'fit.py', 'nested')
      assert.equal(await textOf(await open('nested')), script)
    } finally {
      rmSync(nested, { recursive: true, force: true, maxRetries: 5 })
    }
  })
})
