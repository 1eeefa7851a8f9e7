/** What Python source says of MLflow: which of its functions it calls, and with what names. Knows no editor. */
import { parseStatement, type Assigned, type Parsed, type WrittenCall } from './expressions'
import { isClientClass, mlflowFunctions, roles, type Role } from './mlflowFunctions'
import { Scopes } from './scopes'
import { statementsOf, type Statement } from './statements'
import type { Place } from './textLiterals'
import type { Argument, Value } from './values'

/** Offsets in the source, in UTF-16 code units. */
export type Range = Place

/** A metric, parameter, tag, experiment or model that a call names. */
export interface Named {
  /** In a pattern, `*` stands for what is known at run time only: `f"val_{name}"` is `val_*`. */
  readonly text: string
  readonly isPattern: boolean
  /** Where it is written: in the call, or in the dict that is passed to it. */
  readonly line: number
  readonly range: Range
  /** Where its value is, if it is a parameter's that the call itself has. */
  readonly value?: Range
}

export interface MlflowCall {
  /** MLflow's name for it, whatever it is imported as: `log_metric`. */
  readonly fn: string
  /** `sklearn` in `mlflow.sklearn.autolog()`. */
  readonly flavor?: string
  /** The name it is given, where there is one: the metric's, parameter's, experiment's, model's or run's, or the URI. See `Named.text`. */
  readonly key?: string
  /** The keys of a dict: of `log_metrics`, `log_params` and `set_tags`. */
  readonly keys?: readonly string[]
  /** `key` or `keys`, with where they are written. */
  readonly named: readonly Named[]
  /** The environment variable that has precedence over the key. */
  readonly environment?: string
  /** `registered_model_name` of `log_model` and autolog. */
  readonly registeredName?: string
  /** Zero-based, where the call begins and ends. */
  readonly line: number
  readonly endLine: number
  readonly range: Range
  readonly isClient: boolean
  readonly isDecorator: boolean
  /** Last line of the `with` block that `start_run` opens. */
  readonly blockEnd?: number
  /** The `start_run` in whose `with` block it is, by its place in the list. */
  readonly inRun?: number
  /** A run in another: it says `nested=True`, or is in the block of one. */
  readonly isNested?: boolean
  /** Calls with the same number are made one after another, all of them where one is. None where that isn't known. */
  readonly sequence?: number
  /** Where the argument that has the key is written. */
  readonly keyAt?: Range
  /** Where other arguments are written; of a constant, where that is. */
  readonly others: Readonly<Partial<Record<Role, Range>>>
}

/** Finds the calls in Python source, in its order. Never throws, whatever is typed so far. */
export function findMlflowCalls(source: string): MlflowCall[] {
  return createCallFinder().find(source)
}

export interface CallFinder {
  find(source: string): MlflowCall[]
  /** Statements that the last call had to parse. */
  readonly parsed: number
}

/** The same for source that is edited: only statements that weren't there the last time are parsed. */
export function createCallFinder(): CallFinder {
  let known = new Map<string, Parsed>()
  let parsed = 0
  return {
    find(source) {
      parsed = 0
      if (!source.includes('mlflow')) return []
      const seen = new Map<string, Parsed>()
      const calls = new Finding(source, (text) => {
        let found = seen.get(text) ?? known.get(text)
        if (!found) {
          parsed++
          found = parseStatement(text)
        }
        seen.set(text, found)
        return found
      }).calls()
      known = seen
      return calls
    },
    get parsed() {
      return parsed
    },
  }
}

/** Whether a name in the code stands for this name. */
export function isNamed({ text, isPattern }: Pick<Named, 'text' | 'isPattern'>, name: string): boolean {
  if (!isPattern) return text === name
  const pieces = text.split('*')
  const [first = ''] = pieces
  const last = pieces.at(-1) ?? ''
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    at = name.indexOf(piece, at)
    if (at < 0) return false
    at += piece.length
  }
  return at <= name.length - last.length
}

const longestChain = 8

