export { parseFilter } from './parse'
export { parseOrderBy } from './orderBy'
export type { SearchKind } from './rules'
export {
  FilterError,
  type Comparator,
  type Comparison,
  type Conjunction,
  type Entity,
  type Expression,
  type Literal,
  type Name,
  type Ordering,
  type Span,
} from './tree'
