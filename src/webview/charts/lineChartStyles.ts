import { css } from 'lit'

export const chartStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  header {
    display: flex;
    align-items: center;
    gap: 2px;
    height: 24px;
  }
  h3 {
    flex: 1 1 auto;
    font-weight: 600;
  }
  .tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    height: 20px;
    min-width: 22px;
    padding: 0 3px;
    border-radius: 4px;
    color: var(--vscode-icon-foreground, inherit);
  }
  .tool.text {
    font-size: 11px;
    padding: 0 5px;
  }
  .tool:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .tool[aria-pressed='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    outline: 1px solid var(--vscode-inputOption-activeBorder, transparent);
    outline-offset: -1px;
  }
  .plot {
    position: relative;
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
    min-height: 80px;
  }
  .plot:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 0;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    display: block;
  }
  canvas.overlay {
    pointer-events: none;
  }
  .cover {
    position: absolute;
    inset: 0;
    display: flex;
    align-items: center;
    justify-content: center;
    color: var(--faint);
    background: var(--vscode-editor-background);
  }
  .list {
    position: absolute;
    top: 8px;
    z-index: 10;
    width: max-content;
    max-width: min(400px, 75%);
    padding: 4px 8px;
    pointer-events: none;
    font-size: 12px;
    line-height: 18px;
    background: var(--vscode-editorHoverWidget-background);
    color: var(--vscode-editorHoverWidget-foreground, inherit);
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    border-radius: 3px;
  }
  .list.on-left {
    left: 64px;
  }
  .list.on-right {
    right: 14px;
  }
  .row {
    display: grid;
    grid-template-columns: 22px minmax(40px, 1fr) auto;
    align-items: center;
    gap: 8px;
  }
  .row.focused {
    font-weight: 600;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    min-height: 18px;
    padding-left: 60px;
    font-size: 11px;
    line-height: 18px;
  }
  .failed {
    color: var(--vscode-errorForeground);
    overflow-wrap: anywhere;
  }
  .failed .icon {
    width: 13px;
    height: 13px;
  }
  lens-chart-table {
    max-height: 300px;
  }
`
