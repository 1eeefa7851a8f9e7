/**
 * MLproject files: text → project, with every problem at its place. MLflow itself checks next to nothing on loading, and fails
 * later with a traceback. Pure; the text is anybody's.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { t } from '../../shared/l10n'
import { isPythonFloat, looksLikeUri, shortened } from './parameterText'
import { placeholdersOf } from './placeholders'
import { readPlainScalar } from './pythonText'

export const parameterTypes = ['string', 'float', 'path', 'uri'] as const
export type ParameterType = (typeof parameterTypes)[number]

/** Offsets into the text. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Parameter {
  readonly name: string
  /** MLflow takes any other word for `string`. */
  readonly type: ParameterType
  /** As MLflow would write it into the command; undefined: must be given. */
  readonly defaultValue: string | undefined
  readonly span: Span
}

export interface EntryPoint {
  readonly name: string
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly command: string | undefined
  readonly span: Span
}

export type EnvironmentField = 'python_env' | 'conda_env' | 'docker_env'

export interface MlProject {
  readonly name: string | undefined
  readonly environment: EnvironmentField | undefined
  readonly entryPoints: ReadonlyMap<string, EntryPoint>
  readonly problems: readonly Problem[]
}

export interface Problem extends Span {
  /** The entry point that alone is concerned; undefined: the whole project. */
  readonly entryPoint?: string
  /** `error`: MLflow will refuse to run it. `warning`: it runs, but hardly as meant. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** Of `start`; both count from 1. */
  readonly line: number
  readonly column: number
}

const mostCharacters = 200_000
// eslint-disable-next-line no-control-regex -- these are what PyYAML refuses
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/
const mostEntries = 5_000 // aliases can multiply a small file into a huge one
const environmentFields = ['python_env', 'conda_env', 'docker_env'] as const
const knownFields = new Set<string>(['name', 'entry_points', 'databricks_spark_job', ...environmentFields])

/** Never throws: what can't be read is a problem. */
export function parseMlProject(text: string): MlProject {
  const lines = new LineCounter()
  const problems: Problem[] = []
  const report: Report = (severity, span, message, entryPoint) => {
    const { line, col } = lines.linePos(span.start)
    const place = { line: Math.max(1, line), column: Math.max(1, col) }
    problems.push({ severity, message, ...span, ...place, ...(entryPoint !== undefined && { entryPoint }) })
  }
  const nothing = { name: undefined, environment: undefined, entryPoints: new Map<string, EntryPoint>(), problems }
  const start: Span = { start: 0, end: 0 }
  if (text.length > mostCharacters) {
    report('error', start, t('This file is too big for an MLproject: {0} characters.', text.length))
    return nothing
  }
  const control = controlCharacter.exec(text)
  if (control) {
    report('error', { start: control.index, end: control.index + 1 }, t('Not YAML: there is a control character.'))
    return nothing
  }
  try {
    const document = parseDocument(text, {
      version: '1.1',
      uniqueKeys: false,
      lineCounter: lines,
      logLevel: 'silent',
      prettyErrors: false,
    })
    for (const error of document.errors)
      report('error', { start: error.pos[0], end: error.pos[1] }, t('Not YAML: {0}', error.message))
    if (document.errors.length > 0) return nothing
    const reader = new Reader(aliasesOf(document.contents), report)
    const top = reader.map(document.contents, start, t('An MLproject must be a mapping with entry_points.'))
    return top ? { ...project(top, reader, report), problems } : nothing
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TooMuch)) throw error // the stack overflows on absurd nesting
    report('error', start, t('This file is nested too deeply, or repeats itself too often, for an MLproject.'))
    return nothing
  }
}

type Report = (severity: Problem['severity'], span: Span, message: string, entryPoint?: string) => void

