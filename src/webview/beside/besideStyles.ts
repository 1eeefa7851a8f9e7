import { css } from 'lit'

export const besideStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .page {
    padding: 6px 16px 24px;
  }
  .top {
    flex-wrap: nowrap;
    margin-bottom: 2px;
  }
  .top select {
    flex: 0 1 auto;
    min-width: 90px;
    font-family: var(--mono);
  }
  .pin[aria-pressed='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    outline: 1px solid var(--vscode-inputOption-activeBorder, transparent);
    outline-offset: -1px;
  }
  .pin:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  lens-warning {
    margin-bottom: 8px;
  }
  table {
    margin-top: 8px;
    table-layout: auto;
  }
  tbody th {
    width: 100%;
    max-width: 0;
  }
  .name {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .badge {
    flex: none;
    padding: 0 5px;
    border-radius: 3px;
    font-size: 11px;
    line-height: 16px;
    color: var(--vscode-badge-foreground);
    background: var(--vscode-badge-background);
    border: 1px solid var(--vscode-contrastBorder, transparent);
  }
  .code {
    padding: 0;
    width: 24px;
    height: 24px;
  }
  .words {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin-top: 8px;
    overflow-wrap: anywhere;
  }
  @container (max-width: 500px) {
    .when {
      display: none;
    }
  }
  @container (max-width: 420px) {
    .step {
      display: none;
    }
  }
`
