import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, Dismissed, messageOf, type CommandDefinition, type Json } from '../commands'
import { askChoice, askText, WentBack } from '../ui/prompts'
import { connectionsSetting, saveConnectionsSetting } from '../settings'
import { StoreError } from '../stores'
import { parseTrackingUri } from '../stores/uri'
import { askedFor, type ConnectionList } from './connectionList'
import type { Source } from './sources'
import type { SignInService } from './signInService'
import { kindIcons, stateText } from './stateText'
import type { StoreConnection } from './storeConnection'

const rememberSchema = v.union([v.picklist(['user', 'workspace']), v.literal(false)])
type Remember = v.InferOutput<typeof rememberSchema>

export function connectionCommands(
  connections: ConnectionList,
  signIn: SignInService,
  showLog: () => void,
): CommandDefinition[] {
  return [
    defineCommand(
      'mlflow.connect',
      v.object({ uri: v.optional(v.string()), name: v.optional(v.string()), remember: v.optional(rememberSchema) }),
      async ({ uri, name, remember }) =>
        uri === undefined
          ? connectByAsking(connections, { name, remember })
          : connect(connections, { uri, name, remember: remember ?? false, interactive: false }),
    ),
    defineCommand('mlflow.disconnect', v.object(connectionOption), async ({ connection: wanted }) => {
      await connections.discovered
      const connection = wanted === undefined ? await chooseOpen(connections) : connections.get(wanted)
      await connections.disconnect(connection)
      connections.requestRefresh(connection, 'disconnected')
      return { id: connection.id, name: connection.name }
    }),
    defineCommand('mlflow.selectConnection', v.object(connectionOption), async ({ connection: wanted }) => {
      await connections.discovered
      const connection = wanted === undefined ? await choose(connections) : connections.get(wanted)
      if (!connection) return vscode.commands.executeCommand<Json>('mlflow.connect')
      await connections.select(connection)
      return summary(connection)
    }),
    defineCommand('mlflow.refresh', v.object(connectionOption), async ({ connection: wanted }) => {
      if (wanted === undefined) await connections.rediscover()
      const connection = wanted === undefined ? undefined : connections.get(wanted)
      await Promise.all((connection ? [connection] : connections.all).map((each) => each.reconnect()))
      connections.requestRefresh(connection, askedFor)
      return null
    }),
    defineCommand(
      'mlflow.signIn',
      v.object({
        ...connectionOption,
        username: v.optional(v.string()),
        password: v.optional(v.string()),
        token: v.optional(v.string()),
      }),
      async ({ connection: wanted, username, password, token }) => {
        await connections.discovered
        const connection = connections.get(wanted)
        if (connection.kind !== 'rest')
          throw new StoreError('badRequest', t('{0} is not a server: there is nothing to sign in to.', connection.name))
        if (token !== undefined) await signIn.with(connection, { kind: 'bearer', token })
        else if (username !== undefined && password !== undefined)
          await signIn.with(connection, { kind: 'basic', username, password })
        else await signIn.ask(connection)
        connections.requestRefresh(connection, 'signed in')
        return summary(connection)
      },
    ),
    defineCommand('mlflow.showLog', v.object({}), () => {
      showLog()
      return Promise.resolve(null)
    }),
  ]
}

/** A connection as commands answer it. */
const summary = (connection: StoreConnection): Json => ({
  id: connection.id,
  name: connection.name,
  uri: connection.uri,
  kind: connection.kind,
  origin: connection.origin,
  status: connection.state.status,
})

interface ConnectRequest {
  readonly uri: string
  readonly name?: string | undefined
  readonly remember: Remember
  /** True: a 401 may be answered with a question. */
  readonly interactive: boolean
  readonly signal?: AbortSignal
}

/** Opens a store, makes it the active connection and, if asked to, remembers it. A store that can't be opened is not added. */
async function connect(connections: ConnectionList, request: ConnectRequest): Promise<Json> {
  await connections.discovered
  const connection = await add(connections, request)
  if (request.remember !== false) await rememberInSettings(connection, request.remember)
  return summary(connection)
}

async function add(connections: ConnectionList, request: ConnectRequest): Promise<StoreConnection> {
  const source = sourceOf(request)
  const known = connections.find(parseTrackingUri(source.uri, source.folder).id)
  const connection = connections.addForSession(source)
  await connection.reconnect()
  try {
    await connection.store({ interactive: request.interactive, ...(request.signal && { signal: request.signal }) })
  } catch (error) {
    if (!known) connections.removeFromSession(connection)
    throw error
  }
  await connections.select(connection)
  return connection
}

const sourceOf = ({ uri, name }: Pick<ConnectRequest, 'uri' | 'name'>): Source => ({
  origin: 'session',
  uri,
  ...(name !== undefined && name.trim() !== '' && { name: name.trim() }),
  folder: workspaceFolder() ?? process.cwd(),
  where: t('MLflow: Connect to Tracking Server…'),
  byUser: true,
})

const workspaceFolder = (): string | undefined =>
  vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath

