/**
 * Texts in the order of their code points, which is that of their UTF-8 bytes and so SQLite's. JavaScript compares UTF-16 units
 * instead, which differs where characters beyond U+FFFF (two units from U+D800) meet those from U+E000 on.
 */
import { radixSort } from './radixSort'
import { atOnce, type Steps } from './steps'

const surrogate = /[\ud800-\udfff]/

/** Below, equal or above 0. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : 1
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const difference = orderOf(a.charCodeAt(at)) - orderOf(b.charCodeAt(at))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Surrogates stand for what is beyond U+FFFF, so they move behind the rest. */
const orderOf = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)

/** Where each text stands among all of them, from 0; the same for equal ones. */
export function* textRanks(texts: readonly string[]): Steps<Uint32Array> {
  const order = yield* sortTexts(texts)
  const ranks = new Uint32Array(texts.length)
  let rank = 0
  order.forEach((at, place) => {
    if (place > 0 && texts[at] !== texts[order[place - 1] ?? 0]) rank = place
    ranks[at] = rank
  })
  return ranks
}

/** Fewer than so many are compared one with another. */
const few = 64

/** Places in `texts`, in order; equal texts in the order they have. */
export const sortedTexts = (texts: readonly string[]): Uint32Array => atOnce(sortTexts(texts))

/** Texts that are looked at without a pause. */
const stride = 20_000

function* sortTexts(texts: readonly string[]): Steps<Uint32Array> {
  const order = Uint32Array.from(texts, (_, at) => at)
  const high = new Uint32Array(texts.length)
  const low = new Uint32Array(texts.length)
  const text = (at: number): string => texts[at] ?? ''

  const compare = (a: number, b: number): number => compareText(text(a), text(b))
  /** How many units all texts of a part begin with alike, from `known` on, which are known to be. */
  const commonPrefix = (part: Uint32Array, known: number): number => {
    const first = text(part[0] ?? 0)
    let length = first.length
    for (const at of part) {
      const other = text(at)
      let same = known
      while (same < length && other.charCodeAt(same) === first.charCodeAt(same)) same++
      length = Math.min(length, same)
      if (length <= known) break
    }
    return length
  }
  // Not by recursion: texts that each begin with the one before make as many levels as they are long.
  const unsorted: { readonly part: Uint32Array; readonly known: number }[] = [{ part: order, known: 0 }]
  let sincePause = 0
  for (let next = unsorted.pop(); next; next = unsorted.pop()) {
    const { part, known } = next
    sincePause += part.length
    if (sincePause > stride) {
      sincePause = 0
      yield
    }
    if (part.length < few) {
      part.sort(compare)
      continue
    }
    const from = commonPrefix(part, known)
    let looked = 0
    for (const at of part) {
      if (++looked % stride === 0) yield
      const value = text(at)
      high[at] = unitAt(value, from) * 0x10000 + unitAt(value, from + 1)
      low[at] = unitAt(value, from + 2) * 0x10000 + unitAt(value, from + 3)
    }
    if (part.length > stride) yield
    radixSort(part, high, low)
    eachRun(
      part,
      (a, b) => high[a] === high[b] && low[a] === low[b],
      (alike) => {
        if (alike.length < part.length) unsorted.push({ part: alike, known: from })
        else alike.sort(compare) // equal texts, or U+0000 against the end
      },
    )
  }
  return order
}

/** 0 behind the end, as for U+0000, which compares as text where that matters. */
const unitAt = (text: string, at: number): number => (at < text.length ? orderOf(text.charCodeAt(at)) : 0)

/** Calls `visit` with each part of `order` of two or more neighbours that are alike. */
export function eachRun(
  order: Uint32Array,
  alike: (a: number, b: number) => boolean,
  visit: (part: Uint32Array) => void,
): void {
  let start = 0
  for (let end = 1; end <= order.length; end++) {
    if (end < order.length && alike(order[start] ?? 0, order[end] ?? 0)) continue
    if (end - start > 1) visit(order.subarray(start, end))
    start = end
  }
}
