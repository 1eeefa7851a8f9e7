import * as vscode from 'vscode'
import { messageOf } from '../commands'
import type { Log } from '../log'

const scheme = 'mlflow-report'

/** Documents that tell what was done: read-only, shown as VS Code shows Markdown, gone with the window. */
export class Reports implements vscode.Disposable {
  readonly #texts = new Map<string, string>()
  readonly #changed = new vscode.EventEmitter<vscode.Uri>()
  readonly #registration: vscode.Disposable

  constructor(private readonly log: Log) {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: ({ path }) => this.#texts.get(path) ?? '',
    })
  }

  /** @param name of the document, with its extension */
  async show(name: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${name}` })
    this.#texts.set(uri.path, markdown)
    this.#changed.fire(uri)
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri)
    } catch (error) {
      this.log.info(`no Markdown preview: ${messageOf(error)}`) // that extension can be disabled
      await vscode.window.showTextDocument(uri, { preview: true })
    }
  }

  dispose(): void {
    this.#registration.dispose()
    this.#changed.dispose()
  }
}
