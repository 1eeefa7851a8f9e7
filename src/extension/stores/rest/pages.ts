/**
 * The pages of a search. A server's pages are counted from its first item on, so what is made or deleted while we page moves the
 * others: items are told apart by their ids, and each page begins with the last item of the one before.
 */
import { StoreError } from '../errors'
import type { Answered } from './client'
import type { Page } from './decoders'

/** How to handle the items of a page. */
export interface Items<P> {
  readonly count: (page: P) => number
  readonly idOf: (page: P, at: number) => string
  readonly pick: (page: P, at: readonly number[]) => P
}

export const listItems = <T>(idOf: (item: T) => string): Items<T[]> => ({
  count: (page) => page.length,
  idOf: (page, at) => page.slice(at, at + 1).map(idOf)[0] ?? '',
  pick: (page, chosen) => chosen.flatMap((at) => page.slice(at, at + 1)),
})

export interface Search<P> {
  readonly ask: (size: number, token: string | undefined, signal: AbortSignal) => Promise<Answered<Page<P>>>
  readonly items: Items<P>
  /** How many items to ask for at first, later, and at most. */
  readonly sizes: { readonly first: number; readonly later: number; readonly most: number }
  /** Stop after so many items. */
  readonly limit?: number
  /** What is wrong with a server whose pages never end. */
  readonly endless: () => StoreError
}

/** A page that was asked for. */
interface Asked<P> {
  readonly answer: Promise<Answered<Page<P>>>
  /** New items that it should bring. */
  readonly expected: number
  /** It begins so many items before those that are new; 0: nothing is known of where it begins. */
  readonly overlap: number
  /** The token that was sent. */
  readonly token: string | undefined
  /** When. */
  readonly since: number
  readonly giveUp: () => void
}

/** How much further back to begin each time that items turn out to have slipped through. */
const stepBack = 100
/** Later pages are as large as a server gives in so many milliseconds, well below the deadline of an answer. */
const pageTime = 6_000
/** So many pages in a row without a new item, where there should be new ones, and the server goes round in circles. */
const mostBarren = 5

/**
 * Each item once, in the order of the server, however others come and go meanwhile. Who takes a second page is taken to want them
 * all: from then on the server works on the next page while this one is read.
 */
export async function* followPages<P>(
  { ask, items, sizes, limit = Infinity, endless }: Search<P>,
  signal?: AbortSignal,
): AsyncGenerator<P> {
  const left = new AbortController()
  const seen = new Set<string>()
  let token: string | undefined
  let back = 1
  let ahead: Asked<P> | undefined
  let mayStartOver = true
  let barren = 0
  /** Items of the pages since the last one that began at the beginning: the first ones may all be known. */
  let passed = 0
  let later = sizes.later

  const request = (from: string | undefined, overlap: number, known: number): Asked<P> => {
    const controller = new AbortController()
    const wanted = Math.min(from === undefined ? sizes.first : later, limit - known)
    const place = from === undefined ? { token: undefined, overlap: 0 } : earlier(from, overlap)
    const size = Math.min(wanted + place.overlap, sizes.most)
    const stop = AbortSignal.any([left.signal, controller.signal, ...(signal ? [signal] : [])])
    const since = performance.now()
    const answer = ask(size, place.token, stop)
    answer.catch(() => undefined) // told of when it is that page's turn
    return { answer, expected: wanted, ...place, since, giveUp: () => controller.abort() }
  }

  try {
    while (seen.size < limit) {
      const asked = ahead ?? request(token, back, Math.min(passed, seen.size))
      ahead = undefined
      let answered: Answered<Page<P>>
      try {
        answered = await asked.answer
      } catch (error) {
        // A token that the server does not know any more, such as after it was replaced by another.
        if (token === undefined || !mayStartOver || !StoreError.is(error, 'badRequest')) throw error
        mayStartOver = false
        token = undefined
        passed = 0
        continue
      }
      later = Math.max(
        Math.min(sizes.first, sizes.later),
        Math.min(sizes.later, Math.floor((asked.expected * pageTime) / Math.max(1, performance.now() - asked.since))),
      )
      const known = seen.size + asked.expected
      if (token !== undefined && answered.next !== undefined && known < limit) ahead = request(answered.next, 1, known)
      const { content, next } = await answered.content
      const count = items.count(content)
      if (asked.overlap > 0 && (count === 0 || !seen.has(items.idOf(content, 0)))) {
        // Items that we have are gone, and the others have moved to where we won't look any more.
        ahead?.giveUp()
        ahead = undefined
        back = asked.overlap * stepBack
        continue
      }
      back = 1
      const fresh: number[] = []
      for (let at = 0; at < count && seen.size < limit; at++) {
        const id = items.idOf(content, at)
        if (seen.has(id)) continue
        seen.add(id)
        fresh.push(at)
      }
      passed = (asked.token === undefined ? 0 : passed) + count
      const isBarren = fresh.length === 0 && (count === 0 || passed > seen.size)
      barren = isBarren ? barren + 1 : 0
      if (next !== undefined && (next === asked.token || barren >= mostBarren)) throw endless()
      token = next
      if (fresh.length === count) yield content
      else if (fresh.length > 0) yield items.pick(content, fresh)
      if (token === undefined) return
    }
  } finally {
    left.abort()
  }
}

/** The token of so many items before; MLflow's tokens are JSON in base64, with the number of items before. Others stay as they are. */
export function earlier(
  token: string,
  items: number,
): { readonly token: string | undefined; readonly overlap: number } {
  const fields = fieldsOfToken(token)
  const offset = fields?.offset
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 1) return { token, overlap: 0 }
  const start = offset - items
  return start <= 0
    ? { token: undefined, overlap: 0 }
    : { token: tokenOf({ ...fields, offset: start }), overlap: items }
}

export const tokenOf = (fields: Readonly<Record<string, unknown>>): string =>
  Buffer.from(JSON.stringify(fields)).toString('base64')

function fieldsOfToken(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const fields: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'))
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined
  } catch {
    return undefined // not one of MLflow's
  }
}
