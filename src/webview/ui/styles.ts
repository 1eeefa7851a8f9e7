import { css } from 'lit'

/** Of the document itself. */
export const pageStyles = css`
  html,
  body {
    margin: 0;
    padding: 0;
    height: 100%;
  }
  body {
    background: var(--vscode-editor-background);
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    line-height: 1.4;
  }
`

/** Names for the theme's colours, icons, and words for screen readers alone: what even a component of a thousand elements affords. */
export const basics = css`
  :host {
    --line: var(--vscode-panel-border, var(--vscode-contrastBorder, rgba(128, 128, 128, 0.35)));
    --faint: var(--vscode-descriptionForeground);
    --hover: var(--vscode-list-hoverBackground);
    --mono: var(--vscode-editor-font-family, monospace);
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .clip {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg.icon {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.2;
    stroke-linecap: round;
    stroke-linejoin: round;
    vertical-align: text-bottom;
  }
`

/** What all components share: nothing here sets a colour that is not the theme's. */
export const common = css`
  ${basics}
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  h1,
  h2,
  h3,
  p {
    margin: 0;
    font-weight: inherit;
    font-size: inherit;
  }
  a,
  .link {
    color: var(--vscode-textLink-foreground);
    text-decoration: var(--text-link-decoration, none);
    cursor: pointer;
  }
  a:hover,
  .link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  :where(button.plain) {
    all: unset;
    box-sizing: border-box;
    cursor: pointer;
  }
  :where(button.link) {
    all: unset;
    color: var(--vscode-textLink-foreground);
    cursor: pointer;
  }
  :focus-visible,
  button.plain:focus-visible,
  button.link:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  .faint {
    color: var(--faint);
  }
  .number {
    font-variant-numeric: tabular-nums;
    text-align: right;
  }
  .mono {
    font-family: var(--mono);
    font-size: 0.95em;
  }
  svg.swatch {
    flex: none;
    vertical-align: middle;
  }
  vscode-text-field::part(root) {
    height: 24px;
  }
  .choice {
    display: inline-flex;
    border: 1px solid var(--vscode-input-border, var(--line));
    border-radius: 4px;
    overflow: hidden;
    font-size: 12px;
  }
  .choice button {
    padding: 0 8px;
    line-height: 20px;
    white-space: nowrap;
  }
  .choice button + button {
    border-left: 1px solid var(--vscode-input-border, var(--line));
  }
  .choice button:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .choice button[aria-checked='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    outline: 1px solid var(--vscode-inputOption-activeBorder, transparent);
    outline-offset: -1px;
  }
  .choice button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
`

/** A line of controls above or below something: what is after `.grow` stands at its end. */
export const bars = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 4px 0;
    min-height: 26px;
  }
  .grow {
    flex: 1;
  }
`

/** Buttons that are but an icon. */
export const tools = css`
  .tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    width: 22px;
    height: 20px;
    border-radius: 4px;
  }
  .tool:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
`

/** Small buttons at the head of charts, of which some can be on: a word or an icon. */
export const pressable = css`
  .tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    height: 20px;
    min-width: 22px;
    max-width: 100%;
    padding: 0 3px;
    border-radius: 4px;
    color: var(--vscode-icon-foreground, inherit);
    white-space: nowrap;
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
`

/** Tables: rows as high as VS Code's own lists, headers that stay. */
export const tables = css`
  table {
    border-collapse: separate;
    border-spacing: 0;
    width: 100%;
  }
  th,
  td {
    padding: 0 8px;
    height: 22px;
    line-height: 22px;
    text-align: left;
    font-weight: normal;
    vertical-align: top;
    white-space: nowrap;
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--vscode-editor-background);
    color: var(--faint);
    font-size: 11px;
    border-bottom: 1px solid var(--line);
  }
  th.number,
  td.number {
    text-align: right;
  }
  tbody tr:hover > * {
    background-color: var(--hover);
  }
  tbody tr:focus-within > * {
    background-color: var(--hover);
  }
`
