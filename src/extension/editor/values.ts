/** What expressions of Python are, as far as names and texts go. Offsets are from the start of the statement. */
import type { SyntaxNode } from '@lezer/common'
import { literalOf, unescaped, type Place } from './textLiterals'

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
  /** Where its value is. */
  readonly value?: Place
  readonly spread?: Value
}

export interface Argument extends Place {
  /** Of a keyword argument; `**` for what is spread. */
  readonly name?: string
  readonly value: Value
}

/** The text that was parsed; `shift` is added to the parser's offsets. */
export interface Code {
  readonly text: string
  readonly shift: number
}

const unknown: Value = { kind: 'any' }

export function valueOf(node: SyntaxNode, code: Code): Value {
  switch (node.name) {
    case 'String':
      return textValue(textOf(node, code))
    case 'FormatString':
      return formatted(node, code)
    case 'ContinuedString':
      return joined(childrenOf(node).map((child) => valueOf(child, code)))
    case 'VariableName':
    case 'MemberExpression':
      return environment(node, code) ?? named(node, code)
    case 'ParenthesizedExpression': {
      const inner = node.firstChild?.nextSibling
      return inner ? valueOf(inner, code) : unknown
    }
    case 'Boolean':
      return textOf(node, code) === 'True' ? { kind: 'true' } : unknown
    case 'BinaryExpression':
      return binary(node, code)
    case 'DictionaryExpression':
      return { kind: 'dict', entries: entriesOf(node, code) }
    case 'DictionaryComprehensionExpression':
      return { kind: 'dict', entries: chosen(node, code) ?? entriesOf(node, code) }
    case 'CallExpression':
      return called(node, code)
    default:
      return unknown
  }
}

export function argumentsOf(list: SyntaxNode, code: Code): Argument[] {
  const args: Argument[] = []
  const children = childrenOf(list)
  for (let at = 0; at < children.length; at++) {
    const child = children[at]
    if (!child || /^[(),]$|^⚠$|^Comment$/.test(child.name)) continue
    const [next, after] = [children[at + 1], children[at + 2]]
    if (child.name === '*' || child.name === '**') {
      if (next) args.push({ name: child.name, value: valueOf(next, code), ...placeOf(next, code) })
      at++
    } else if (child.name === 'VariableName' && next?.name === 'AssignOp' && after) {
      const isMissing = /^[),]$|^⚠$/.test(after.name)
      args.push({
        name: textOf(child, code),
        value: isMissing ? unknown : valueOf(after, code),
        ...placeOf(isMissing ? child : after, code),
      })
      at += isMissing ? 1 : 2
    } else args.push({ value: valueOf(child, code), ...placeOf(child, code) })
  }
  return args
}

function entriesOf(dict: SyntaxNode, code: Code): Entry[] {
  return childrenOf(dict).flatMap((child, at, all): Entry[] => {
    const next = all[at + 1]
    if (child.name === '**' && next) return [{ spread: valueOf(next, code), ...placeOf(next, code) }]
    const value = all[at + 2]
    if (next?.name === ':')
      return [{ key: valueOf(child, code), ...placeOf(child, code), ...(value && { value: placeOf(value, code) }) }]
    return []
  })
}

/** Of `{name: … for name, … in x.items()}` those of `x`, if it doesn't leave them out. */
function chosen(comprehension: SyntaxNode, code: Code): Entry[] | undefined {
  const text = textOf(comprehension, code)
  const [, key, first, dict] =
    /^\{\s*(\w+)\s*:[^]*?\bfor\s+(\w+)\s*,[^]*?\bin\s+([A-Za-z_]\w*)\.items\(\)/.exec(text) ?? []
  if (dict === undefined || key !== first) return undefined
  return [{ spread: { kind: 'name', name: dict }, ...placeOf(comprehension, code) }]
}

function formatted(node: SyntaxNode, code: Code): Value {
  const literal = literalOf(textOf(node, code), node.from)
  if (!literal) return unknown
  const parts: Value[] = []
  let at = literal.inner.start
  const take = (to: number): void => {
    const text = code.text.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}')
    if (text !== '') parts.push({ kind: 'text', text: literal.isRaw ? text : unescaped(text) })
  }
  for (const child of node.getChildren('FormatReplacement')) {
    take(child.from)
    // With a conversion or a format, what comes out is another text.
    const [, inner, after] = childrenOf(child)
    parts.push(inner && after?.name === '}' ? valueOf(inner, code) : unknown)
    at = child.to
  }
  take(literal.inner.end)
  return joined(parts)
}

function binary(node: SyntaxNode, code: Code): Value {
  const [left, operator, right] = childrenOf(node)
  if (!left || !operator || !right) return unknown
  const sign = textOf(operator, code)
  if (sign === '+') return joined([valueOf(left, code), valueOf(right, code)])
  if (sign === '%') return filled(valueOf(left, code), /%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.\d+)?[a-zA-Z]/)
  if (sign !== 'or') return unknown
  const first = valueOf(left, code)
  if (first.kind === 'environment') return { ...first, otherwise: valueOf(right, code) }
  return first
}

function called(node: SyntaxNode, code: Code): Value {
  const read = environment(node, code)
  if (read) return read
  const callee = node.firstChild
  const list = node.getChild('ArgList')
  if (!callee || !list) return unknown
  const receiver = callee.firstChild
  const name = dottedName(callee, code)
  if (callee.name === 'MemberExpression' && code.text.slice(callee.from, callee.to).endsWith('.format') && receiver)
    return filled(valueOf(receiver, code), /\{[^{}]*\}/)
  if (name === undefined) return unknown
  const args = argumentsOf(list, code)
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
function environment(node: SyntaxNode, code: Code): Value | undefined {
  const source = textOf(node, code)
  if (!/^(?:os\s*\.\s*)?(?:environ|getenv)\b/.test(source)) return undefined
  const list = node.name === 'CallExpression' ? node.getChild('ArgList') : null
  const args = list ? argumentsOf(list, code) : []
  const bare = node.name === 'MemberExpression' ? node.getChild('String') : null
  const variable = bare ? valueOf(bare, code) : args[0]?.value
  if (variable?.kind !== 'text') return undefined
  return { kind: 'environment', variable: variable.text, otherwise: args[1]?.value ?? unknown }
}

function named(node: SyntaxNode, code: Code): Value {
  const name = dottedName(node, code)
  return name === undefined ? unknown : { kind: 'name', name }
}

/** `a.b.c` of names; through a call in between (`client().log_metric`) with its brackets. */
export function dottedName(node: SyntaxNode | null, code: Code): string | undefined {
  if (!node) return undefined
  if (node.name === 'VariableName') return textOf(node, code)
  if (node.name === 'CallExpression') {
    const callee = dottedName(node.firstChild, code)
    return callee === undefined ? undefined : `${callee}()`
  }
  if (node.name !== 'MemberExpression') return undefined
  const owner = dottedName(node.firstChild, code)
  const property = node.getChild('PropertyName')
  return owner === undefined || !property ? undefined : `${owner}.${textOf(property, code)}`
}
export function textOf(node: SyntaxNode, code: Code): string {
  return code.text.slice(node.from, node.to)
}

export function placeOf(node: SyntaxNode, code: Code): Place {
  return { start: node.from + code.shift, end: node.to + code.shift }
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
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

function textValue(written: string): Value {
  const literal = literalOf(written, 0)
  if (!literal) return unknown
  const inner = written.slice(literal.inner.start, literal.inner.end)
  return { kind: 'text', text: literal.isRaw ? inner : unescaped(inner) }
}
