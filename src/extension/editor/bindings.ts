/** Which names Python binds in other ways than `name = value`: they are no constants, whatever is assigned to them elsewhere. */

/** Strings and comments: nothing in them binds. */
const silent =
  /"""(?:[^\\"]|\\[\s\S]|"(?!""))*(?:"""|$)|'''(?:[^\\']|\\[\s\S]|'(?!''))*(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|#[^\n]*/g

const target = String.raw`[A-Za-z_][\w.]*`
const targets = String.raw`${target}(?:[ \t]*,[ \t]*${target})*`

interface Form {
  /** Its first group has the names. */
  readonly pattern: RegExp
  /**
   * `statement`: in the scope of its statement; `within`: in the statement alone, as the variable of a comprehension; `everywhere`: in scopes
   * outside, too, since some function takes it from there and may change it.
   */
  readonly reach: 'statement' | 'within' | 'everywhere'
  /** Stands at the start of the statement. */
  readonly isFirst?: true
}

const forms: readonly Form[] = [
  // E += …, E := …
  {
    pattern: new RegExp(String.raw`(?<![\w.])(${target})[ \t]*(?:[-+@%&|^:]|\*\*?|\/\/?|<<|>>)=(?!=)`, 'g'),
    reach: 'statement',
  },
  // if p: E = …; E = …
  { pattern: new RegExp(String.raw`[:;][ \t]*(${targets})[ \t]*(?::[^=\n]+)?=(?!=)`, 'g'), reach: 'statement' },
  // x = E = …
  { pattern: new RegExp(String.raw`(?<![=!<>:])=[ \t]*(${target})[ \t]*(?==(?!=))`, 'g'), reach: 'statement' },
  // E, x = …
  { pattern: /^([\w.*()[\] \t]+,[\w.*()[\], \t]*)=(?!=)/g, reach: 'statement', isFirst: true },
  // with … as E, except … as E, import … as E
  { pattern: /\bas\s+(?:\(([^()]*)\)|[\w.]+)/g, reach: 'statement' },
  {
    pattern: /^(?:from\b[^\n]*\bimport|import)\b([ \t]*\([^()]*\)|[^;\n]*)/g,
    reach: 'statement',
    isFirst: true,
  },
  { pattern: /\b(?:def|class)\s+(\w+)/g, reach: 'statement' },
  { pattern: /^case\b([^:\n]*)/g, reach: 'statement', isFirst: true },
  { pattern: /\bfor\s+([\w\s,()*]+?)\s+in\b/g, reach: 'within' },
  { pattern: /\blambda\b([^:\n]*):/g, reach: 'within' },
  { pattern: /\b(?:global|nonlocal)[ \t]+([\w, \t]+)/g, reach: 'everywhere' },
]

/** A name that a statement binds. */
export interface Bound {
  readonly name: string
  /** `assigned`: by `name = …`, or as the variable of a loop; else as it says of a form. */
  readonly reach: 'assigned' | Form['reach']
}

const assignment =
  /^(?:([A-Za-z_][\w.]*)[ \t]*(?::[^=\n]+|[-+*/%&|^@<>]{1,2})?=(?!=)|(?:async[ \t]+)?for[ \t]+([\w, \t()]+?)[ \t]+in\b)/

/** The names that a statement binds; a name may be there twice. @param statement without what it is indented by */
export function bindingsOf(statement: string): Bound[] {
  const code = statement.replace(silent, (text) => text.replace(/[^\n]/g, ' '))
  const bound: Bound[] = []
  const add = (text: string, reach: Bound['reach']): void => {
    for (const name of text.match(/[A-Za-z_][\w.]*/g) ?? []) bound.push({ name, reach })
  }
  const [, target, loop] = assignment.exec(statement) ?? []
  add(target ?? loop ?? '', 'assigned')
  for (const { pattern, reach, isFirst } of forms)
    for (const match of code.matchAll(pattern)) if (!isFirst || isBalanced(match[0])) add(match[1] ?? match[0], reach)
  return bound
}

/** What has an open bracket before its `=` is a call with a keyword. */
const isBalanced = (text: string): boolean => (text.match(/[([]/g)?.length ?? 0) === (text.match(/[)\]]/g)?.length ?? 0)
