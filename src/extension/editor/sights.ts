import * as vscode from 'vscode'
import { equals } from '../../shared/filter/quote'
import type { ModelVersion, Run } from '../../shared/model'
import { coalesce, oneAtATime } from '../coalesce'
import { fileWritten, type Connection } from '../connections'
import { messageOf } from '../messageOf'
import { answersOf, type PanelDeps } from '../panels'
import type { TrackingStore } from '../stores'
import { gitExecutable, readSetting } from '../settings'
import { claimOf, rowsOfFile } from './belonging'
import { CodeView } from './codeView'
import { isMlProject, isPython } from './documents'
import type { ExperimentRuns } from './experimentRuns'
import { modelOf, type Known } from './lineNotes'
import type { EditorMemory } from './memory'
import { metricFunctions, type Direction, type FileRuns, type Value } from './metricFacts'
import { ExperimentPool } from './pool'
import { productionRun } from './production'
import { projectEntries } from './projectSight'
import { stagedModels } from './stageProblems'
import { findSubject, type Subject } from './subject'

export interface SightsDeps extends PanelDeps {
  readonly memory: EditorMemory
}

/** What is known of a file in sight. */
export interface Sight {
  readonly view: CodeView
  /** Finds out anew what belongs to the file. */
  readonly look: () => Promise<void>
  readonly closed: AbortController
  file?: Awaited<ReturnType<CodeView['file']>>
  /** What the subject was found by: while it is the same, so is the subject. */
  foundBy?: string | undefined
  /** What nothing was found by: the history of the file is looked through once. */
  foundNoneBy?: string | undefined
  /** Somebody has looked, whatever came of it. */
  isLookedAt?: boolean
  /** Why it could not be looked at the last time. */
  problem?: string | undefined
  subject?: Subject | undefined
  runs?: ExperimentRuns | undefined
  /** Where its runs are, or would be. */
  connection?: Connection
  store?: TrackingStore
  /** Of an MLproject file. */
  entries?: Awaited<ReturnType<typeof projectEntries>>
}

/** Milliseconds after the last key before an edited file is looked at. */
const settle = 150

/** The files in sight that may call MLflow, and what is known of their runs. Does nothing while none of them calls it. */
export class Sights implements vscode.Disposable {
  readonly #deps: SightsDeps
  readonly #changed: () => void
  readonly #sights = new Map<vscode.TextDocument, Sight>()
  readonly #pool: ExperimentPool
  readonly #versions = new Map<string, readonly ModelVersion[]>()
  readonly #production = new Map<string, Run | undefined>()
  readonly #edited = coalesce(() => this.#lookAtAll(), settle)
  readonly #subscriptions: vscode.Disposable
  /** Documents that are looked at though no editor may show them, each with how often that was asked for. */
  readonly #held = new Map<vscode.TextDocument, number>()
  #timer: NodeJS.Timeout | undefined

