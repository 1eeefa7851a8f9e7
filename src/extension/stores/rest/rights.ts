import { StoreError, type StoreErrorReason } from '../errors'
import { Limiter } from '../limiter'
import type { Credentials } from '../open'
import { guardedKey, permissions, type Account, type Guarded, type Permission, type Rights } from '../rights'
import type { MlflowApi } from './api'
import type { Query } from './client'
import { fieldsOf, listOf, textOf, wordOf, type Fields } from './shape'

/** Permissions change seldom; the server decides anyway. Milliseconds. */
const remembered = 60_000
/** Questions under way at one server. */
const mostAtOnce = 4

/** What MLflow 2 tells of oneself, by one endpoint; MLflow 3.x with roles tells each by its own. */
interface User extends Account {
  /** By `guardedKey`; undefined where the server has none of these lists. */
  readonly granted: ReadonlyMap<string, Permission> | undefined
}

export function rightsOf(api: MlflowApi): Rights {
  const users = new Memory<User | undefined>()
  const granted = new Memory<Permission | undefined>()
  const limiter = new Limiter(mostAtOnce)

  const user = (signal?: AbortSignal): Promise<User | undefined> =>
    users.of(api.client.credentials, '', () => readUser(api, signal))

  async function permission(on: Guarded, signal?: AbortSignal): Promise<Permission | undefined> {
    const known = await user(signal)
    if (!known) return undefined
    if (known.isAdmin) return 'MANAGE'
    const key = guardedKey(on)
    return known.granted
      ? known.granted.get(key) // else the server's default, which it tells nobody
      : granted.of(api.client.credentials, key, () =>
          limiter.run(() => readPermission(api, known.username, on, signal), signal),
        )
  }
  return {
    account: user,
    permission,
    forget() {
      users.forget()
      granted.forget()
    },
  }
}

/** Answers by question, for as long as the credentials stay the same. */
class Memory<T> {
  #of: Credentials | undefined
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Promise<T> }>()

  of(credentials: Credentials | undefined, question: string, ask: () => Promise<T>): Promise<T> {
    if (credentials !== this.#of) this.#answers.clear()
    this.#of = credentials
    const known = this.#answers.get(question)
    if (known && Date.now() - known.at < remembered) return known.answer
    const answer = ask()
    this.#answers.set(question, { at: Date.now(), answer })
    answer.catch(() => this.#answers.delete(question))
    return answer
  }

  forget(): void {
    this.#answers.clear()
  }
}

async function readUser(api: MlflowApi, signal?: AbortSignal): Promise<User | undefined> {
  const { credentials } = api.client
  if (!credentials) return undefined
  const current = await offered(api, '2.0/mlflow/users/current', {}, signal)
  const username =
    current?.user === undefined
      ? credentials.kind === 'basic' && credentials.username
      : textOf(fieldsOf(current.user, 'user').username, 'user.username')
  if (!username) return undefined
  const answer = await offered(api, '2.0/mlflow/users/get', { username }, signal)
  if (answer?.user === undefined) return undefined
  const user = fieldsOf(answer.user, 'user')
  return { username, isAdmin: user.is_admin === true, granted: grantsOf(user) }
}

function grantsOf(user: Fields): Map<string, Permission> | undefined {
  if (user.experiment_permissions === undefined) return undefined
  const grants = new Map<string, Permission>()
  for (const grant of listOf(user.experiment_permissions, 'experiment_permissions')) {
    const { experiment_id: experimentId, permission } = fieldsOf(grant, 'experiment_permissions')
    grants.set(
      guardedKey({ kind: 'experiment', experimentId: textOf(experimentId, 'experiment_id') }),
      word(permission),
    )
  }
  for (const grant of listOf(user.registered_model_permissions, 'registered_model_permissions')) {
    const { name, permission } = fieldsOf(grant, 'registered_model_permissions')
    grants.set(guardedKey({ kind: 'model', name: textOf(name, 'name') }), word(permission))
  }
  return grants
}

async function readPermission(
  api: MlflowApi,
  username: string,
  on: Guarded,
  signal?: AbortSignal,
): Promise<Permission | undefined> {
  const [type, id] = on.kind === 'experiment' ? ['experiment', on.experimentId] : ['registered_model', on.name]
  const query = { username, resource_type: type, resource_id: id }
  const answer = await offered(api, '3.0/mlflow/users/permissions/get', query, signal)
  return answer && word(answer.permission)
}

const word = (value: unknown): Permission => wordOf(value, permissions, 'permission')

const tellsNothing: ReadonlySet<StoreErrorReason> = new Set([
  'unsupported',
  'notFound',
  'forbidden',
  'badAnswer',
  'badRequest',
  'serverError',
])

/** Undefined where the server has no such endpoint, or shows it to nobody. */
async function offered(api: MlflowApi, path: string, query: Query, signal?: AbortSignal): Promise<Fields | undefined> {
  try {
    return await api.getAt(path, query, (json) => fieldsOf(json, 'the answer'), signal)
  } catch (error) {
    if (StoreError.is(error) && tellsNothing.has(error.reason)) return undefined
    throw error
  }
}
