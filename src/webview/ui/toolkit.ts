/** The only file that knows @vscode/webview-ui-toolkit: it is archived upstream, and this is where it would be replaced. */
import {
  provideVSCodeDesignSystem,
  TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit'

/** Defines the elements `vscode-button`, `vscode-checkbox` and `vscode-text-field`. */
export function defineToolkit(): void {
  keepLabels()
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField())
}

/** The toolkit calls each field that has no text in it “Text field”, whatever its label says. */
function keepLabels(): void {
  const { connectedCallback } = Object.getOwnPropertyDescriptors(TextField.prototype)
  TextField.prototype.connectedCallback = function (this: TextField): void {
    const label = this.getAttribute('aria-label')
    connectedCallback.value?.call(this)
    if (label !== null) this.setAttribute('aria-label', label)
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
