import { css, type CSSResult } from 'lit'
import { chartStyles } from '../charts/lineChartStyles'
import { common, pressable, tables } from '../ui/styles'

export const plotStyles: readonly CSSResult[] = [
  common,
  tables,
  pressable,
  chartStyles,
  css`
    .plot {
      overflow: hidden;
      cursor: default;
    }
    .plot.hit {
      cursor: pointer;
    }
    .scroller {
      overflow-x: auto;
      overflow-y: hidden;
    }
    .table {
      overflow: auto;
      max-height: 360px;
    }
    footer {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
      padding-top: 2px;
      font-size: 12px;
    }
    .tip {
      position: absolute;
      z-index: 10;
      max-width: min(320px, 90%);
      padding: 4px 8px;
      border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
      border-radius: 3px;
      background: var(--vscode-editorHoverWidget-background);
      color: var(--vscode-editorHoverWidget-foreground);
      font-size: 12px;
      pointer-events: none;
    }
    canvas {
      pointer-events: none;
    }
    .tip strong {
      display: block;
    }
    .tip div {
      display: flex;
      gap: 12px;
      justify-content: space-between;
    }
  `,
]
