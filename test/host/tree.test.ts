import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { TreeNode } from '../../src/extension/tree/node'
import { guard } from './guardedServer'
import { labelled, labels, lens, rows, run, selectDatabase, until } from './lens'

suite('the tree', () => {
  setup(async () => {
    const { connections, views } = await lens()
    await selectDatabase()
    await until('the database’s rows', () => views.experiments.root?.scope.connection.name === 'mlflow.db')
    assert.equal(connections.active?.name, 'mlflow.db')
  })

  async function experiment(name: string): Promise<{ node: TreeNode; runs: TreeNode[] }> {
    const { views } = await lens()
    const node = labelled(await rows(views.experiments), name)
    return { node, runs: await rows(views.experiments, node) }
  }

  test('shows the experiments, newest first', async () => {
    const { views } = await lens()
    const shown = labels(await rows(views.experiments)).filter((label) => label !== 'launched') // of another suite
    assert.deepEqual(shown, ['recommendations', 'demand-forecast', 'dynamic-pricing', 'Default'])
  })

  test('shows nested runs below their parent, in pages, and how many there are', async () => {
    const { views } = await lens()
    const { runs } = await experiment('demand-forecast')
    const grid = labelled(runs, 'grid north')
    const nested = Number(
      /(\d+) nested/.exec(await until('the count', () => grid.present().description?.match(/.*nested.*/)?.[0]))?.[1],
    )
    assert.ok(nested > 100, String(nested))
    const below = await rows(views.experiments, grid)
    assert.deepEqual(labels(below.slice(0, 4)), ['Parameters', 'Metrics', 'Tags', 'Artifacts'])
    assert.equal(below.length, 4 + 100 + 1)
    const more = labelled(below, 'Load more')
    await run('mlflow.loadMore', more.commandOptions)
    const all = await rows(views.experiments, grid)
    assert.equal(all.length, 4 + nested)
    const top = new Set(runs.map(({ key }) => key))
    assert.deepEqual(
      all.filter(({ key }) => top.has(key)),
      [],
    )
  })

  test('shows what a run holds', async () => {
    const { views } = await lens()
    const { runs } = await experiment('dynamic-pricing')
    const week = labelled(runs, 'week-47')
    const groups = await rows(views.experiments, week)
    const parameters = await rows(views.experiments, labelled(groups, 'Parameters'))
    assert.equal(labelled(groups, 'Parameters').present().description, String(parameters.length))
    assert.ok(labels(parameters).includes('learning_rate'))
    assert.ok(labels(await rows(views.experiments, labelled(groups, 'Metrics'))).includes('val/loss'))
    const artifacts = await rows(views.experiments, labelled(groups, 'Artifacts'))
    assert.ok(artifacts.some((node) => node.present().context === 'artifactFolder'))
  })

  test('ids are unique and stay over a refresh, and so do the rows', async () => {
    const { connections, views } = await lens()
    await run('mlflow.experiments.focus')
    const { runs } = await experiment('dynamic-pricing')
    const ids = runs.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    connections.requestRefresh(undefined, 'test')
    await views.experiments.refresh('asked')
    const again = (await experiment('dynamic-pricing')).runs
    assert.deepEqual(
      again.map(({ id }) => id),
      ids,
    )
    assert.ok(again.every((node, i) => node === runs[i]))
  })

  test('filters by a piece of a name, and by an expression', async () => {
    try {
      await run('mlflow.filterRuns', { filter: 'WEEK-4' })
      assert.deepEqual(labels((await experiment('dynamic-pricing')).runs), ['week-48', 'week-47', 'week-46'])
      const given = await run('mlflow.filterRuns', { filter: "attributes.status = 'FAILED'" })
      const filter = "attributes.status = 'FAILED'"
      assert.deepEqual(given, { filter, expression: filter, lensOnly: [] })
      const { runs } = await experiment('dynamic-pricing')
      assert.ok(runs.length > 0 && runs.every((node) => node.present().context?.includes('failed')))
      const { views } = await lens()
      assert.match(views.experiments.view.message ?? '', /Filter: attributes\.status/)
      await assert.rejects(async () => run('mlflow.filterRuns', { filter: 'metrics.x < y' }))
      await run('mlflow.filterRuns', { filter: 'no such run' })
      assert.deepEqual(labels((await experiment('dynamic-pricing')).runs), ['No run matches the filter.'])
    } finally {
      await run('mlflow.clearFilter')
    }
    assert.equal((await lens()).views.experiments.view.message, '')
  })

  test('sorts by a metric, with runs that lack it last', async () => {
    try {
      await run('mlflow.sortRuns', { by: 'rmse', ascending: true })
      const values = (await experiment('demand-forecast')).runs.map(
        (node) => node.present().description?.split(' · ')[0],
      )
      const numbers = values.filter((value) => value !== '–').map(Number)
      assert.ok(numbers.length > 1)
      assert.deepEqual(
        numbers,
        [...numbers].sort((a, b) => a - b),
      )
      assert.equal(values.at(-1), '–')
      await run('mlflow.sortRuns', { by: 'name' })
      const names = labels((await experiment('demand-forecast')).runs)
      assert.deepEqual(names, [...names].sort())
    } finally {
      await run('mlflow.sortRuns', { by: 'time' })
    }
  })

  test('every row has a spoken label, and its tooltip is plain text', async () => {
    const { views } = await lens()
    const { runs } = await experiment('dynamic-pricing')
    const groups = await rows(views.experiments, labelled(runs, 'week-48'))
    for (const node of [...runs, ...groups]) {
      const item = views.experiments.getTreeItem(node)
      assert.ok(item.accessibilityInformation?.label)
      assert.equal(item.tooltip, undefined, 'made on demand only')
      const { tooltip } = views.experiments.resolveTreeItem(item, node)
      if (tooltip instanceof vscode.MarkdownString) assert.ok(!tooltip.isTrusted && !tooltip.supportHtml)
    }
  })

  test('copies ids, names, URIs and values, of several rows too', async () => {
    const { runs } = await experiment('dynamic-pricing')
    const [first, second] = runs.map(({ commandOptions }) => commandOptions)
    assert.deepEqual(await run('mlflow.copyUri', first), { text: `runs:/${String(first?.runId)}` })
    await run('mlflow.copyId', { ...first, selection: [first, second] })
    assert.equal(await vscode.env.clipboard.readText(), `${String(first?.runId)}\n${String(second?.runId)}`)
    const { views } = await lens()
    const [model] = await rows(views.models)
    assert(model)
    const [version] = await rows(views.models, model)
    assert.deepEqual(await run('mlflow.copyUri', version?.commandOptions), { text: 'models:/demand-forecaster/3' })
    await assert.rejects(async () => run('mlflow.copyId', {}), /runId/)
  })

  test('a local store has no page in the web UI, and says so', async () => {
    const { runs } = await experiment('dynamic-pricing')
    assert.ok(!/\bweb\b/.test(runs[0]?.present().context ?? ''))
    await assert.rejects(async () => run('mlflow.openInWebUi', runs[0]?.commandOptions), /no web UI/)
  })

  test('models show their versions, newest first, with stage, aliases and source run', async () => {
    const { views } = await lens()
    const models = await rows(views.models)
    assert.deepEqual(labels(models), ['demand-forecaster', 'pricing-elasticity', 'recommender'])
    const versions = await rows(views.models, labelled(models, 'pricing-elasticity'))
    assert.deepEqual(labels(versions), ['Version 5', 'Version 4', 'Version 3', 'Version 2', 'Version 1'])
    assert.match(versions[2]?.present().description ?? '', /^Production · @champion/)
    const source = (await rows(views.models, versions[0])).find(({ command }) => command === 'mlflow.openRun')
    assert.equal(source?.present().label, 'week-47')
  })

  suite('of a server', () => {
    const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('mlflow')
    const target = process.env.MLFLOW_LENS_TEST_SERVER ?? ''

    test('that keeps one waiting has a row that says so, never the rows of another, and can be given up', async () => {
      const { connections, views } = await lens()
      await run('mlflow.experiments.focus')
      await using server = await guard(target)
      await run('mlflow.connect', { uri: server.url })
      await selectDatabase()
      assert.ok(labels(await rows(views.experiments)).length > 1)
      await connections.get(server.url).close()
      server.silent = true
      await run('mlflow.selectConnection', { connection: server.url })
      const [waiting, ...others] = await views.experiments.getChildren()
      assert.deepEqual(others, [])
      assert.match(waiting?.present().label ?? '', /^Connecting to 127\.0\.0\.1/)
      assert.equal(waiting?.present().context, 'waiting')
      await run('mlflow.disconnect', waiting.commandOptions)
      assert.equal(connections.find(server.url), undefined)
    })

    test('that goes away is seen to, and that it is back, without anybody asking', async () => {
      const { connections, views } = await lens()
      await run('mlflow.experiments.focus')
      await using server = await guard(target)
      await configuration().update('refreshInterval', 0.2, vscode.ConfigurationTarget.Workspace)
      try {
        await run('mlflow.connect', { uri: server.url })
        await until('its rows', async () => (await rows(views.experiments))[0]?.scope.connection.id === server.url)
        const connection = connections.get(server.url)
        await experiment('dynamic-pricing') // a run is under way in it, so that the view is kept fresh whatever that costs
        server.shut = true
        await until('the failure', () => connection.state.status === 'failed')
        await until('its message', () => views.experiments.view.message?.startsWith('Refresh failed'))
        server.shut = false
        await until('the recovery', () => connection.state.status === 'ready')
        await until('no message', () => views.experiments.view.message === '')

        server.shut = true
        views.experiments.restart()
        await until('a failure without rows', () => views.experiments.root?.failure)
        await until('its message', () => views.experiments.view.message?.includes('(503)'))
        assert.deepEqual(labels(await rows(views.experiments)), ['Retry', 'Show Log'])
        server.shut = false
        await until('the rows', () => views.experiments.root?.failure === undefined)
        assert.ok(labels(await rows(views.experiments)).includes('dynamic-pricing'))
        await until('no message', () => views.experiments.view.message === '')
      } finally {
        await configuration().update('refreshInterval', undefined, vscode.ConfigurationTarget.Workspace)
        await run('mlflow.disconnect', { connection: server.url })
      }
    })

    test('keeps its rows when a refresh fails and says so; a first failure is a row with a way on', async () => {
      const { views } = await lens()
      await using server = await guard(target)
      await run('mlflow.experiments.focus')
      await run('mlflow.connect', { uri: server.url })
      try {
        const before = await until('its rows', async () => {
          const shown = await rows(views.experiments)
          return shown[0]?.scope.connection.id === server.url && shown
        })
        assert.ok(labels(before).includes('dynamic-pricing'))
        server.shut = true
        await views.experiments.refresh('asked')
        assert.deepEqual(labels(await rows(views.experiments)), labels(before))
        assert.match(views.experiments.view.message ?? '', /^Refresh failed/)

        const [failed] = await rows(views.experiments, labelled(before, 'recommendations'))
        assert.equal(failed?.present().context, 'error')
        server.shut = false
        await run('mlflow.retry', failed.commandOptions)
        const runs = await rows(views.experiments, labelled(before, 'recommendations'))
        assert.ok(runs.length > 1 && /\bweb\b/.test(runs[0]?.present().context ?? ''))
        await views.experiments.refresh('asked')
        assert.equal(views.experiments.view.message, '')
      } finally {
        await run('mlflow.disconnect', { connection: server.url })
      }
    })
  })
})
