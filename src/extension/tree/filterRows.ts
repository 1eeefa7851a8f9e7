/** What the question for a filter shows below the text: what it means or what is wrong with it, and how it could go on. Pure. */
import {
  completionsAt,
  extensionsIn,
  FilterError,
  looksLikeExpression,
  parseFilter,
  type Completion,
  type KnownNames,
} from '../../shared/filter'
import { t } from '../../shared/l10n'
import { marked } from './runFilter'
import { oneLine } from './text'

export interface FilterRow {
  /** What choosing it does: takes the text as the filter, makes it go on, or nothing. */
  readonly kind: 'apply' | 'unfinished' | 'wrong' | 'completion'
  readonly label: string
  readonly description?: string
  readonly detail?: string
  /** Of a completion: what it is, and the whole text with it. */
  readonly what?: Completion['what']
  readonly text?: string
}

const mostCompletions = 100

/** The row about the text itself comes first. */
export function filterRows(text: string, known: KnownNames): FilterRow[] {
  const completions = completionsAt(text, text.length, 'runs', known).map((completion) =>
    completionRow(text, completion),
  )
  return [
    rowOf(text, completions.length > 0),
    ...completions.filter((row) => row.text?.trimEnd() !== text).slice(0, mostCompletions),
  ]
}

/** What Enter takes: the text where it is a filter, else the first way to go on. */
export function likelyRow(rows: readonly FilterRow[], text: string): FilterRow | undefined {
  const [own, first] = rows
  if (!own || !first || own.kind === 'wrong') return own
  const goesOn = looksLikeExpression(text) ? endsWithWord.test(text) : beginsName.test(text.trim())
  return own.kind === 'unfinished' || goesOn ? first : own
}

/** MLflow overlooks an AND at the end; whoever typed it is about to go on. */
const endsWithWord = /\s(and|or|not)\s+$/i
const beginsName = /^(not\s+|\()*(metrics?|param(eter)?s?|tags?|attr(ibute)?s?|run|datasets?)\./i

function rowOf(text: string, canGoOn: boolean): FilterRow {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'apply', label: t('Show all runs') }
  if (!looksLikeExpression(trimmed))
    return { kind: 'apply', label: t('Runs with “{0}” in their name', oneLine(trimmed)) }
  try {
    const ours = extensionsIn(parseFilter(trimmed, 'runs'))
    const label = t('Apply the filter')
    if (ours.length === 0) return { kind: 'apply', label }
    const pieces = [...new Set(ours.map(({ start, end }) => `»${trimmed.slice(start, end)}«`))].slice(0, 5)
    return {
      kind: 'apply',
      label,
      description: lensOnly(),
      detail: t('MLflow itself would refuse {0}', pieces.join(', ')),
    }
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    const atEnd = error.start >= trimmed.length || (error.end >= text.length && canGoOn)
    if (atEnd) return { kind: 'unfinished', label: t('Unfinished'), description: error.message }
    return { kind: 'wrong', label: error.message, detail: marked(trimmed, error) }
  }
}

/** That MLflow would refuse what MLflow Lens answers. */
export const lensOnly = (): string => t('MLflow Lens only')

function completionRow(text: string, { start, end, text: inserted, what, ours }: Completion): FilterRow {
  const goesOn = inserted.endsWith('.') || inserted === '(' || (what === 'value' && isInList(text.slice(0, start)))
  return {
    kind: 'completion',
    label: oneLine(inserted),
    ...(ours && { description: lensOnly() }),
    what,
    text: `${text.slice(0, start)}${inserted}${goesOn ? '' : ' '}${text.slice(end)}`,
  }
}

const isInList = (before: string): boolean => /[(,]\s*$/.test(before)
