/** Functions of the code's own that log what they are given: a parameter of theirs names it to MLflow. */
import type { Program } from './program'
import type { Value } from './values'

/** A function of MLflow that such a function calls, and where that takes the name, or the dict, from. */
export interface PassedOn {
  readonly fn: string
  readonly isClient: boolean
  /** Position of its parameter, -1 where that has none, and the name of it. */
  readonly at: number
  readonly keywords: readonly string[]
}

const logging: ReadonlySet<string> = new Set(['log_metric', 'log_metrics', 'log_param', 'log_params'])

/** What a call of MLflow in statement `at` makes of the function of the module around it; undefined for most. */
export function passedOnBy(
  program: Program,
  at: number,
  { fn, isClient }: Pick<PassedOn, 'fn' | 'isClient'>,
  key: Value | undefined,
): { readonly name: string; readonly passedOn: PassedOn } | undefined {
  const parameter = logging.has(fn) && key ? nameIn(key) : undefined
  const head = parameter === undefined ? undefined : program.scopes.functionWithParameter(parameter, at)
  if (!head || parameter === undefined) return undefined
  const position = program.parsed(head.at).params.indexOf(parameter)
  return { name: head.name, passedOn: { fn, isClient, at: position, keywords: [parameter] } }
}

/** `x`, `{**x}` or `{name: … for name, … in x.items()}`. */
function nameIn(value: Value): string | undefined {
  if (value.kind === 'name') return value.name
  const [entry, ...others] = value.kind === 'dict' ? value.entries : []
  return entry?.spread && others.length === 0 ? nameIn(entry.spread) : undefined
}
