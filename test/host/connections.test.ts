import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { basic, guard, type GuardedServer } from './guardedServer'
import { labels, lens, rows, run, selectDatabase, until, workspaceFolder } from './lens'

interface Summary {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly status: string
}

suite('connections', () => {
  const inWorkspace = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), ...parts)
  const encode = (text: string): Uint8Array => Buffer.from(text)

  teardown(selectDatabase)

  test('the workspace’s mlflow.db is there, active, and opens when asked', async () => {
    const { connections } = await lens()
    const active = connections.get()
    assert.deepEqual([active.name, active.kind, active.origin], ['mlflow.db', 'sqlite', 'workspace'])
    assert.equal((await active.store()).kind, 'sqlite')
    assert.equal(active.state.status, 'ready')
  })

  test('an unknown connection is told with those that there are', async () => {
    await assert.rejects(async () => run('mlflow.selectConnection', { connection: 'nowhere' }), /“nowhere”.*mlflow\.db/)
  })

  test('wrong options name the option', async () => {
    await assert.rejects(async () => run('mlflow.connect', { uri: 3 }), /mlflow\.connect.*uri/)
  })

  test('databases that come and go are found; other files are not offered', async () => {
    const { connections } = await lens()
    const folder = inWorkspace('more')
    await vscode.workspace.fs.copy(inWorkspace('mlflow.db'), vscode.Uri.joinPath(folder, 'copy.sqlite'))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'text.db'), encode('no database'))
    await until('the copy', () => connections.find('more/copy.sqlite'))
    assert.equal(connections.find('more/text.db'), undefined)
    await vscode.workspace.fs.delete(folder, { recursive: true })
    await until('its end', () => !connections.find('more/copy.sqlite'))
  })

  test('a .env is read, followed, and comes before the database', async () => {
    const { connections } = await lens()
    const dotenv = inWorkspace('.env')
    await vscode.workspace.fs.writeFile(
      dotenv,
      encode('# tracking\nexport MLFLOW_TRACKING_URI="http://127.0.0.1:9/mlf/"\n'),
    )
    const found = await until('the server', () => connections.find('http://127.0.0.1:9/mlf'))
    assert.equal(found.origin, 'dotenv')
    assert.equal(connections.all[0], found)
    assert.equal(connections.active?.name, 'mlflow.db', 'what the user chose stays')
    await vscode.workspace.fs.delete(dotenv)
    await until('its end', () => !connections.find('http://127.0.0.1:9/mlf'))
  })

  test('the setting gives its good entries, and its wrong ones as problems', async () => {
    const { connections } = await lens()
    const configuration = vscode.workspace.getConfiguration('mlflow')
    const target = vscode.ConfigurationTarget.Workspace
    await configuration.update('connections', [{ name: 'team', uri: 'http://127.0.0.1:9' }, { name: 'wrong' }], target)
    try {
      await until('the entry', () => connections.find('team'))
      assert.match(connections.problems[0]?.where ?? '', /mlflow\.connections\[1\]/)
    } finally {
      await configuration.update('connections', undefined, target)
    }
    await until('its end', () => !connections.find('team') && connections.problems.length === 0)
  })

  test('disconnecting keeps a connection closed until somebody means it', async () => {
    const { connections, views } = await lens()
    const database = connections.get('mlflow.db')
    await run('mlflow.disconnect', { connection: 'mlflow.db' })
    assert.equal(database.state.status, 'closed')
    await assert.rejects(async () => database.store(), /disconnected/)
    const shown = await until('its row', async () => {
      const found = await rows(views.experiments)
      return found.length === 1 && found
    })
    assert.match(views.experiments.view.message ?? '', /disconnected/)
    assert.deepEqual(labels(shown), ['Connect to mlflow.db'])
    await run(shown[0]?.command ?? '', shown[0]?.commandOptions)
    assert.equal((await database.store()).kind, 'sqlite')
  })

  test('a database that is none is refused, and not added', async () => {
    const { connections } = await lens()
    const file = inWorkspace('notes.db')
    await vscode.workspace.fs.writeFile(file, encode('just text, and rather a lot of it. '.repeat(100)))
    await assert.rejects(async () => run('mlflow.connect', { uri: file.fsPath }), /notes\.db/)
    assert.equal(connections.find('notes.db'), undefined)
    await vscode.workspace.fs.delete(file)
  })

  suite('to a server', () => {
    let server: GuardedServer

    suiteSetup(async function () {
      const target = process.env.MLFLOW_LENS_TEST_SERVER
      if (target === undefined) {
        this.skip()
        return
      }
      server = await guard(target)
    })
    suiteTeardown(async () => {
      await server[Symbol.asyncDispose]()
    })
    teardown(async () => {
      const { connections } = await lens()
      server.expected = undefined
      server.shut = false
      if (connections.find(server.url)) await run('mlflow.disconnect', { connection: server.url })
    })

    test('connect opens it, makes it active, and answers plain JSON', async () => {
      const { connections } = await lens()
      const summary = await run<Summary>('mlflow.connect', { uri: `${server.url}/`, name: 'mine' })
      assert.deepEqual([summary.id, summary.name, summary.kind, summary.status], [server.url, 'mine', 'rest', 'ready'])
      assert.equal(connections.active?.id, server.url)
    })

    test('remembered in the workspace’s settings, it outlives the session', async () => {
      const { connections } = await lens()
      await run('mlflow.connect', { uri: server.url, name: 'kept', remember: 'workspace' })
      try {
        const kept = vscode.workspace.getConfiguration('mlflow').inspect('connections')?.workspaceValue
        assert.deepEqual(kept, [{ name: 'kept', uri: server.url }])
        await until('the setting', () => connections.find('kept')?.origin === 'setting')
        await run('mlflow.disconnect', { connection: 'kept' })
        assert.ok(connections.find('kept'))
      } finally {
        await vscode.workspace
          .getConfiguration('mlflow')
          .update('connections', undefined, vscode.ConfigurationTarget.Workspace)
      }
      await until('its end', () => !connections.find('kept'))
    })

    test('that is down is told with its address, and not added', async () => {
      const { connections } = await lens()
      await assert.rejects(async () => run('mlflow.connect', { uri: 'http://127.0.0.1:9' }), /127\.0\.0\.1:9/)
      assert.equal(connections.find('http://127.0.0.1:9'), undefined)
    })

    test('that wants a login gets one asked for by a row, never by itself; what worked is kept for it', async () => {
      const { connections, views } = await lens()
      await run('mlflow.connect', { uri: server.url })
      server.expected = basic('me', 'right')
      await connections.get(server.url).close()
      connections.requestRefresh(connections.get(server.url), 'test')
      views.experiments.restart()
      const [row] = await until('the row', async () => {
        const shown = await rows(views.experiments)
        return shown[0]?.command === 'mlflow.signIn' && shown
      })
      assert.deepEqual(row?.commandOptions, { connection: server.url })

      const wrong = { connection: server.url, username: 'me', password: 'wrong' }
      await assert.rejects(async () => run('mlflow.signIn', wrong), /127\.0\.0\.1/)
      await run('mlflow.signIn', { ...wrong, password: 'right' })
      assert.ok((await connections.get(server.url).store()).version.startsWith('MLflow 3'))

      await run('mlflow.disconnect', { connection: server.url })
      server.presented.clear()
      await run('mlflow.connect', { uri: server.url })
      assert.deepEqual([...server.presented], [basic('me', 'right')])
    })

    test('a login is not sent to a server that the workspace names', async () => {
      const { connections } = await lens()
      server.expected = basic('me', 'right')
      await using theirs = await guard(server.url)
      await run('mlflow.connect', { uri: `http://me:right@${new URL(server.url).host}` })
      await run('mlflow.signIn', { connection: server.url, username: 'me', password: 'right' })
      assert.deepEqual(connections.get(server.url).credentials, { kind: 'basic', username: 'me', password: 'right' })
      const configuration = vscode.workspace.getConfiguration('mlflow')
      const target = vscode.ConfigurationTarget.Workspace
      await configuration.update('connections', [{ name: 'theirs', uri: theirs.url }], target)
      try {
        const connection = await until('the entry', () => connections.find('theirs'))
        await assert.rejects(connection.store(), /asks for a user name/)
        assert.deepEqual([...theirs.presented], [])
      } finally {
        await configuration.update('connections', undefined, target)
      }
      await until('its end', () => !connections.find('theirs'))
    })

    test('a login is not sent to another server', async () => {
      server.expected = basic('me', 'right')
      await run('mlflow.connect', { uri: `http://me:right@${new URL(server.url).host}` })
      await using other = await guard(server.url)
      await assert.rejects(async () => run('mlflow.connect', { uri: other.url }))
      assert.deepEqual([...other.presented], [])
    })
  })
})
