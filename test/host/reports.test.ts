import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as vscode from 'vscode'
import { lens, run, selectDatabase } from './lens'

interface Exported {
  readonly target: string
  readonly files: readonly string[]
  readonly runs: number
  readonly charts: number
  readonly leftOut: readonly string[]
}

suite('reports', function () {
  this.timeout(60_000)
  let folder = ''
  let experimentId = ''

  suiteSetup(async () => {
    await selectDatabase()
    folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-reports-'))
    const store = await (await lens()).connections.get().store()
    for await (const page of store.searchExperiments())
      for (const { name, experimentId: id } of page) if (name === 'demand-forecast') experimentId = id
  })
  suiteTeardown(() => rmSync(folder, { recursive: true, force: true }))

  const exportReport = (options: object): Promise<Exported> =>
    Promise.resolve(run<Exported>('mlflow.exportReport', options))

  test('of an experiment’s newest runs is one HTML file with their charts', async () => {
    const target = path.join(folder, 'report.html')
    const exported = await exportReport({ experimentId, format: 'html', target })
    assert.deepEqual(exported.files, [target])
    assert.equal(exported.runs, 10)
    const html = readFileSync(target, 'utf8')
    assert.equal(html.match(/<figure>/g)?.length, exported.charts)
    assert.ok(exported.charts > 0)
    assert.doesNotMatch(html, /<script|<link|src=|url\(/)
    await assert.rejects(exportReport({ experimentId, format: 'html', target }), /there already/)
    await exportReport({ experimentId, format: 'html', target, overwrite: true })
  })

  test('as Markdown has its charts in a folder beside it', async () => {
    const store = await (await lens()).connections.get().store()
    const runIds: string[] = []
    for await (const frame of store.searchRuns({ experimentIds: [experimentId], maxResults: 2 }))
      runIds.push(...frame.runIds())
    const target = vscode.Uri.file(path.join(folder, 'two.md')).toString()
    const exported = await exportReport({
      runIds: [...runIds, 'f'.repeat(32)],
      format: 'markdown',
      target,
      axis: 'relative',
    })
    assert.equal(exported.runs, 2)
    assert.match(exported.leftOut[0] ?? '', /f{32}/)
    assert.deepEqual(readdirSync(path.join(folder, 'two-charts')).length, exported.charts)
    assert.match(readFileSync(exported.target, 'utf8'), /!\[.*\]\(two-charts\/01-/)
  })

  test('of nothing, to nowhere, or with wrong options is refused', async () => {
    await assert.rejects(
      exportReport({ runIds: ['f'.repeat(32)], format: 'html', target: '/x/y.html' }),
      /no run to report/,
    )
    await assert.rejects(exportReport({ experimentId, format: 'html', target: 'relative.html' }), /absolute path/)
    await assert.rejects(exportReport({ experimentId, format: 'pdf' }), /Wrong options.*format/)
  })
})
