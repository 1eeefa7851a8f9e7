import { css } from 'lit'

export const runsPageStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100vh;
    container-type: inline-size;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 6px;
    padding: 8px 8px 6px;
  }
  lens-search-box {
    flex: 1 1 320px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    align-items: center;
    min-height: 26px;
  }
  button.tool {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    height: 24px;
    padding: 0 6px;
    border-radius: 4px;
    white-space: nowrap;
    max-width: 240px;
    color: var(--vscode-foreground);
    border: 1px solid var(--vscode-contrastBorder, transparent);
  }
  button.tool:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  button.tool.set {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
  }
  button.tool .down {
    width: 10px;
    height: 10px;
    opacity: 0.7;
  }
  @container (max-width: 1000px) {
    lens-search-box {
      flex-basis: 100%;
    }
    button.tool .down {
      display: none;
    }
  }
  @container (max-width: 640px) {
    button.tool:not(.set) .label {
      display: none;
    }
    button.tool {
      max-width: 180px;
      padding: 0 5px;
    }
  }
  lens-stale,
  lens-warning {
    display: block;
    margin: 0 8px 6px;
  }
  lens-grid {
    flex: 1 1 0;
    min-height: 120px;
    border-top: 1px solid var(--line);
  }
  .busy {
    height: 2px;
    margin-bottom: -2px;
    position: relative;
    z-index: 1;
    background: var(--vscode-progressBar-background);
    animation: busy 1.2s ease-in-out infinite;
  }
  @keyframes busy {
    from {
      transform: scaleX(0.1);
      transform-origin: left;
    }
    to {
      transform: scaleX(1);
      transform-origin: left;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .busy {
      animation: none;
    }
  }
  .instead {
    flex: 1 1 0;
    border-top: 1px solid var(--line);
    padding: 8px 16px;
    overflow: auto;
  }
  .empty {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 8px;
    padding: 16px 8px;
    max-width: 80ch;
    overflow-wrap: anywhere;
  }
  .bulk {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 6px;
    padding: 3px 8px;
    border-top: 1px solid var(--line);
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
  }
  .bulk .count {
    margin-right: 6px;
    font-variant-numeric: tabular-nums;
  }
  .bulk button.tool {
    color: inherit;
  }
  lens-status-line {
    border-top: 1px solid var(--line);
  }
`
