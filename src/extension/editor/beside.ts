import * as vscode from 'vscode'
import { commitTag } from '../../shared/commits'
import { coalesce } from '../coalesce'
import { messageOf } from '../messageOf'
import { onDidChangeEditorSettings, readSetting } from '../settings'
import { tableMemoryOf } from '../panels/open'
import { registerCellItems } from './cellItems'
import { codeProblems } from './codeProblems'
import { registerCompletions } from './completions'
import { contrastOf, Decorations } from './decorations'
import type { Served } from './filterProblems'
import { failureHover, hoverCommands, metricHover, paramHover, subjectHover, type SubjectFacts } from './hoverText'
import { curveOf, keysFor, lineNotes, type Known, type LineNote, type Shown } from './lineNotes'
import type { EditorMemory } from './memory'
import { metricNear } from './metricAt'
import { isOverRuns, metricFacts, metricFunctions, type Value } from './metricFacts'
import type { Curve } from './pictures'
import { isMlProject, isPython } from './documents'
import { entryPointOf } from './entryPoints'
import type { FileNames } from './nameProblems'
import type { Problem } from './problem'
import { Problems } from './problems'
import { projectNotes } from './projectSight'
import type { MlflowCall, Named } from './pythonCalls'
import { failureLenses, runLenses, type RunLens } from './runLenses'
import { Sights, type Sight, type SightsDeps } from './sights'
import { withoutIcons } from '../tree/text'
import type { ViewFacts } from './viewProblems'
import { metricsIn, WorkspaceCode } from './workspaceCode'

const python: vscode.DocumentSelector = { language: 'python' }
const hovered = new Set([...metricFunctions, 'log_param', 'log_params', 'set_experiment', 'start_run'])

/** Shows beside the code in sight what it logged. Does nothing while no Python that calls MLflow is in sight. */
export class Beside implements vscode.Disposable {
  readonly #memory: EditorMemory
  readonly #log: SightsDeps['log']
  readonly sights: Sights
  readonly #drawn = new vscode.EventEmitter<void>()
  /** What is known of the files in sight, or how it is to be shown, has changed. */
  readonly onDidDraw = this.#drawn.event
  readonly #decorations = new Decorations()
  readonly #problems = new Problems()
  readonly #workspaceCode: WorkspaceCode
  readonly #tableMemory: ReturnType<typeof tableMemoryOf>
  readonly #lensesChanged = new vscode.EventEmitter<void>()
  readonly #drawing = coalesce(() => this.#drawAll(), 40)
  readonly #subscriptions: vscode.Disposable
  #lensesShown = ''
  #logging = ''

