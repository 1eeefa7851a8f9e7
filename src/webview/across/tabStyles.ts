import { css } from 'lit'
import { selectStyles } from './dimensionSelect'

/** What the tabs of a comparison share: their lines of controls, each with its label, and what went wrong. */
export const tabStyles = css`
  ${selectStyles}
  :host {
    display: block;
    min-width: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
    padding-bottom: 6px;
    font-size: 12px;
  }
  .tools .field {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .problem {
    padding-bottom: 6px;
    color: var(--vscode-errorForeground);
    overflow-wrap: anywhere;
  }
  .tools vscode-checkbox {
    margin: 0;
  }
`
