/** Searches in the code that MLflow will refuse, at the very characters that it will mind. Pure. */
import {
  extensionsIn,
  FilterError,
  fittingAfter,
  fittingInOrder,
  laterIn,
  parseFilter,
  parseLoggedModelOrder,
  parseOrder,
  type SearchKind,
  type Span,
} from '../../shared/filter'
import { t } from '../../shared/l10n'
import type { Code, Problem } from './problem'
import type { MlflowCall } from './pythonCalls'
import { hole, placeOf, writtenText, writtenTexts, type Place, type WrittenText } from './textLiterals'

/** What the filter and the order of a function search. */
export const searchKinds: Readonly<Record<string, SearchKind | undefined>> = {
  search_runs: 'runs',
  search_experiments: 'experiments',
  search_registered_models: 'registeredModels',
  search_model_versions: 'modelVersions',
  search_logged_models: 'loggedModels',
}

/** A connection of which is known what MLflow it is of: `3.17`. */
export interface Served {
  readonly name: string
  readonly release: string
}

/** Whose rules searches are held against. */
const newest = '3.17'

export function filterProblems({ source, calls }: Code, served: Served | undefined): Problem[] {
  const found = calls.flatMap((call) => {
    const kind = searchKinds[call.fn]
    return kind ? [...filterProblemsOf(call, kind, source, served), ...orderProblemsOf(call, kind, source)] : []
  })
  // A constant may be passed to several calls.
  return [...new Map(found.map((problem) => [`${problem.range.start} ${problem.message}`, problem])).values()]
}

function filterProblemsOf(
  { others }: MlflowCall,
  kind: SearchKind,
  source: string,
  served: Served | undefined,
): Problem[] {
  const written = others.filter && writtenText(source, others.filter)
  const refusedIn = (text: string): Refusal[] => {
    const expression = parseFilter(text, kind)
    const refused = extensionsIn(expression).map(onlyOurs)
    if (!served?.release.startsWith('2.')) return refused
    const message = t(
      '{0} is of MLflow {1}, which refuses this. MLflow {2} takes it.',
      served.name,
      served.release,
      newest,
    )
    return [...refused, ...laterIn(expression, kind).map((span) => ({ span, message }))]
  }
  return written ? problemsIn(written, { fit: (head) => fittingAfter(head, kind), refusedIn }) : []
}

function orderProblemsOf({ others: { order }, range }: MlflowCall, kind: SearchKind, source: string): Problem[] {
  if (!order) return []
  const lone = writtenText(source, order)
  if (lone) return lone.text === '' ? [] : [noList(lone, source, range)]
  const seen = new Set<string>()
  const entries = writtenTexts(source, order, kind === 'loggedModels' ? 'field_name' : undefined)
  return entries.flatMap((written) => {
    // What is filled in may be any name, so none that another entry has.
    const others = written.text.includes(hole) ? new Set<string>() : seen
    const refusedIn = (text: string): Refusal[] => {
      const [ordering] =
        kind === 'loggedModels' ? parseLoggedModelOrder([{ fieldName: text }]) : [parseOrder(text, kind, others)]
      return ordering?.ours ? [onlyOurs({ start: 0, end: text.length })] : []
    }
    return problemsIn(written, { fit: fittingInOrder, refusedIn })
  })
}

/** MLflow takes a text for a list of its characters. */
function noList({ start, end }: Place, source: string, call: Place): Problem {
  const edit = { range: { start, end }, text: `[${source.slice(start, end)}]` }
  const isInCall = call.start <= start && end <= call.end
  return {
    ...{ kind: 'filters', range: { start, end }, message: t('MLflow wants a list here, not a text.') },
    fixes: isInCall ? [{ title: t('Put It in a List'), edit }] : [],
  }
}

interface Language {
  readonly fit: Fit
  /** Where MLflow refuses what we understand. @throws FilterError where we don't, either */
  readonly refusedIn: (text: string) => readonly Refusal[]
}

interface Refusal {
  readonly span: Span
  readonly message: string
}

const onlyOurs = (span: Span): Refusal => ({ span, message: t('MLflow refuses this: only MLflow Lens knows it.') })

function problemsIn(given: WrittenText, { fit, refusedIn }: Language): Problem[] {
  const { written, isWhole, isFilled } = filled(given, fit)
  const { text } = written
  const told = (span: Span, message: string): Problem => ({
    ...{ kind: 'filters', range: placeOf(written, span), message, fixes: [] },
  })
  // Behind what is known at run time only, anything may follow.
  const isSure = ({ end }: Span): boolean => isWhole || end < text.length
  try {
    return refusedIn(text).flatMap(({ span, message }) => (isSure(span) ? [told(span, message)] : []))
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return isSure(error) && !isFilled(error) ? [told(error, error.message)] : []
  }
}

/** Something that fits after the beginning of a text; undefined where anything could. */
type Fit = (head: string) => string | undefined

export interface Filled {
  /** Up to the first hole in which anything could be. */
  readonly written: WrittenText
  readonly isWhole: boolean
  /** Whether a part of it, or its end, is not what was written. */
  readonly isFilled: (part: Span) => boolean
}

/** Something that fits, in each hole of a text. */
export function filled(given: WrittenText, fit: Fit): Filled {
  let written = given
  const parts: Span[] = []
  const isFilled = ({ start, end }: Span): boolean => parts.some((part) => part.start <= end && start <= part.end)
  for (;;) {
    const { text, places } = written
    const at = text.indexOf(hole)
    if (at < 0) return { written, isWhole: true, isFilled }
    const head = text.slice(0, at)
    const fitting = fit(head)
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
