/** What statements of Python say, as far as names and texts go: read by Lezer's parser, which makes something of half-typed code too. */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'

/** What an expression may be. `name`: a variable or attribute, such as `self.KEY`. `any`: known at run time only. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'joined'; readonly parts: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: readonly Entry[] }
  /** A default that an environment variable overrides. */
  | { readonly kind: 'environment'; readonly variable: string; readonly otherwise: Value }
  | { readonly kind: 'call'; readonly name: string }
  | { readonly kind: 'true' }
  | { readonly kind: 'any' }

/** An item of a dict; without a key where another dict is spread into it. Offsets are those of the key. */
export interface Entry extends Place {
  readonly key?: Value
  readonly spread?: Value
}

/** Offsets from the start of the statement. */
export interface Place {
  readonly start: number
  readonly end: number
}

export interface Argument extends Place {
  /** Of a keyword argument; `**` for what is spread. */
  readonly name?: string
  readonly value: Value
}

/** A call as it is written. */
export interface WrittenCall extends Place {
  /** The called name with its dots. */
  readonly callee: string
  readonly args: readonly Argument[]
  readonly isDecorator: boolean
  /** It opens a `with` block. */
  readonly opens: boolean
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
  readonly assigned: readonly { readonly name: string; readonly value: Value }[]
}

const unknown: Value = { kind: 'any' }

/** Never throws, whatever the text. */
export function parseStatement(text: string): Parsed {
  const found = { calls: [] as WrittenCall[], imports: [] as Import[], assigned: [] as Parsed['assigned'][number][] }
  // Half a statement to the parser: what follows these heads stands for itself.
  const head = /^(?:el(?=if\b)|(?:else|finally|except\b[^:\n]*)\s*:)/.exec(text)?.[0].length ?? 0
  const code = ' '.repeat(head) + text.slice(head)
  parser.parse(code.trimStart()).iterate({
    enter: (reference) => {
      const node = reference.node
      const read = readers[node.name]
      read?.(new Reader(code.trimStart(), code.length - code.trimStart().length), node, found)
    },
  })
  return found
}

interface Found {
  calls: WrittenCall[]
  imports: Import[]
  assigned: Parsed['assigned'][number][]
}

const readers: Readonly<Record<string, ((reader: Reader, node: SyntaxNode, found: Found) => void) | undefined>> = {
  CallExpression: (reader, node, { calls }) => {
    const call = reader.call(node)
    if (call) calls.push(call)
  },
  Decorator: (reader, node, { calls }) => calls.push(reader.decorator(node)),
  ImportStatement: (reader, node, { imports }) => imports.push(...reader.imports(node)),
  AssignStatement: (reader, node, { assigned }) => assigned.push(...reader.assigned(node)),
  NamedExpression: (reader, node, { assigned }) => assigned.push(...reader.assigned(node)),
  WithStatement: (reader, node, { assigned }) => assigned.push(...reader.bound(node)),
  ParamList: (reader, node, { assigned }) => assigned.push(...reader.annotated(node)),
}

/** Reads nodes of one text. `shift` is added to offsets. */
class Reader {
  constructor(
    private readonly text: string,
    private readonly shift: number,
  ) {}

  call(node: SyntaxNode): WrittenCall | undefined {
    const callee = this.#dotted(node.firstChild)
    const list = node.getChild('ArgList')
    if (callee === undefined || !list) return undefined
    const parent = node.parent
    return {
      callee,
      args: this.#args(list),
      isDecorator: false,
      opens: parent?.name === 'WithStatement',
      ...this.#place(node),
    }
  }

