/** Completes names inside the strings of MLflow's functions. Pure. */

/** What the string at the cursor names. */
export type Names = 'metrics' | 'params' | 'experiments' | 'models'

export interface NameAt {
  readonly names: Names
  /** The string so far: what a completion replaces. */
  readonly typed: string
}

const functions: Readonly<Record<string, Names | undefined>> = {
  log_metric: 'metrics',
  log_param: 'params',
  set_experiment: 'experiments',
  register_model: 'models',
}

/** A call up to a string that is not closed: its function, its arguments before, and the string. */
const openCall = /([A-Za-z_][\w.]*)\s*\(((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*)[rRuU]?(["'])((?:(?!\3).)*)$/

/**
 * @param before the line up to the cursor
 * @param nameOf what MLflow calls a function of the code; undefined where it is none of MLflow's
 */
export function nameAt(before: string, nameOf: (callee: string) => string | undefined): NameAt | undefined {
  const open = openCall.exec(before)
  if (!open) return undefined
  const [, callee = '', args = '', , typed = ''] = open
  const model = /^models:\/([^/@]*)$/.exec(typed)?.[1]
  if (model !== undefined) return { names: 'models', typed: model }
  const fn = nameOf(callee)
  const names = fn === undefined ? undefined : functions[fn]
  if (!names) return undefined
  // The name is the first argument, or the second of register_model; by keyword it may be anywhere.
  const keyword = /(\w+)\s*=\s*$/.exec(args)?.[1]
  const position = args.split(',').length - 1
  const isName =
    keyword === undefined
      ? position === (fn === 'register_model' ? 1 : 0)
      : /^(?:key|name|experiment_name)$/.test(keyword)
  return isName ? { names, typed } : undefined
}
