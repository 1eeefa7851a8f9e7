import * as v from 'valibot'
import type * as vscode from 'vscode'
import type { Log } from '../log'
import type { Credentials } from '../stores/open'

const credentialsSchema = v.variant('kind', [
  v.object({ kind: v.literal('basic'), username: v.string(), password: v.string() }),
  v.object({ kind: v.literal('bearer'), token: v.string() }),
])

/** Credentials in VS Code's secret storage, by server origin. */
export class CredentialVault {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly log: Log,
  ) {}

  async get(origin: string): Promise<Credentials | undefined> {
    try {
      const text = await this.secrets.get(keyOf(origin))
      return text === undefined ? undefined : v.parse(credentialsSchema, JSON.parse(text))
    } catch (error) {
      // A keyring that is locked or absent must not keep anybody from servers without a login. The text stays unlogged.
      this.log.warn(
        `The secret storage could not be read for ${origin} (${error instanceof Error ? error.name : typeof error})`,
      )
      return undefined
    }
  }

  async set(origin: string, credentials: Credentials): Promise<void> {
    await this.secrets.store(keyOf(origin), JSON.stringify(credentials))
  }

  async delete(origin: string): Promise<void> {
    await this.secrets.delete(keyOf(origin))
  }
}

const keyOf = (origin: string): string => `mlflow.credentials:${origin}`
