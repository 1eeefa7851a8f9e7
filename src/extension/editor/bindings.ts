/** Which names Python binds in other ways than `name = value`: they are no constants, whatever is assigned to them elsewhere. */
import type { Statement } from './statements'

/** Strings and comments: nothing in them binds. */
const silent =
  /"""(?:[^\\"]|\\[\s\S]|"(?!""))*(?:"""|$)|'''(?:[^\\']|\\[\s\S]|'(?!''))*(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|#[^\n]*/g

const target = String.raw`[A-Za-z_][\w.]*`
const targets = String.raw`${target}(?:[ \t]*,[ \t]*${target})*`

interface Form {
  /** Its first group has the names. */
  readonly pattern: RegExp
  /** `statement`: of its scope, `within`: of the statement alone, `everywhere`: of scopes outside, too. */
  readonly reach: 'statement' | 'within' | 'everywhere'
  /** Stands at the start of a statement. */
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
  { pattern: /^[ \t]*([\w.*()[\] \t]+,[\w.*()[\], \t]*)=(?!=)/gm, reach: 'statement', isFirst: true },
  // with … as E, except … as E, import … as E
  { pattern: /\bas\s+(?:\(([^()]*)\)|[\w.]+)/g, reach: 'statement' },
  {
    pattern: /^[ \t]*(?:from\b[^\n]*\bimport|import)\b([ \t]*\([^()]*\)|[^;\n]*)/gm,
    reach: 'statement',
    isFirst: true,
  },
  { pattern: /\b(?:def|class)\s+(\w+)/g, reach: 'statement' },
  { pattern: /^[ \t]*case\b([^:\n]*)/gm, reach: 'statement', isFirst: true },
  { pattern: /\bfor\s+([\w\s,()*]+?)\s+in\b/g, reach: 'within' },
  { pattern: /\blambda\b([^:\n]*):/g, reach: 'within' },
  { pattern: /\b(?:global|nonlocal)[ \t]+([\w, \t]+)/g, reach: 'everywhere' },
]

export interface Bindings {
  /** Statements that bind the name in their scope. */
  readonly inScope: ReadonlyMap<string, readonly number[]>
  /** Statements in which it stands for something else, as the variable of a comprehension does. */
  readonly within: ReadonlyMap<string, ReadonlySet<number>>
  /** Names that some function takes from outside and may change. */
  readonly everywhere: ReadonlySet<string>
}

export function bindingsIn(source: string, statements: readonly Statement[]): Bindings {
  const code = source.replace(silent, (text) => text.replace(/[^\n]/g, ' '))
  const inScope = new Map<string, number[]>()
  const within = new Map<string, Set<number>>()
  const everywhere = new Set<string>()
  for (const { pattern, reach, isFirst } of forms) {
    let at = 0
    for (const match of code.matchAll(pattern)) {
      const start = match.index + (isFirst ? match[0].length - match[0].trimStart().length : 0)
      while ((statements[at]?.end ?? Infinity) <= start) at++
      if (isFirst && (statements[at]?.start !== start || !isBalanced(match[0]))) continue
      for (const name of (match[1] ?? match[0]).match(/[A-Za-z_][\w.]*/g) ?? []) {
        if (reach === 'everywhere') everywhere.add(name)
        else if (reach === 'within') entry(within, name, () => new Set<number>()).add(at)
        else entry(inScope, name, (): number[] => []).push(at)
      }
    }
  }
  return { inScope, within, everywhere }
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

/** What has an open bracket before its `=` is a call with a keyword. */
const isBalanced = (text: string): boolean => (text.match(/[([]/g)?.length ?? 0) === (text.match(/[)\]]/g)?.length ?? 0)