async function connectByAsking(
  connections: ConnectionList,
  given: { readonly name?: string | undefined; readonly remember?: Remember | undefined },
): Promise<Json> {
  const title = t('Connect to Tracking Server')
  const totalSteps = 1 + (given.name === undefined ? 1 : 0) + (given.remember === undefined ? 1 : 0)
  const folder = workspaceFolder() ?? process.cwd()
  await connections.discovered
  const uri = await askText({
    title,
    step: 1,
    totalSteps,
    prompt: t('Address of a tracking server, or path of an mlflow.db or an mlruns folder'),
    placeholder: 'http://localhost:5000',
    validate: (text) => problemOf(() => parseTrackingUri(text, folder)),
    accept: async (text, signal) => {
      try {
        await add(connections, { uri: text, name: given.name, remember: false, interactive: false, signal })
        return undefined
      } catch (error) {
        // The address is right where a login is wanted: that is asked for next.
        return StoreError.is(error, 'unauthorized') ? undefined : messageOf(error)
      }
    },
  })
  const connection = await add(connections, { uri, name: given.name, remember: false, interactive: true })
  const { name, remember } = await askNameAndPlace(connection, title, totalSteps, given)
  if (name !== connection.name) connections.rename(connection, name)
  if (remember !== false) await rememberInSettings(connection, remember)
  return summary(connection)
}

/** The connection is made by now: closing these questions keeps it, under its own name, for the session. */
async function askNameAndPlace(
  connection: StoreConnection,
  title: string,
  totalSteps: number,
  given: { readonly name?: string | undefined; readonly remember?: Remember | undefined },
): Promise<{ name: string; remember: Remember }> {
  let name = given.name ?? connection.name
  try {
    for (;;) {
      if (given.name === undefined)
        name =
          (await askText({ title, step: 2, totalSteps, prompt: t('Connected. A name for it?'), value: name })).trim() ||
          connection.name
      if (given.remember !== undefined) return { name, remember: given.remember }
      try {
        const back = given.name === undefined
        const place = await askChoice({
          title,
          step: totalSteps,
          totalSteps,
          back,
          placeholder: t('Remember {0}?', name),
          items: places(),
        })
        return { name, remember: place.remember }
      } catch (error) {
        if (!(error instanceof WentBack)) throw error
      }
    }
  } catch (error) {
    if (!(error instanceof Dismissed)) throw error
    return { name, remember: false }
  }
}

function places(): (vscode.QuickPickItem & { remember: Remember })[] {
  return [
    { label: t('For this session only'), remember: false },
    { label: t('In user settings'), description: t('for every workspace'), remember: 'user' },
    ...(workspaceFolder() === undefined
      ? []
      : [
          {
            label: t('In workspace settings'),
            description: t('for everybody who works here'),
            remember: 'workspace' as const,
          },
        ]),
  ]
}

async function rememberInSettings(connection: StoreConnection, place: 'user' | 'workspace'): Promise<void> {
  const value = connectionsSetting()[place]
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  const kept = entries.filter((entry) => (entry as { uri?: unknown } | null)?.uri !== connection.uri)
  await saveConnectionsSetting(place, [...kept, { name: connection.name, uri: connection.uri }])
}

const problemOf = (attempt: () => unknown): string | undefined => {
  try {
    attempt()
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** Undefined: the user wants to connect to another one. */
async function choose(connections: ConnectionList): Promise<StoreConnection | undefined> {
  const items = connections.all.map((connection) => itemOf(connection, connection === connections.active))
  const choice = await askChoice<vscode.QuickPickItem & { connection?: StoreConnection }>({
    title: t('Select Active Connection'),
    placeholder: t('Commands and views use the active connection'),
    items: [
      ...items,
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: `$(add) ${t('Connect to Tracking Server…')}` },
    ],
    active: items.find(({ connection }) => connection === connections.active),
  })
  return choice.connection
}

async function chooseOpen(connections: ConnectionList): Promise<StoreConnection> {
  const open = connections.all.filter(({ disconnected }) => !disconnected)
  const [only] = open
  if (!only) throw new Error(t('There is no connection to disconnect.'))
  if (open.length === 1) return only
  const choice = await askChoice({
    title: t('Disconnect'),
    placeholder: t('Which connection?'),
    items: open.map((connection) => itemOf(connection, connection === connections.active)),
  })
  return choice.connection
}

function itemOf(connection: StoreConnection, active: boolean): vscode.QuickPickItem & { connection: StoreConnection } {
  const shownPath = connection.entry.uri.path === undefined ? connection.uri : tildified(connection.entry.uri.path)
  return {
    label: `$(${kindIcons[connection.kind]}) ${connection.name}`,
    description: [active ? t('active') : '', stateText(connection), connection.advice?.short]
      .filter(Boolean)
      .join(' · '),
    detail: shownPath,
    connection,
  }
}

const tildified = (absolute: string): string => {
  const home = process.env.HOME
  return home !== undefined && absolute.startsWith(home + path.sep) ? `~${absolute.slice(home.length)}` : absolute
}
