/** Finds the experiment that a file of code logs to. Knows no vscode. */
import type { Experiment } from '../../shared/model'
import { asPattern, equals } from '../../shared/filter/quote'
import { experimentNamed } from '../projects/experiments'
import type { TrackingStore } from '../stores'
import { claimed, claimOf, commitTag, isSourceOf, sourceTag, type CodeFile, type Rule } from './belonging'
import type { MlflowCall } from './pythonCalls'

export interface Subject {
  readonly experiment: Experiment
  readonly rule: Rule
}

export interface Asked {
  readonly calls: readonly MlflowCall[]
  readonly file: CodeFile
  /** The experiment that the user chose for it. */
  readonly chosen: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Commits that changed the file, newest first; asked for where nothing else tells. */
  readonly history?: (signal: AbortSignal) => Promise<readonly string[]>
}

/** Runs by which the source of a file is looked for. */
const mostLookedAt = 20

/** Undefined where nothing tells, or there is no such experiment yet. Rejects like the store. */
export async function findSubject(
  store: TrackingStore,
  asked: Asked,
  signal: AbortSignal,
): Promise<Subject | undefined> {
  if (asked.chosen !== undefined) {
    const experiment = await experimentNamed(store, asked.chosen, signal)
    if (experiment) return { experiment, rule: { by: 'choice' } }
  }
  const claim = claimOf(asked.calls, asked.env)
  if (claim) {
    const experiment = claim.experiment.isPattern
      ? claimed(claim, await allExperiments(store, signal))
      : await experimentNamed(store, claim.experiment.text, signal)
    return experiment && { experiment, rule: claim.rule }
  }
  const experiments = await allExperiments(store, signal)
  if (experiments.length === 0) return undefined
  return (await bySource(store, asked.file, experiments, signal)) ?? byHistory(store, asked, experiments, signal)
}

/** By the newest run that says that it came from the file. */
async function bySource(
  store: TrackingStore,
  file: CodeFile,
  experiments: readonly Experiment[],
  signal: AbortSignal,
): Promise<Subject | undefined> {
  const name = file.path.split('/').at(-1) ?? ''
  if (name === '') return undefined
  const filter = `tags.\`${sourceTag}\` LIKE ${asPattern(`%${name}`)}`
  const query = { experimentIds: experiments.map(({ experimentId }) => experimentId), filter, maxResults: mostLookedAt }
  for await (const page of store.searchRuns(query, signal))
    for (let row = 0; row < page.length; row++) {
      if (!isSourceOf(page.tagAt(row, sourceTag) ?? '', file)) continue
      const experiment = experiments.find(({ experimentId }) => experimentId === page.info(row).experimentId)
      if (experiment) return { experiment, rule: { by: 'source' } }
    }
  return undefined
}

/** By the newest run of the newest commit that changed the file and has a run: that of a launcher, or of a script that imports it. */
async function byHistory(
  store: TrackingStore,
  { history }: Asked,
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
