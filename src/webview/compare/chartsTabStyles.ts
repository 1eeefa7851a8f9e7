import { css } from 'lit'

/** Beyond what tabs share. */
export const chartsTabStyles = css`
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
  .tools .tool {
    padding: 0 5px;
    color: var(--vscode-foreground);
  }
  .tools .tool[aria-pressed],
  .tools .tool.menu {
    border: 1px solid var(--vscode-input-border, var(--line));
  }
  .tools .tool[aria-pressed='true'] {
    border-color: var(--vscode-inputOption-activeBorder, transparent);
    color: var(--vscode-inputOption-activeForeground);
  }
  .grip {
    cursor: grab;
    touch-action: none;
  }
  .groups {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
    max-height: 88px;
    overflow-y: auto;
    margin: 2px 0 0;
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
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    padding-top: 4px;
  }
  .card {
    flex: 1 1 100%;
    min-width: 0;
    padding: 6px 8px 4px;
    border: 1px solid var(--line);
    border-radius: 4px;
  }
  .card.small {
    flex-basis: min(100%, 240px);
  }
  .card.medium {
    flex-basis: min(100%, 420px);
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
