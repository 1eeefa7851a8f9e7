/** Stages and aliases on a real MLflow server that has the demo's models. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { pressing } from './pressing'
import type { MlflowLensApi } from '../../src/extension/extension'

interface Version {
  readonly name: string
  readonly version: string
  readonly currentStage: string
  readonly aliases: readonly string[]
}

const name = 'recommender'

suite('registry', function () {
  this.timeout(60_000)
  const connection = process.env.MLFLOW_LENS_TEST_SERVER ?? ''
  const transition = (options: Record<string, unknown>): Promise<Version> =>
    Promise.resolve(vscode.commands.executeCommand<Version>('mlflow.transitionStage', { connection, name, ...options }))
  const setAlias = (options: Record<string, unknown>): Promise<Version> =>
    Promise.resolve(vscode.commands.executeCommand<Version>('mlflow.setAlias', { connection, name, ...options }))

  /** Stage of each version, as the server says. */
  async function stages(): Promise<Record<string, string>> {
    const extension = vscode.extensions.getExtension<MlflowLensApi>('mlflow-lens.mlflow-lens')
    const store = await extension?.exports.connections.get(connection).store()
    const found: Record<string, string> = {}
    for await (const page of store?.searchModelVersions({ filter: `name = '${name}'` }) ?? [])
      for (const { version, currentStage } of page) found[version] = currentStage
    return found
  }

  suiteSetup(async () => {
    await vscode.commands.executeCommand('mlflow.connect', { uri: connection })
  })

  test('a version moves to Production, and the one there is archived', async () => {
    assert.deepEqual(await stages(), { '1': 'Archived', '2': 'Production', '3': 'Staging' })
    const after = await transition({ version: 3, stage: 'production', archiveExisting: true })
    assert.equal(after.version, '3')
    assert.equal(after.currentStage, 'Production')
    assert.ok(after.aliases.includes('canary'))
    assert.deepEqual(await stages(), { '1': 'Archived', '2': 'Archived', '3': 'Production' })
  })

  test('without archiving, others stay', async () => {
    await transition({ version: '2', stage: 'Production' })
    assert.deepEqual(await stages(), { '1': 'Archived', '2': 'Production', '3': 'Production' })
  })

  test('an alias is set, moved and removed', async () => {
    assert.ok((await setAlias({ version: '1', alias: 'blue' })).aliases.includes('blue'))
    assert.ok((await setAlias({ version: '2', alias: 'blue' })).aliases.includes('blue'))
    assert.ok(!(await setAlias({ alias: 'blue', remove: true })).aliases.includes('blue'))
    await assert.rejects(setAlias({ version: '2', alias: 'blue', remove: true }), /has no alias “blue”/)
  })

  const refused: [string, () => Promise<Version>, RegExp][] = [
    ['an unknown stage', () => transition({ version: '1', stage: 'prod' }), /“prod” is not a stage/],
    [
      'an unknown version',
      () => transition({ version: '99', stage: 'None' }),
      /has no version 99\. There are: 3, 2, 1/,
    ],
    ['a version that is no number', () => transition({ version: 'new', stage: 'None' }), /is not a version/],
    ['an unknown model', () => transition({ name: 'nope', version: '1', stage: 'None' }), /no registered model “nope”/],
    [
      'archiving for None',
      () => transition({ version: '1', stage: 'None', archiveExisting: true }),
      /only for the stages/,
    ],
    ['a reserved alias', () => setAlias({ version: '1', alias: 'Latest' }), /reserved/],
    ['an alias with a space', () => setAlias({ version: '1', alias: 'a b' }), /only letters/],
  ]
  for (const [what, act, message] of refused) test(`${what} is refused`, () => assert.rejects(act(), message))

  test('closing a question changes nothing', async () => {
    const before = await stages()
    const asked = transition({ version: '1' })
    assert.equal(await pressing('workbench.action.closeQuickOpen', asked), null)
    assert.deepEqual(await stages(), before)
  })
})
