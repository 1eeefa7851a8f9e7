/** Searches in the code that MLflow will refuse, at the very characters that it will mind. Pure. */
import { extensionsIn, FilterError, fittingAfter, parseFilter, type SearchKind, type Span } from '../../shared/filter'
import { t } from '../../shared/l10n'
import type { Code, Problem } from './problem'
import { hole, placeOf, writtenText, type WrittenText } from './textLiterals'

/** What the filter of a function searches. */
export const searchKinds: Readonly<Record<string, SearchKind | undefined>> = {
  search_runs: 'runs',
  search_experiments: 'experiments',
  search_registered_models: 'registeredModels',
  search_model_versions: 'modelVersions',
  search_logged_models: 'loggedModels',
}

export function filterProblems({ source, calls }: Code): Problem[] {
  const found = calls.flatMap(({ fn, others }) => {
    const kind = searchKinds[fn]
    const written = kind && others.filter && writtenText(source, others.filter)
    return kind && written ? problemsIn(written, kind) : []
  })
  // A constant may be passed to several calls.
  return [...new Map(found.map((problem) => [`${problem.range.start} ${problem.message}`, problem])).values()]
}

function problemsIn(given: WrittenText, kind: SearchKind): Problem[] {
  const { written, isWhole, isFilled } = filled(given, kind)
  const { text } = written
  const told = (span: Span, message: string): Problem => ({
    ...{ kind: 'filters', range: placeOf(written, span), message, fixes: [] },
  })
  // Behind what is known at run time only, anything may follow.
  const isSure = ({ end }: Span): boolean => isWhole || end < text.length
  try {
    const refused = extensionsIn(parseFilter(text, kind)).filter(isSure)
    return refused.map((span) => told(span, t('MLflow refuses this: only the filters of MLflow Lens know it.')))
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return isSure(error) && !isFilled(error) ? [told(error, error.message)] : []
  }
}

export interface Filled {
  /** Up to the first hole in which anything could be. */
  readonly written: WrittenText
  readonly isWhole: boolean
  /** Whether a part of it, or its end, is not what was written. */
  readonly isFilled: (part: Span) => boolean
}

/** Something that fits, in each hole of a text. */
export function filled(given: WrittenText, kind: SearchKind): Filled {
  let written = given
  const parts: Span[] = []
  const isFilled = ({ start, end }: Span): boolean => parts.some((part) => part.start <= end && start <= part.end)
  for (;;) {
    const { text, places } = written
    const at = text.indexOf(hole)
    if (at < 0) return { written, isWhole: true, isFilled }
    const head = text.slice(0, at)
    const fitting = fittingAfter(head, kind)
    if (fitting === undefined) return { written: { ...written, text: head }, isWhole: false, isFilled }
    const place = places[at] ?? written
    parts.push({ start: at, end: at + fitting.length })
    written = {
      ...written,
      text: head + fitting + text.slice(at + 1),
      places: [...places.slice(0, at), ...Array.from(fitting, () => place), ...places.slice(at + 1)],
    }
  }
}
