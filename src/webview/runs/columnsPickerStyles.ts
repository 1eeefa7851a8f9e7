import { css } from 'lit'

export const columnsPickerStyles = css`
  :host {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 8px;
    width: min(380px, calc(100vw - 16px));
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, var(--line)));
    border-radius: 5px;
    color: var(--vscode-editorHoverWidget-foreground, inherit);
    background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  .search {
    width: 100%;
    height: 26px;
    padding: 0 6px;
    font: inherit;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--line)));
    border-radius: 4px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
  }
  .search:focus {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .search::placeholder {
    color: var(--vscode-input-placeholderForeground);
  }
  .groups {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 6px 0;
    font-size: 12px;
  }
  .groups button {
    padding: 0 8px;
    line-height: 20px;
    border-radius: 10px;
    border: 1px solid var(--vscode-input-border, var(--line));
  }
  .groups button:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .groups button[aria-pressed='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder, transparent);
  }
  .list {
    position: relative;
    height: min(336px, 50vh);
    overflow-y: auto;
    outline: none;
  }
  .item {
    position: absolute;
    left: 0;
    right: 0;
    height: 24px;
    display: flex;
    align-items: center;
    gap: 6px;
    padding: 0 4px;
    border-radius: 3px;
    cursor: pointer;
  }
  .item:hover {
    background: var(--hover);
  }
  .list:focus .item.active {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .item.drop-before {
    box-shadow: inset 0 2px var(--vscode-focusBorder);
  }
  .item.drop-after {
    box-shadow: inset 0 -2px var(--vscode-focusBorder);
  }
  .tick {
    width: 16px;
    height: 16px;
    flex: none;
    border: 1px solid var(--vscode-checkbox-border, var(--line));
    border-radius: 3px;
    background: var(--vscode-checkbox-background);
    color: var(--vscode-checkbox-foreground);
  }
  .tick .icon {
    width: 14px;
    height: 14px;
    vertical-align: top;
  }
  .grip {
    cursor: grab;
    display: inline-flex;
    color: var(--faint);
  }
  .words {
    flex: 1 1 auto;
    unicode-bidi: isolate;
  }
  .detail {
    flex: none;
    font-size: 11px;
    opacity: 0.8;
  }
  .foot {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding-top: 6px;
    font-size: 12px;
    color: var(--faint);
  }
  .foot button {
    flex: none;
  }
`
