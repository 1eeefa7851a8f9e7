import { t } from '../l10n'
import { resolveName } from './names'
import type { SearchKind } from './rules'
import { tokenize, type Token } from './tokens'
import { FilterError, type Ordering } from './tree'

/**
 * Reads MLflow's `order_by` list, such as ``['metrics.`val loss` DESC', 'start_time']``.
 *
 * @throws FilterError with the position within the entry that is wrong, also where two entries order by the same.
 */
export function parseOrderBy(entries: readonly string[], kind: SearchKind): Ordering[] {
  const seen = new Set<string>()
  return entries.map((entry) => {
    const ordering = parseEntry(entry, kind)
    const identity = `${ordering.name.entity}.${ordering.name.key}`
    if (seen.has(identity)) throw new FilterError(t('The order names {0} twice.', identity), ordering.name)
    seen.add(identity)
    return ordering
  })
}

function parseEntry(text: string, kind: SearchKind): Ordering {
  const [written, direction, ...rest] = tokenize(text)
  if (!written || !isName(written))
    throw new FilterError(t('The order {0} does not begin with a name such as {1}.', text, 'metrics.loss'), whole(text))
  const excess = rest[0]
  if (excess) throw new FilterError(t('{0} is not expected in an order.', excess.text), excess)
  const word = direction?.text.toUpperCase() ?? 'ASC'
  if (direction && word !== 'ASC' && word !== 'DESC')
    throw new FilterError(t('ASC or DESC is expected here, not {0}.', direction.text), direction)
  const { name } = resolveName(written, kind, 'order')
  return { name, ascending: word === 'ASC' }
}

const isName = (token: Token) => token.kind === 'name' || token.text.startsWith('"')
const whole = (text: string) => ({ start: 0, end: text.length })
