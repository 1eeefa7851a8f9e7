import { css } from 'lit'

export const statusStyles = css`
  .status {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    white-space: nowrap;
  }
  .status.finished .icon {
    color: var(--vscode-testing-iconPassed, var(--vscode-charts-green));
  }
  .status.failed .icon {
    color: var(--vscode-testing-iconFailed, var(--vscode-charts-red));
  }
  .status.running .icon {
    color: var(--vscode-charts-blue);
  }
  .status.killed .icon,
  .status.scheduled .icon {
    color: var(--vscode-testing-iconSkipped, var(--vscode-descriptionForeground));
  }
`
