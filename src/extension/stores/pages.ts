/** What the local stores share in giving out the answer of a search. */

export function* pagesOf<T>(items: readonly T[], size: number, first = size): Generator<T[]> {
  if (items.length > 0) yield items.slice(0, first)
  for (let at = first; at < items.length; at += size) yield items.slice(at, at + size)
}

/** Undefined where there is no limit. */
export function limitOf(maxResults: number | undefined): number | undefined {
  return maxResults === undefined || maxResults === Infinity ? undefined : Math.max(0, Math.floor(maxResults))
}
