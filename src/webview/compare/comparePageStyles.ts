import { css } from 'lit'

export const comparePageStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .page {
    padding: 8px 20px 32px;
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
    overflow-y: auto;
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
      max-height: 45vh;
    }
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
    gap: 16px 24px;
    padding-top: 6px;
  }
  .charts + vscode-button {
    margin-top: 12px;
  }
  .actions {
    display: flex;
    align-items: center;
    gap: 12px;
  }
`
