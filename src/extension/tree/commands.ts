import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { artifactUri } from '../artifactFiles/uri'
import { connectionOption, defineCommand, type CommandDefinition } from '../commands'
import type { ConnectionList } from '../connections'
import { Branch } from './node'
import type { DataView } from './dataView'
import { idOf, nameOfThing, thingSchema, uriOf, valueOf, webPageOf, type Thing } from './things'

/** Commands of rows: each works on options like those that a row gives, or on `selection`, a list of them. */
export function rowCommands(connections: ConnectionList, views: readonly DataView[]): CommandDefinition[] {
  return [
    copyCommand('mlflow.copyId', idOf),
    copyCommand('mlflow.copyName', nameOfThing),
    copyCommand('mlflow.copyValue', valueOf),
    copyCommand('mlflow.copyUri', uriOf),
    defineCommand('mlflow.openInWebUi', thingSchema, async (thing) => {
      const connection = connections.get(thing.connection)
      if (connection.kind !== 'rest')
        throw new Error(t('{0} is not a server, so it has no web UI. Start one with “mlflow ui”.', connection.name))
      const url = webPageOf(connection.uri, await withExperiment(thing, connections))
      await vscode.env.openExternal(vscode.Uri.parse(url))
      return { url }
    }),
    defineCommand(
      'mlflow.openArtifact',
      v.object({ ...connectionOption, runId: v.string(), path: v.string() }),
      async ({ connection: wanted, runId, path }) => {
        await connections.discovered
        const uri = artifactUri(connections.get(wanted).id, runId, path)
        await vscode.commands.executeCommand('vscode.open', uri)
        return { uri: uri.toString() }
      },
    ),
    rowCommand('mlflow.retry', views, (branch) => {
      branch.reload()
      return Promise.resolve()
    }),
    rowCommand('mlflow.loadMore', views, (branch, view) => view.loadMore(branch)),
  ]
}

function copyCommand(id: string, textOf: (thing: Thing) => string): CommandDefinition {
  return defineCommand(
    id,
    v.object({ ...thingSchema.entries, selection: v.optional(v.array(thingSchema)) }),
    async (given) => {
      const text = (given.selection ?? [given]).map(textOf).join('\n')
      await vscode.env.clipboard.writeText(text)
      return { text }
    },
  )
}

/** A command on a row of a view that has children. */
function rowCommand(
  id: string,
  views: readonly DataView[],
  work: (branch: Branch, view: DataView) => Promise<void>,
): CommandDefinition {
  return defineCommand(id, v.object({ view: v.string(), node: v.string() }), async ({ view: viewId, node: nodeId }) => {
    const view = views.find((each) => each.id === viewId)
    const node = view?.find(nodeId)
    if (!view || !(node instanceof Branch))
      throw new Error(t('There is no row “{0}” in the view “{1}”.', nodeId, viewId))
    await work(node, view)
    return null
  })
}

/** A run's page in the web UI stands below its experiment. */
async function withExperiment(thing: Thing, connections: ConnectionList): Promise<Thing> {
  if (thing.runId === undefined || thing.experimentId !== undefined) return thing
  const store = await connections.get(thing.connection).store()
  return { ...thing, experimentId: (await store.getRun(thing.runId)).info.experimentId }
}
