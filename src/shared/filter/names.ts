import { t } from '../l10n'
import { comparatorsOf, searchRules, type Allowed, type KeyRule, type SearchKind } from './rules'
import { unquote, type Token } from './tokens'
import { FilterError, type Name } from './tree'

/** What a written name stands for, and how it may be compared. */
export interface ResolvedName {
  readonly name: Name
  readonly rule: KeyRule
  /** MLflow would refuse the name here, or this spelling of it. */
  readonly ours: boolean
  /** MLflow knows it, in whatever spelling. */
  readonly known: boolean
}

/**
 * What a written name stands for, ``params.`a b` `` or, without a dot, an attribute.
 *
 * @throws FilterError if nothing of that name can be filtered, or ordered, by.
 */
export function resolveName(token: Token, kind: SearchKind, use: 'filter' | 'order'): ResolvedName {
  const { entities, attributes, keys, datasetKeys, order } = searchRules[kind]
  const { text, start, end } = token
  const dot = text.indexOf('.')
  const prefix = unquote(text.slice(0, Math.max(dot, 0)))
  const written = text.slice(dot + 1)
  const isPart = kind === 'loggedModels' && !written.startsWith('`') // there MLflow takes other quotes for a part of the name
  const key = isPart ? written : unquote(written)
  const entity = dot < 0 ? 'attribute' : entities.get(prefix)
  const unknown = (what: string, names: Iterable<string>, from: number, to: number) =>
    new FilterError(t('“{0}” is not known here. Known are {1}.', what, [...names].join(', ')), { start: from, end: to })

  const spellings = firstOfEach(entities, (one) => one)
  if (!entity) throw unknown(prefix, spellings, start, start + dot)
  const spelled = isSpelledAsMlflowDoes(text, dot, entity, kind, use)
  if (entity === 'attribute') {
    const rule = attributes.get(key)
    const allowed: Allowed = rule?.[use] ?? 'no'
    if (!rule || allowed === 'no') {
      const usable = new Map([...attributes].filter(([, other]) => other[use] !== 'no'))
      const prefixes = spellings.filter((spelling) => dot < 0 && entities.get(spelling) !== 'attribute')
      const known = [...firstOfEach(usable, (other) => other.key), ...prefixes.map((spelling) => `${spelling}.<key>`)]
      throw unknown(key, known, start + dot + 1, end)
    }
    const known = allowed === 'mlflow'
    return { name: { entity, key: rule.key, start, end }, rule, known, ours: !known || !spelled }
  }
  const rule = keys[entity]
  if (!rule || (use === 'order' && !order.includes(entity))) throw unknown(text, order, start, end)
  if (entity === 'dataset' && !datasetKeys.includes(key)) throw unknown(key, datasetKeys, start + dot + 1, end)
  return { name: { entity, key, start, end }, rule, known: true, ours: !spelled }
}

/** Of several spellings of the same, the first. */
function firstOfEach<T>(spellings: ReadonlyMap<string, T>, same: (of: T) => string): string[] {
  const first = new Map<string, string>()
  for (const [spelling, of] of spellings) if (!first.has(same(of))) first.set(same(of), spelling)
  return [...first.values()]
}

/** MLflow's parsers differ in which names may be in quotes. */
function isSpelledAsMlflowDoes(text: string, dot: number, entity: string, kind: SearchKind, use: string): boolean {
  const quotedKey = /^["'`]/.test(text.slice(dot + 1))
  const quotedEntity = dot > 0 && /^["'`]/.test(text)
  switch (kind) {
    case 'runs':
      return !text.startsWith('"') || dot < 0
    case 'experiments':
      return !quotedEntity
    case 'registeredModels':
      if (use === 'order') return dot < 0
      return !quotedEntity && (entity !== 'attribute' || !quotedKey)
    case 'modelVersions':
      return !quotedEntity && (use === 'order' || entity !== 'attribute' || !quotedKey)
    case 'loggedModels': // knows no other names for attributes when they are called so
      if (quotedEntity) return false
      return entity !== 'attribute' || dot < 0 || !/\.`?(creation|last_updated)_time(stamp)?`?$/.test(text)
  }
}

/** Comparators that fit a key: MLflow's first, then ours. */
export function comparatorsFor(rule: KeyRule): readonly (typeof comparatorsOf)[KeyRule['type']][number][] {
  const others = comparatorsOf[rule.type].filter((comparator) => !rule.comparators.includes(comparator))
  return [...rule.comparators, ...others]
}
