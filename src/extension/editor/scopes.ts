import type { Bound } from './bindings'
import { statementsWith, type Statement } from './statements'

const none = -1

const scopeHead = /(?:async\s+)?(def|class)\s+(\w+)/y
/** The statements that bind a name, by the reach of that; see `Bound`. */
type Binders = Readonly<Record<Bound['reach'], readonly number[]>>

/** Which statement is in which block, as the indentation says, and which names are assigned where. */
export class Scopes {
  readonly #source: string
  readonly #statements: readonly Statement[]
  readonly #parents: Int32Array
  readonly #bindingsOf: (text: string) => readonly Bound[]
  /** By name: few are asked for, and looking for them is faster than reading every statement. */
  readonly #binders = new Map<string, Binders>()

  /** @param bindingsOf the text of a statement */
  constructor(source: string, statements: readonly Statement[], bindingsOf: (text: string) => readonly Bound[]) {
    this.#source = source
    this.#statements = statements
    this.#bindingsOf = bindingsOf
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
    const { assigned, statement: others, within, everywhere } = this.#bindersOf(name)
    if (everywhere.length > 0 || within.includes(at)) return []
    for (let scope = this.#scope(at), isInnermost = true; ; scope = this.#scope(scope), isInnermost = false) {
      const head = this.#head(scope)
      if (head?.kind !== 'class' || isInnermost) {
        if (others.some((other) => this.#scope(other) === scope)) return []
        const here = assigned.filter((statement) => this.#scope(statement) === scope)
        if (here.length > 0) return this.#isParameter(name, scope) ? [] : here
      }
      // A parameter hides what is outside.
      if (scope === none || this.#isParameter(name, scope)) return []
    }
  }

  /** The function of the module whose parameter the name is where statement `at` stands, if nothing there gives it another value. */
  functionWithParameter(name: string, at: number): { readonly name: string; readonly at: number } | undefined {
    const scope = this.#scope(at)
    const head = this.#head(scope)
    if (head?.kind !== 'def' || this.parent(scope) !== none || !this.#isParameter(name, scope)) return undefined
    const binders = Object.values(this.#bindersOf(name)).flat()
    if (binders.some((other) => other === at || this.#scope(other) === scope)) return undefined
    const isOnlyOne = Object.values(this.#bindersOf(head.name))
      .flat()
      .every((other) => other === scope)
    return isOnlyOne ? { name: head.name, at: scope } : undefined
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
    const found = places.map(({ target, isOurs }) => ({ ...this.#bindersOf(target), isOurs }))
    if (found.some(({ statement, isOurs }) => statement.some(isOurs))) return []
    return found.flatMap(({ assigned, isOurs }) => assigned.filter(isOurs))
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

  #bindersOf(name: string): Binders {
    const known = this.#binders.get(name)
    if (known) return known
    const binders: Record<Bound['reach'], number[]> = { assigned: [], statement: [], within: [], everywhere: [] }
    const written = new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?![\\w.])`, 'g')
    for (const at of statementsWith(written, this.#source, this.#statements))
      for (const bound of this.#bindingsOf(this.#text(at))) if (bound.name === name) binders[bound.reach].push(at)
    this.#binders.set(name, binders)
    return binders
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
