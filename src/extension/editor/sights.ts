import * as vscode from 'vscode'
import type { ModelVersion, Run } from '../../shared/model'
import { oneAtATime, settled } from '../coalesce'
import { fileWritten, type Connection } from '../connections'
import { messageOf } from '../messageOf'
import type { PanelDeps } from '../panels'
import { answersOf } from '../panels/open'
import { onDidChangeEditorSettings, onDidChangeSetting, readSetting } from '../settings'
import type { TrackingStore } from '../stores'
import { rowsOfFile } from './belonging'
import { CodeView } from './codeView'
import { isMlProject, isPython } from './documents'
import type { Known } from './lineNotes'
import { lookAtCode, lookAtProject, type Looking } from './looking'
import type { EditorMemory } from './memory'
import { keyOfModels, modelsOf, placeOfProduction, registryStore } from './modelSight'
import { metricFunctions, valueOf, type Direction, type FileRuns } from './metricFacts'
import { ExperimentPool } from './pool'
import { productionRun } from './production'
import { RegistryFacts } from './registryFacts'
import { areVersionsShown, isCodeShown } from './shownSettings'
import { forget, isDue, runsIn, type Sight } from './sight'

export type { Sight } from './sight'

export interface SightsDeps extends PanelDeps {
  readonly memory: EditorMemory
}

/** Milliseconds after the last key before an edited file is looked at. */
const pause = 150

/** The files in sight that may call MLflow, and what is known of their runs. Does nothing while none of them calls it. */
export class Sights implements vscode.Disposable {
  readonly #deps: SightsDeps
  readonly #changed: () => void
  readonly #sights = new Map<vscode.TextDocument, Sight>()
  readonly #looking: Looking
  readonly #registry: RegistryFacts
  readonly #edited = settled(() => this.#lookAtAll(), pause)
  readonly #subscriptions: vscode.Disposable
  /** Documents that are looked at though no editor may show them, each with how often that was asked for. */
  readonly #held = new Map<vscode.TextDocument, number>()
  /** Stores that were open once: one that comes back has nothing new to tell before the next tick. */
  readonly #stores = new WeakSet<TrackingStore>()
  #connections = ''
  #timer: NodeJS.Timeout | undefined

