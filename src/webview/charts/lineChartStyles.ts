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
  canvas.overlay,
  .cursor {
    pointer-events: none;
  }
  .cursor {
    position: absolute;
    inset: 0;
    z-index: 10;
    contain: size layout;
  }
  .crosshair,
  .cursor .box,
  .dots div {
    position: absolute;
    top: 0;
    left: 0;
    forced-color-adjust: none;
  }
  .crosshair,
  .cursor .box {
    display: none;
  }
  .crosshair {
    will-change: transform;
    width: 1px;
    opacity: 0.5;
    background: var(--vscode-foreground);
  }
  .dots div {
    width: 8px;
    height: 8px;
    margin: -4px 0 0 -4px;
    border: 1px solid var(--vscode-editor-background);
    border-radius: 50%;
  }
  .cursor .box {
    border: 1px solid var(--vscode-focusBorder);
    background: color-mix(in srgb, var(--vscode-focusBorder) 20%, transparent);
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
    right: 14px;
    max-width: min(400px, 100% - 80px);
    padding: 4px 8px;
    contain: strict;
    font-size: 12px;
    line-height: 18px;
    background: var(--vscode-editorHoverWidget-background);
    color: var(--vscode-editorHoverWidget-foreground, inherit);
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    border-radius: 3px;
  }
  .list.on-left {
    right: auto;
    left: 64px;
  }
  .list .line {
    position: absolute;
    left: 0;
    right: 0;
    height: 18px;
    padding: 0 8px;
    display: flex;
    align-items: center;
    gap: 8px;
    contain: strict;
    white-space: nowrap;
  }
  .list .row {
    padding-right: calc(16px + min(var(--values), 100% - 90px));
  }
  .list .values {
    position: absolute;
    z-index: 1;
    top: 22px;
    right: 8px;
    bottom: 0;
    width: min(var(--values), 100% - 90px);
    contain: strict;
    text-align: right;
    white-space: pre;
  }
  .list .focused {
    font-weight: 600;
    background: var(--vscode-list-hoverBackground);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
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
