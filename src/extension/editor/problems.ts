/** Shows what is wrong with names in the code, with a quick fix where there is one. */
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { readSetting } from '../settings'
import type { NameProblem } from './nameProblems'

const severities = {
  hint: vscode.DiagnosticSeverity.Hint,
  information: vscode.DiagnosticSeverity.Information,
  warning: vscode.DiagnosticSeverity.Warning,
  error: vscode.DiagnosticSeverity.Error,
} as const

/** A diagnostic that knows what to write instead. */
class NameDiagnostic extends vscode.Diagnostic {
  instead: string | undefined
}

export class Problems implements vscode.Disposable {
  readonly #shown = vscode.languages.createDiagnosticCollection('mlflow')
  readonly #fixes = vscode.languages.registerCodeActionsProvider(
    { language: 'python' },
    {
      provideCodeActions: (document, range) =>
        (this.#shown.get(document.uri) ?? []).flatMap((diagnostic) =>
          diagnostic instanceof NameDiagnostic && diagnostic.range.intersection(range)
            ? fixOf(document, diagnostic)
            : [],
        ),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  )

  show(document: vscode.TextDocument, problems: readonly NameProblem[]): void {
    const severity = readSetting('editor.problems')
    if (severity === 'off' || problems.length === 0) {
      this.#shown.delete(document.uri)
      return
    }
    this.#shown.set(
      document.uri,
      problems.map(({ named, message, instead }) => {
        const range = new vscode.Range(document.positionAt(named.range.start), document.positionAt(named.range.end))
        const diagnostic = new NameDiagnostic(range, message, severities[severity])
        diagnostic.source = 'MLflow'
        diagnostic.instead = instead
        return diagnostic
      }),
    )
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

/** Where the name itself is written, between quotes. */
function fixOf(document: vscode.TextDocument, diagnostic: NameDiagnostic): vscode.CodeAction[] {
  const { instead, range } = diagnostic
  const [, opening, closing] = /^([A-Za-z]?["'])[^"'\\]*(["'])$/.exec(document.getText(range)) ?? []
  if (instead === undefined || opening === undefined || closing === undefined || /["'\\\n]/.test(instead)) return []
  const fix = new vscode.CodeAction(t('Change to “{0}”', instead), vscode.CodeActionKind.QuickFix)
  fix.diagnostics = [diagnostic]
  fix.edit = new vscode.WorkspaceEdit()
  fix.edit.replace(document.uri, range, opening + instead + closing)
  return [fix]
}