function project(top: Fields, reader: Reader, report: Report): Omit<MlProject, 'problems'> {
  for (const [name, { key }] of top)
    if (!knownFields.has(name)) report('warning', key, t('MLflow doesn’t know the field “{0}” and ignores it.', name))
  const name = reader.text(top.get('name')?.value)
  const environments = environmentFields.filter((field) => top.has(field))
  for (const field of environments.slice(1))
    report(
      'error',
      top.get(field)?.key ?? { start: 0, end: 0 },
      t(
        'A project can have only one of python_env, conda_env and docker_env; this one has {0}.',
        environments.join(', '),
      ),
    )
  dockerProblems(top, name, reader, report)
  return { name, environment: environments[0], entryPoints: entryPoints(top, reader, report) }
}

function dockerProblems(top: Fields, name: string | undefined, reader: Reader, report: Report): void {
  const docker = top.get('docker_env')
  if (!docker) return
  const fields = reader.map(docker.value, docker.key, t('docker_env must be a mapping with an image.'))
  if (fields && !reader.text(fields.get('image')?.value)) report('error', docker.key, t('docker_env names no image.'))
  if (!name) report('error', docker.key, t('A project with docker_env needs a name.'))
}

function entryPoints(top: Fields, reader: Reader, reportAll: Report): Map<string, EntryPoint> {
  const found = new Map<string, EntryPoint>()
  const field = top.get('entry_points')
  if (!field) return found
  const entries = reader.map(
    field.value,
    field.key,
    t('entry_points must be a mapping: name, then parameters and command.'),
  )
  for (const [name, { key, value }] of entries ?? []) {
    const report: Report = (severity, span, message) => reportAll(severity, span, message, name)
    const fields = reader.map(value, key, t('The entry point “{0}” must be a mapping with a command.', name))
    if (!fields) continue
    const parameters = parametersOf(fields, reader, report)
    const command = fields.get('command')
    const text = reader.text(command?.value)
    if (text === undefined) report('error', command?.key ?? key, t('The entry point “{0}” has no command.', name))
    else commandProblems(name, text, parameters, spanOf(command?.value) ?? key, report)
    found.set(name, { name, parameters, command: text, span: key })
  }
  return found
}

function parametersOf(entryPoint: Fields, reader: Reader, report: Report): Map<string, Parameter> {
  const found = new Map<string, Parameter>()
  const field = entryPoint.get('parameters')
  if (!field) return found
  const entries = reader.map(field.value, field.key, t('parameters must be a mapping: name, then type and default.'))
  for (const [name, { key, value }] of entries ?? []) {
    const shorthand = reader.string(value)
    const fields =
      shorthand !== undefined
        ? undefined
        : reader.map(
            value,
            key,
            t(
              'The parameter “{0}” must be a type (string, float, path, uri) or a mapping with type and default.',
              name,
            ),
          )
    if (shorthand === undefined && !fields) continue
    if (name.includes('='))
      report('error', key, t('The parameter name “{0}” has a “=” in it: MLflow can’t be given its value.', name))
    const word = shorthand ?? reader.text(fields?.get('type')?.value) ?? 'string'
    const type = parameterTypes.find((known) => known === word)
    if (!type)
      report(
        'warning',
        key,
        t('“{0}” is not a parameter type: MLflow treats it as string. Types: string, float, path, uri.', word),
      )
    const defaultField = fields?.get('default')
    const defaultValue = reader.text(defaultField?.value)
    if (defaultField && defaultValue === undefined && !reader.isNone(defaultField.value))
      report('error', defaultField.key, t('The default of “{0}” must be a single value.', name))
    if (type === 'float' && defaultValue !== undefined && !isPythonFloat(defaultValue))
      report(
        'warning',
        defaultField?.key ?? key,
        t('The default of “{0}” is not a number: {1}', name, shortened(defaultValue)),
      )
    if (type === 'uri' && defaultValue !== undefined && !looksLikeUri(defaultValue))
      report(
        'error',
        defaultField?.key ?? key,
        t('The default of “{0}” is not a URI: {1}', name, shortened(defaultValue)),
      )
    found.set(name, { name, type: type ?? 'string', defaultValue, span: key })
  }
  return found
}

