import { css } from 'lit'

/** The names of the axes, and the thumbs of their brushes. */
export const parallelStyles = css`
  .names {
    position: absolute;
    inset: 0 0 auto;
    height: 26px;
  }
  .name {
    position: absolute;
    top: 0;
    height: 22px;
    line-height: 20px;
    padding: 0 6px;
    border-radius: 3px;
    text-align: center;
    font-size: 12px;
    font-weight: 600;
    cursor: grab;
    border: 1px solid transparent;
  }
  .name:hover {
    background: var(--vscode-toolbar-hoverBackground);
    border-color: var(--vscode-contrastActiveBorder, transparent);
  }
  .name.brushed {
    border-color: var(--vscode-inputOption-activeBorder, var(--vscode-focusBorder));
  }
  .name.moving {
    cursor: grabbing;
    opacity: 0.7;
    z-index: 2;
  }
  .thumb {
    position: absolute;
    width: 22px;
    height: 10px;
    margin: -5px 0 0 -11px;
    border-radius: 3px;
    border: 1px solid var(--vscode-foreground);
    background: var(--vscode-editor-background);
    opacity: 0;
    cursor: ns-resize;
  }
  .thumb.set,
  .thumb:focus-visible {
    opacity: 1;
  }
`
