import type { StringColumn } from './data'

/** The same column with a dictionary of only what its rows hold, where there is much else in it. */
export function compacted({ codes, dictionary }: StringColumn): StringColumn {
  if (dictionary.length <= 2 * codes.length + 16) return { codes, dictionary }
  const used: string[] = []
  const newCodes = new Map<number, number>()
  const recoded = codes.map((code) => {
    if (code < 0) return -1
    let own = newCodes.get(code)
    if (own === undefined) newCodes.set(code, (own = used.push(dictionary[code] ?? '') - 1))
    return own
  })
  return { codes: recoded, dictionary: used }
}

/** `dictionary` with the strings of `wanted` added to it, and the code that each of those has in it. Itself where nothing is new. */
export function joined(
  dictionary: readonly string[],
  wanted: readonly string[],
): { dictionary: readonly string[]; codes: Int32Array } {
  const codes = new Int32Array(wanted.length).fill(-1)
  const missing = new Map(wanted.map((value, at) => [value, at]))
  for (let code = 0; code < dictionary.length && missing.size > 0; code++) {
    const value = dictionary[code] ?? ''
    const at = missing.get(value)
    if (at === undefined) continue
    codes[at] = code
    missing.delete(value)
  }
  if (missing.size === 0) return { dictionary, codes }
  const grown = dictionary.slice()
  for (const [value, at] of missing) codes[at] = grown.push(value) - 1
  return { dictionary: grown, codes }
}