  constructor(deps: SightsDeps) {
    this.#memory = deps.memory
    this.#log = deps.log
    this.sights = new Sights(deps, () => this.#drawing.schedule())
    this.#workspaceCode = new WorkspaceCode(deps.log, () => this.#drawing.schedule())
    this.#tableMemory = tableMemoryOf(deps)
    this.#subscriptions = vscode.Disposable.from(
      this.sights,
      this.#decorations,
      this.#problems,
      this.#workspaceCode,
      this.#lensesChanged,
      this.#drawing,
      this.#drawn,
      registerCellItems(this),
      vscode.window.onDidChangeActiveColorTheme(() => this.#drawing.schedule()),
      onDidChangeEditorSettings(() => this.#drawing.schedule()),
      vscode.languages.registerCodeLensProvider(python, {
        onDidChangeCodeLenses: this.#lensesChanged.event,
        provideCodeLenses: (document) => this.lenses(document).map(lensOf),
      }),
      vscode.languages.registerHoverProvider(python, {
        provideHover: (document, position) => this.hover(document, position),
      }),
      registerCompletions(this.sights),
    )
  }

  /** What stands at the ends of a document's lines. */
  notes(document: vscode.TextDocument): LineNote[] {
    const sight = this.sights.get(document)
    if (sight?.entries) return readSetting('editor.projects') ? projectNotes(document, sight.entries) : []
    const known = sight && this.sights.known(sight)
    return sight && known ? lineNotes(sight.view.ownCalls, known, shownAsSet()) : []
  }

  /** What stands above a document's lines. */
  lenses(document: vscode.TextDocument): RunLens[] {
    const sight = this.sights.get(document)
    if (!sight || !readSetting('editor.lenses')) return []
    const known = this.sights.known(sight)
    if (!sight.subject || !sight.runs?.runs || !known)
      return failureLenses(sight.view.ownCalls, { missing: sight.missing?.missing, problem: sight.problem })
    const { experiment } = sight.subject
    const entryPoint = entryPointOf(known.runs, sight.file?.project?.entryPoints ?? [])
    const project = sight.file?.project
    return runLenses(
      sight.view.ownCalls,
      {
        connection: sight.runs.connection.id,
        experimentId: experiment.experimentId,
        experimentName: experiment.name,
        file: sight.view.fileUri,
        runs: known.runs,
        isComplete: sight.runs.runs.isComplete,
        isStale: (sight.problem ?? sight.runs.problem) !== undefined,
        rerun:
          project && entryPoint && vscode.workspace.isTrusted
            ? { project: project.folder, entryPoint: entryPoint.name, parameters: entryPoint.parameters }
            : undefined,
      },
      Date.now(),
    )
  }

  async hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const sight = this.sights.get(document)
    if (!sight || !readSetting('editor.hovers')) return undefined
    const known = this.sights.known(sight)
    const offset = document.offsetAt(position)
    const isOn = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
      start <= offset && offset <= end
    const call = sight.view.ownCalls.find(
      ({ fn, range, named }) => hovered.has(fn) && (isOn(range) || named.some((name) => isOn(name.range))),
    )
    if (!call) return undefined
    const named = call.named.find((name) => isOn(name.range)) ?? call.named[0]
    const { missing, problem } = sight
    const text = known
      ? await this.#hoverText(call, named, sight, known)
      : failureHover({ missing: missing?.missing, problem })
    if (text === undefined) return undefined
    const markdown = new vscode.MarkdownString(text)
    markdown.isTrusted = { enabledCommands: hoverCommands }
    const { start, end } = named && isOn(named.range) ? named.range : call.range
    return new vscode.Hover(markdown, new vscode.Range(document.positionAt(start), document.positionAt(end)))
  }

  async #hoverText(
    call: MlflowCall,
    named: Named | undefined,
    sight: Sight,
    known: Known,
  ): Promise<string | undefined> {
    const { subject, runs } = sight
    if (!subject || !runs) return undefined
    const { experimentId, name: experimentName } = subject.experiment
    const isAll = this.sights.rows(sight)?.isAll ?? false
    const about = { connection: runs.connection.id, experimentId, experimentName, file: sight.view.fileUri }
    const whose: SubjectFacts = { ...about, rule: subject.rule, isAll }
    if (!metricFunctions.has(call.fn) && !call.fn.startsWith('log_param')) return subjectHover(whose)
    const { frame } = known.runs
    const isMetric = metricFunctions.has(call.fn)
    const [key] = named ? keysFor(named, isMetric ? frame.metricKeys : frame.paramKeys) : []
    if (key === undefined) return undefined
    if (!isMetric) return paramHover(whose, key, known.runs)
    const facts = metricFacts(known.runs, key, known.by, readSetting('editor.history'))
    if (!facts) return undefined
    const read = (value: Value): Promise<Curve | undefined> => runs.curveRead(value.runId, facts.key)
    const [otherCurve] = await Promise.all([
      facts.comparison && read(facts.comparison.with),
      ...facts.values.slice(0, 2).map(read),
    ])
    const overRuns = isOverRuns(facts, known.curveOf) === true
    const curve = curveOf(facts, known.curveOf)
    const { reference } = this.#memory
    const contrast = contrastOf(vscode.window.activeColorTheme)
    const row = frame.rowOf(facts.latest.runId)
    const hasCode = vscode.workspace.isTrusted && row >= 0 && frame.tagAt(row, commitTag) !== undefined
    return metricHover(
      { ...whose, reference, facts, curve, otherCurve, isOverRuns: overRuns, hasCode },
      contrast,
      Date.now(),
    )
  }

