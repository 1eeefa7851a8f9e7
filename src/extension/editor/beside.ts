import * as vscode from 'vscode'
import { equals } from '../../shared/filter/quote'
import type { ModelVersion, Run } from '../../shared/model'
import { coalesce, oneAtATime } from '../coalesce'
import { fileWritten, type Connection } from '../connections'
import { messageOf } from '../messageOf'
import { answersOf, type PanelDeps } from '../panels'
import { onDidChangeEditorSettings, readSetting } from '../settings'
import { claimOf, rowsOfFile } from './belonging'
import { CodeView } from './codeView'
import { nameAt, type Names } from './completion'
import { contrastOf, Decorations } from './decorations'
import { isMlProject, isPython } from './documents'
import type { ExperimentRuns } from './experimentRuns'
import { hoverCommands, metricHover } from './hoverText'
import { curveOf, keysFor, lineNotes, modelOf, type Known, type LineNote, type Shown } from './lineNotes'
import type { EditorMemory } from './memory'
import { metricFacts, type Direction, type FileRuns, type Value } from './metricFacts'
import type { Curve } from './pictures'
import { ExperimentPool } from './pool'
import { productionRun } from './production'
import { projectEntries, projectNotes } from './projectSight'
import { runLenses, type RunLens } from './runLenses'
import { findSubject, type Subject } from './subject'

export interface BesideDeps extends PanelDeps {
  readonly memory: EditorMemory
}

/** What is known of a file in sight. */
interface Sight {
  readonly view: CodeView
  /** Finds out anew what belongs to the file. */
  readonly look: () => Promise<void>
  readonly closed: AbortController
  file?: Awaited<ReturnType<CodeView['file']>>
  /** What the subject was found by: while it is the same, so is the subject. */
  foundBy?: string | undefined
  /** Why it could not be looked at the last time. */
  problem?: string | undefined
  subject?: Subject | undefined
  runs?: ExperimentRuns | undefined
  /** Of an MLproject file. */
  entries?: Awaited<ReturnType<typeof projectEntries>>
}

const python: vscode.DocumentSelector = { language: 'python' }
/** Milliseconds after the last key before an edited file is looked at. */
const settle = 150
const metricFns = new Set(['log_metric', 'log_metrics'])

/** Shows beside the code in sight what it logged. Does nothing while no Python that calls MLflow is in sight. */
export class Beside implements vscode.Disposable {
  readonly #deps: BesideDeps
  readonly #sights = new Map<vscode.TextDocument, Sight>()
  readonly #pool: ExperimentPool
  readonly #versions = new Map<string, readonly ModelVersion[]>()
  readonly #production = new Map<string, Run | undefined>()
  readonly #decorations = new Decorations()
  readonly #lensesChanged = new vscode.EventEmitter<void>()
  readonly #drawing = coalesce(() => this.#drawAll(), 40)
  readonly #edited = coalesce(() => this.#lookAtAll(), settle)
  readonly #subscriptions: vscode.Disposable
  #lensesShown = ''
  #timer: NodeJS.Timeout | undefined

