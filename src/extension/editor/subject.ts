/** Finds the experiment that a file of code logs to. Knows no vscode. */
import { commitTag } from '../../shared/commits'
import type { Experiment } from '../../shared/model'
import { asPattern, equals } from '../../shared/filter/quote'
import { experimentNamed } from '../projects/experiments'
import { StoreError, type TrackingStore } from '../stores'
import { claimed, sourcesOf, sourceTag, type Claim, type Claims, type CodeFile, type Rule } from './belonging'

export interface Subject {
  readonly experiment: Experiment
  readonly rule: Rule
  /** By which of the claims it was found. */
  readonly claim?: number
}

export interface Asked {
  readonly claims: Claims
  readonly file: CodeFile
  /** The experiment that the user chose for it. */
  readonly chosen: string | undefined
  /** The code logs to this store, and to no other. */
  readonly isSure: boolean
  /** Commits that changed the file, newest first; asked for where nothing else tells. */
  readonly history?: (signal: AbortSignal) => Promise<readonly string[]>
}

/** Runs by which the source of a file is looked for. */
const mostLookedAt = 20

/**
 * Undefined where nothing tells, or there is no such experiment yet: a wrong one is worse than none. So where the code leaves a
 * choice, the one counts to which the file has logged. Rejects like the store.
 */
export async function findSubject(
  store: TrackingStore,
  { claims, file, chosen, isSure, history }: Asked,
  signal: AbortSignal,
): Promise<Subject | undefined> {
  if (chosen !== undefined) {
    const experiment = await experimentNamed(store, chosen, signal)
    if (experiment) return { experiment, rule: { by: 'choice' } }
  }
  if (claims.isOpen || claims.all.length === 0) {
    const experiments = await allExperiments(store, signal)
    if (experiments.length === 0) return undefined
    const logged = await bySource(store, file, experiments, signal)
    // Whose code names an experiment that is known at run time only may have logged to any since.
    return logged ?? (claims.isOpen ? undefined : byHistory(store, history, experiments, signal))
  }
  const found: Subject[] = []
  for (const [nth, claim] of claims.all.entries())
    for (const experiment of await meantBy(claim, store, signal))
      found.push({ experiment, rule: ruleOf(claim), claim: nth })
  const [first] = found
  if (first && isSure && found.length === 1 && claims.all.length === 1) return first
  const logged = await bySource(
    store,
    file,
    found.map(({ experiment }) => experiment),
    signal,
  )
  const isNamed = claims.all.every(({ experiment }) => !experiment.isPattern)
  return logged ?? (isSure && isNamed ? first : undefined)
}

/** The same subject, told by the line on which its claim is now. */
export function retold(subject: Subject | undefined, { all }: Claims): Subject | undefined {
  const claim = subject?.claim === undefined ? undefined : all[subject.claim]
  return subject && claim ? { ...subject, rule: ruleOf(claim) } : subject
}

const ruleOf = ({ rule, experiment }: Claim): Rule =>
  experiment.isPattern && rule.by === 'code' ? { ...rule, by: 'pattern' } : rule

async function meantBy(claim: Claim, store: TrackingStore, signal: AbortSignal): Promise<Experiment[]> {
  if (claim.experiment.isPattern) return claimed(claim, await allExperiments(store, signal))
  const { text } = claim.experiment
  const found = await (claim.isId ? experimentOfId(store, text, signal) : experimentNamed(store, text, signal))
  return found ? [found] : []
}

async function experimentOfId(store: TrackingStore, id: string, signal: AbortSignal): Promise<Experiment | undefined> {
  try {
    const experiment = await store.getExperiment(id, signal)
    return experiment.lifecycleStage === 'active' ? experiment : undefined
  } catch (error) {
    if (StoreError.is(error, 'notFound')) return undefined
    throw error
  }
}

/** By the newest run that says that it came from the file. */
async function bySource(
  store: TrackingStore,
  file: CodeFile,
  experiments: readonly Experiment[],
  signal: AbortSignal,
): Promise<Subject | undefined> {
  const filter = sourceFilter(file)
  if (filter === undefined || experiments.length === 0) return undefined
  const query = { experimentIds: experiments.map(({ experimentId }) => experimentId), filter, maxResults: mostLookedAt }
  for await (const page of store.searchRuns(query, signal)) {
    const sources = Array.from({ length: page.length }, (_, row) => page.tagAt(row, sourceTag) ?? '')
    const ours = sourcesOf(new Set(sources), file)
    for (const [row, source] of sources.entries()) {
      if (!ours.has(source)) continue
      const experiment = experiments.find(({ experimentId }) => experimentId === page.info(row).experimentId)
      if (experiment) return { experiment, rule: { by: 'source' } }
    }
  }
  return undefined
}

/** By the newest run of the newest commit that changed the file and has a run: that of a launcher, or of a script that imports it. */
async function byHistory(
  store: TrackingStore,
  history: Asked['history'],
  experiments: readonly Experiment[],
  signal: AbortSignal,
): Promise<Subject | undefined> {
  const experimentIds = experiments.map(({ experimentId }) => experimentId)
  for (const commit of (await history?.(signal)) ?? []) {
    const filter = equals(`tags.\`${commitTag}\``, commit)
    for await (const page of store.searchRuns({ experimentIds, filter, maxResults: 1 }, signal)) {
      const found =
        page.length > 0 && experiments.find(({ experimentId }) => experimentId === page.info(0).experimentId)
      if (found) return { experiment: found, rule: { by: 'history', commit } }
    }
  }
  return undefined
}

/** Finds the runs that may have come from a file, and others of the same ending; undefined for a file without a name. */
export function sourceFilter({ path }: Pick<CodeFile, 'path'>): string | undefined {
  const name = path.split('/').at(-1) ?? ''
  return name === '' ? undefined : `tags.\`${sourceTag}\` LIKE ${asPattern(`%${name}`)}`
}

/** So many experiments are looked through. */
const mostExperiments = 1000

async function allExperiments(store: TrackingStore, signal: AbortSignal): Promise<Experiment[]> {
  const found: Experiment[] = []
  for await (const page of store.searchExperiments({ orderBy: ['last_update_time DESC'] }, signal)) {
    found.push(...page)
    if (found.length >= mostExperiments) break
  }
  return found.slice(0, mostExperiments)
}
