/** Shows in the Problems panel what is wrong with what the code in sight says to MLflow, with quick fixes where there are some. */
import * as vscode from 'vscode'
import { problemSeverities } from '../settings'
import type { Fix, Problem } from './problem'

const severities = {
  hint: vscode.DiagnosticSeverity.Hint,
  information: vscode.DiagnosticSeverity.Information,
  warning: vscode.DiagnosticSeverity.Warning,
  error: vscode.DiagnosticSeverity.Error,
} as const

/** A diagnostic that knows how it can be mended. */
class MendableDiagnostic extends vscode.Diagnostic {
  fixes: readonly Fix[] = []
}

export class Problems implements vscode.Disposable {
  readonly #shown = vscode.languages.createDiagnosticCollection('mlflow')
  readonly #fixes = vscode.languages.registerCodeActionsProvider(
    { language: 'python' },
    {
      provideCodeActions: (document, range) =>
        (this.#shown.get(document.uri) ?? []).flatMap((diagnostic) =>
          diagnostic instanceof MendableDiagnostic && diagnostic.range.intersection(range)
            ? diagnostic.fixes.map((fix) => actionOf(document, diagnostic, fix))
            : [],
        ),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  )

  show(document: vscode.TextDocument, problems: readonly Problem[]): void {
    const chosen = problemSeverities()
    const end = document.getText().length
    const diagnostics = problems.flatMap(({ kind, range, message, fixes }) => {
      const severity = chosen[kind]
      // A constant may be in another cell of the notebook.
      if (severity === 'off' || range.start < 0 || range.end > end) return []
      const diagnostic = new MendableDiagnostic(rangeIn(document, range), message, severities[severity])
      diagnostic.source = 'MLflow'
      diagnostic.code = kind
      diagnostic.fixes = fixes
      if (kind === 'deprecatedStages') diagnostic.tags = [vscode.DiagnosticTag.Deprecated]
      return [diagnostic]
    })
    if (diagnostics.length > 0) this.#shown.set(document.uri, diagnostics)
    else this.#shown.delete(document.uri)
  }

  /** Takes back what is said of other documents than these. */
  keep(documents: readonly vscode.TextDocument[]): void {
    const kept = new Set(documents.map(({ uri }) => uri.toString()))
    this.#shown.forEach((uri) => {
      if (!kept.has(uri.toString())) this.#shown.delete(uri)
    })
  }

  dispose(): void {
    this.#shown.dispose()
    this.#fixes.dispose()
  }
}

function actionOf(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  { title, edit, command }: Fix,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix)
  action.diagnostics = [diagnostic]
  if (edit) {
    action.edit = new vscode.WorkspaceEdit()
    action.edit.replace(document.uri, rangeIn(document, edit.range), edit.text)
  }
  if (command) action.command = { title, command: command.name, arguments: [command.options] }
  return action
}

const rangeIn = (
  document: vscode.TextDocument,
  range: { readonly start: number; readonly end: number },
): vscode.Range => new vscode.Range(document.positionAt(range.start), document.positionAt(range.end))
