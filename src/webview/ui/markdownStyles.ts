import { css } from 'lit'

/** Of what `renderMarkdown` makes. */
export const markdownStyles = css`
  .markdown {
    padding: 0 2px;
    overflow-wrap: anywhere;
    max-width: 80ch;
    line-height: 1.5;
  }
  .markdown > :first-child {
    margin-top: 4px;
  }
  .markdown p,
  .markdown ul,
  .markdown ol,
  .markdown pre,
  .markdown table {
    margin: 0 0 8px;
  }
  .markdown h1,
  .markdown h2,
  .markdown h3 {
    font-size: 1.1em;
    font-weight: 600;
    line-height: 1.5;
    margin: 12px 0 4px;
  }
  .markdown h1 {
    font-size: 1.3em;
  }
  .markdown a {
    text-decoration: underline;
  }
  .markdown code {
    font-family: var(--mono);
    background: var(--vscode-textPreformat-background);
    color: var(--vscode-textPreformat-foreground);
    padding: 1px 3px;
    border-radius: 3px;
  }
  .markdown pre {
    background: var(--vscode-textCodeBlock-background);
    padding: 8px;
    white-space: pre-wrap;
  }
  .markdown pre code {
    background: none;
    color: inherit;
    padding: 0;
  }
  .markdown blockquote {
    margin: 0 0 8px;
    padding: 0 12px;
    border-left: 3px solid var(--vscode-textBlockQuote-border, var(--line));
  }
  .markdown table {
    border-collapse: collapse;
  }
  .markdown th,
  .markdown td {
    border: 1px solid var(--line);
    padding: 2px 8px;
    text-align: left;
  }
`
