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
  .named {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
    max-width: 100%;
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
  .things .link {
    min-width: 40px;
  }
  .things .model {
    flex: none;
    max-width: 60%;
  }
  .things .space {
    flex: 1;
  }
  .things .faint {
    white-space: nowrap;
  }
  .long {
    max-height: 340px;
    overflow: auto;
  }
  .wrapping li {
    flex-wrap: wrap;
  }
  .kin {
    padding: 2px 8px;
  }
  .more {
    padding: 2px 8px;
  }
  .badge {
    padding: 0 6px;
    border-radius: 9px;
    font-size: 11px;
    line-height: 16px;
    color: var(--vscode-badge-foreground);
    background: var(--vscode-badge-background);
    border: 1px solid var(--vscode-contrastBorder, transparent);
    max-width: 160px;
    flex: none;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    padding-bottom: 14px;
  }
  .dataset {
    display: block;
  }
  .dataset details {
    min-width: 0;
    flex: 1;
  }
  .dataset summary {
    list-style: none;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 22px;
    cursor: pointer;
  }
  .dataset details[open] > summary .chevron {
    transform: rotate(90deg);
  }
  .dataset .chevron {
    width: 12px;
    height: 12px;
  }
  dl.facts dt,
  dl.facts dd {
    font-size: inherit;
    line-height: inherit;
  }
  .dataset dl,
  .dataset .fields {
    margin-left: 20px;
  }
  .snippets {
    display: grid;
    gap: 8px;
    padding: 0 8px;
  }
  lens-section {
    scroll-margin-top: 8px;
  }
`
