/** What SQLite takes as the value of a parameter. */
export type SqlValue = string | number | bigint | null

/** A piece of SQL with the values of its parameters, in order. */
export interface Sql {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** SQL from a template: a piece of SQL is spliced in, anything else becomes a bound parameter. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  let text = strings[0] ?? ''
  const values: SqlValue[] = []
  parts.forEach((part, at) => {
    if (part !== null && typeof part === 'object') {
      text += part.text
      values.push(...part.values)
    } else {
      text += '?'
      values.push(part)
    }
    text += strings[at + 1] ?? ''
  })
  return { text, values }
}

/** SQL of our own, such as a column's name: never anything from outside. */
export function raw(text: string): Sql {
  return { text, values: [] }
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), values: parts.flatMap((part) => part.values) }
}

/** A table of one column, `value`, with `key` as its position: any number of ids as one parameter. */
export function listed(values: readonly (string | number | bigint)[]): Sql {
  const items = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : numberText(value)))
  return sql`json_each(${`[${items.join(',')}]`})`
}

/** JSON has no word for infinity, but numbers that are too large. */
function numberText(value: number | bigint): string {
  if (value === Infinity) return '9e999'
  return value === -Infinity ? '-9e999' : String(value)
}
