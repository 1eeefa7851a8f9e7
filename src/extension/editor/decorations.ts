/** Draws notes at the ends of lines, and marks in the gutter. */
import * as vscode from 'vscode'
import type { LineNote } from './lineNotes'
import { dataUri, sparkline, sparklineSize, worseMark, type Contrast } from './pictures'

const margin = '0 0 0 1.4em'

export class Decorations implements vscode.Disposable {
  readonly #notes = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  })
  readonly #marks = vscode.window.createTextEditorDecorationType({
    light: { gutterIconPath: picture(worseMark('light')) },
    dark: { gutterIconPath: picture(worseMark('dark')) },
    gutterIconSize: '80%',
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.warningForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  })

  show(editor: vscode.TextEditor, notes: readonly LineNote[]): void {
    const { document } = editor
    const there = notes.filter(({ line }) => line >= 0 && line < document.lineCount)
    const isHighContrast = contrastOf(vscode.window.activeColorTheme).startsWith('highContrast')
    editor.setDecorations(
      this.#notes,
      there.map((note) => {
        const { end } = document.lineAt(note.line).range
        return { range: new vscode.Range(end, end), renderOptions: look(note, isHighContrast) }
      }),
    )
    const marked = there.filter(({ isMarked }) => isMarked)
    editor.setDecorations(
      this.#marks,
      marked.map(({ line }) => document.lineAt(line).range),
    )
  }

  clear(editor: vscode.TextEditor): void {
    for (const type of [this.#notes, this.#marks]) editor.setDecorations(type, [])
  }

  dispose(): void {
    this.#notes.dispose()
    this.#marks.dispose()
  }
}

/** A decoration has either a picture or a text: the picture stands before the end of the line, and the text after it. */
function look({ text, curve }: LineNote, isHighContrast: boolean): vscode.DecorationInstanceRenderOptions {
  const [onLight, onDark]: Contrast[] = isHighContrast ? ['highContrastLight', 'highContrastDark'] : ['light', 'dark']
  const light = curve && sparkline(curve, onLight ?? 'light')
  const dark = curve && sparkline(curve, onDark ?? 'dark')
  const color = new vscode.ThemeColor(isHighContrast ? 'editor.foreground' : 'editorCodeLens.foreground')
  const after = { contentText: text, color, margin: dark ? '0 0 0 0.5em' : margin }
  if (!light || !dark) return { after }
  const size = { width: `${sparklineSize.width}px`, height: `${sparklineSize.height}px`, margin }
  return {
    after,
    light: { before: { contentIconPath: picture(light), ...size } },
    dark: { before: { contentIconPath: picture(dark), ...size } },
  }
}

const picture = (svg: string): vscode.Uri => vscode.Uri.parse(dataUri(svg))

const contrasts: Readonly<Record<vscode.ColorThemeKind, Contrast>> = {
  [vscode.ColorThemeKind.Light]: 'light',
  [vscode.ColorThemeKind.Dark]: 'dark',
  [vscode.ColorThemeKind.HighContrast]: 'highContrastDark',
  [vscode.ColorThemeKind.HighContrastLight]: 'highContrastLight',
}

export const contrastOf = ({ kind }: vscode.ColorTheme): Contrast => contrasts[kind]
