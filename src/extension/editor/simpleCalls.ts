import type { Parsed } from './expressions'
import type { Argument, Value } from './values'

const callee = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=\()/y
/** A keyword perhaps; a text without escapes, a name with its dots, or a number; and what follows. */
const argument =
  /[ \t]*(?:([A-Za-z_]\w*)[ \t]*=[ \t]*)?("[^"\\\n]*"|'[^'\\\n]*'|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|\d[\w.]*)[ \t]*([,)])/y

/**
 * Reads a statement that is nothing but a call of a name with plain texts, names and numbers, as most that log something are: what the
 * parser would say of it, without the parser. Undefined for all others.
 */
export function simpleCall(text: string): Parsed | undefined {
  callee.lastIndex = 0
  const [name] = callee.exec(text) ?? []
  if (name === undefined || !text.endsWith(')')) return undefined
  const args: Argument[] = []
  for (let at = name.length + 1; ;) {
    argument.lastIndex = at
    const [whole, keyword, written = '', end] = argument.exec(text) ?? []
    if (whole === undefined) return undefined
    at += whole.length
    const start = text.lastIndexOf(written, at - 1)
    args.push({
      ...(keyword === undefined ? {} : { name: keyword }),
      value: valueOf(written),
      start,
      end: start + written.length,
    })
    if (end === ')') {
      const call = { callee: name, args, isDecorator: false, opens: false, isSure: true, start: 0, end: at }
      return at === text.length ? { calls: [call], imports: [], assigned: [], params: [] } : undefined
    }
  }
}

function valueOf(written: string): Value {
  if (/^["']/.test(written)) return { kind: 'text', text: written.slice(1, -1) }
  if (written === 'True') return { kind: 'true' }
  return /^\d/.test(written) || written === 'False' || written === 'None'
    ? { kind: 'any' }
    : { kind: 'name', name: written }
}