  #problemsIn(sight: Sight): Problem[] {
    const { frame } = this.sights.known(sight)?.runs ?? {}
    const code = { source: sight.view.document.getText(), calls: sight.view.ownCalls }
    return codeProblems(code, {
      keys: { metrics: frame?.metricKeys ?? [], params: frame?.paramKeys ?? [] },
      others: this.#othersThan(sight),
      versionsOf: (model) => this.sights.versionsOf(sight, model),
      served: servedBy(sight),
      views: this.#viewFacts(sight),
    })
  }

  #othersThan({ view }: Sight): FileNames[] {
    if (view.ownCalls.length === 0 || readSetting('problems.similarNames') === 'off') return []
    return this.#workspaceCode.othersThan(vscode.Uri.parse(view.fileUri))
  }

  #viewFacts({ runs, subject, view }: Sight): ViewFacts | undefined {
    if (!runs?.runs || !subject || readSetting('problems.savedViews') === 'off') return undefined
    const { connection } = runs
    const views = this.#tableMemory.viewsOf(connection.id, subject.experiment.experimentId)
    const saved = views.length > 0 ? this.#workspaceCode.logged : undefined
    if (!saved) return undefined
    const logged = [...saved.values()].flatMap(({ metrics }) => metrics)
    const { frame, rows } = runs.runs
    return { connection: connection.id, views, logged: [...logged, ...metricsIn(view.calls)], frame, rows }
  }

  /** Looks anew at what the files in sight belong to: the user chose otherwise. */
  lookAgain(): void {
    this.sights.lookAgain()
    this.#drawing.schedule()
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors)
      if (this.sights.get(editor.document))
        this.#attempt(editor.document, (document) => this.#decorations.show(editor, this.notes(document)))
    this.#problems.keep(this.sights.documents)
    for (const each of this.sights.documents)
      this.#attempt(each, (document) => {
        const sight = this.sights.get(document)
        this.#problems.show(document, sight && isPython(document) ? this.#problemsIn(sight) : [])
      })
    this.#tellWhoLogs()
    this.#clearOthers()
    this.#drawn.fire()
    const all: RunLens[][] = []
    for (const each of this.sights.documents) this.#attempt(each, (document) => all.push(this.lenses(document)))
    const lenses = JSON.stringify(all)
    if (lenses === this.#lensesShown) return
    this.#lensesShown = lenses
    this.#lensesChanged.fire()
  }

  /** What goes wrong with one document costs the others nothing. */
  #attempt(document: vscode.TextDocument, draw: (document: vscode.TextDocument) => void): void {
    try {
      draw(document)
    } catch (error) {
      this.#log.error(`${document.uri.toString()}: ${messageOf(error)}`)
    }
  }

  /** The menu above an editor offers the chart where there is something to show. */
  #tellWhoLogs(): void {
    const logging = this.sights.documents.filter((document) => {
      const sight = this.sights.get(document)
      return sight && !isMlProject(document) && metricNear(sight.view.calls, 0) !== undefined
    })
    // VS Code's `resourcePath` is the one for a local file, and the other for one of a remote machine.
    const paths = [...new Set(logging.flatMap(({ uri }) => [uri.fsPath, uri.path]))].sort()
    if (paths.join('\n') === this.#logging) return
    this.#logging = paths.join('\n')
    void vscode.commands.executeCommand('setContext', 'mlflow.filesThatLog', paths)
  }

  /** Another language may have been chosen for a document that had notes. */
  #clearOthers(): void {
    for (const editor of vscode.window.visibleTextEditors)
      if (!this.sights.get(editor.document)) this.#decorations.clear(editor)
  }
}

function lensOf({ line, title, command, options }: RunLens): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    title: withoutIcons(title),
    command,
    arguments: [options],
  })
}

function servedBy({ connection, store }: Sight): Served | undefined {
  const [, release] = /\bMLflow (\d+\.\d+)/.exec(store?.version ?? '') ?? []
  return connection && release !== undefined ? { name: connection.name, release } : undefined
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
