/** MLflow's search expressions and ours: text → tree → runs, items, SQL or what a server is sent. */
export { comparer } from './compareItems'
export { completionsAt, type Completion, type KnownNames } from './complete'
export type { Found } from './fields'
export { fittingAfter, fittingInOrder } from './fitting'
export { numberIn } from './literals'
export { looksLikeExpression } from './looksLike'
export { asksForMetrics, asksForPrompts, matcher } from './matchItems'
export { matchRuns } from './matchRuns'
export { parseLoggedModelOrder, parseOrder, parseOrderBy, type LoggedModelOrder } from './orderBy'
export { parseFilter } from './parse'
export { asPhrase, wordsIn } from './plainText'
export { regexTest } from './regex'
export type { SearchKind } from './rules'
export { isNumeric } from './tests'
export { laterIn, orderForServer, splitForServer, type ServerLanguage, type Split } from './split'
export {
  extensionsIn,
  FilterError,
  type Comparator,
  type Comparison,
  type DatasetFilter,
  type Entity,
  type Expression,
  type Junction,
  type Literal,
  type Name,
  type Negation,
  type Ordering,
  type Span,
} from './tree'
export { writeFilter, writeOrder } from './write'
