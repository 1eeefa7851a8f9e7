import { bindingsIn, type Bindings } from './bindings'
import type { Statement } from './statements'

const none = -1

const scopeHead = /(?:async\s+)?(def|class)\s+(\w+)/y
const assignment =
  /^[ \t]*(?:([A-Za-z_][\w.]*)[ \t]*(?::[^=\n]+|[-+*/%&|^@<>]{1,2})?=(?!=)|(?:async[ \t]+)?for[ \t]+([\w, \t()]+?)[ \t]+in\b)/gm

/** Which statement is in which block, as the indentation says, and which names are assigned where. */
export class Scopes {
  readonly #source: string
  readonly #statements: readonly Statement[]
  readonly #parents: Int32Array
  #assigned: Map<string, number[]> | undefined
  #bindings: Bindings | undefined

  constructor(source: string, statements: readonly Statement[]) {
    this.#source = source
    this.#statements = statements
    this.#parents = parentsOf(statements)
  }

  /** The head of the block that statement `at` is in; -1 for none. */
  parent(at: number): number {
    return this.#parents[at] ?? none
  }

  isScope(at: number): boolean {
    return this.#head(at) !== undefined
  }

  /** The last line of the block that statement `at` opens. */
  lastLine(at: number): number | undefined {
    const indent = this.#statements[at]?.indent ?? 0
    let last = at
    while ((this.#statements[last + 1]?.indent ?? none) > indent) last++
    const { line = 0, start = 0, end = 0 } = this.#statements[last] ?? {}
    return line + (this.#source.slice(start, end).match(/\n/g)?.length ?? 0)
  }

  /**
   * Statements that assign to the name as Python looks it up from statement `at`: in its function, the ones around that, the module.
   * `self.x`, `cls.x` and `SomeClass.x` are those of the class. None where the name is bound in any other way, too.
   */
  assignmentsTo(name: string, at: number): number[] {
    const dot = name.indexOf('.')
    if (dot >= 0) return this.#attributes(name.slice(0, dot), name.slice(dot + 1), at)
    const { within, everywhere } = this.#otherwise
    if (everywhere.has(name) || within.get(name)?.has(at)) return []
    const all = this.#all(name)
    const others = this.#otherwise.inScope.get(name) ?? []
    for (let scope = this.#scope(at), isInnermost = true; ; scope = this.#scope(scope), isInnermost = false) {
      const head = this.#head(scope)
      if (head?.kind !== 'class' || isInnermost) {
        if (others.some((statement) => this.#scope(statement) === scope)) return []
        const here = all.filter((statement) => this.#scope(statement) === scope)
        if (here.length > 0) return this.#isParameter(name, scope) ? [] : here
      }
      // A parameter hides what is outside.
      if (scope === none || this.#isParameter(name, scope)) return []
    }
  }

  #attributes(owner: string, name: string, at: number): number[] {
    const isSelf = owner === 'self' || owner === 'cls'
    const isOfClass = (scope: number): boolean => {
      const head = this.#head(scope)
      return head?.kind === 'class' && (isSelf ? scope === this.#classAround(at) : head.name === owner)
    }
    const isInBody = (statement: number): boolean => isOfClass(this.#scope(statement))
    const isInMethod = (statement: number): boolean => isOfClass(this.#scope(this.#scope(statement)))
    const places = [
      { target: name, isOurs: isInBody },
      { target: `self.${name}`, isOurs: isInMethod },
      { target: `cls.${name}`, isOurs: isInMethod },
      { target: `${isSelf ? (this.#head(this.#classAround(at))?.name ?? '') : owner}.${name}`, isOurs: () => true },
    ]
    if (places.some(({ target, isOurs }) => this.#otherwise.inScope.get(target)?.some(isOurs))) return []
    return places.flatMap(({ target, isOurs }) => this.#all(target).filter(isOurs))
  }

  #isParameter(name: string, scope: number): boolean {
    return this.#head(scope)?.kind === 'def' && new RegExp(`[(,]\\s*\\**\\s*${name}\\b`).test(this.#text(scope))
  }

  #classAround(at: number): number {
    let scope = this.#scope(at)
    while (scope !== none && this.#head(scope)?.kind !== 'class') scope = this.#scope(scope)
    return scope
  }

  /** The function or class that a statement is in. */
  #scope(at: number): number {
    let scope = this.parent(at)
    while (scope !== none && !this.#head(scope)) scope = this.parent(scope)
    return scope
  }

  #head(at: number): { readonly kind: string; readonly name: string } | undefined {
    const statement = this.#statements[at]
    if (!statement) return undefined
    scopeHead.lastIndex = statement.start
    const [, kind, name] = scopeHead.exec(this.#source) ?? []
    return kind === undefined || name === undefined ? undefined : { kind, name }
  }

  #text(at: number): string {
    const statement = this.#statements[at]
    return statement ? this.#source.slice(statement.start, statement.end) : ''
  }

  get #otherwise(): Bindings {
    return (this.#bindings ??= bindingsIn(this.#source, this.#statements))
  }

  #all(name: string): readonly number[] {
    this.#assigned ??= this.#findAssigned()
    return this.#assigned.get(name) ?? []
  }

  #findAssigned(): Map<string, number[]> {
    const found = new Map<string, number[]>()
    let at = 0
    for (const match of this.#source.matchAll(assignment)) {
      const start = match.index + match[0].search(/[^ \t]/)
      while ((this.#statements[at]?.start ?? Infinity) < start) at++
      if (this.#statements[at]?.start !== start) continue
      for (const name of match[1] === undefined ? (match[2]?.match(/\w+/g) ?? []) : [match[1]]) {
        const others = found.get(name)
        if (others) others.push(at)
        else found.set(name, [at])
      }
    }
    return found
  }
}

function parentsOf(statements: readonly Statement[]): Int32Array {
  const parents = new Int32Array(statements.length)
  const open: number[] = []
  statements.forEach(({ indent }, at) => {
    while (open.length > 0 && (statements[open.at(-1) ?? 0]?.indent ?? 0) >= indent) open.pop()
    parents[at] = open.at(-1) ?? none
    open.push(at)
  })
  return parents
}