function commandProblems(
  entryPoint: string,
  command: string,
  parameters: ReadonlyMap<string, Parameter>,
  span: Span,
  report: Report,
): void {
  const { placeholders, loneBrace } = placeholdersOf(command)
  if (loneBrace !== undefined)
    report(
      'error',
      span,
      t('The command of “{0}” has a brace without its partner. Write a literal brace twice: {{ or }}.', entryPoint),
    )
  const names = new Set(placeholders.map(({ name }) => name))
  for (const name of names)
    if (!parameters.has(name))
      report(
        'error',
        span,
        t('The command of “{0}” uses {1}, which is not among its parameters.', entryPoint, `{${shortened(name)}}`),
      )
  for (const { name, span: at } of parameters.values())
    if (!names.has(name))
      report('warning', at, t('The command of “{0}” does not use the parameter “{1}”.', entryPoint, name))
}

interface Field {
  readonly key: Span
  readonly value: Node | null
}
type Fields = ReadonlyMap<string, Field>

class TooMuch extends Error {}

/** Reads YAML nodes with aliases and merge keys followed; never expands more than `mostEntries` of them. */
class Reader {
  #entries = 0

  constructor(
    private readonly aliases: ReadonlyMap<Alias, Node>,
    private readonly report: Report,
  ) {}

  /** The fields of a mapping, or undefined after reporting `message`. */
  map(node: Node | null, span: Span, message: string): Fields | undefined {
    const target = this.#followed(node)
    if (isMap(target)) return this.#fields(target, 0)
    this.report('error', spanOf(node) ?? span, message)
    return undefined
  }

  /** A single value as Python prints it; undefined for none, lists and mappings. */
  text(node: Node | null | undefined): string | undefined {
    const value = this.#scalar(node)
    return value === undefined || value.type === 'none' ? undefined : value.text
  }

  /** Like `text`, for what YAML takes for a string. */
  string(node: Node | null): string | undefined {
    const value = this.#scalar(node)
    return value?.type === 'str' ? value.text : undefined
  }

  isNone(node: Node | null): boolean {
    return node === null || this.#scalar(node)?.type === 'none'
  }

  #scalar(node: Node | null | undefined) {
    const target = this.#followed(node ?? null)
    if (!isScalar(target)) return undefined
    const source = target.source ?? ''
    return target.type === 'PLAIN' || target.type === undefined
      ? readPlainScalar(source)
      : ({ type: 'str', text: source } as const)
  }

  #followed(node: Node | null): Node | null {
    return isAlias(node) ? (this.aliases.get(node) ?? null) : node
  }

  #fields(map: YAMLMap, depth: number): Map<string, Field> {
    if (depth > 20) throw new TooMuch()
    const own = new Map<string, Field>()
    const merged = new Map<string, Field>()
    for (const { key, value } of map.items as { key: Node; value: Node | null }[]) {
      if (++this.#entries > mostEntries) throw new TooMuch()
      const name = this.#scalar(key)?.text
      if (name === undefined) continue // a list or mapping as a key names nothing
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
        for (const [inherited, field] of this.#merged(value, depth))
          if (!merged.has(inherited)) merged.set(inherited, field)
        continue
      }
      const span = spanOf(key) ?? { start: 0, end: 0 }
      if (own.has(name)) this.report('warning', span, t('“{0}” is there twice; the last one counts.', name))
      own.set(name, { key: span, value })
    }
    return new Map([...merged, ...own])
  }

  #merged(value: Node | null, depth: number): [string, Field][] {
    const target = this.#followed(value)
    const maps = isSeq(target) ? target.items.map((item) => this.#followed(item as Node)) : [target]
    return maps.flatMap((item) => (isMap(item) ? [...this.#fields(item, depth + 1)] : []))
  }
}

/** Each alias with the node it stands for, in one pass: `Alias.resolve` would search the document for each. */
function aliasesOf(contents: Node | null): Map<Alias, Node> {
  const anchors = new Map<string, Node>()
  const found = new Map<Alias, Node>()
  if (contents === null) return found
  visit(contents, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) found.set(node, target)
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
  return found
}

function spanOf(node: Node | null | undefined): Span | undefined {
  return node?.range ? { start: node.range[0], end: node.range[1] } : undefined
}
