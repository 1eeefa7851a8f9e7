import { css } from 'lit'

/** Px. */
export const rowHeight = 22
export const headHeight = 28
export const columnWidth = 150

export const differenceTableStyles = css`
  :host {
    display: block;
    min-width: 0;
    --keys: 220px;
  }
  .scroll {
    overflow: auto;
    max-height: 70vh;
    border: 1px solid var(--line);
    container-type: normal;
  }
  .all {
    position: relative;
  }
  .row {
    position: absolute;
    left: 0;
    display: flex;
    height: ${rowHeight}px;
    line-height: ${rowHeight - 1}px;
    border-bottom: 1px solid color-mix(in srgb, var(--line) 40%, transparent);
    width: 100%;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 3;
    height: ${headHeight}px;
    line-height: ${headHeight - 1}px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--line);
    font-size: 12px;
  }
  .cell {
    flex: none;
    width: ${columnWidth}px;
    padding: 0 8px;
    overflow: hidden;
    white-space: nowrap;
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .cell .text {
    overflow: hidden;
    text-overflow: ellipsis;
    min-width: 0;
  }
  .cell .change {
    flex: none;
    margin-left: auto;
    font-size: 11px;
    color: var(--faint);
    font-variant-numeric: tabular-nums;
  }
  .key {
    position: sticky;
    left: 0;
    z-index: 2;
    width: var(--keys);
    background: var(--vscode-editor-background);
    border-right: 1px solid var(--line);
  }
  .base {
    position: sticky;
    left: var(--keys);
    z-index: 2;
    background: var(--vscode-editor-background);
    border-right: 1px solid var(--line);
  }
  .heading .key {
    font-size: 11px;
    font-weight: 700;
    text-transform: uppercase;
    width: max-content;
    border-right: none;
  }
  .differs {
    background: color-mix(in srgb, var(--vscode-diffEditor-insertedTextBackground, transparent) 55%, transparent);
    outline: 1px dashed var(--vscode-diffEditor-insertedTextBorder, transparent);
    outline-offset: -1px;
  }
  .none {
    color: var(--vscode-disabledForeground, var(--faint));
  }
  .active {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .scroll:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .scroll:not(:focus-within) .active {
    outline-color: transparent;
  }
  button.set {
    padding: 2px;
    border-radius: 3px;
    flex: none;
    line-height: 0;
  }
  button.set:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  @media (max-width: 560px) {
    :host {
      --keys: 130px;
    }
    .base {
      position: static;
    }
  }
`
