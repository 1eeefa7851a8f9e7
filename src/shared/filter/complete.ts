import { stages } from '../model'
import { statusCodes } from '../runFrame'
import { comparatorsFor, type ResolvedName } from './names'
import { expectedAfter, type Expected } from './parse'
import { quote } from './quote'
import { searchRules, type SearchKind } from './rules'
import { tokenize, type Token } from './tokens'
import { FilterError, type Entity, type Name, type Span } from './tree'
import { writeName } from './write'

/** What a store is known to hold, for completion. */
export interface KnownNames {
  /** Keys as they are, without quotes. */
  readonly keys?: Readonly<Partial<Record<'metric' | 'param' | 'tag', Iterable<string>>>>
  /** Values that a name has, best first. */
  readonly values?: (name: Pick<Name, 'entity' | 'key'>) => Iterable<string>
}

/** Something that may stand at a place; `start` and `end` are the part of the text that it replaces. */
export interface Completion extends Span {
  /** To insert; quoted as needed. */
  readonly text: string
  readonly what: 'name' | 'comparator' | 'value' | 'word'
  /** MLflow itself would refuse it: we evaluate it. */
  readonly ours: boolean
}

type Candidate = Pick<Completion, 'text' | 'what' | 'ours'>

const most = 200

/** What may stand at `offset` of an unfinished text: those first that begin with what is there. */
export function completionsAt(text: string, offset: number, kind: SearchKind, known: KnownNames = {}): Completion[] {
  const before = tokensBefore(text.slice(0, offset))
  if (!before) return []
  const { tokens, start } = before
  const typed = bare(text.slice(start, offset))
  const end = Math.max(offset, endOfToken(text, start, offset))
  const candidates = new Map<string, Candidate>()
  for (const expected of expectedAfter(tokens, start, kind))
    for (const candidate of candidatesFor(expected, kind, known))
      if (!candidates.has(candidate.text)) candidates.set(candidate.text, candidate)
  const fitting = [...candidates.values()].filter((candidate) => bare(candidate.text).includes(typed))
  const begins = (candidate: Candidate) => (bare(candidate.text).startsWith(typed) ? 0 : 1)
  return fitting
    .sort((a, b) => begins(a) - begins(b))
    .slice(0, most)
    .map((candidate) => ({ ...candidate, start, end }))
}

const bare = (text: string): string => text.replace(/['"`]/g, '').toLowerCase()

/** The finished tokens before the place, and where the unfinished one begins; undefined where the text is wrong before that. */
export function tokensBefore(head: string): { tokens: Token[]; start: number } | undefined {
  const { tokens, wrong } = tokenizeAsFarAs(head)
  const last = tokens.at(-1)
  if (wrong === undefined) {
    const unfinished = last?.end === head.length && (last.kind === 'name' || last.text === '!')
    return unfinished ? { tokens: tokens.slice(0, -1), start: last.start } : { tokens, start: head.length }
  }
  const rest = head.slice(wrong)
  if (/^\.(?:[`"].*)?$/s.test(rest) && last?.end === wrong) return { tokens: tokens.slice(0, -1), start: last.start }
  return /^['"`]/.test(rest) ? { tokens, start: wrong } : undefined
}

/** The tokens up to the first character that begins none. */
function tokenizeAsFarAs(text: string): { tokens: Token[]; wrong?: number } {
  try {
    return { tokens: tokenize(text) }
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    const wrong = text[error.start - 1] === '.' ? error.start - 1 : error.start
    return { tokens: tokenize(text.slice(0, wrong)), wrong }
  }
}

function endOfToken(text: string, start: number, offset: number): number {
  const token = tokenizeAsFarAs(text).tokens.find((one) => one.start === start)
  if (token && token.kind !== 'operator') return token.end
  return offset + (/^[\p{L}\p{N}_]*/u.exec(text.slice(offset))?.[0].length ?? 0)
}

function candidatesFor(expected: Expected, kind: SearchKind, known: KnownNames): Candidate[] {
  switch (expected.what) {
    case 'comparison':
      return [...names(kind, known), ...words(['NOT', '('], true)]
    case 'joint':
      return [...words(['AND'], false), ...words(['OR'], true)]
    case 'separator':
      return words([',', ')'], false)
    case 'list':
      return words(['('], false)
    case 'comparator': {
      const { rule } = expected.of
      const written = expected.words.map((word) => `${word} `).join('')
      return comparatorsFor(rule)
        .filter((comparator) => comparator.startsWith(written))
        .map((comparator) => ({
          text: comparator.slice(written.length),
          what: 'comparator',
          ours: !rule.comparators.includes(comparator),
        }))
    }
    case 'value':
    case 'item':
      return values(expected.of, kind, known)
  }
}

const words = (texts: readonly string[], ours: boolean): Candidate[] =>
  texts.map((text) => ({ text, what: 'word', ours }))

function names(kind: SearchKind, known: KnownNames): Candidate[] {
  const { attributes, keys, datasetKeys } = searchRules[kind]
  const found: Candidate[] = []
  const seen = new Set<string>()
  for (const [spelling, { key, filter }] of attributes) {
    if (filter === 'no' || seen.has(key)) continue
    seen.add(key)
    found.push({ text: spelling, what: 'name', ours: filter === 'ours' })
  }
  const add = (entity: Entity, key: string) =>
    found.push({ text: writeName({ entity, key }), what: 'name', ours: false })
  for (const entity of ['metric', 'param', 'tag'] as const)
    if (keys[entity]) for (const key of known.keys?.[entity] ?? []) add(entity, key)
  for (const key of datasetKeys) add('dataset', key)
  for (const entity of ['metric', 'param', 'tag'] as const)
    if (keys[entity]) found.push({ text: `${entity}s.`, what: 'name', ours: false })
  return found
}

const fixed: Readonly<Record<string, readonly string[]>> = {
  status: statusCodes, // of runs
  current_stage: stages,
  duration: ['30s', '5m', '1h', '2h30m', '1d'],
}

function values({ name, rule }: ResolvedName, kind: SearchKind, known: KnownNames): Candidate[] {
  const { entity, key } = name
  const words = [...(rule.words?.keys() ?? [])]
  const offered = entity === 'attribute' && kind !== 'loggedModels' ? (fixed[key] ?? []) : words
  const isText = ['text', 'numericText', 'id', 'code', 'duration'].includes(rule.type)
  return [...offered, ...(known.values?.({ entity, key }) ?? [])].flatMap((value) => {
    const text = isText ? quote(value) : value
    return text === undefined ? [] : { text, what: 'value' as const, ours: words.includes(value) }
  })
}
