/** Real MLflow for the tests: stores filled by seed.py, and servers on them. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { basicAuth } from '../../scripts/lib/mlflow.mjs'
import { startGroup, until } from '../../scripts/lib/run.mjs'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'

export type MlflowMajor = '2' | '3'

/** A store made by seed.py, whose docstring says what is in it. */
export interface SeededStore extends AsyncDisposable {
  readonly folder: string
  /** Path of `mlflow.db`. */
  readonly database: string
  /** Version of the MLflow that made it. */
  readonly mlflow: string
  /** By the short names of seed.py. */
  readonly experiments: Readonly<Record<string, string>>
  readonly runs: Readonly<Record<string, string>>
  readonly loggedModels: Readonly<Record<string, string>>
}

export interface ServerOptions {
  readonly version: MlflowMajor
  /** Path of the database; a fresh one in a folder of the server's own where left out. */
  readonly database?: string
  /** Asks for `admin` below. */
  readonly basicAuth?: boolean
  /** Such as `/team/mlflow`. */
  readonly staticPrefix?: string
}

export interface MlflowServer extends AsyncDisposable {
  /** Address with the static prefix. */
  readonly url: string
  /** Address without it. */
  readonly origin: string
  /** The tail of what the server printed. */
  readonly output: () => string
}

export const admin = { kind: 'basic', username: 'admin', password: 'a "quite" long pässword:1' } as const

const quiet = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
}

/** Fills a fresh store with the MLflow of `version`; a few seconds. */
export async function seedStore(version: MlflowMajor): Promise<SeededStore> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `mlflow-seed-${version}-`))
  const seeded = await python(version, [path.join(import.meta.dirname, 'seed.py'), folder])
  const ids = JSON.parse(seeded) as Pick<SeededStore, 'mlflow' | 'experiments' | 'runs' | 'loggedModels'>
  return {
    ...ids,
    folder,
    database: path.join(folder, 'mlflow.db'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** Runs the Python that has MLflow `version`; resolves to what it printed. */
export async function python(
  version: MlflowMajor,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const executable = await ensurePython(`mlflow-${version}`)
  const { stdout } = await promisify(execFile)(executable, args, {
    env: { ...process.env, ...quiet, ...env },
    maxBuffer: 256 * 1024 * 1024,
  })
  return stdout
}

/** Starts `mlflow server`; resolves when it answers. Its whole process group ends with it, or with this process. */
export async function startServer({
  version,
  database,
  basicAuth: isGuarded = false,
  staticPrefix = '',
}: ServerOptions): Promise<MlflowServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `mlflow-server-${version}-`))
  const executable = await ensurePython(`mlflow-${version}`)
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const auth = isGuarded ? await basicAuth(folder, admin) : {}
  const args = [
    ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    ...['--backend-store-uri', `sqlite:///${database ?? path.join(folder, 'mlflow.db')}`],
    ...['--artifacts-destination', path.join(folder, 'artifacts')],
    ...(staticPrefix ? ['--static-prefix', staticPrefix] : []),
    ...(isGuarded ? ['--app-name', 'basic-auth'] : []),
  ]
  const env = { ...process.env, ...quiet, ...auth }
  const inFolder = { cwd: folder, env }
  const group = startGroup(executable, args, inFolder)
  const stop = async (): Promise<void> => {
    await group.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await until(() => answers(origin, group), `mlflow server ${version}`, { timeout: 180_000 })
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `${origin}${staticPrefix}`, origin, output: group.output, [Symbol.asyncDispose]: stop }
}

/** Whatever it answers: where things lie differs by version and prefix. */
async function answers(origin: string, group: ReturnType<typeof startGroup>): Promise<boolean> {
  if (group.hasExited()) throw new Error(`mlflow server ended: ${group.output()}`)
  try {
    await fetch(`${origin}/health`, { signal: AbortSignal.timeout(5000) })
    return true
  } catch {
    return false // not listening yet
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
