/** The first `count` items of a paged answer, and whether there are more; asks for no page beyond that. */
export async function take<T>(
  pages: AsyncIterable<readonly T[]>,
  count: number,
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const items: T[] = []
  for await (const page of pages) {
    items.push(...page)
    if (items.length > count) break
  }
  return { items: items.slice(0, count), more: items.length > count }
}
