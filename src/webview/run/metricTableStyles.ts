import { css } from 'lit'

export const metricTableStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .scroll {
    overflow-x: auto;
  }
  .scroll.long {
    overflow-y: auto;
    max-height: min(60vh, 520px);
    border: 1px solid var(--line);
  }
  .scroll:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .gap td {
    padding: 0;
    border: none;
  }
  table {
    min-width: 340px;
  }
  th.name {
    width: 100%;
    max-width: 0;
    min-width: 120px;
    position: sticky;
    left: 0;
    background: var(--vscode-editor-background);
  }
  thead th:first-child {
    left: 0;
    z-index: 2;
  }
  th.name button.plain {
    display: flex;
    align-items: center;
    gap: 6px;
    width: 100%;
    color: var(--vscode-textLink-foreground);
  }
  th.name button.plain:hover .label {
    text-decoration: underline;
  }
  td.trend {
    width: 100px;
    padding: 3px 8px;
    line-height: 0;
  }
  .sparkline {
    width: 84px;
    height: 16px;
    fill: none;
    stroke-width: 1.2;
    stroke-linejoin: round;
  }
  @container (max-width: 600px) {
    th:not(:first-child),
    td {
      padding: 0 5px;
    }
    td.trend {
      width: 70px;
    }
    .sparkline {
      width: 60px;
    }
  }
  @container (max-width: 520px) {
    .trend {
      display: none;
    }
  }
  .icon {
    width: 14px;
    height: 14px;
    color: var(--faint);
  }
  tr.opened > * {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
  }
  td.last {
    font-weight: 600;
  }
  td.wait {
    color: var(--faint);
  }
  button.value {
    all: unset;
    cursor: copy;
  }
  button.value:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  vscode-text-field {
    width: 100%;
    margin: 2px 0 4px;
  }
  .more {
    padding: 4px 8px;
  }
`
