/** Things that are saved by name: pairs in the order of their names. */
export type Named<T> = readonly [name: string, value: T]

/** With another of that name replaced, if there is one. */
export function withNamed<T>(saved: readonly Named<T>[], name: string, value: T): [string, T][] {
  return [...withoutNamed(saved, name), [name, value] as [string, T]].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

export function withoutNamed<T>(saved: readonly Named<T>[], name: string): [string, T][] {
  return saved.filter(([other]) => other !== name).map(([other, value]) => [other, value])
}
