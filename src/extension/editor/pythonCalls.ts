/** What Python source says of MLflow: which of its functions it calls, and with what names. Knows no editor. */
import { bindingsOf } from './bindings'
import { parseStatement, type Parsed, type WrittenCall } from './expressions'
import { keptByText } from './kept'
import { isClientClass, mlflowFunctions, roles, type Role } from './mlflowFunctions'
import { passedOnBy, type PassedOn } from './passedOn'
import { Program } from './program'
import type { Place } from './textLiterals'
import type { Argument } from './values'

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
  /** Nothing is written yet where its key will be. */
  readonly isBlank?: true
  /** Of the experiment, where the call is told it; empty where that is known at run time only. */
  readonly experimentId?: string
  /** `registered_model_name` of `log_model` and autolog. */
  readonly registeredName?: string
  /** Zero-based, where the call begins and ends. */
  readonly line: number
  readonly endLine: number
  readonly range: Range
  readonly isClient: boolean
  readonly isDecorator: boolean
  /** It calls a function of the code's own, which passes on to MLflow what the call names. */
  readonly isIndirect?: true
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
  const parse = keptByText(parseStatement)
  const bindings = keptByText(bindingsOf)
  return {
    find(source) {
      parse.nextRound()
      bindings.nextRound()
      if (!source.includes('mlflow')) return []
      return new Finding(new Program(source, { parse: parse.get, bindingsOf: bindings.get })).calls()
    },
    get parsed() {
      return parse.made
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

class Finding {
  readonly #program: Program
  /** What names of the code stand for: `m` → `mlflow`, `lm` → `mlflow.log_metric`. */
  readonly #aliases = new Map<string, string>()
  readonly #clients = new Set<string>()
  /** By the name of the function. */
  readonly #passedOn = new Map<string, PassedOn[]>()

  constructor(program: Program) {
    this.#program = program
  }

  calls(): MlflowCall[] {
    for (const at of this.#program.statementsWith(/\bmlflow\b/g))
      if (/\bimport\b/.test(this.#program.textOf(at)))
        this.#program.parsed(at).imports.forEach((item) => this.#learn(item))
    if (this.#aliases.size === 0) return []
    const words = [...Object.keys(mlflowFunctions), 'MlflowClient', ...this.#aliases.keys()].filter(
      (word) =>
        /^\w+$/.test(word) && this.#aliases.get(word) !== word && !/^mlflow(?:\.\w+)?$/.test(this.#nameOf(word)),
    )
    const candidates = this.#program.statementsWith(
      new RegExp(`\\b(?:${[...words, ...this.#functionAliases()].join('|')})\\b`, 'g'),
    )
    for (const at of candidates)
      for (const { name, value } of this.#program.parsed(at).assigned)
        if (value.kind === 'call' && isClientClass(this.#nameOf(value.name))) this.#clients.add(name)

    const calls: MlflowCall[] = []
    const openedBy = new Map<number, number>()
    for (const at of [...candidates, ...this.#indirect(candidates)].sort((a, b) => a - b)) {
      const written = [...this.#program.parsed(at).calls].sort((a, b) => a.start - b.start)
      for (const call of written)
        for (const target of this.#targets(call.callee)) {
          calls.push(this.#call(call, target, at, this.#enclosingRun(at, openedBy)))
          if (call.opens && target.fn === 'start_run') openedBy.set(at, calls.length - 1)
        }
    }
    return calls
  }

  /** Learns which functions pass names on to MLflow, and finds further statements that call these. */
  #indirect(candidates: readonly number[]): number[] {
    for (const at of candidates)
      if (this.#program.scopes.parent(at) >= 0)
        for (const call of this.#program.parsed(at).calls) {
          const target = this.#target(call.callee)
          const found = target && passedOnBy(this.#program, at, target, keyOf(call, target)?.value)
          if (found) this.#passedOn.set(found.name, [...(this.#passedOn.get(found.name) ?? []), found.passedOn])
        }
    if (this.#passedOn.size === 0) return []
    const known = new Set(candidates)
    const names = [...this.#passedOn.keys()].join('|')
    return this.#program.statementsWith(new RegExp(`\\b(?:${names})\\(`, 'g')).filter((at) => !known.has(at))
  }

  /** What a call of MLflow, or of a function that passes something on to it, calls of MLflow. */
  #targets(callee: string): Target[] {
    const target = this.#target(callee)
    return target ? [target] : (this.#passedOn.get(callee) ?? [])
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

  #call(call: WrittenCall, target: Target, at: number, inRun: number | undefined): MlflowCall {
    const { fn, flavor, isClient } = target
    const isIndirect = target.keywords !== undefined
    const known = mlflowFunctions[fn] ?? {}
    const keyArgument = keyOf(call, target)
    const named = keyArgument ? this.#program.named(keyArgument.value, keyArgument, at, known.isDict ?? false) : []
    const registered = argument(call.args, -1, ['registered_model_name'])
    const registeredName = registered && this.#program.text(registered.value, at)
    const environment = keyArgument && this.#program.environment(keyArgument.value, at)
    const ofId =
      known.experimentId &&
      argument(call.args, (isClient ? known.experimentId.ofClient : known.experimentId.at) ?? -1, ['experiment_id'])
    const experimentId = ofId && this.#program.text(ofId.value, at)
    const isNested = fn === 'start_run' && (inRun !== undefined || isTrue(argument(call.args, -1, ['nested'])))
    const blockEnd = call.opens && fn === 'start_run' ? this.#program.scopes.lastLine(at) : undefined
    const sequence = call.isSure && !isIndirect ? this.#sequence(at) : undefined
    return {
      fn,
      ...(flavor === undefined ? {} : { flavor }),
      ...(known.isDict ? { keys: named.map(({ text }) => text) } : named[0] ? { key: named[0].text } : {}),
      named,
      ...(environment === undefined ? {} : { environment }),
      ...(isBlank(call.args, keyArgument) ? { isBlank: true } : {}),
      ...(ofId ? { experimentId: experimentId && !experimentId.isPattern ? experimentId.text : '' } : {}),
      ...(registeredName === undefined ? {} : { registeredName: registeredName.text }),
      line: this.#program.lineOf(at, call.start),
      endLine: this.#program.lineOf(at, call.end),
      range: this.#program.rangeOf(at, call),
      isClient,
      isDecorator: call.isDecorator,
      ...(isIndirect ? { isIndirect } : {}),
      ...(blockEnd === undefined ? {} : { blockEnd }),
      ...(inRun === undefined ? {} : { inRun }),
      ...(isNested ? { isNested } : {}),
      ...(sequence === undefined ? {} : { sequence }),
      ...(keyArgument ? { keyAt: this.#program.rangeOf(at, keyArgument) } : {}),
      others: isIndirect ? {} : this.#others(call.args, fn, isClient, at),
    }
  }

  #others(args: readonly Argument[], fn: string, isClient: boolean, at: number): MlflowCall['others'] {
    const found: Partial<Record<Role, Range>> = {}
    const known = mlflowFunctions[fn]?.others
    if (!known) return found
    for (const role of roles) {
      const { at: position, ofClient, keywords } = known[role] ?? {}
      const given = argument(args, (isClient ? ofClient : position) ?? -1, keywords ?? [])
      if (given) found[role] = role === 'value' ? this.#program.rangeOf(at, given) : this.#program.written(given, at)
    }
    return found
  }

  /** The block that a statement is in; blocks of `with` are part of those around them. */
  #sequence(at: number): number {
    let head = this.#program.scopes.parent(at)
    while (head >= 0 && /^(?:async\s+)?with\b/.test(this.#program.textOf(head)))
      head = this.#program.scopes.parent(head)
    return head
  }

  /** Which function of MLflow a dotted name is. */
  #target(callee: string): Target | undefined {
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

  #enclosingRun(at: number, openedBy: ReadonlyMap<number, number>): number | undefined {
    for (let statement = at; statement >= 0; statement = this.#program.scopes.parent(statement)) {
      const run = openedBy.get(statement)
      if (run !== undefined) return run
      if (statement !== at && this.#program.scopes.isScope(statement)) return undefined
    }
    return undefined
  }
}

/** A function of MLflow that is called; where another one is that passes something on to it, with where that takes it from. */
interface Target extends Pick<PassedOn, 'fn' | 'isClient'>, Partial<Pick<PassedOn, 'at' | 'keywords'>> {
  readonly flavor?: string
}

function keyOf({ args }: WrittenCall, { fn, isClient, at, keywords }: Target): Argument | undefined {
  const known = mlflowFunctions[fn]
  const position = at ?? (isClient ? known?.ofClient : known?.at) ?? -1
  return argument(args, position, keywords ?? known?.keywords ?? [])
}

function argument(args: readonly Argument[], position: number, keywords: readonly string[]): Argument | undefined {
  const byName = args.find(({ name }) => name !== undefined && keywords.includes(name))
  if (byName || position < 0) return byName
  const before = args.slice(0, position + 1)
  return before.every(({ name }) => name === undefined) ? before[position] : undefined
}

const isBlank = (args: readonly Argument[], key: Argument | undefined): boolean =>
  args.length === 0 || (key?.value.kind === 'text' && key.value.text === '')

const isTrue = (given: Argument | undefined): boolean => given?.value.kind === 'true'
