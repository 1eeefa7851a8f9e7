import { css } from 'lit'

export const searchBoxStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  .box {
    display: flex;
    align-items: center;
    height: 26px;
    padding: 0 4px;
    gap: 4px;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--line)));
    border-radius: 4px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
  }
  .box:focus-within {
    border-color: var(--vscode-focusBorder);
  }
  .box.wrong {
    border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
  }
  .field {
    position: relative;
    flex: 1 1 auto;
    min-width: 0;
    overflow: hidden;
  }
  input,
  .mirror {
    width: 100%;
    padding: 0;
    border: none;
    font: inherit;
    line-height: 20px;
    letter-spacing: inherit;
    white-space: pre;
  }
  input {
    display: block;
    position: relative;
    outline: none;
    background: transparent;
    color: inherit;
  }
  input::placeholder {
    color: var(--vscode-input-placeholderForeground);
  }
  .mirror {
    display: flex;
    position: absolute;
    width: max-content;
    top: 0;
    color: transparent;
    pointer-events: none;
  }
  .mirror .part {
    text-decoration: underline wavy var(--vscode-editorError-foreground, var(--vscode-errorForeground)) 1px;
    text-underline-offset: 2px;
    text-decoration-skip-ink: none;
  }
  .mark {
    flex: none;
    font-size: 11px;
    padding: 0 5px;
    line-height: 16px;
    border-radius: 8px;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
  }
  .clear {
    display: inline-flex;
    padding: 2px;
    border-radius: 4px;
  }
  .keep[aria-pressed='true'] .icon {
    fill: currentColor;
  }
  .clear:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .problem {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    padding: 2px 6px;
    font-size: 12px;
    overflow-wrap: anywhere;
    border: 1px solid var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
    border-top: none;
    background: var(--vscode-inputValidation-errorBackground, transparent);
    color: var(--vscode-inputValidation-errorForeground, inherit);
  }
  ul {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 2px;
    list-style: none;
    max-height: min(300px, 60vh);
    overflow-y: auto;
    border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-editorHoverWidget-border, var(--line)));
    border-radius: 4px;
    color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-editorHoverWidget-foreground));
    background: var(--vscode-editorSuggestWidget-background, var(--vscode-editorHoverWidget-background));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  li {
    display: flex;
    gap: 12px;
    padding: 0 8px;
    line-height: 22px;
    cursor: pointer;
    border-radius: 3px;
  }
  li:hover {
    background: var(--hover);
  }
  li[aria-selected='true'] {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  li .words {
    flex: 1 1 auto;
    font-family: var(--mono);
    unicode-bidi: isolate;
  }
  li .detail {
    flex: none;
    font-size: 11px;
    opacity: 0.8;
  }
`
