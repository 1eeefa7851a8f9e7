/** What statements of Python say of calls, imports and names: read by Lezer's parser, which makes something of half-typed code too. */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import { simpleCall } from './simpleCalls'
import type { Place } from './textLiterals'
import {
  argumentsOf,
  childrenOf,
  dottedName,
  placeOf,
  textOf,
  valueOf,
  type Argument,
  type Code,
  type Value,
} from './values'

/** A call as it is written. */
export interface WrittenCall extends Place {
  /** The called name with its dots. */
  readonly callee: string
  readonly args: readonly Argument[]
  readonly isDecorator: boolean
  /** It opens a `with` block. */
  readonly opens: boolean
  /** It is called whenever its statement runs: no condition, loop or lambda is in between. */
  readonly isSure: boolean
}

/** `from module import name as alias`; `name` is empty for `import module`, `*` for all. */
export interface Import {
  readonly module: string
  readonly name: string
  readonly alias: string
}

export interface Parsed {
  readonly calls: readonly WrittenCall[]
  readonly imports: readonly Import[]
  /** `a = …`, `self.b: str = …`; also parameters annotated with a class, as calls of that class. */
  readonly assigned: readonly Assigned[]
  /** Of a function's head: its parameters that have a position. */
  readonly params: readonly string[]
}

/** Offsets are those of the value. */
export interface Assigned extends Place {
  readonly name: string
  readonly value: Value
}

/** Never throws, whatever the text. */
export const parseStatement = (text: string): Parsed => simpleCall(text) ?? parsedByLezer(text)

export function parsedByLezer(text: string): Parsed {
  const found: Found = { calls: [], imports: [], assigned: [], params: [] }
  // Half a statement to the parser: what follows these heads stands for itself.
  const head = /^(?:el(?=if\b)|(?:else|finally|except\b[^:\n]*)\s*:)/.exec(text)?.[0].length ?? 0
  const whole = ' '.repeat(head) + text.slice(head)
  const code: Code = { text: whole.trimStart(), shift: whole.length - whole.trimStart().length }
  parser.parse(code.text).iterate({
    enter: (reference) => {
      readers[reference.name]?.(reference.node, code, found)
    },
  })
  return found
}

interface Found {
  readonly calls: WrittenCall[]
  readonly imports: Import[]
  readonly assigned: Assigned[]
  readonly params: string[]
}

const readers: Readonly<Record<string, ((node: SyntaxNode, code: Code, found: Found) => void) | undefined>> = {
  CallExpression: (node, code, { calls }) => {
    const call = callOf(node, code)
    if (call) calls.push(call)
  },
  Decorator: (node, code, { calls }) => calls.push(decoratorOf(node, code)),
  ImportStatement: (node, code, { imports }) => imports.push(...importsOf(node, code)),
  AssignStatement: (node, code, { assigned }) => assigned.push(...assignedBy(node, code)),
  NamedExpression: (node, code, { assigned }) => assigned.push(...assignedBy(node, code)),
  WithStatement: (node, code, { assigned }) => assigned.push(...boundBy(node, code)),
  ParamList: (node, code, { assigned, params }) => {
    assigned.push(...annotatedIn(node, code))
    if (node.parent?.name === 'FunctionDefinition') params.push(...positionsIn(node, code))
  },
}

function callOf(node: SyntaxNode, code: Code): WrittenCall | undefined {
  const callee = dottedName(node.firstChild, code)
  const list = node.getChild('ArgList')
  if (callee === undefined || !list) return undefined
  return {
    callee,
    args: argumentsOf(list, code),
    isDecorator: false,
    opens: node.parent?.name === 'WithStatement',
    isSure: isSure(node),
    ...placeOf(node, code),
  }
}

function isSure({ parent }: SyntaxNode): boolean {
  while (parent && /^(?:ExpressionStatement|AssignStatement|WithStatement|AwaitExpression)$/.test(parent.name))
    ({ parent } = parent)
  return parent?.name === 'Script'
}

function decoratorOf(node: SyntaxNode, code: Code): WrittenCall {
  const list = node.getChild('ArgList')
  const callee = code.text.slice(node.from + 1, list?.from ?? node.to).replace(/\s+/g, '')
  return {
    callee,
    args: list ? argumentsOf(list, code) : [],
    isDecorator: true,
    opens: false,
    isSure: false,
    ...placeOf(node, code),
  }
}

function importsOf(node: SyntaxNode, code: Code): Import[] {
  const words = code.text.slice(node.from, node.to).replace(/#[^\n]*|\\\r?\n|[()]/g, ' ')
  const from = /^from\s+([\w.\s]+?)\s+import\b([\s\S]*)/.exec(words)
  const list = from?.[2] ?? words.replace(/^import\b/, '')
  return list.split(',').flatMap((item) => {
    const [, name, alias] = /^\s*([\w.]+|\*)(?:\s+as\s+(\w+))?/.exec(item) ?? []
    if (name === undefined) return []
    if (from) return [{ module: from[1] ?? '', name, alias: alias ?? name }]
    // `import a.b` makes `a` known, `import a.b as c` makes `c` stand for `a.b`.
    const root = name.split('.')[0] ?? name
    return [{ module: alias === undefined ? root : name, name: '', alias: alias ?? root }]
  })
}

/** `a = b = value`, `a: str = value`; tuples are not taken apart. */
function assignedBy(node: SyntaxNode, code: Code): Assigned[] {
  const children = childrenOf(node)
  const last = children.at(-1)
  if (!last || children.some((child) => child.name === ',')) return []
  if (!children.some((child) => child.name === 'AssignOp' || child.name === ':=')) return []
  const given = { value: valueOf(last, code), ...placeOf(last, code) }
  return children.slice(0, -1).flatMap((child) => {
    const name = dottedName(child, code)
    return name === undefined ? [] : [{ name, ...given }]
  })
}

/** `with f() as name`. */
function boundBy(node: SyntaxNode, code: Code): Assigned[] {
  const children = childrenOf(node)
  return children.flatMap((child, at) => {
    const [as, target] = [children[at + 1], children[at + 2]]
    const name = as?.name === 'as' && target ? dottedName(target, code) : undefined
    return name === undefined ? [] : [{ name, value: valueOf(child, code), ...placeOf(child, code) }]
  })
}

function annotatedIn(node: SyntaxNode, code: Code): Assigned[] {
  return childrenOf(node).flatMap((child, at, all) => {
    const type = all[at + 1]
    if (child.name !== 'VariableName' || type?.name !== 'TypeDef') return []
    const names = code.text.slice(type.from + 1, type.to).match(/[A-Za-z_][\w.]*/g) ?? []
    const given = { name: textOf(child, code), ...placeOf(type, code) }
    return names.map((name) => ({ ...given, value: { kind: 'call', name } as const }))
  })
}

/** Those before `*` and `**`. */
function positionsIn(node: SyntaxNode, code: Code): string[] {
  const children = childrenOf(node)
  const stars = children.findIndex(({ name }) => /^\*\*?$/.test(name))
  return children
    .slice(0, stars < 0 ? undefined : stars)
    .flatMap((child, at, all) =>
      child.name === 'VariableName' && /^[(,]$/.test(all[at - 1]?.name ?? '') ? [textOf(child, code)] : [],
    )
}
