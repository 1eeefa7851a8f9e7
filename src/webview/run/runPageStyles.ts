import { css } from 'lit'

export const runPageStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .page {
    padding: 12px 20px 32px;
    max-width: 1600px;
    margin: 0 auto;
  }
  lens-stale,
  lens-warning {
    display: block;
    margin-bottom: 12px;
  }
  .head {
    padding-bottom: 14px;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 8px 12px;
    flex-wrap: wrap;
    min-height: 28px;
  }
  h1 {
    font-size: 20px;
    line-height: 28px;
    font-weight: 600;
    max-width: 100%;
  }
  .space {
    flex: 1;
  }
  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 28px;
    margin: 8px 0 0;
  }
  .fact {
    min-width: 0;
    max-width: 100%;
  }
  dt {
    color: var(--faint);
    font-size: 11px;
    line-height: 16px;
  }
  dd {
    margin: 0;
    line-height: 18px;
    overflow-wrap: anywhere;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0 32px;
    align-items: start;
  }
  .main,
  aside {
    min-width: 0;
  }
  @container (min-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 3fr) minmax(300px, 2fr);
    }
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
    gap: 12px 20px;
    padding-top: 6px;
  }
  .charts .large {
    grid-column: 1 / -1;
  }
  .charts + vscode-button {
    margin-top: 12px;
  }
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
  .copy {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
  }
  .copy .icon {
    width: 13px;
    height: 13px;
    color: var(--faint);
  }
  .copy:hover .icon {
    color: inherit;
  }
  dl.lines {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 2px 12px;
    margin: 2px 8px;
  }
  dl.lines dt,
  dl.lines dd {
    font-size: inherit;
    line-height: 22px;
  }
  .things {
    list-style: none;
    margin: 0;
    padding: 0 8px;
  }
  .things li {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 22px;
    min-width: 0;
  }
`
