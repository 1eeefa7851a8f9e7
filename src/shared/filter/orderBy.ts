import { t } from '../l10n'
import { resolveName } from './names'
import type { SearchKind } from './rules'
import { tokenize, type Token } from './tokens'
import { FilterError, type Name, type Ordering } from './tree'

/**
 * Reads MLflow's `order_by` list, such as ``['metrics.`val loss` DESC', 'start_time']``; of runs also `duration`, which is ours.
 *
 * @throws FilterError with the position within the entry that is wrong, also where two entries order by the same.
 */
export function parseOrderBy(entries: readonly string[], kind: SearchKind): Ordering[] {
  const seen = new Set<string>()
  return entries.map((entry) => parseOrder(entry, kind, seen))
}

/** The same for one entry. @param seen what those before it order by; it is added */
export function parseOrder(entry: string, kind: SearchKind, seen: Set<string>): Ordering {
  const ordering = parseEntry(entry, kind)
  const identity = `${ordering.name.entity}.${ordering.name.key}`
  if (seen.has(identity) && kind !== 'experiments')
    throw new FilterError(t('The order names {0} twice.', identity), ordering.name)
  seen.add(identity)
  return ordering
}

function parseEntry(text: string, kind: SearchKind): Ordering {
  const [written, direction, ...rest] = tokenize(text)
  if (!written || !isName(written))
    throw new FilterError(
      t('The order “{0}” does not begin with a name such as {1}.', text, 'metrics.loss'),
      whole(text),
    )
  const word = direction?.text.toUpperCase() ?? 'ASC'
  if (direction && word !== 'ASC' && word !== 'DESC')
    throw new FilterError(t('ASC or DESC is expected here, not “{0}”.', direction.text), direction)
  const excess = rest[0]
  if (excess) throw new FilterError(t('“{0}” is not expected in an order.', excess.text), excess)
  const { name, ours } = resolveName(written, kind, 'order')
  return { name, ascending: word === 'ASC', ours: ours || !isSpacedAsMlflowDoes(text, written, direction, kind) }
}

/** It minds spaces at the ends; of registered models also quotes without a direction after them. */
function isSpacedAsMlflowDoes(text: string, name: Token, direction: Token | undefined, kind: SearchKind): boolean {
  if (text !== text.trim()) return false
  return kind !== 'registeredModels' || direction !== undefined || !/^["`]/.test(name.text)
}

const isName = (token: Token) => token.kind === 'name' || token.text.startsWith('"')
const whole = (text: string) => ({ start: 0, end: text.length })

/** An entry of the order of logged models, in MLflow's words but camel-cased. */
export interface LoggedModelOrder {
  /** `metrics.<name>`, the name as it is, or an attribute such as `creation_timestamp`. */
  readonly fieldName: string
  /** True when left out. */
  readonly ascending?: boolean
  /** Of a metric: only values on this dataset count. */
  readonly datasetName?: string
  readonly datasetDigest?: string
}

/** Reads the order of logged models. @throws FilterError with the position within the field name */
export function parseLoggedModelOrder(entries: readonly LoggedModelOrder[]): Ordering[] {
  return entries.map(({ fieldName, ascending = true, datasetName, datasetDigest }) => {
    const common = { ascending, ours: false }
    const dot = fieldName.indexOf('.')
    if (dot < 0) return { ...common, name: attributeOf(fieldName) }
    const key = fieldName.slice(dot + 1)
    if (fieldName.slice(0, dot) !== 'metrics')
      throw new FilterError(t('“{0}” is not known here. Known are {1}.', fieldName, 'metrics.…'), whole(fieldName))
    const name: Name = { entity: 'metric', key, ...whole(fieldName) }
    if (!datasetName && !datasetDigest) return { ...common, name }
    return {
      ...common,
      name,
      dataset: { ...(datasetName && { name: datasetName }), ...(datasetDigest && { digest: datasetDigest }) },
    }
  })
}

function attributeOf(fieldName: string): Name {
  if (/["'`]/.test(fieldName))
    throw new FilterError(t('“{0}” is not expected in an order.', fieldName), whole(fieldName))
  const token: Token = { kind: 'name', text: fieldName, ...whole(fieldName) }
  return resolveName(token, 'loggedModels', 'order').name
}
