import { css } from 'lit'

export const columnsPickerStyles = css`
  :host {
    padding: 8px;
    width: min(380px, calc(100vw - 16px));
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
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
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
    color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
    background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground));
    outline: 1px solid var(--vscode-menu-selectionBorder, var(--vscode-contrastActiveBorder, transparent));
    outline-offset: -1px;
  }
  .list:focus .active .grip {
    color: inherit;
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
