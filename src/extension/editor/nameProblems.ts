/** Names in the code that MLflow refuses, or that are hardly meant: they differ from others only in case or separators. Pure. */
import { t } from '../../shared/l10n'
import { oneLine } from '../tree/text'
import { rewritten, type Code, type Problem, type ProblemKind } from './problem'
import type { Named } from './pythonCalls'

/** Keys that the runs have. */
export interface RunKeys {
  readonly metrics: readonly string[]
  readonly params: readonly string[]
}

/** Names that another file logs. */
export interface FileNames {
  /** For people. */
  readonly file: string
  readonly metrics: readonly string[]
  readonly params: readonly string[]
}

const kinds: Readonly<Record<string, keyof RunKeys | undefined>> = {
  log_metric: 'metrics',
  log_metrics: 'metrics',
  log_param: 'params',
  log_params: 'params',
}

/** Of the keys in databases. */
const longestKey = 250

/** @param others files of the same workspace folder */
export function nameProblems({ source, calls }: Code, keys: RunKeys, others: readonly FileNames[] = []): Problem[] {
  const seen: Readonly<Record<keyof RunKeys, Map<string, Named>>> = { metrics: new Map(), params: new Map() }
  const inRuns = { metrics: byLikeness(keys.metrics), params: byLikeness(keys.params) }
  const inFiles = { metrics: firstAlike(others, 'metrics'), params: firstAlike(others, 'params') }
  const problem = (kind: ProblemKind, { range }: Named, message: string, instead?: string): Problem => {
    const edit = instead === undefined ? undefined : rewritten(source, range, instead)
    return { kind, range, message, fixes: edit ? [{ title: t('Change to “{0}”', edit.text), edit }] : [] }
  }
  return calls.flatMap(({ fn, named: names }) => {
    const kind = kinds[fn]
    if (!kind) return []
    return names.flatMap((named): Problem[] => {
      if (named.isPattern) return []
      const refusal = refusalOf(named.text)
      if (refusal !== undefined) return [problem('refusedNames', named, refusal)]
      const likeness = likenessOf(named.text)
      const first = seen[kind].get(likeness)
      if (!first) seen[kind].set(likeness, named)
      if (first && first.text !== named.text) {
        const message = t(
          '“{0}” differs from “{1}” on line {2} only in case or separators.',
          oneLine(named.text),
          oneLine(first.text),
          first.line + 1,
        )
        return [problem('similarNames', named, message, first.text)]
      }
      const logged = inRuns[kind].get(likeness) ?? []
      const [other] = logged
      if (logged.includes(named.text)) return []
      if (other === undefined) {
        const elsewhere = inFiles[kind].get(likeness)
        if (!elsewhere || elsewhere.name === named.text) return []
        const told = [oneLine(elsewhere.file), oneLine(elsewhere.name), oneLine(named.text)] as const
        const message = t('{0} logs “{1}”, which differs from “{2}” only in case or separators.', ...told)
        return [problem('similarNames', named, message, elsewhere.name)]
      }
      const message = t(
        'Runs of this experiment have “{0}”, which differs from “{1}” only in case or separators.',
        oneLine(other),
        oneLine(named.text),
      )
      return [problem('similarNames', named, message, other)]
    })
  })
}

/** Equal for names that differ only in case or separators. */
const likenessOf = (name: string): string => name.toLowerCase().replace(/[-_./: ]+/g, '_')

function byLikeness(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const alike = new Map<string, string[]>()
  for (const key of keys) {
    const likeness = likenessOf(key)
    const others = alike.get(likeness)
    if (others) others.push(key)
    else alike.set(likeness, [key])
  }
  return alike
}

function firstAlike(
  files: readonly FileNames[],
  kind: keyof RunKeys,
): ReadonlyMap<string, { file: string; name: string }> {
  const alike = new Map<string, { file: string; name: string }>()
  for (const { file, [kind]: names } of files)
    for (const name of names) if (!alike.has(likenessOf(name))) alike.set(likenessOf(name), { file, name })
  return alike
}

/** Why MLflow takes no metric or parameter of the name. */
function refusalOf(name: string): string | undefined {
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(name))
    return t('MLflow refuses this name: it takes letters, digits, “_”, “-”, “.”, “:”, “/” and spaces.')
  const parts = name.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return t('MLflow refuses this name: it is no plain path, since a part of it is empty, “.” or “..”.')
  return name.length > longestKey ? t('MLflow refuses names of more than {0} characters.', longestKey) : undefined
}