  /** @param changed something else is to be shown; called again and again */
  constructor(deps: SightsDeps, changed: () => void) {
    this.#deps = deps
    this.#changed = changed
    const { connections, memory } = deps
    const warn = (sentence: string): void => deps.log.warn(sentence)
    const pool = new ExperimentPool({ answers: answersOf(deps), changed, warn })
    this.#looking = { connections, memory, pool, changed }
    this.#registry = new RegistryFacts(changed)
    this.#connectionsChanged()
    this.#subscriptions = vscode.Disposable.from(
      this.#edited,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#see()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#sights.has(document)) this.#edited.schedule()
      }),
      vscode.workspace.onDidOpenTextDocument(() => this.#see()), // another language was chosen for it
      connections.onDidChange(() => this.#connectionsChanged()),
      connections.onDidRequestRefresh(({ connection, reason }) => {
        void this.#refresh(connection, reason === fileWritten ? 'runs' : 'all')
      }),
      onDidChangeEditorSettings(() => this.#lookAtAll()),
      onDidChangeSetting('refreshInterval', () => this.#tickLater(true)),
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

  /** Looks anew at what the files in sight belong to, and at their runs. */
  lookAgain(): void {
    void this.#refresh(undefined, 'all')
  }

  /** Reads a file's runs again, or looks again for what it belongs to. */
  async retry(sight: Sight): Promise<void> {
    sight.mayAsk = sight.isOld = true
    await this.#lookAt(sight)
    if (sight.problem === undefined) await sight.runs?.refresh()
    this.#changed()
  }

  dispose(): void {
    clearTimeout(this.#timer)
    for (const { closed } of this.#sights.values()) closed.abort()
    this.#looking.pool[Symbol.dispose]()
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
          mayAsk: true,
          isOld: false,
        }
        this.#sights.set(document, sight)
        void this.#lookAt(sight)
      }
    this.#changed() // the same document may be in one more editor
    this.#tickLater()
  }

  #lookAtAll(): void {
    for (const sight of this.#sights.values()) void this.#lookAt(sight)
    this.#tickLater()
  }

  /**
   * Other connections, another active one, or one that has opened its store are looked at. Not one that is being opened or has failed:
   * to look would open it, and each failure would ask for the next.
   */
  #connectionsChanged(): void {
    const { all, active } = this.#deps.connections
    const now = JSON.stringify([active?.id, ...all.map(({ id }) => id)])
    let isNews = now !== this.#connections
    this.#connections = now
    for (const { state } of all)
      if (state.status === 'ready' && !this.#stores.has(state.store)) {
        this.#stores.add(state.store)
        isNews = true
      }
    if (isNews) this.#lookAtAll()
  }

  /** Never rejects: what goes wrong is the sight's `problem`. */
  async #lookAt(sight: Sight): Promise<void> {
    let problem: string | undefined
    try {
      await sight.look()
    } catch (error) {
      problem = messageOf(error)
    }
    if (sight.closed.signal.aborted) return
    if (problem !== undefined && problem !== sight.problem) this.#deps.log.warn(`${sight.view.fileUri}: ${problem}`)
    const isNews = !sight.isLookedAt || problem !== sight.problem
    sight.isLookedAt = true
    sight.problem = problem
    if (isNews) this.#changed()
  }

  async #look(sight: Sight): Promise<void> {
    if (!this.#isWanted(sight)) {
      forget(sight)
      sight.missing = undefined
      this.#changed()
      return
    }
    const { key, store } = sight.found ?? {}
    await (isMlProject(sight.view.document) ? lookAtProject : lookAtCode)(sight, this.#looking)
    this.#looking.pool.trim(new Set([...this.#sights.values()].flatMap(runsIn)))
    this.#tickLater()
    const isOther = sight.found?.key !== key || sight.found?.store !== store
    if (isOther || sight.models !== keyOfModels(sight)) await this.#readRegistry(sight)
  }

  /** Something is shown that depends on its runs. */
  #isWanted({ view }: Sight): boolean {
    if (isMlProject(view.document)) return readSetting('editor.projects')
    if (view.calls.length === 0) return false
    return isCodeShown() || readSetting('editor.completion') || this.#held.has(view.document)
  }

  #concernedBy(connection: Connection | undefined): Sight[] {
    return [...this.#sights.values()].filter(
      (sight) => !connection || !sight.connection || sight.connection.id === connection.id,
    )
  }

  /**
   * Brings runs up to date. Never rejects.
   *
   * @param connection undefined: any
   * @param what of files that have runs; what they belong to where that is `due`, or `all` the same
   */
  async #refresh(connection: Connection | undefined, what: 'runs' | 'due' | 'all'): Promise<void> {
    const concerned = this.#concernedBy(connection).filter((sight) => this.#isWanted(sight))
    const asked = what === 'runs' ? concerned.filter(({ subject, entries }) => !subject && !entries) : concerned
    for (const sight of asked) {
      sight.mayAsk = true
      sight.isOld = what === 'all' || isDue(sight)
    }
    await Promise.all(asked.map((sight) => this.#lookAt(sight)))
    const answering = concerned.filter(({ problem }) => problem === undefined)
    await Promise.all([...new Set(answering.flatMap(runsIn))].map((runs) => runs.refresh()))
    if (what !== 'runs') await Promise.all(answering.map((sight) => this.#readRegistry(sight)))
    this.#changed() // ages of runs
  }

  /** While code that calls MLflow is in sight and something is shown beside it, its runs are looked at once an interval. */
  #tickLater(isAnew = false): void {
    const seconds = readSetting('refreshInterval')
    const isTicking = seconds > 0 && [...this.#sights.values()].some((sight) => this.#isTicking(sight))
    if (isAnew || !isTicking) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
    if (isTicking)
      this.#timer ??= setTimeout(() => {
        void this.#refresh(undefined, 'due').finally(() => this.#tickLater(true))
      }, seconds * 1000)
  }

  #isTicking(sight: Sight): boolean {
    const { document } = sight.view
    return this.#isWanted(sight) && (isMlProject(document) || isCodeShown() || this.#held.has(document))
  }

  /** What the registry says of its models. Never rejects: what is known stays. */
  async #readRegistry(sight: Sight): Promise<void> {
    const { store, registry, runs, closed } = sight
    const { signal } = closed
    if (!store || isMlProject(sight.view.document)) return
    const models = areVersionsShown() ? modelsOf(sight) : []
    const isCompared = runs !== undefined && this.#deps.memory.reference === 'production'
    sight.models = keyOfModels(sight)
    if (!registry || (models.length === 0 && !isCompared)) return
    try {
      const versions = await registryStore(sight)
      if (!versions) return
      await this.#registry.readVersions(versions, registry.id, models, signal)
      const find = (): Promise<Run | undefined> => productionRun(store, versions, runs?.experimentId ?? '', signal)
      if (isCompared) await this.#registry.readProduction(placeOfProduction(sight), find, signal)
    } catch (error) {
      if (!closed.signal.aborted) this.#deps.log.warn(`${sight.view.fileUri}: ${messageOf(error)}`)
    }
  }

  /** The runs of a file, newest first; undefined until they are there. */
  rows({ file, runs }: Sight): (FileRuns & { readonly isAll: boolean }) | undefined {
    const { frame, rows } = runs?.runs ?? {}
    return file && frame && rows ? { frame, ...rowsOfFile(frame, rows, file) } : undefined
  }

  /** Versions of a model, the newest first; undefined until they are there. */
  versionsOf({ registry }: Sight, model: string): readonly ModelVersion[] | undefined {
    return this.#registry.versionsOf(registry?.id ?? '', model)
  }

  known(sight: Sight): Known | undefined {
    const { runs, subject } = sight
    const rows = this.rows(sight)
    if (!rows || !runs || !subject) return undefined
    const { memory } = this.#deps
    const { tags } = subject.experiment
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
        productionOf: (key) => valueOf(this.#registry.productionOf(placeOfProduction(sight)), key),
      },
      primaryMetric: named ?? logged.find(({ text }) => directionOf(text))?.text,
      curveOf: (runId, key) => runs.curve(runId, key),
      versionsOf: (model) => this.versionsOf(sight, model),
    }
  }
}

const saidDirection = (greaterIsBetter: string | undefined): Direction | undefined =>
  greaterIsBetter === 'true' ? 'higher' : greaterIsBetter === 'false' ? 'lower' : undefined