  constructor(deps: BesideDeps) {
    this.#deps = deps
    const { connections } = deps
    this.#pool = new ExperimentPool({
      answers: answersOf(deps),
      changed: () => this.#drawing.schedule(),
      warn: (sentence) => deps.log.warn(sentence),
    })
    this.#subscriptions = vscode.Disposable.from(
      this.#decorations,
      this.#lensesChanged,
      this.#drawing,
      this.#edited,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#see()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#sights.has(document)) this.#edited.schedule()
      }),
      vscode.workspace.onDidOpenTextDocument(() => this.#see()), // another language was chosen for it
      vscode.window.onDidChangeActiveColorTheme(() => this.#drawing.schedule()),
      onDidChangeEditorSettings(() => this.#drawing.schedule()),
      connections.onDidChange(() => this.#lookAtAll()),
      connections.onDidRequestRefresh(({ connection, reason }) => {
        // Asked for in person: experiments and versions may be others, too.
        if (reason === fileWritten) void this.#refresh(connection)
        else void this.#refresh(connection).then(() => this.lookAgain())
      }),
      vscode.languages.registerCodeLensProvider(python, {
        onDidChangeCodeLenses: this.#lensesChanged.event,
        provideCodeLenses: (document) => this.lenses(document).map(lensOf),
      }),
      vscode.languages.registerHoverProvider(python, {
        provideHover: (document, position) => this.hover(document, position),
      }),
      vscode.languages.registerCompletionItemProvider(
        python,
        { provideCompletionItems: (document, position) => this.#complete(document, position) },
        ...['"', "'", '/'],
      ),
    )
    this.#see()
  }

  /** What stands at the ends of a document's lines. */
  notes(document: vscode.TextDocument): LineNote[] {
    const sight = this.#sights.get(document)
    if (sight?.entries) return readSetting('editor.projects') ? projectNotes(document, sight.entries) : []
    const known = sight && this.#known(sight)
    return sight && known ? lineNotes(sight.view.ownCalls, known, shownAsSet()) : []
  }

  /** What stands above a document's lines. */
  lenses(document: vscode.TextDocument): RunLens[] {
    const sight = this.#sights.get(document)
    const known = sight && this.#known(sight)
    if (!sight?.subject || !sight.runs?.runs || !known || !readSetting('editor.lenses')) return []
    const { experiment } = sight.subject
    const [entryPoint] = sight.file?.project?.entryPoints ?? []
    const project = sight.file?.project
    return runLenses(
      sight.view.ownCalls,
      {
        connection: sight.runs.connection.id,
        experimentId: experiment.experimentId,
        experimentName: experiment.name,
        runs: known.runs,
        isComplete: sight.runs.runs.isComplete,
        isStale: sight.runs.problem !== undefined,
        rerun:
          project && entryPoint && vscode.workspace.isTrusted
            ? { project: project.folder, entryPoint: entryPoint.name, parameters: entryPoint.parameters }
            : undefined,
      },
      Date.now(),
    )
  }

  async hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const sight = this.#sights.get(document)
    const known = sight && this.#known(sight)
    if (!sight?.subject || !sight.runs || !known || !readSetting('editor.hovers')) return undefined
    const offset = document.offsetAt(position)
    const isOn = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
      start <= offset && offset <= end
    const call = sight.view.ownCalls.find(
      ({ fn, range, named }) => metricFns.has(fn) && (isOn(range) || named.some((name) => isOn(name.range))),
    )
    const named = call?.named.find((name) => isOn(name.range)) ?? call?.named[0]
    const [key] = named ? keysFor(named, known.runs.frame.metricKeys) : []
    const facts = key === undefined ? undefined : metricFacts(known.runs, key, known.by, readSetting('editor.history'))
    if (!call || !named || !facts) return undefined
    const { experiment, rule } = sight.subject
    const read = (value: Value): Promise<Curve | undefined> | undefined => sight.runs?.curveRead(value.runId, facts.key)
    const own = await read(facts.latest)
    const other = facts.comparison && (await read(facts.comparison.with))
    const markdown = new vscode.MarkdownString(
      metricHover(
        {
          connection: sight.runs.connection.id,
          experimentId: experiment.experimentId,
          experimentName: experiment.name,
          file: sight.view.fileUri,
          rule,
          isAll: this.#rows(sight)?.isAll ?? false,
          reference: this.#deps.memory.reference,
          facts,
          curve: curveOf(facts, known.curveOf),
          otherCurve: other,
          isOverRuns: own !== undefined && own.x.length < 2,
        },
        contrastOf(vscode.window.activeColorTheme),
        Date.now(),
      ),
    )
    markdown.isTrusted = { enabledCommands: hoverCommands }
    const range = named.range.start <= offset && offset <= named.range.end ? named.range : call.range
    return new vscode.Hover(
      markdown,
      new vscode.Range(document.positionAt(range.start), document.positionAt(range.end)),
    )
  }

  /** Names that the runs, the store or the registry have, inside the strings of MLflow's functions. */
  async #complete(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
    const sight = this.#sights.get(document)
    const store = sight?.runs?.store
    if (!sight || !readSetting('editor.completion')) return []
    const before = document.lineAt(position.line).text.slice(0, position.character)
    const at = nameAt(before, (callee) => {
      const text = document.getText()
      return sight.view.ownCalls.find(
        ({ range, line }) => line === position.line && text.startsWith(callee, range.start),
      )?.fn
    })
    if (!at) return []
    const range = new vscode.Range(position.translate(0, -at.typed.length), position)
    const frame = this.#known(sight)?.runs.frame
    const names: Readonly<Record<Names, () => readonly string[] | Promise<string[]>>> = {
      metrics: () => frame?.metricKeys ?? [],
      params: () => frame?.paramKeys ?? [],
      experiments: () => (store ? namesOf(store.searchExperiments({ orderBy: ['last_update_time DESC'] })) : []),
      models: () => (store ? namesOf(store.searchRegisteredModels()) : []),
    }
    return (await names[at.names]())
      .filter((name) => !/["'\\\n]/.test(name))
      .map((name) => {
        const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Value)
        item.range = range
        item.detail = 'MLflow'
        return item
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
    const documents = new Set(
      vscode.window.visibleTextEditors
        .map(({ document }) => document)
        .filter((document) => isPython(document) || isMlProject(document)),
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
    this.#drawing.schedule() // the same document may be in one more editor
    this.#tickLater()
  }

  #lookAtAll(): void {
    for (const sight of this.#sights.values()) this.#lookAt(sight)
  }

  /** @param anew what was found before doesn't count */
  #lookAt(sight: Sight, anew = false): void {
    if (anew) sight.foundBy = undefined
    sight.look().then(
      () => (sight.problem = undefined),
      (error: unknown) => {
        const problem = messageOf(error)
        if (!sight.closed.signal.aborted && problem !== sight.problem)
          this.#deps.log.warn(`${sight.view.fileUri}: ${problem}`)
        sight.problem = problem
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
      this.#drawing.schedule()
      return
    }
    await connections.discovered
    const connection = connectionOf(sight.view, connections.all) ?? connections.active
    if (!connection || signal.aborted) return
    const chosen = memory.experimentOf(fileUri)
    const by = JSON.stringify([connection.id, chosen, claimOf(calls, process.env)?.experiment, modelsOf(sight)])
    if (sight.foundBy !== by || !sight.runs) {
      const store = await connection.store({ signal })
      sight.file = await sight.view.file()
      sight.subject = await findSubject(store, { calls, file: sight.file, chosen, env: process.env }, signal)
      sight.runs = sight.subject && this.#pool.of(connection, sight.subject.experiment.experimentId)
      this.#pool.trim(new Set([...this.#sights.values()].map(({ runs }) => runs)))
    }
    if (sight.runs && !sight.runs.runs) await sight.runs.refresh()
    this.#drawing.schedule()
    this.#tickLater()
    if (sight.foundBy === by || !sight.runs) return
    await Promise.all([this.#readVersions(sight, signal), this.#readProduction(sight.runs, signal)])
    sight.foundBy = by
  }

  async #lookAtProject(sight: Sight): Promise<void> {
    const { connections } = this.#deps
    await connections.discovered
    const connection = connections.active
    if (!connection || sight.closed.signal.aborted) return
    sight.entries = await projectEntries(sight.view.document, connection, this.#pool, sight.closed.signal)
    this.#drawing.schedule()
    this.#tickLater()
  }

  /** @param connection undefined: any */
  async #refresh(connection?: Connection): Promise<void> {
    const concerned = [...this.#sights.values()].filter(
      ({ runs }) => !runs || !connection || runs.connection.id === connection.id,
    )
    for (const sight of concerned) if (!sight.runs && !sight.entries) this.#lookAt(sight) // there may be an experiment by now
    const all = new Set(concerned.flatMap(({ runs, entries = [] }) => runs ?? entries.map((entry) => entry.runs)))
    await Promise.all([...all].map((runs) => runs.refresh()))
    for (const sight of concerned) this.#readVersions(sight, sight.closed.signal).catch(() => undefined) // the versions of before stay
    this.#drawing.schedule() // ages of runs
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
    const { store, connection } = sight.runs ?? {}
    if (!store || !connection) return
    for (const name of modelsOf(sight)) {
      const versions: ModelVersion[] = []
      for await (const page of store.searchModelVersions({ filter: equals('name', name) }, signal))
        versions.push(...page.filter((version) => version.name === name))
      this.#versions.set(
        `${connection.id}\n${name}`,
        versions.toSorted((a, b) => Number(b.version) - Number(a.version)),
      )
      this.#drawing.schedule()
    }
  }

  async #readProduction(runs: ExperimentRuns, signal: AbortSignal): Promise<void> {
    if (this.#deps.memory.reference !== 'production' || !runs.store) return
    const run = await productionRun(runs.store, runs.experimentId, signal)
    this.#production.set(`${runs.connection.id}\n${runs.experimentId}`, run)
    this.#drawing.schedule()
  }

  #rows({ file, runs }: Sight): (FileRuns & { readonly isAll: boolean }) | undefined {
    const { frame, rows } = runs?.runs ?? {}
    return file && frame && rows ? { frame, ...rowsOfFile(frame, rows, file) } : undefined
  }

  #known(sight: Sight): Known | undefined {
    const { runs, subject } = sight
    const rows = this.#rows(sight)
    if (!rows || !runs || !subject) return undefined
    const { memory } = this.#deps
    const { tags, experimentId } = subject.experiment
    const named = tags.get('mlflow.experiment.primaryMetric.name')
    const said = saidDirection(tags.get('mlflow.experiment.primaryMetric.greaterIsBetter'))
    const directionOf = (key: string): Direction | undefined =>
      memory.directionOf(key) ?? (key === named ? said : undefined)
    const logged = sight.view.calls.flatMap((call) => (metricFns.has(call.fn) ? call.named : []))
    return {
      runs: rows,
      by: {
        reference: memory.reference,
        directionOf,
        productionOf: (key) => valueOf(this.#production.get(`${runs.connection.id}\n${experimentId}`), key),
      },
      primaryMetric: named ?? logged.find(({ text }) => directionOf(text))?.text,
      curveOf: (runId, key) => runs.curve(runId, key),
      versionsOf: (model) => this.#versions.get(`${runs.connection.id}\n${model}`),
    }
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (this.#sights.has(editor.document)) this.#decorations.show(editor, this.notes(editor.document))
    }
    const lenses = JSON.stringify([...this.#sights.keys()].map((document) => this.lenses(document)))
    if (lenses === this.#lensesShown) return
    this.#lensesShown = lenses
    this.#lensesChanged.fire()
  }
}

/** Names that are offered. */
const mostNames = 500

async function namesOf(pages: AsyncIterable<readonly { readonly name: string }[]>): Promise<string[]> {
  const names: string[] = []
  for await (const page of pages) {
    names.push(...page.map(({ name }) => name))
    if (names.length >= mostNames) break
  }
  return names
}

const modelsOf = ({ view }: Sight): string[] => [...new Set(view.calls.flatMap((call) => modelOf(call) ?? []))]

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

function lensOf({ line, title, command, options }: RunLens): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: [options] })
}

const shownAsSet = (): Shown => ({
  metrics: readSetting('editor.metrics'),
  parameters: readSetting('editor.parameters'),
  models: readSetting('editor.models'),
  autolog: readSetting('editor.autolog'),
  marks: readSetting('editor.marks'),
  threshold: readSetting('editor.threshold'),
  history: readSetting('editor.history'),
})
