// A real MLflow server on loopback for the scripts.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startGroup, until } from './run.mjs'
import { freePort } from './workbench.mjs'

/** Environment for any MLflow the scripts start: no telemetry, no job runners (ten processes, 2 GB), no prompts. */
export const quietMlflow = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  PYTHONUNBUFFERED: '1',
}

/** The users of a server with basic auth: ana may read, and change the experiments that she makes. */
export const guardedUsers = {
  admin: { username: 'admin', password: 'an admin’s long one' },
  ana: { username: 'ana', password: 'ana has a long one' },
}

/**
 * Starts `mlflow server` on a database in `folder`; resolves when it answers, to its `url` and `stop()`.
 *
 * @param options `isGuarded`: with basic auth and the users above
 */
export async function startMlflow({ python, database, folder, isGuarded = false }) {
  const auth = isGuarded ? await basicAuth(folder, guardedUsers.admin) : undefined
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = startGroup(
    python,
    [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${database}`],
      ...(auth ? ['--app-name', 'basic-auth'] : []),
    ],
    { cwd: folder, env: { ...process.env, ...quietMlflow, ...auth } },
  )
  const answers = () =>
    fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    ) // refused until it listens
  await until(answers, 'mlflow server', {
    timeout: 180_000,
    failed: () => server.hasExited() && `it ended: ${server.output()}`,
  })
  if (isGuarded) await createUser(url, guardedUsers.ana)
  return { url, stop: server.stop }
}

/** The environment of an `mlflow server --app-name basic-auth` whose users are kept in `folder`. */
export async function basicAuth(folder, { username, password }) {
  const file = path.join(folder, 'basic_auth.ini')
  const lines = [
    '[mlflow]',
    'default_permission = READ',
    `database_uri = sqlite:///${path.join(folder, 'basic_auth.db')}`,
    `admin_username = ${username}`,
    `admin_password = ${password}`,
    'authorization_function = mlflow.server.auth:authenticate_request_basic_auth',
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  return { MLFLOW_AUTH_CONFIG_PATH: file, MLFLOW_FLASK_SERVER_SECRET_KEY: 'test' }
}

async function createUser(url, user) {
  const { username, password } = guardedUsers.admin
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const answer = await fetch(`${url}/api/2.0/mlflow/users/create`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  })
  if (!answer.ok) throw new Error(`no user ${user.username}: ${await answer.text()}`)
}
