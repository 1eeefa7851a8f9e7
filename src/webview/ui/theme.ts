import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { ThemeKind } from '../../shared/runColor'
import type { Theme } from './themeColors'

export type { Theme }

const listeners = new Set<() => void>()
let current: Theme | undefined

/** The theme now; kept until VS Code changes it. */
export function theme(): Theme {
  current ??= readTheme()
  return current
}

function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const variable = (...names: string[]): string =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '') ?? 'gray'
  const kind = themeKind(document.body.classList)
  const contrast = kind.startsWith('highContrast')
  const foreground = variable('foreground', 'editor-foreground')
  return {
    kind,
    foreground,
    faint: variable('descriptionForeground', 'foreground'),
    background: variable('editor-background'),
    grid: contrast
      ? `color-mix(in srgb, ${foreground} 25%, transparent)`
      : `color-mix(in srgb, ${foreground} 9%, transparent)`,
    axis: contrast ? variable('contrastBorder', 'foreground') : `color-mix(in srgb, ${foreground} 30%, transparent)`,
    cursor: variable('focusBorder', 'foreground'),
    selection: `color-mix(in srgb, ${variable('focusBorder', 'foreground')} 20%, transparent)`,
    font: variable('font-family') === 'gray' ? 'sans-serif' : variable('font-family'),
  }
}

function themeKind(classes: DOMTokenList): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'highContrastLight'
  if (classes.contains('vscode-high-contrast')) return 'highContrastDark'
  return classes.contains('vscode-light') ? 'light' : 'dark'
}

/** VS Code sets the body's class and the root's variables when the theme changes. */
function watchTheme(): void {
  const observer = new MutationObserver(() => {
    current = undefined
    for (const listener of listeners) listener()
  })
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] })
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] })
}

let watching = false

/** Renders its element again when the theme changes. */
export class ThemeController implements ReactiveController {
  readonly #host: ReactiveControllerHost

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  readonly #update = (): void => this.#host.requestUpdate()

  hostConnected(): void {
    if (!watching) watchTheme()
    watching = true
    listeners.add(this.#update)
  }

  hostDisconnected(): void {
    listeners.delete(this.#update)
  }
}
