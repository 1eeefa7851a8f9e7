/** Finds what completes the text in which the cursor is, inside the strings of MLflow's functions. Pure. */
import { completionsAt, fittingAfter, type Completion, type KnownNames, type SearchKind } from '../../shared/filter'
import { filled, searchKinds } from './filterProblems'
import type { Code } from './problem'
import type { MlflowCall } from './pythonCalls'
import { hole, writtenTextAt, writtenTexts, type Literal, type Place, type WrittenText } from './textLiterals'

/** What the text at the cursor names, and which part of the source a completion replaces. */
export type Wanted =
  | { readonly what: 'metrics' | 'params' | 'experiments' | 'models'; readonly range: Place }
  /** Of a model, after `models:/name/` or `models:/name@`. */
  | { readonly what: 'versions' | 'aliases'; readonly model: string; readonly range: Place }
  | {
      readonly what: 'filter'
      readonly kind: SearchKind
      readonly written: WrittenText
      readonly offset: number
      /** Names of the experiments that are searched, where the code says so. */
      readonly experiments: readonly string[]
    }

const functions: Readonly<Record<string, 'metrics' | 'params' | 'experiments' | 'models' | undefined>> = {
  log_metric: 'metrics',
  log_metrics: 'metrics',
  log_param: 'params',
  log_params: 'params',
  set_experiment: 'experiments',
  get_experiment_by_name: 'experiments',
  register_model: 'models',
  create_model_version: 'models',
  get_latest_versions: 'models',
  get_model_version: 'models',
  get_model_version_by_alias: 'models',
  set_registered_model_alias: 'models',
  transition_model_version_stage: 'models',
}

const modelUri = /(?<![\w"'])[A-Za-z]{0,2}["']{1,3}models:\/(?:([^/@"'\\\n]+)([/@]))?([^/@"'\\\n]*)$/

/** Undefined where nothing of MLflow is named, as anywhere outside of strings. */
export function wantedAt({ source, calls }: Code, offset: number): Wanted | undefined {
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset)
  if (/models:\/[^"']*$/.test(line)) return modelAt(line, offset)
  const isIn = (place: Place | undefined): place is Place =>
    place !== undefined && place.start < offset && offset <= place.end
  const call = calls.findLast(({ keyAt, others }) => isIn(others.filter) || isIn(keyAt))
  if (!call) return undefined
  const kind = searchKinds[call.fn]
  if (kind && isIn(call.others.filter)) {
    const written = writtenTextAt(source, call.others.filter, offset)
    return written && { what: 'filter', kind, written, offset, experiments: experimentsOf(call, source) }
  }
  const what = functions[call.fn]
  const written = what && isIn(call.keyAt) ? writtenTextAt(source, call.keyAt, offset) : undefined
  const [literal, ...others] = written?.literals ?? []
  if (!what || !written || !literal || others.length > 0 || literal.isFormat) return undefined
  const isInDict = call.fn.endsWith('s') && call.keyAt !== undefined && written.start > call.keyAt.start
  if (isInDict && !/[{,]\s*$/.test(source.slice(call.keyAt.start, written.start))) return undefined
  return { what, range: { start: literal.inner.start, end: offset } }
}

function modelAt(line: string, offset: number): Wanted | undefined {
  const [whole, model, separator, typed = ''] = modelUri.exec(line) ?? []
  if (whole === undefined) return undefined
  const range = { start: offset - typed.length, end: offset }
  if (model === undefined) return { what: 'models', range }
  return { what: separator === '@' ? 'aliases' : 'versions', model, range }
}

function experimentsOf({ others }: MlflowCall, source: string): string[] {
  const names = others.experiments ? writtenTexts(source, others.experiments).map(({ text }) => text) : []
  return names.filter((name) => !name.includes(hole))
}

/** What may stand in a filter at the cursor, as it is to be written there. Ranges are those of the source. */
export interface FilterCompletion extends Place {
  readonly text: string
  readonly what: Completion['what']
  /** What it is without the escapes of Python. */
  readonly label: string
}

export function filterCompletions(
  { written: given, offset, kind }: Extract<Wanted, { what: 'filter' }>,
  known: KnownNames,
): FilterCompletion[] {
  const literal = given.literals.find(({ inner }) => inner.start <= offset && offset <= inner.end)
  const { written } = filled(given, (head) => fittingAfter(head, kind))
  const { text, places } = written
  const behind = places.findIndex(({ start }) => start >= offset)
  const at = behind < 0 ? places.length : behind
  if (!literal || at > text.length) return []
  return completionsAt(text, at, kind, known).flatMap((found): FilterCompletion[] => {
    const inserted = found.ours ? undefined : asWritten(found.text, literal, kind)
    const start = found.start < at ? (places[found.start]?.start ?? offset) : offset
    const end = found.end > at ? (places[found.end - 1]?.end ?? offset) : offset
    if (inserted === undefined || start < literal.inner.start) return []
    return [{ text: inserted, label: found.text, what: found.what, start, end: Math.min(end, literal.inner.end) }]
  })
}

/** A part of an expression as it is written in a literal; undefined where it can't be. */
function asWritten(text: string, { quotes, isRaw, isFormat }: Literal, kind: SearchKind): string | undefined {
  if (/[\n\r]/.test(text)) return undefined
  const [delimiter = ''] = quotes
  // Logged models know no texts in double quotes.
  const other = delimiter === "'" && kind !== 'loggedModels' ? /^'([^'"]*)'$/.exec(text)?.[1] : undefined
  const chosen = other === undefined ? text : `"${other}"`
  if (isRaw && chosen.includes(delimiter)) return undefined
  const escaped = isRaw ? chosen : chosen.replaceAll('\\', '\\\\').replaceAll(delimiter, `\\${delimiter}`)
  return isFormat ? escaped.replaceAll(/[{}]/g, '$&$&') : escaped
}