class Finding {
  readonly #source: string
  readonly #statements: readonly Statement[]
  readonly #parse: (text: string) => Parsed
  readonly #scopes: Scopes
  /** What names of the code stand for: `m` → `mlflow`, `lm` → `mlflow.log_metric`. */
  readonly #aliases = new Map<string, string>()
  readonly #clients = new Set<string>()

  constructor(source: string, parse: (text: string) => Parsed) {
    this.#source = source
    this.#parse = parse
    this.#statements = statementsOf(source)
    this.#scopes = new Scopes(source, this.#statements)
  }

  calls(): MlflowCall[] {
    for (const at of this.#statementsWith(/\bmlflow\b/g))
      if (/\bimport\b/.test(this.#textOf(at))) this.#parsed(at).imports.forEach((item) => this.#learn(item))
    if (this.#aliases.size === 0) return []
    const words = [...Object.keys(mlflowFunctions), 'MlflowClient', ...this.#aliases.keys()].filter(
      (word) =>
        /^\w+$/.test(word) && this.#aliases.get(word) !== word && !/^mlflow(?:\.\w+)?$/.test(this.#nameOf(word)),
    )
    const candidates = this.#statementsWith(
      new RegExp(`\\b(?:${[...words, ...this.#functionAliases()].join('|')})\\b`, 'g'),
    )
    for (const at of candidates)
      for (const { name, value } of this.#parsed(at).assigned)
        if (value.kind === 'call' && isClientClass(this.#nameOf(value.name))) this.#clients.add(name)

    const calls: MlflowCall[] = []
    const openedBy = new Map<number, number>()
    for (const at of candidates) {
      const written = [...this.#parsed(at).calls].sort((a, b) => a.start - b.start)
      for (const call of written) {
        const found = this.#call(call, at, this.#enclosingRun(at, openedBy))
        if (!found) continue
        calls.push(found)
        if (call.opens && found.fn === 'start_run') openedBy.set(at, calls.length - 1)
      }
    }
    return calls
  }

  /** Names that stand for a function or a class, not for a module. */
  #functionAliases(): string[] {
    return [...this.#aliases].filter(([, name]) => name.split('.').length > 1).map(([alias]) => alias)
  }

  #learn({ module, name, alias }: Parsed['imports'][number]): void {
    if (!/^mlflow(?:\.|$)/.test(module)) return
    if (name === '*') for (const fn of Object.keys(mlflowFunctions)) this.#aliases.set(fn, `mlflow.${fn}`)
    else this.#aliases.set(alias, name === '' ? module : `${module}.${name}`)
  }

  #call(call: WrittenCall, at: number, inRun: number | undefined): MlflowCall | undefined {
    const target = this.#target(call.callee)
    if (!target) return undefined
    const { fn, flavor, isClient } = target
    const known = mlflowFunctions[fn] ?? {}
    const position = isClient ? known.ofClient : known.at
    const keyArgument = argument(call.args, position ?? -1, known.keywords ?? [])
    const named = keyArgument ? this.#named(keyArgument.value, keyArgument, at, known.isDict ?? false) : []
    const registered = argument(call.args, -1, ['registered_model_name'])
    const registeredName = registered && this.#text(registered.value, at)
    const environment = keyArgument && this.#environment(keyArgument.value, at)
    const isNested = fn === 'start_run' && (inRun !== undefined || isTrue(argument(call.args, -1, ['nested'])))
    const statement = this.#statements[at]
    const blockEnd = call.opens && fn === 'start_run' ? this.#scopes.lastLine(at) : undefined
    const sequence = call.isSure ? this.#sequence(at) : undefined
    return {
      fn,
      ...(flavor === undefined ? {} : { flavor }),
      ...(known.isDict ? { keys: named.map(({ text }) => text) } : named[0] ? { key: named[0].text } : {}),
      named,
      ...(environment === undefined ? {} : { environment }),
      ...(registeredName === undefined ? {} : { registeredName: registeredName.text }),
      line: this.#lineOf(at, call.start),
      endLine: this.#lineOf(at, call.end),
      range: shifted(call, statement?.start ?? 0),
      isClient,
      isDecorator: call.isDecorator,
      ...(blockEnd === undefined ? {} : { blockEnd }),
      ...(inRun === undefined ? {} : { inRun }),
      ...(isNested ? { isNested } : {}),
      ...(sequence === undefined ? {} : { sequence }),
      ...(keyArgument ? { keyAt: this.#rangeOf(at, keyArgument) } : {}),
      others: this.#others(call.args, fn, isClient, at),
    }
  }

  #others(args: readonly Argument[], fn: string, isClient: boolean, at: number): MlflowCall['others'] {
    const found: Partial<Record<Role, Range>> = {}
    const known = mlflowFunctions[fn]?.others
    if (!known) return found
    for (const role of roles) {
      const { at: position, ofClient, keywords } = known[role] ?? {}
      const given = argument(args, (isClient ? ofClient : position) ?? -1, keywords ?? [])
      if (given) found[role] = role === 'value' ? this.#rangeOf(at, given) : this.#written(given, at)
    }
    return found
  }

  /** Where what an argument stands for is written: there, or where the constant that it names is assigned. */
  #written(given: Place & { readonly value: Value }, at: number, depth = 0): Range {
    const assigned = given.value.kind === 'name' ? this.#assigned(given.value.name, at) : undefined
    if (!assigned || depth > longestChain) return this.#rangeOf(at, given)
    return this.#written(assigned, assigned.at, depth + 1)
  }

  /** The block that a statement is in; blocks of `with` are part of those around them. */
  #sequence(at: number): number {
    let head = this.#scopes.parent(at)
    while (head >= 0 && /^(?:async\s+)?with\b/.test(this.#textOf(head))) head = this.#scopes.parent(head)
    return head
  }

  /** Which function of MLflow a dotted name is. */
  #target(callee: string): { fn: string; flavor?: string; isClient: boolean } | undefined {
    const dot = callee.lastIndexOf('.')
    const fn = callee.slice(dot + 1)
    const owner = callee.slice(0, Math.max(dot, 0))
    const isClient =
      this.#clients.has(owner) || (owner.endsWith('()') && isClientClass(this.#nameOf(owner.slice(0, -'()'.length))))
    if (isClient) return mlflowFunctions[fn]?.ofClient === undefined ? undefined : { fn, isClient: true }
    const [, module, name] = /^(mlflow(?:\.\w+)*)\.(\w+)$/.exec(this.#nameOf(callee)) ?? []
    const known = name === undefined ? undefined : mlflowFunctions[name]
    if (module === undefined || name === undefined || !known) return undefined
    const flavor = /^mlflow\.(?!tracking\b|client\b)([\w.]+)$/.exec(module)?.[1]
    if (flavor === undefined) return known.flavor === 'only' ? undefined : { fn: name, isClient: false }
    return known.flavor ? { fn: name, flavor, isClient: false } : undefined
  }

  /** The name with what its first part stands for. */
  #nameOf(dotted: string): string {
    const dot = dotted.indexOf('.')
    const first = dot < 0 ? dotted : dotted.slice(0, dot)
    return (this.#aliases.get(first) ?? `?${first}`) + (dot < 0 ? '' : dotted.slice(dot))
  }

  #named(value: Value, place: Place, at: number, isDict: boolean, depth = 0): Named[] {
    if (depth > longestChain) return []
    if (!isDict) {
      const text = this.#text(value, at)
      return text ? [{ ...text, line: this.#lineOf(at, place.start), range: this.#rangeOf(at, place) }] : []
    }
    if (value.kind === 'name') {
      const assigned = this.#assigned(value.name, at)
      return assigned ? this.#named(assigned.value, place, assigned.at, true, depth + 1) : []
    }
    if (value.kind !== 'dict') return []
    const { entries } = value
    return entries.flatMap((entry, nth) => {
      if (entry.spread) return this.#named(entry.spread, entry, at, true, depth + 1)
      if (!entry.key) return []
      // The value in a dict that has a name may change later, and what is spread after it comes before it.
      const isOwn = entry.value && depth === 0 && !entries.slice(nth).some(({ spread }) => spread)
      const range = isOwn && this.#rangeOf(at, entry.value)
      return this.#named(entry.key, entry, at, false).map((named) => (range ? { ...named, value: range } : named))
    })
  }

  /** A text that is known, at least in part. */
  #text(value: Value, at: number): Pick<Named, 'text' | 'isPattern'> | undefined {
    const pieces = this.#pieces(value, at, 0)
    if (!pieces.some((piece) => piece)) return undefined
    const isPattern = pieces.includes(null)
    return {
      text: pieces
        .map((piece) => piece ?? '*')
        .join('')
        .replace(/\*\*+/g, '*'),
      isPattern,
    }
  }

  /** Texts, and null for what is known at run time only. */
  #pieces(value: Value, at: number, depth: number): (string | null)[] {
    if (depth > longestChain) return [null]
    switch (value.kind) {
      case 'text':
        return [value.text]
      case 'joined':
        return value.parts.flatMap((part) => this.#pieces(part, at, depth + 1))
      case 'environment':
        return this.#pieces(value.otherwise, at, depth + 1)
      case 'name': {
        const assigned = this.#assigned(value.name, at)
        return assigned ? this.#pieces(assigned.value, assigned.at, depth + 1) : [null]
      }
      default:
        return [null]
    }
  }

  #environment(value: Value, at: number, depth = 0): string | undefined {
    if (value.kind === 'environment') return value.variable
    if (value.kind !== 'name' || depth > longestChain) return undefined
    const assigned = this.#assigned(value.name, at)
    return assigned && this.#environment(assigned.value, assigned.at, depth + 1)
  }

  /** The only value that a variable or attribute is given where statement `at` sees it. */
  #assigned(name: string, at: number): (Assigned & { readonly at: number }) | undefined {
    const statements = this.#scopes.assignmentsTo(name, at)
    const found = statements.map((from) =>
      this.#parsed(from).assigned.find((item) => item.name === name || item.name === name.split('.').at(-1)),
    )
    const [first] = found
    if (!first) return undefined
    const same = JSON.stringify(first.value)
    if (found.some((item) => JSON.stringify(item?.value) !== same)) return undefined
    return { ...first, at: statements[0] ?? at }
  }

  #enclosingRun(at: number, openedBy: ReadonlyMap<number, number>): number | undefined {
    for (let statement = at; statement >= 0; statement = this.#scopes.parent(statement)) {
      const run = openedBy.get(statement)
      if (run !== undefined) return run
      if (statement !== at && this.#scopes.isScope(statement)) return undefined
    }
    return undefined
  }

  /** Statements in which the pattern is found, in order. */
  #statementsWith(pattern: RegExp): number[] {
    const found: number[] = []
    let at = 0
    for (const match of this.#source.matchAll(pattern)) {
      while (at < this.#statements.length && (this.#statements[at]?.end ?? 0) <= match.index) at++
      const statement = this.#statements[at]
      if (statement && statement.start <= match.index && found.at(-1) !== at) found.push(at)
    }
    return found
  }

  #parsed(at: number): Parsed {
    return this.#parse(this.#textOf(at))
  }

  #textOf(at: number): string {
    const statement = this.#statements[at]
    return statement ? this.#source.slice(statement.start, statement.end) : ''
  }

  /** @param offset in the statement */
  #lineOf(at: number, offset: number): number {
    const statement = this.#statements[at]
    if (!statement) return 0
    let { line } = statement
    const end = statement.start + offset
    for (let n = this.#source.indexOf('\n', statement.start); n >= 0 && n < end; n = this.#source.indexOf('\n', n + 1))
      line++
    return line
  }

  #rangeOf(at: number, place: Place): Range {
    return shifted(place, this.#statements[at]?.start ?? 0)
  }
}

function argument(args: readonly Argument[], position: number, keywords: readonly string[]): Argument | undefined {
  const byName = args.find(({ name }) => name !== undefined && keywords.includes(name))
  if (byName || position < 0) return byName
  const before = args.slice(0, position + 1)
  return before.every(({ name }) => name === undefined) ? before[position] : undefined
}

const isTrue = (given: Argument | undefined): boolean => given?.value.kind === 'true'

const shifted = ({ start, end }: Place, by: number): Range => ({ start: start + by, end: end + by })
