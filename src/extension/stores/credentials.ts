/** Where MLflow's own client finds credentials, read the same way. */
import os from 'node:os'
import path from 'node:path'
import type { Credentials } from './open'
import { textOf } from '../textOf'

export type Environment = Readonly<Record<string, string | undefined>>

interface UserAndPassword {
  readonly username?: string
  readonly password?: string
}

/** From `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, else from `MLFLOW_TRACKING_TOKEN`; as in MLflow, the pair wins. */
export function credentialsFromEnvironment(environment: Environment): Credentials | undefined {
  return basic(userOf(environment)) ?? bearer(environment)
}

/** From MLflow's credentials file, `~/.mlflow/credentials` unless told otherwise; undefined where there is none. @throws where it can't be read */
export async function credentialsFromFile(
  file = path.join(os.homedir(), '.mlflow', 'credentials'),
): Promise<Credentials | undefined> {
  return basic(userOfFile(await textOf(file)))
}

/**
 * What MLflow's client would send: user and password, each from the environment or else from the file; where one of the two is
 * missing, the token.
 */
export async function credentialsOfMlflow(environment: Environment, file?: string): Promise<Credentials | undefined> {
  const fromFile = userOfFile(await textOf(file ?? path.join(os.homedir(), '.mlflow', 'credentials')))
  return basic({ ...fromFile, ...userOf(environment) }) ?? bearer(environment)
}

function userOf(environment: Environment): UserAndPassword {
  const { MLFLOW_TRACKING_USERNAME: username, MLFLOW_TRACKING_PASSWORD: password } = environment
  return { ...(username && { username }), ...(password && { password }) }
}

function basic({ username, password }: UserAndPassword): Credentials | undefined {
  return username && password ? { kind: 'basic', username, password } : undefined
}

function bearer(environment: Environment): Credentials | undefined {
  const token = environment.MLFLOW_TRACKING_TOKEN
  return token ? { kind: 'bearer', token } : undefined
}

/** The section `[mlflow]` of an INI file as Python's configparser reads it: `key = value` or `key: value`, keys in any case, %% for %. */
function userOfFile(text: string): UserAndPassword {
  const values = new Map<string, string>()
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const header = /^\s*\[(.+)\]/.exec(line)
    if (header) section = header[1] ?? ''
    const [, key, value] = /^\s*([^=:[]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
    if (!header && section === 'mlflow' && key !== undefined && value !== undefined)
      values.set(key.toLowerCase(), value.replaceAll('%%', '%'))
  }
  const username = values.get('mlflow_tracking_username')
  const password = values.get('mlflow_tracking_password')
  return { ...(username && { username }), ...(password && { password }) }
}
