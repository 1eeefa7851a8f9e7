import { css } from 'lit'

export const comparePageStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .page {
    padding: 4px 20px 32px;
  }
  .header {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 8px;
    margin-bottom: 8px;
    border-bottom: 1px solid var(--line);
  }
  .more {
    display: inline-flex;
    flex: none;
    margin-top: 4px;
    padding: 3px;
    border-radius: 4px;
    color: var(--vscode-icon-foreground, inherit);
  }
  .more:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .notice {
    padding: 4px 8px;
    margin-bottom: 8px;
    border: 1px solid var(--vscode-inputValidation-infoBorder, var(--line));
    background: var(--vscode-inputValidation-infoBackground);
    color: var(--vscode-inputValidation-infoForeground, inherit);
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0 24px;
    align-items: start;
  }
  nav,
  .main {
    min-width: 0;
  }
  lens-run-list {
    max-height: 260px;
  }
  @container (min-width: 760px) {
    .body {
      grid-template-columns: 230px minmax(0, 1fr);
    }
    nav {
      position: sticky;
      top: 0;
      max-height: 100vh;
      overflow-y: auto;
    }
    lens-run-list {
      max-height: calc(100vh - 140px);
    }
    .shared lens-run-list {
      max-height: 45vh;
    }
  }
`
