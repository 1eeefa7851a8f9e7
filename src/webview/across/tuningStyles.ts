import { css } from 'lit'

export const tuningStyles = css`
  .controls {
    padding: 2px 0 4px;
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
    gap: 12px 24px;
  }
  .filter {
    display: inline-flex;
    gap: 8px;
    font-size: 12px;
  }
  .best-scroll {
    overflow-x: auto;
  }
  .best-scroll table {
    width: auto;
  }
  .name {
    unicode-bidi: isolate;
  }
  .name,
  .value {
    max-width: 200px;
    display: inline-block;
    vertical-align: top;
  }
  td.value {
    display: table-cell;
  }
  tr.first > * {
    font-weight: 600;
  }
  .small {
    font-size: 12px;
    padding-top: 4px;
  }
`
