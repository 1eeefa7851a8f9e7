/** The only file that knows @vscode/webview-ui-toolkit: it is archived upstream, and this is where it would be replaced. */
import {
  Checkbox,
  provideVSCodeDesignSystem,
  TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit'

/** Defines the elements `vscode-button`, `vscode-checkbox` and `vscode-text-field`. */
export function defineToolkit(): void {
  for (const { prototype } of [Checkbox, TextField]) keepName(prototype)
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField())
}

/** The toolkit names what is put into a page “Checkbox” or “Text field”: a name that it has counts. */
function keepName(prototype: HTMLElement & { connectedCallback(): void }): void {
  const connect = Object.getOwnPropertyDescriptor(prototype, 'connectedCallback')?.value as unknown
  if (typeof connect !== 'function') return
  prototype.connectedCallback = function () {
    const name = this.getAttribute('aria-label')
    connect.call(this)
    if (name !== null) this.setAttribute('aria-label', name)
  }
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
