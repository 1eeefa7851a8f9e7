import { css, html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { CodeChanges } from '../../shared/protocol'
import { icon } from '../ui/icons'

type File = CodeChanges['files'][number]

/** As in VS Code's diff editor; what differs has a sign before it, and in high contrast an edge. */
export const diffStyles = css`
  .file {
    position: relative;
    border: 1px solid var(--line);
    border-radius: 3px;
    margin-bottom: 8px;
    min-width: 0;
  }
  .file .open {
    position: absolute;
    top: 0;
    right: 8px;
    line-height: 26px;
  }
  summary {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 26px;
    padding: 0 150px 0 8px; /* beside it stands a button */
    cursor: pointer;
    list-style: none;
  }
  summary:hover {
    background: var(--hover);
  }
  summary .chevron {
    width: 12px;
    height: 12px;
  }
  details[open] > summary .chevron {
    transform: rotate(90deg);
  }
  summary .count {
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .lines {
    overflow: auto;
    max-height: 60vh;
    border-top: 1px solid var(--line);
    font-family: var(--mono);
    font-size: var(--vscode-editor-font-size, 12px);
    line-height: 1.5;
  }
  .lines > div {
    width: max-content;
    min-width: 100%;
  }
  .line {
    display: block;
    padding: 0 8px;
    white-space: pre;
    tab-size: 4;
    min-height: 1.5em;
  }
  .added {
    background: var(--vscode-diffEditor-insertedLineBackground, var(--vscode-diffEditor-insertedTextBackground));
    outline: 1px dashed var(--vscode-diffEditor-insertedTextBorder, transparent);
    outline-offset: -1px;
  }
  .removed {
    background: var(--vscode-diffEditor-removedLineBackground, var(--vscode-diffEditor-removedTextBackground));
    outline: 1px dashed var(--vscode-diffEditor-removedTextBorder, transparent);
    outline-offset: -1px;
  }
  .place {
    color: var(--faint);
  }
  .note {
    padding: 4px 8px;
    font-size: 12px;
  }
`

const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place', '\\': 'place' }
const words: Readonly<Record<File['kind'], () => string>> = {
  added: () => t('added'),
  deleted: () => t('deleted'),
  renamed: () => t('renamed'),
  changed: () => t('changed'),
}

/** A file that differs, with its lines. @param open them in the diff editor */
export function renderFile(
  { kind, path, oldPath, lines, note }: File,
  isOpen: boolean,
  open: () => void,
): TemplateResult {
  const of = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length
  const name = oldPath === null ? path : t('{0} → {1}', oldPath, path)
  return html`<div class="file">
    <details ?open=${isOpen}>
      <summary>
        ${icon('chevron', 'chevron')}
        <span class="mono clip" title=${name.slice(0, 500)}>${name}</span>
        <span class="faint">${words[kind]()}</span>
        ${lines.length > 0 ? html`<span class="count">+${formatCount(of('+'))} −${formatCount(of('-'))}</span>` : nothing}
      </summary>
      ${
        lines.length > 0
          ? html`<div
              class="lines"
              tabindex="0"
              role="group"
              aria-label=${t('What differs in {0}', path.slice(0, 200))}
            >
              <div>${lines.map((line) => html`<span class="line ${kinds[line[0] ?? ''] ?? ''}">${line}</span>`)}</div>
            </div>`
          : nothing
      }
      ${note === '' ? nothing : html`<p class="note faint">${note}</p>`}
    </details>
    <button class="link open" @click=${open}>
      ${t('Open in Diff Editor')}<span class="unseen">: ${path.slice(0, 200)}</span>
    </button>
  </div>`
}
