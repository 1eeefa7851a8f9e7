import { css } from 'lit'

export const chartsTabStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
    gap: 16px 24px;
    padding-top: 10px;
  }
  .charts + vscode-button {
    margin-top: 12px;
  }
`
