import { css } from 'lit'

export const chartsTabStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 14px;
    font-size: 12px;
  }
  .tool-group,
  .smoothing,
  .card-tools {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    max-width: 100%;
  }
  .card-tools {
    gap: 0;
  }
  .tools vscode-text-field {
    width: 150px;
  }
  .smoothing input {
    width: 90px;
    height: 16px;
    margin: 0;
    accent-color: var(--vscode-focusBorder);
  }
  .tool {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-width: 22px;
    max-width: 100%;
    height: 20px;
    padding: 0 5px;
    border-radius: 4px;
    color: var(--vscode-foreground);
    white-space: nowrap;
  }
  .card-tools .tool {
    justify-content: center;
    padding: 0 3px;
    color: var(--vscode-icon-foreground, inherit);
  }
  .tools .tool[aria-pressed],
  .tools .tool.menu {
    border: 1px solid var(--vscode-input-border, var(--line));
  }
  .tool:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .tool[aria-pressed='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
  }
  .grip {
    cursor: grab;
    touch-action: none;
  }
  .problem {
    padding-top: 6px;
    color: var(--vscode-errorForeground);
    overflow-wrap: anywhere;
  }
  .groups {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
    max-height: 88px;
    overflow-y: auto;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
  }
  .groups li {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
    gap: 12px;
    padding-top: 10px;
  }
  .card {
    min-width: 0;
    padding: 6px 8px 4px;
    border: 1px solid var(--line);
    border-radius: 4px;
    grid-column: 1 / -1;
  }
  @container (min-width: 860px) {
    .card.small {
      grid-column: span 1;
    }
    .card.medium {
      grid-column: span 2;
    }
  }
  .card.landing {
    border-color: var(--vscode-focusBorder);
    box-shadow: -3px 0 0 var(--vscode-focusBorder);
  }
  .card.full {
    position: fixed;
    inset: 0;
    z-index: 20;
    overflow: auto;
    border: none;
    border-radius: 0;
    padding: 10px 20px;
    background: var(--vscode-editor-background);
  }
  .cards + vscode-button {
    margin-top: 12px;
  }
`