  decorator(node: SyntaxNode): WrittenCall {
    const list = node.getChild('ArgList')
    const callee = this.text.slice(node.from + 1, list?.from ?? node.to).replace(/\s+/g, '')
    return { callee, args: list ? this.#args(list) : [], isDecorator: true, opens: false, ...this.#place(node) }
  }

  imports(node: SyntaxNode): Import[] {
    const words = this.text.slice(node.from, node.to).replace(/#[^\n]*|\\\r?\n|[()]/g, ' ')
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
  assigned(node: SyntaxNode): Parsed['assigned'] {
    const children = childrenOf(node)
    const last = children.at(-1)
    if (!last || children.some((child) => child.name === ',')) return []
    if (!children.some((child) => child.name === 'AssignOp' || child.name === ':=')) return []
    const value = this.value(last)
    return children.slice(0, -1).flatMap((child) => {
      const name = this.#dotted(child)
      return name === undefined ? [] : [{ name, value }]
    })
  }

  /** `with f() as name`. */
  bound(node: SyntaxNode): Parsed['assigned'] {
    const children = childrenOf(node)
    return children.flatMap((child, at) => {
      const [as, target] = [children[at + 1], children[at + 2]]
      const name = as?.name === 'as' && target ? this.#dotted(target) : undefined
      return name === undefined ? [] : [{ name, value: this.value(child) }]
    })
  }

  annotated(node: SyntaxNode): Parsed['assigned'] {
    return childrenOf(node).flatMap((child, at, all) => {
      const type = all[at + 1]
      if (child.name !== 'VariableName' || type?.name !== 'TypeDef') return []
      const names = this.text.slice(type.from + 1, type.to).match(/[A-Za-z_][\w.]*/g) ?? []
      return names.map((name) => ({ name: this.#text(child), value: { kind: 'call', name } as const }))
    })
  }

  value(node: SyntaxNode): Value {
    switch (node.name) {
      case 'String':
        return textValue(this.#text(node))
      case 'FormatString':
        return this.#formatted(node)
      case 'ContinuedString':
        return joined(childrenOf(node).map((child) => this.value(child)))
      case 'VariableName':
      case 'MemberExpression':
        return this.#environment(node) ?? this.#name(node)
      case 'ParenthesizedExpression': {
        const inner = node.firstChild?.nextSibling
        return inner ? this.value(inner) : unknown
      }
      case 'Boolean':
        return this.#text(node) === 'True' ? { kind: 'true' } : unknown
      case 'BinaryExpression':
        return this.#binary(node)
      case 'DictionaryExpression':
      case 'DictionaryComprehensionExpression':
        return { kind: 'dict', entries: this.#entries(node) }
      case 'CallExpression':
        return this.#called(node)
      default:
        return unknown
    }
  }

  #args(list: SyntaxNode): Argument[] {
    const args: Argument[] = []
    const children = childrenOf(list)
    for (let at = 0; at < children.length; at++) {
      const child = children[at]
      if (!child || /^[(),]$|^⚠$|^Comment$/.test(child.name)) continue
      const [next, after] = [children[at + 1], children[at + 2]]
      if (child.name === '*' || child.name === '**') {
        if (next) args.push({ name: child.name, value: this.value(next), ...this.#place(next) })
        at++
      } else if (child.name === 'VariableName' && next?.name === 'AssignOp' && after) {
        const isMissing = /^[),]$|^⚠$/.test(after.name)
        args.push({
          name: this.#text(child),
          value: isMissing ? unknown : this.value(after),
          ...this.#place(isMissing ? child : after),
        })
        at += isMissing ? 1 : 2
      } else args.push({ value: this.value(child), ...this.#place(child) })
    }
    return args
  }

  #entries(dict: SyntaxNode): Entry[] {
    const children = childrenOf(dict)
    return children.flatMap((child, at): Entry[] => {
      const next = children[at + 1]
      if (child.name === '**' && next) return [{ spread: this.value(next), ...this.#place(next) }]
      if (next?.name === ':') return [{ key: this.value(child), ...this.#place(child) }]
      return []
    })
  }

  #formatted(node: SyntaxNode): Value {
    const opening = /^[A-Za-z]*(?:"""|'''|"|')/.exec(this.#text(node))?.[0] ?? ''
    const quotes = opening.replace(/^[A-Za-z]+/, '')
    const isRaw = /r/i.test(opening.slice(0, -quotes.length))
    const isOpen = !this.#text(node).slice(opening.length).endsWith(quotes)
    const end = isOpen ? node.to : node.to - quotes.length
    const parts: Value[] = []
    let at = node.from + opening.length
    const take = (to: number): void => {
      const text = this.text.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}')
      if (text !== '') parts.push({ kind: 'text', text: isRaw ? text : unescaped(text) })
    }
    for (const child of node.getChildren('FormatReplacement')) {
      take(child.from)
      // With a conversion or a format, what comes out is another text.
      const [, inner, after] = childrenOf(child)
      parts.push(inner && after?.name === '}' ? this.value(inner) : unknown)
      at = child.to
    }
    take(end)
    return joined(parts)
  }

  #binary(node: SyntaxNode): Value {
    const [left, operator, right] = childrenOf(node)
    if (!left || !operator || !right) return unknown
    const sign = this.#text(operator)
    if (sign === '+') return joined([this.value(left), this.value(right)])
    if (sign === '%') return filled(this.value(left), /%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.\d+)?[a-zA-Z]/)
    if (sign !== 'or') return unknown
    const first = this.value(left)
    if (first.kind === 'environment') return { ...first, otherwise: this.value(right) }
    return first.kind === 'any' || first.kind === 'call' ? this.value(right) : first
  }

  #called(node: SyntaxNode): Value {
    const environment = this.#environment(node)
    if (environment) return environment
    const callee = node.firstChild
    const list = node.getChild('ArgList')
    if (!callee || !list) return unknown
    const receiver = callee.firstChild
    const name = this.#dotted(callee)
    if (callee.name === 'MemberExpression' && this.text.slice(callee.from, callee.to).endsWith('.format') && receiver)
      return filled(this.value(receiver), /\{[^{}]*\}/)
    if (name === undefined) return unknown
    const args = this.#args(list)
    if (name === 'dict')
      return {
        kind: 'dict',
        entries: args.map(({ name: key, value, start, end }) =>
          key === undefined || key === '**'
            ? { spread: value, start, end }
            : { key: { kind: 'text', text: key }, start, end },
        ),
      }
    if (name === 'str' && args[0]) return args[0].value
    return { kind: 'call', name }
  }

  /** `os.environ["X"]`, `os.environ.get("X", …)`, `os.getenv("X", …)`. */
  #environment(node: SyntaxNode): Value | undefined {
    const source = this.#text(node)
    if (!/^(?:os\s*\.\s*)?(?:environ|getenv)\b/.test(source)) return undefined
    const list = node.name === 'CallExpression' ? node.getChild('ArgList') : null
    const args = list ? this.#args(list) : []
    const bare = node.name === 'MemberExpression' ? node.getChild('String') : null
    const variable = bare ? this.value(bare) : args[0]?.value
    if (variable?.kind !== 'text') return undefined
    return { kind: 'environment', variable: variable.text, otherwise: args[1]?.value ?? unknown }
  }

  #name(node: SyntaxNode): Value {
    const name = this.#dotted(node)
    return name === undefined ? unknown : { kind: 'name', name }
  }

  /** `a.b.c` of names; through a call in between (`client().log_metric`) with its brackets. */
  #dotted(node: SyntaxNode | null): string | undefined {
    if (!node) return undefined
    if (node.name === 'VariableName') return this.#text(node)
    if (node.name === 'CallExpression') {
      const callee = this.#dotted(node.firstChild)
      return callee === undefined ? undefined : `${callee}()`
    }
    if (node.name !== 'MemberExpression') return undefined
    const owner = this.#dotted(node.firstChild)
    const property = node.getChild('PropertyName')
    return owner === undefined || !property ? undefined : `${owner}.${this.#text(property)}`
  }

  #text(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to)
  }

  #place(node: SyntaxNode): Place {
    return { start: node.from + this.shift, end: node.to + this.shift }
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'Comment') children.push(child)
  return children
}

function joined(parts: readonly Value[]): Value {
  if (parts.every((part) => part.kind === 'text'))
    return { kind: 'text', text: parts.map((part) => part.text).join('') }
  return { kind: 'joined', parts }
}

/** A template whose `hole`s are filled at run time. */
function filled(template: Value, hole: RegExp): Value {
  if (template.kind !== 'text') return unknown
  const parts = template.text.split(new RegExp(hole, 'g'))
  return joined(
    parts.flatMap((text, at): Value[] => [
      ...(at > 0 ? [unknown] : []),
      ...(text ? [{ kind: 'text' as const, text }] : []),
    ]),
  )
}

function textValue(literal: string): Value {
  const [, prefix = '', quotes = '', rest = ''] = /^([A-Za-z]*)("""|'''|"|')([\s\S]*)$/.exec(literal) ?? []
  if (/b/i.test(prefix)) return unknown
  const inner = rest.endsWith(quotes) ? rest.slice(0, -quotes.length) : rest.replace(/\r?\n$/, '')
  return { kind: 'text', text: /r/i.test(prefix) ? inner : unescaped(inner) }
}

const escapes: Readonly<Record<string, string | undefined>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|\r\n|([\s\S]))/g,
    (
      whole,
      x: string | undefined,
      u: string | undefined,
      long: string | undefined,
      octal,
      other: string | undefined,
    ) => {
      const hex = x ?? u ?? long
      const code = hex === undefined ? undefined : parseInt(hex, 16)
      if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      if (typeof octal === 'string') return String.fromCharCode(parseInt(octal, 8))
      return other === undefined ? '' : (escapes[other] ?? whole)
    },
  )
}
