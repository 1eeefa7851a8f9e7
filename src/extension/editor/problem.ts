import type { MlflowCall } from './pythonCalls'
import { literalOf, type Place } from './textLiterals'

/** What can be wrong in code that calls MLflow; each has its severity. */
export type ProblemKind =
  'refusedNames' | 'similarNames' | 'parameters' | 'filters' | 'stages' | 'deprecatedStages' | 'savedViews'

/** Something to tell of at a place in the code. */
export interface Problem {
  readonly kind: ProblemKind
  /** Offsets in the document. */
  readonly range: Place
  readonly message: string
  /** The best first. */
  readonly fixes: readonly Fix[]
}

/** A change of the code, or a command. */
export interface Fix {
  readonly title: string
  readonly edit?: { readonly range: Place; readonly text: string }
  readonly command?: { readonly name: string; readonly options: unknown }
}

/** Code as the problems are looked for in it. */
export interface Code {
  readonly source: string
  readonly calls: readonly MlflowCall[]
}

/** The edit that writes another text between the quotes of a plain literal; undefined where that is none, or can't have it. */
export function rewritten(source: string, range: Place, text: string): Fix['edit'] {
  const read = literalOf(source.slice(range.start, range.end), range.start)
  if (!read || read.isFormat || /["'\\\n\r]/.test(text + source.slice(read.inner.start, read.inner.end)))
    return undefined
  return read.inner.end < range.end ? { range: read.inner, text } : undefined
}
