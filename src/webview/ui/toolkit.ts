/** The only file that knows @vscode/webview-ui-toolkit: it is archived upstream, and this is where it would be replaced. */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeTextField } from '@vscode/webview-ui-toolkit'

/** Defines the elements `vscode-button`, `vscode-checkbox` and `vscode-text-field`. */
export function defineToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField())
}

/** The text that a toolkit input holds after an event. */
export function valueOf(event: Event): string {
  const target = event.target
  return target && 'value' in target && typeof target.value === 'string' ? target.value : ''
}

/** Whether a toolkit checkbox is ticked after an event. */
export function isChecked(event: Event): boolean {
  const target = event.target
  return target !== null && 'checked' in target && target.checked === true
}
