import { t } from '../l10n'
import { searchRules, type KeyRule, type SearchKind } from './rules'
import { unquote, type Token } from './tokens'
import { FilterError, type Name } from './tree'

/**
 * What a written name stands for, ``params.`a b` `` or, without a dot, an attribute, and how it may be compared.
 *
 * @throws FilterError if nothing of that name can be filtered, or ordered, by.
 */
export function resolveName(token: Token, kind: SearchKind, use: 'filter' | 'order'): { name: Name; rule: KeyRule } {
  const { entities, attributes, keys, datasetKeys, order } = searchRules[kind]
  const { text, start, end } = token
  const dot = text.indexOf('.')
  const prefix = unquote(text.slice(0, Math.max(dot, 0)))
  const key = unquote(text.slice(dot + 1))
  const entity = dot < 0 ? 'attribute' : entities.get(prefix)
  const unknown = (what: string, known: Iterable<string>, from: number, to: number) =>
    new FilterError(t('{0} is not known here. Known are {1}.', what, [...known].join(', ')), { start: from, end: to })

  if (!entity) throw unknown(prefix, entities.keys(), start, start + dot)
  if (entity === 'attribute') {
    const rule = attributes.get(key)
    const usable = [...attributes].filter(([, other]) => other[use]).map(([spelling]) => spelling)
    if (!rule?.[use]) throw unknown(key, usable, start + dot + 1, end)
    return { name: { entity, key: rule.key, start, end }, rule }
  }
  const rule = keys[entity]
  if (!rule || (use === 'order' && !order.includes(entity))) throw unknown(text, order, start, end)
  if (entity === 'dataset' && !datasetKeys.includes(key)) throw unknown(key, datasetKeys, start + dot + 1, end)
  return { name: { entity, key, start, end }, rule }
}
