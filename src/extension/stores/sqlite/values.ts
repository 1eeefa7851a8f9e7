/** What SQLite gives, made into what MLflow means. A database may hold anything in any column, whatever its declared type. */

export function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : ''
}

/** As REST does, whose answers leave out what is empty. */
export function textOrNull(value: unknown): string | null {
  return text(value) || null
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

export function word<W extends string>(value: unknown, words: readonly W[], otherwise: W): W {
  return words.find((known) => known === value) ?? otherwise
}

/** MLflow's SQL stores have no infinities: they keep the largest double in their place. NaN is asked for as NULL. */
export function metricValue(value: unknown): number {
  if (typeof value !== 'number') return NaN
  if (value === Number.MAX_VALUE) return Infinity
  return value === -Number.MAX_VALUE ? -Infinity : value
}

/** Rows of (owner, key, value) as a Map for each owner; `owner` is the position in the list of ids that was asked for. */
export function mapsByOwner(rows: readonly unknown[][]): Map<number, Map<string, string>> {
  const maps = new Map<number, Map<string, string>>()
  for (const [owner, key, value] of rows) {
    const map = maps.get(owner as number) ?? new Map<string, string>()
    map.set(text(key), text(value))
    maps.set(owner as number, map)
  }
  return maps
}
