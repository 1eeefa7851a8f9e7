/** SQLite's LIKE: `%` is any text, `_` any one character, case counts. Takes time in proportion to text × pattern at worst. */
export function likeTest(pattern: string): (text: string) => boolean {
  const wanted = Array.from(pattern)
  if (!wanted.includes('_')) {
    const parts = pattern.split('%')
    const [first = '', ...others] = parts
    if (others.length === 0) return (text) => text === first
    const last = others.pop() ?? ''
    return (text) => matchesParts(text, first, others, last)
  }
  return (text) => matches(Array.from(text), wanted)
}

/** As MLflow does in SQLite, where only ASCII letters have a case. */
export const lowered = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

function matchesParts(text: string, first: string, others: readonly string[], last: string): boolean {
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** Each `%` takes as little as it can; where that fails, the last one takes one character more. */
function matches(text: readonly string[], pattern: readonly string[]): boolean {
  let at = 0
  let next = 0
  let retry: { readonly next: number; at: number } | undefined
  while (at < text.length) {
    if (pattern[next] === '%') {
      retry = { next: ++next, at }
    } else if (next < pattern.length && (pattern[next] === '_' || pattern[next] === text[at])) {
      at++
      next++
    } else if (retry) {
      at = ++retry.at
      next = retry.next
    } else return false
  }
  while (pattern[next] === '%') next++
  return next === pattern.length
}
