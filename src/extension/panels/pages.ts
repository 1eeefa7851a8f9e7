import * as vscode from 'vscode'
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import { shortLine } from '../../shared/markup'
import { pageStateSchema, type RunRef } from '../../shared/protocol'
import { messageOf } from '../commands'
import { runMarks } from '../runMarks'
import { Answers } from './answers'
import { Layouts } from './layouts'
import { Page, type PageDeps, type PageKind, type PanelDeps } from './page'
import { RunColors } from './runColors'
import { RunNames } from './runNames'
import { keyOf, type PageSubject, subjectOf } from './subject'
import { viewTypes } from './viewTypes'

const kinds = {
  run: {
    viewType: viewTypes.run,
    script: 'run.js',
    icon: 'run',
    title: ([run], nameOf) => (run ? shortened(nameOf(run)) : ''),
  },
  compare: {
    viewType: viewTypes.compare,
    script: 'compare.js',
    icon: 'compare',
    title: (runs, nameOf) => {
      if (runs.length !== 2) return t('Compare {0} runs', runs.length)
      const [first = '', second = ''] = runs.map((run) => shortened(nameOf(run)))
      return t('{0} ↔ {1}', first, second)
    },
  },
} as const satisfies Record<string, PageKind>
type Kind = keyof typeof kinds

const longestTitle = 40

export const shortened = (name: string): string => shortLine(name, longestTitle)

const colorsKey = 'mlflow.runColors'

/** The open pages: one for each subject, used again when it is asked for again. */
export class Pages {
  readonly #deps: PageDeps
  readonly #open = new Map<string, Page>()
  readonly #recolored = new vscode.EventEmitter<ReadonlySet<string>>()
  /** Some runs have other colours now. */
  readonly onDidRecolor = this.#recolored.event
  /** Names of runs; who knows one tells it. */
  readonly names = new RunNames(() => {
    for (const page of this.#open.values()) page.updateTitle()
  })

  constructor(deps: PanelDeps) {
    this.#deps = {
      ...deps,
      answers: new Answers(deps.connections),
      layouts: new Layouts(deps.state),
      names: this.names,
      colors: this.#createColors(deps),
      openRun: (run) => void this.show('run', subjectOf([run])),
    }
  }

  get answers(): Answers {
    return this.#deps.answers
  }

  get colors(): RunColors {
    return this.#deps.colors
  }

  /** The name of a run, or its id where it has none. Rejects as its store does. */
  async nameOf(run: RunRef): Promise<string> {
    const { name, runId } = await this.#deps.answers.run(run, true, new AbortController().signal)
    this.names.learn(run, name)
    return name === '' ? runId : name
  }

  show(kind: Kind, subject: PageSubject): Page {
    const open = this.#open.get(pageKey(kind, subject))
    if (open) {
      open.reveal()
      return open
    }
    const panel = vscode.window.createWebviewPanel(kinds[kind].viewType, '', vscode.ViewColumn.Active, {
      enableFindWidget: true,
      retainContextWhenHidden: false,
    })
    return this.#adopt(panel, kind, subject)
  }

  /** Restores a page of an earlier session. */
  restore(kind: Kind, panel: vscode.WebviewPanel, state: unknown): void {
    const parsed = v.safeParse(pageStateSchema, state)
    if (parsed.success) this.#adopt(panel, kind, { runs: parsed.output.runs, leftOut: parsed.output.leftOut })
    else {
      const [{ message }] = parsed.issues
      this.#deps.log.warn(`${kinds[kind].viewType}: a page of an earlier session could not be restored: ${message}`)
      panel.dispose()
    }
  }

  #adopt(panel: vscode.WebviewPanel, kind: Kind, subject: PageSubject): Page {
    const key = pageKey(kind, subject)
    const page = new Page(panel, kinds[kind], subject, this.#deps, () => {
      if (this.#open.get(key) === page) this.#open.delete(key)
    })
    this.#open.set(key, page)
    return page
  }

  #createColors({ state, log }: PanelDeps): RunColors {
    return new RunColors({
      stored: state?.get(colorsKey),
      save: (entries) =>
        void state?.update(colorsKey, entries).then(undefined, (error: unknown) => log.warn(messageOf(error))),
      moved: (runIds) => {
        for (const page of this.#open.values()) page.recolor(runIds)
        this.#recolored.fire(runIds)
      },
      shown: (colors) => runMarks.set(colors),
    })
  }

  closeAll(): void {
    for (const page of [...this.#open.values()]) page.dispose()
  }
}

function pageKey(kind: Kind, subject: PageSubject): string {
  return [kind, ...subject.runs.map(keyOf).sort()].join('\n')
}
