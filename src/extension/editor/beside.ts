import * as vscode from 'vscode'
import { coalesce } from '../coalesce'
import { onDidChangeEditorSettings, readSetting } from '../settings'
import { nameAt, type Names } from './completion'
import { contrastOf, Decorations } from './decorations'
import { hoverCommands, metricHover } from './hoverText'
import { curveOf, keysFor, lineNotes, type LineNote, type Shown } from './lineNotes'
import type { EditorMemory } from './memory'
import { metricFacts, metricFunctions, type Value } from './metricFacts'
import type { Curve } from './pictures'
import { nameProblems } from './nameProblems'
import { Problems } from './problems'
import { projectNotes } from './projectSight'
import { runLenses, type RunLens } from './runLenses'
import { Sights, type SightsDeps } from './sights'

const python: vscode.DocumentSelector = { language: 'python' }
/** Shows beside the code in sight what it logged. Does nothing while no Python that calls MLflow is in sight. */
export class Beside implements vscode.Disposable {
  readonly #memory: EditorMemory
  readonly #sights: Sights
  readonly #decorations = new Decorations()
  readonly #problems = new Problems()
  readonly #lensesChanged = new vscode.EventEmitter<void>()
  readonly #drawing = coalesce(() => this.#drawAll(), 40)
  readonly #subscriptions: vscode.Disposable
  #lensesShown = ''

  constructor(deps: SightsDeps) {
    this.#memory = deps.memory
    this.#sights = new Sights(deps, () => this.#drawing.schedule())
    this.#subscriptions = vscode.Disposable.from(
      this.#sights,
      this.#decorations,
      this.#problems,
      this.#lensesChanged,
      this.#drawing,
      vscode.window.onDidChangeActiveColorTheme(() => this.#drawing.schedule()),
      onDidChangeEditorSettings(() => this.#drawing.schedule()),
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
  }

  /** What stands at the ends of a document's lines. */
  notes(document: vscode.TextDocument): LineNote[] {
    const sight = this.#sights.get(document)
    if (sight?.entries) return readSetting('editor.projects') ? projectNotes(document, sight.entries) : []
    const known = sight && this.#sights.known(sight)
    return sight && known ? lineNotes(sight.view.ownCalls, known, shownAsSet()) : []
  }

  /** What stands above a document's lines. */
  lenses(document: vscode.TextDocument): RunLens[] {
    const sight = this.#sights.get(document)
    const known = sight && this.#sights.known(sight)
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
    const known = sight && this.#sights.known(sight)
    if (!sight?.subject || !sight.runs || !known || !readSetting('editor.hovers')) return undefined
    const offset = document.offsetAt(position)
    const isOn = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
      start <= offset && offset <= end
    const call = sight.view.ownCalls.find(
      ({ fn, range, named }) => metricFunctions.has(fn) && (isOn(range) || named.some((name) => isOn(name.range))),
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
          isAll: this.#sights.rows(sight)?.isAll ?? false,
          reference: this.#memory.reference,
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
    const frame = this.#sights.known(sight)?.runs.frame
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
    this.#sights.lookAgain()
    this.#drawing.schedule()
  }

  dispose(): void {
    this.#subscriptions.dispose()
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (this.#sights.get(editor.document)) this.#decorations.show(editor, this.notes(editor.document))
    }
    this.#problems.keep(this.#sights.documents)
    for (const document of this.#sights.documents) {
      const sight = this.#sights.get(document)
      const { frame } = (sight && this.#sights.known(sight)?.runs) ?? {}
      const keys = { metrics: frame?.metricKeys ?? [], params: frame?.paramKeys ?? [] }
      this.#problems.show(document, sight ? nameProblems(sight.view.ownCalls, keys) : [])
    }
    const lenses = JSON.stringify(this.#sights.documents.map((document) => this.lenses(document)))
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