  /** @param changed something else is to be shown; called again and again */
  constructor(deps: SightsDeps, changed: () => void) {
    this.#deps = deps
    this.#changed = changed
    const { connections } = deps
    const warn = (sentence: string): void => deps.log.warn(sentence)
    this.#pool = new ExperimentPool({ answers: answersOf(deps), changed, warn })
    this.#subscriptions = vscode.Disposable.from(
      this.#edited,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#see()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#sights.has(document)) this.#edited.schedule()
      }),
      vscode.workspace.onDidOpenTextDocument(() => this.#see()), // another language was chosen for it
      connections.onDidChange(() => this.#lookAtAll()),
      connections.onDidRequestRefresh(({ connection, reason }) => {
        // Asked for in person: experiments and versions may be others, too.
        if (reason === fileWritten) void this.#refresh(connection)
        else void this.#refresh(connection).then(() => this.lookAgain())
      }),
    )
    this.#see()
  }

  /** Those that editors show. */
  get documents(): readonly vscode.TextDocument[] {
    const visible = new Set(vscode.window.visibleTextEditors.map(({ document }) => document))
    return [...this.#sights.keys()].filter((document) => visible.has(document))
  }

  get(document: vscode.TextDocument): Sight | undefined {
    return this.#sights.get(document)
  }

  /** Looks at a document as though it were in sight, until what it returns is disposed of. */
  hold(document: vscode.TextDocument): vscode.Disposable {
    this.#held.set(document, (this.#held.get(document) ?? 0) + 1)
    this.#see()
    return new vscode.Disposable(() => {
      const others = (this.#held.get(document) ?? 1) - 1
      if (others > 0) this.#held.set(document, others)
      else this.#held.delete(document)
      this.#see()
    })
  }

  /** Looks anew at what the files in sight belong to: the user chose otherwise. */
  lookAgain(): void {
    for (const sight of this.#sights.values()) this.#lookAt(sight, true)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    for (const { closed } of this.#sights.values()) closed.abort()
    this.#pool[Symbol.dispose]()
    this.#sights.clear()
    this.#subscriptions.dispose()
  }

  /** Brings the list of what is in sight up to date. */
  #see(): void {
    const visible = vscode.window.visibleTextEditors.map(({ document }) => document)
    const documents = new Set(
      [...visible, ...this.#held.keys()].filter((document) => isPython(document) || isMlProject(document)),
    )
    for (const [document, { closed }] of this.#sights)
      if (!documents.has(document)) {
        closed.abort()
        this.#sights.delete(document)
      }
    for (const document of documents)
      if (!this.#sights.has(document)) {
        const sight: Sight = {
          view: new CodeView(document),
          closed: new AbortController(),
          look: oneAtATime(() => this.#look(sight)),
        }
        this.#sights.set(document, sight)
        this.#lookAt(sight)
      }
    this.#changed() // the same document may be in one more editor
    this.#tickLater()
  }

  #lookAtAll(): void {
    for (const sight of this.#sights.values()) this.#lookAt(sight)
  }

  /** @param anew what was found before doesn't count */
  #lookAt(sight: Sight, anew = false): void {
    if (anew) sight.foundBy = sight.foundNoneBy = undefined
    const looked = (problem: string | undefined): void => {
      if (sight.closed.signal.aborted) return
      const isNews = !sight.isLookedAt || problem !== sight.problem
      sight.isLookedAt = true
      sight.problem = problem
      if (isNews) this.#changed()
    }
    sight.look().then(
      () => looked(undefined),
      (error: unknown) => {
        const problem = messageOf(error)
        if (!sight.closed.signal.aborted && problem !== sight.problem)
          this.#deps.log.warn(`${sight.view.fileUri}: ${problem}`)
        looked(problem)
      },
    )
  }

  async #look(sight: Sight): Promise<void> {
    const { connections, memory } = this.#deps
    const { signal } = sight.closed
    if (isMlProject(sight.view.document)) {
      await this.#lookAtProject(sight)
      return
    }
    const { calls, fileUri } = sight.view
    if (calls.length === 0) {
      sight.subject = sight.runs = sight.foundBy = undefined
      this.#changed()
      return
    }
    await connections.discovered
    const connection = connectionOf(sight.view, connections.all) ?? connections.active
    if (!connection || signal.aborted) return
    const chosen = memory.experimentOf(fileUri)
    const by = JSON.stringify([connection.id, chosen, claimOf(calls, process.env)?.experiment, modelsOf(sight)])
    const isAsBefore = sight.foundBy === by
    const hadRuns = sight.runs !== undefined
    if (!isAsBefore || !hadRuns) {
      const store = await connection.store({ signal })
      sight.connection = connection
      sight.store = store
      sight.file = await sight.view.file()
      const history = sight.foundNoneBy === by ? undefined : historyOf(sight.view)
      const asked = { calls, file: sight.file, chosen, env: process.env, ...(history && { history }) }
      sight.subject = await findSubject(store, asked, signal)
      sight.foundNoneBy = sight.subject ? undefined : by
      sight.runs = sight.subject && this.#pool.of(connection, sight.subject.experiment.experimentId)
      this.#pool.trim(new Set([...this.#sights.values()].flatMap(runsIn)))
    }
    if (sight.runs && !sight.runs.runs) await sight.runs.refresh()
    this.#changed()
    this.#tickLater()
    if (isAsBefore && hadRuns === (sight.runs !== undefined)) return
    await Promise.all([this.#readVersions(sight, signal), sight.runs && this.#readProduction(sight.runs, signal)])
    sight.foundBy = by
  }

  async #lookAtProject(sight: Sight): Promise<void> {
    const { connections } = this.#deps
    await connections.discovered
    const connection = connections.active
    if (!connection || sight.closed.signal.aborted) return
    sight.entries = await projectEntries(sight.view.document, connection, this.#pool, sight.closed.signal)
    this.#changed()
    this.#tickLater()
  }

  /** @param connection undefined: any */
  async #refresh(connection?: Connection): Promise<void> {
    const concerned = [...this.#sights.values()].filter(
      ({ runs }) => !runs || !connection || runs.connection.id === connection.id,
    )
    for (const sight of concerned) if (!sight.runs && !sight.entries) this.#lookAt(sight) // there may be an experiment by now
    const all = new Set(concerned.flatMap(runsIn))
    await Promise.all([...all].map((runs) => runs.refresh()))
    for (const sight of concerned) this.#readVersions(sight, sight.closed.signal).catch(() => undefined) // the versions of before stay
    this.#changed() // ages of runs
  }

  /** While code that calls MLflow is in sight, its runs are looked at once an interval. */
  #tickLater(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const seconds = readSetting('refreshInterval')
    if (seconds === 0 || ![...this.#sights.values()].some(isOfMlflow)) return
    this.#timer = setTimeout(() => void this.#refresh().finally(() => this.#tickLater()), seconds * 1000)
  }

  async #readVersions(sight: Sight, signal: AbortSignal): Promise<void> {
    const { store, connection } = sight
    if (!store || !connection) return
    for (const name of modelsOf(sight)) {
      const versions: ModelVersion[] = []
      for await (const page of store.searchModelVersions({ filter: equals('name', name) }, signal))
        versions.push(...page.filter((version) => version.name === name))
      this.#versions.set(
        `${connection.id}\n${name}`,
        versions.toSorted((a, b) => Number(b.version) - Number(a.version)),
      )
      this.#changed()
    }
  }

  async #readProduction(runs: ExperimentRuns, signal: AbortSignal): Promise<void> {
    if (this.#deps.memory.reference !== 'production' || !runs.store) return
    const run = await productionRun(runs.store, runs.experimentId, signal)
    this.#production.set(`${runs.connection.id}\n${runs.experimentId}`, run)
    this.#changed()
  }

  /** Reads a file's runs again, or looks again for what it belongs to. */
  async retry(sight: Sight): Promise<void> {
    if (sight.runs?.runs) await sight.runs.refresh()
    else this.#lookAt(sight, true)
    this.#changed()
  }

  /** The runs of a file, newest first; undefined until they are there. */
  rows({ file, runs }: Sight): (FileRuns & { readonly isAll: boolean }) | undefined {
    const { frame, rows } = runs?.runs ?? {}
    return file && frame && rows ? { frame, ...rowsOfFile(frame, rows, file) } : undefined
  }

  /** Versions of a model, the newest first; undefined until they are there. */
  versionsOf({ connection }: Sight, model: string): readonly ModelVersion[] | undefined {
    return this.#versions.get(`${connection?.id ?? ''}\n${model}`)
  }

  known(sight: Sight): Known | undefined {
    const { runs, subject } = sight
    const rows = this.rows(sight)
    if (!rows || !runs || !subject) return undefined
    const { memory } = this.#deps
    const { tags, experimentId } = subject.experiment
    const named = tags.get('mlflow.experiment.primaryMetric.name')
    const said = saidDirection(tags.get('mlflow.experiment.primaryMetric.greaterIsBetter'))
    const directionOf = (key: string): Direction | undefined =>
      memory.directionOf(key) ?? (key === named ? said : undefined)
    const logged = sight.view.calls.flatMap((call) => (metricFunctions.has(call.fn) ? call.named : []))
    return {
      runs: rows,
      by: {
        reference: memory.reference,
        directionOf,
        productionOf: (key) => valueOf(this.#production.get(`${runs.connection.id}\n${experimentId}`), key),
      },
      primaryMetric: named ?? logged.find(({ text }) => directionOf(text))?.text,
      curveOf: (runId, key) => runs.curve(runId, key),
      versionsOf: (model) => this.versionsOf(sight, model),
    }
  }
}

const modelsOf = ({ view }: Sight): string[] => [
  ...new Set([...view.calls.flatMap((call) => modelOf(call) ?? []), ...stagedModels(view.document.getText())]),
]

const runsIn = ({ runs, entries = [] }: Sight): ExperimentRuns[] => (runs ? [runs] : entries.map((entry) => entry.runs))

/** How to learn which commits changed a file; undefined where git is not to be asked. */
function historyOf({ fileUri }: CodeView): ((signal: AbortSignal) => Promise<readonly string[]>) | undefined {
  const { scheme, fsPath } = vscode.Uri.parse(fileUri)
  if (scheme !== 'file' || !vscode.workspace.isTrusted) return undefined
  return async (signal) => {
    const { commitsOf } = await import('../code/history')
    return commitsOf(fsPath, gitExecutable(), signal)
  }
}

const isOfMlflow = ({ view, entries = [] }: Sight): boolean => entries.length > 0 || view.calls.length > 0

/** By the tracking URI that the code sets, where a connection has it. */
function connectionOf(view: CodeView, all: readonly Connection[]): Connection | undefined {
  const set = view.calls.find(({ fn, key }) => fn === 'set_tracking_uri' && key !== undefined)?.named[0]
  if (!set || set.isPattern) return undefined
  const plain = (uri: string): string => uri.replace(/\/+$/, '')
  return all.find((connection) => plain(connection.uri) === plain(set.text))
}

const saidDirection = (greaterIsBetter: string | undefined): Direction | undefined =>
  greaterIsBetter === 'true' ? 'higher' : greaterIsBetter === 'false' ? 'lower' : undefined

function valueOf(run: Run | undefined, key: string): Value | undefined {
  const metric = run?.metrics.get(key)
  if (!run || !metric) return undefined
  const { runId, runName, status } = run.info
  return { ...metric, runId, runName: runName || runId.slice(0, 8), isRunning: status === 'RUNNING' }
}
