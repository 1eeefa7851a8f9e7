import { css } from 'lit'

export const gridStyles = css`
  :host {
    display: block;
    position: relative;
    min-height: 0;
    contain: strict;
  }
  div,
  span {
    box-sizing: border-box;
  }
  .grid {
    position: absolute;
    inset: 0;
    overflow: auto;
    outline: none;
    overflow-anchor: none;
    background: var(--vscode-editor-background);
    scrollbar-color: var(--vscode-scrollbarSlider-background) transparent;
  }
  .canvas {
    position: relative;
    min-width: 100%;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 3;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--line);
    user-select: none;
  }
  .headrow {
    position: relative;
    height: 26px;
  }
  .headrow.groups {
    height: 18px;
    font-size: 11px;
    color: var(--faint);
  }
  .headrow.groups .th {
    border-bottom: 1px solid var(--line);
  }
  .headrow.groups .band {
    position: sticky;
    padding: 0 8px;
    max-width: 100%;
  }
  .th {
    position: absolute;
    top: 0;
    bottom: 0;
    display: flex;
    align-items: center;
    overflow: clip;
    border-right: 1px solid var(--line);
  }
  .names .th {
    padding: 0 8px;
    gap: 4px;
    cursor: pointer;
  }
  .names .th:hover {
    background: var(--hover);
  }
  .th.number .title {
    margin-left: auto;
  }
  .th .title {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
    font-weight: 600;
  }
  .th .sorted {
    display: inline-flex;
    align-items: center;
    flex: none;
    font-size: 10px;
    font-variant-numeric: tabular-nums;
  }
  .th .sorted .icon {
    width: 12px;
    height: 12px;
  }
  .th.drop-before {
    box-shadow: inset 2px 0 var(--vscode-focusBorder);
  }
  .th.drop-after {
    box-shadow: inset -2px 0 var(--vscode-focusBorder);
  }
  .th.dragged .title {
    opacity: 0.5;
  }
  .handle {
    position: absolute;
    right: 0;
    top: 0;
    bottom: 0;
    width: 7px;
    cursor: col-resize;
    touch-action: none;
  }
  .handle:hover,
  .handle.held {
    background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
  }
  .stuck {
    position: sticky;
    z-index: 2;
    background: var(--vscode-editor-background);
  }
  .stuck.some {
    border-bottom: 2px solid var(--line);
    box-sizing: content-box;
  }
  .body {
    position: relative;
    overflow: clip;
  }
  .row {
    --tint: transparent;
    position: absolute;
    top: 0;
    left: 0;
    width: 100%;
    height: 22px;
    line-height: 22px;
    contain: layout size style;
    user-select: none;
    background: linear-gradient(var(--tint), var(--tint)), var(--vscode-editor-background);
  }
  .row:hover {
    --tint: var(--hover);
  }
  .row.group {
    font-weight: 600;
  }
  .row.selected {
    --tint: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .row.context .cell:not(.lead),
  .row.context .name {
    opacity: 0.75;
  }
  .row.deleted .name {
    text-decoration: line-through;
  }
  .pane {
    position: sticky;
    left: 0;
    height: 100%;
    z-index: 1;
    /* Not inherited: then all of a row would be styled anew whenever it moves. */
    background: linear-gradient(var(--tint), var(--tint)), var(--vscode-editor-background);
    border-right: 1px solid var(--line);
    contain: layout size style;
  }
  .head .pane {
    background: var(--vscode-editor-background);
  }
  .cell {
    position: absolute;
    top: 0;
    height: 22px;
    padding: 0 8px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
    contain: layout size style;
  }
  .cell.number {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .cell.mono {
    font-family: var(--mono);
    font-size: 0.95em;
  }
  .cell.missing,
  .cell.several,
  .cell.below {
    color: var(--faint);
    font-weight: normal;
  }
  .cell.pending::after,
  .row.waiting .name::after {
    content: '';
    position: absolute;
    left: 8px;
    right: 30%;
    top: 8px;
    height: 6px;
    border-radius: 3px;
    background: var(--vscode-editorInlayHint-background, var(--line));
    opacity: 0.5;
  }
  .cell.pending.number::after {
    left: 40%;
    right: 8px;
  }
  .cell.best {
    font-weight: 700;
    color: var(--vscode-testing-iconPassed, var(--vscode-charts-green));
  }
  .mark.none {
    display: none;
  }
  .grid.narrow .lead .mark,
  .grid.narrow .row.run .count {
    display: none;
  }
  .mark.finished {
    color: var(--vscode-testing-iconPassed, var(--vscode-charts-green));
  }
  .mark.failed {
    color: var(--vscode-testing-iconFailed, var(--vscode-charts-red));
  }
  .mark.running {
    color: var(--vscode-charts-blue);
  }
  .mark.killed,
  .mark.scheduled {
    color: var(--vscode-testing-iconSkipped, var(--vscode-descriptionForeground));
  }
  .cell:not(.lead) .mark {
    margin: 3px 5px 3px 0;
    vertical-align: top;
  }
  .bar {
    position: absolute;
    left: 4px;
    right: 4px;
    top: 3px;
    bottom: 3px;
    border-radius: 2px;
    transform-origin: left;
    z-index: -1;
    background: var(--vscode-charts-blue);
    opacity: 0.3;
  }
  .spark {
    position: absolute;
    left: 6px;
    top: 3px;
    width: 56px;
    height: 16px;
  }
  .spark path {
    fill: none;
    stroke-width: 1.2;
    vector-effect: non-scaling-stroke;
  }
  .cell.lead {
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 0 6px;
    cursor: default;
  }
  .lead > span {
    flex: none;
  }
  .lead .problem {
    display: inline-flex;
    align-items: center;
  }
  .grid:not(.tree) .twisty {
    display: none;
  }
  .lead .name {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    unicode-bidi: isolate;
  }
  .row.run .name {
    cursor: pointer;
  }
  .row.run .name:hover {
    text-decoration: underline;
  }
  .lead .count {
    color: var(--faint);
    font-weight: normal;
    font-size: 11px;
  }
  .row.group .count {
    padding: 0 5px;
    border-radius: 9px;
    line-height: 15px;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
  }
  .problem .icon {
    color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground));
  }
  .tick {
    width: 14px;
    height: 14px;
    border: 1px solid var(--vscode-checkbox-border, var(--line));
    border-radius: 3px;
    background: var(--vscode-checkbox-background);
    opacity: 0.45;
  }
  .row:hover .tick,
  .row.selected .tick,
  .grid.selecting .tick {
    opacity: 1;
  }
  .row.selected .tick::after {
    content: '';
    display: block;
    width: 4px;
    height: 8px;
    margin: 0 0 0 4px;
    border: solid var(--vscode-checkbox-foreground);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
  }
  .twisty {
    width: 14px;
    height: 22px;
    visibility: hidden;
    cursor: pointer;
  }
  .twisty.opens {
    visibility: visible;
  }
  .twisty .icon {
    width: 12px;
    height: 12px;
    margin: 5px 1px;
    vertical-align: top;
  }
  .twisty.open .icon {
    transform: rotate(90deg);
  }
  .dot {
    width: 10px;
    height: 10px;
    border-radius: 50%;
  }
  .row.group .dot {
    display: none;
  }
  .star {
    margin-left: auto;
    display: none;
    cursor: pointer;
    height: 22px;
  }
  .star .icon {
    width: 14px;
    height: 14px;
    margin: 4px 0;
    vertical-align: top;
  }
  .row:hover .star,
  .star.on {
    display: block;
  }
  .star.on .icon {
    fill: currentColor;
    color: var(--vscode-charts-yellow, currentColor);
  }
  .grid:focus .active,
  .grid:focus .th.active {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .hover {
    margin: 0;
    position: fixed;
    inset: auto;
    max-width: min(520px, 90vw);
    max-height: 50vh;
    overflow: auto;
    padding: 6px 10px;
    font-size: 12px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
    color: var(--vscode-editorHoverWidget-foreground);
    background: var(--vscode-editorHoverWidget-background);
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    border-radius: 3px;
  }
  .hover .about {
    color: var(--faint);
    margin-bottom: 2px;
  }
`
