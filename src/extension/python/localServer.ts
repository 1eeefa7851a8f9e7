/**
 * An MLflow server on loopback over a local store, for writing: MLflow's tables and files are MLflow's to write. Knows no editor.
 */
import { createServer } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { t } from '../../shared/l10n'
import { knownFailure, lastErrorIn } from '../projects/explain'
import { type GroupExit, type ProcessGroup, startGroup } from '../projects/processGroup'
import { StoreError } from '../stores'
import type { Interpreter } from './interpreter'
import { allowFolder } from './releases'
import { sqliteUri } from './schemaGuard'
import { searchPathWith } from './searchPath'

export interface LocalStore {
  readonly kind: 'sqlite' | 'files'
  /** Absolute path of the database, or of the folder of experiments. */
  readonly path: string
}

export interface LocalServer {
  /** `http://127.0.0.1:…` */
  readonly url: string
  /** Resolves when it has ended, whoever ended it. */
  readonly exited: Promise<GroupExit>
  /** The last of what it printed. */
  tail(): string
  /** Ends it with all that it started. */
  stop(): Promise<void>
}

export interface LocalServerSurroundings {
  /** Folder of the helper scripts. */
  readonly scripts: string
  readonly env: NodeJS.ProcessEnv
  readonly log: (line: string) => void
  /** Told of what the server prints. */
  readonly printed?: (text: string) => void
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until it must answer; a slow machine takes 16 s, a busy one longer. */
  readonly deadline?: number
}

/** What the user can put right; the message says how. */
export class LocalServerError extends Error {
  override readonly name = 'LocalServerError'
}

const usualDeadline = 180_000
const tailCharacters = 64_000
const shownCharacters = 1_500

/**
 * Resolves when the server answers. It listens on 127.0.0.1 only, and ends when this process does, even if that is killed.
 * @throws LocalServerError; the signal's reason where it was cancelled. Nothing is left running then.
 */
export async function startLocalServer(
  interpreter: Pick<Interpreter, 'executable' | 'mlflow'>,
  store: LocalStore,
  surroundings: LocalServerSurroundings,
): Promise<LocalServer> {
  const { signal, log } = surroundings
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    const started = performance.now()
    const server = await begin(interpreter, store, await freePort(), surroundings)
    const failure = await untilItAnswers(server, surroundings)
    if (failure === undefined) {
      log(`mlflow server on ${store.path} answers at ${server.url}, ${Math.round(performance.now() - started)} ms`)
      return server
    }
    await server.stop()
    signal?.throwIfAborted()
    const isTaken = /address already in use|EADDRINUSE|Connection in use/i.test(server.tail())
    if (!isTaken || attempt === 3) throw failure // else somebody took the port in between: another one
  }
}

/** Arguments of `mlflow`. Artifacts are where a client without a server would have put them. */
export function serverArguments(store: LocalStore, port: number): string[] {
  const uri = store.kind === 'sqlite' ? sqliteUri(store.path) : pathToFileURL(store.path).href
  const artifacts = store.kind === 'sqlite' ? path.join(path.dirname(store.path), 'mlruns') : store.path
  return [
    ...['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    ...['--backend-store-uri', uri, '--default-artifact-root', pathToFileURL(artifacts).href, '--no-serve-artifacts'],
  ]
}

async function begin(
  { executable }: Pick<Interpreter, 'executable'>,
  store: LocalStore,
  port: number,
  { scripts, env, printed }: LocalServerSurroundings,
): Promise<LocalServer> {
  let tail = ''
  let group: ProcessGroup
  try {
    group = await startGroup(
      executable,
      [path.join(scripts, 'run_project.py'), ...serverArguments(store, port)],
      { cwd: scripts, env: { ...withoutMlflow(env), ...serverEnvironment(executable, env) } },
      (text) => {
        tail = (tail + text).slice(-tailCharacters)
        printed?.(text)
      },
    )
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new LocalServerError(t('{0} can’t be started: {1}', executable, why), { cause: error })
  }
  return {
    url: `http://127.0.0.1:${port}`,
    exited: group.exited,
    tail: () => tail,
    stop: () => group.stop(),
  }
}

/** Job runners would be eight processes more, and each worker 200 MB. */
function serverEnvironment(executable: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...searchPathWith(executable, env), // gunicorn, uvicorn
    ...allowFolder,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
  }
}

/** What is inherited would send the server elsewhere, or ask its clients for a login. */
function withoutMlflow(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^_?MLFLOW_/i.test(name)))
}

/** Undefined when it does. */
async function untilItAnswers(
  server: LocalServer,
  { signal, deadline = usualDeadline }: LocalServerSurroundings,
): Promise<LocalServerError | undefined> {
  let exit: GroupExit | undefined
  void server.exited.then((ended) => (exit = ended))
  const end = Date.now() + deadline
  while (Date.now() < end) {
    if (signal?.aborted) return new LocalServerError(t('Cancelled.'))
    if (exit) return ended(server, exit)
    if (await answers(server.url, signal)) return undefined
    await delay(100)
  }
  return new LocalServerError(
    t('The MLflow server did not answer within {0} s.{1}', deadline / 1000, lastOf(server.tail())),
  )
}

async function answers(url: string, signal: AbortSignal | undefined): Promise<boolean> {
  const late = AbortSignal.timeout(5_000)
  try {
    const answer = await fetch(`${url}/health`, { signal: signal ? AbortSignal.any([signal, late]) : late })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false // it does not listen yet
  }
}

/** How long a server that answers no more may take to be known to have ended, with all that it started, in milliseconds. */
const dying = 10_000

/**
 * What a request's failure means where the server is our own: users have not started it, and don't know its address.
 *
 * @param name of the store, as users know it
 */
export async function failureOf(server: LocalServer, name: string, error: StoreError): Promise<StoreError> {
  const told = (message: string): StoreError => new StoreError(error.reason, message, { cause: error })
  if (error.isOfTheStore && !(await answers(server.url, undefined))) {
    const exit = await Promise.race([server.exited, delay(dying, undefined, { ref: false })])
    if (exit) {
      const said = knownFailure(server.tail()) ?? lastErrorIn(server.tail())?.slice(0, 300) ?? ''
      const what = t(
        'MLflow ended ({0}) while it changed {1}. See what is there now, and try again.',
        howOf(exit),
        name,
      )
      return told([what, said].filter(Boolean).join(' '))
    }
  }
  if (error.reason === 'serverError') {
    const why = lastErrorIn(server.tail())
    if (why !== undefined) return told(t('MLflow failed to change {0}: {1}', name, why.slice(0, 300)))
  }
  return told(error.message.replaceAll(server.url, t('the MLflow that changes {0}', name)))
}

const howOf = ({ code, signal }: GroupExit): string => (code === null ? (signal ?? '?') : t('exit code {0}', code))

function ended(server: LocalServer, exit: GroupExit): LocalServerError {
  const known = knownFailure(server.tail())
  if (known !== undefined) return new LocalServerError(known)
  const why = lastErrorIn(server.tail())
  if (why !== undefined) return new LocalServerError(t('The MLflow server ended: {0}', why.slice(0, 300)))
  return new LocalServerError(t('The MLflow server ended ({0}).{1}', howOf(exit), lastOf(server.tail())))
}

const lastOf = (output: string): string => {
  const text = output.trim().slice(-shownCharacters)
  return text === '' ? '' : ` ${t('Its last output: {0}', text)}`
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
