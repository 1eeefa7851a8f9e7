/** One edit of one thing or of hundreds: named, asked for, checked, and made. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { connectionOption, type Json } from '../commands'
import type { Connection, Connections } from '../connections/connection'
import type { Log } from '../log'
import { requireTrust } from '../python'
import { StoreError, type TrackingStore } from '../stores'
import { Limiter } from '../stores/limiter'
import { withProgress } from '../ui/progress'
import { writeOptions, type WriteAnswers, type Writing } from '../writing'
import { askDeleted, askTarget } from './ask'
import { carryOut, outcomeJson, warn, type Job, type Told } from './carryOut'
import type { Changes } from './changes'
import { holds, labelOf, type Edit, type Step, type Target } from './edits'
import { requirePermission } from './permitted'
import { signedIn } from './signedIn'
import { obstacleTo } from './surroundings'
import { given, missing, nameOf, readTarget } from './targets'
import { wrongEdit } from './wrongEdit'

export interface EditingServices {
  readonly connections: Connections
  readonly writing: Writing
  readonly changes: Changes
  readonly log: Log
}

const text = v.optional(v.string())
const id = v.optional(v.pipe(v.string(), v.nonEmpty()))
const refs = {
  experimentId: id,
  runId: id,
  /** Of a registered model; rows of other things have a name as well, which says nothing here. */
  name: text,
  version: v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))),
  /** Of a tag, where it is a tag's row. */
  key: text,
}
export const one = { ...connectionOption, ...refs, ...writeOptions }
/** Rows that were selected together. */
export const many = { ...one, selection: v.optional(v.array(v.object({ ...connectionOption, ...refs }))) }

export type Ref = v.InferOutput<ReturnType<typeof v.object<typeof refs>>>
export interface Asked extends Ref, WriteAnswers {
  readonly connection?: string | undefined
  readonly selection?: readonly (Ref & { readonly connection?: string | undefined })[] | undefined
}

export interface Question {
  readonly title: string
  readonly act: Edit['act']
  /** What may be chosen where nothing was named; anything where it is left out; nothing: what is deleted. */
  readonly among?: readonly Target['kind'][]
  /** Asks for what is missing; resolves to the edit, of each by what named it. */
  readonly decide: (targets: readonly Target[]) => Promise<(ref: Ref) => Edit>
  /** Asks whether to go on with what may be changed. @throws Dismissed */
  readonly confirm?: (targets: readonly Target[]) => Promise<void>
  readonly onlyUnchanged?: boolean
}

export async function edit(options: Asked, services: EditingServices, question: Question): Promise<Json> {
  const { title, onlyUnchanged = false } = question
  requireTrust(title)
  const { connections } = services
  await connections.discovered
  const connection = connections.get(options.connection ?? options.selection?.[0]?.connection)
  let decided: ((ref: Ref) => Edit) | undefined
  const { steps, skipped } = await signedIn(connection, async (store) => {
    const { named, gone } = await namedBy(options, connection, store, question)
    if (named.length === 0 && gone[0]) throw new Error(gone[0].message)
    const targets = named.map(({ target }) => target)
    await requirePermission(
      targets.map((target) => ({ target, act: question.act })),
      store,
    )
    const editOf = (decided ??= await question.decide(targets))
    const plan = named.map(({ ref, target }): Step => ({ target, edit: editOf(ref) }))
    return sortedOut(plan, gone, store)
  })
  await question.confirm?.(steps.map(({ target }) => target))
  const { upgradeSchema } = options
  const job: Job = { connection, title, answers: { upgradeSchema }, services, onlyUnchanged }
  const outcome = await carryOut(steps, job)
  if (skipped.length === 0) return outcomeJson(outcome)
  tellSkipped(skipped, outcome.done.length, services.log)
  return { ...outcomeJson(outcome), skipped: skipped.map(({ what, message }) => ({ what, message })) }
}

interface Named {
  readonly ref: Ref
  readonly target: Target
}

/** As many reads as one server gets at a time. */
const readsAtOnce = 4

/** What the options name, or the user. @throws Dismissed */
async function namedBy(
  options: Asked,
  connection: Connection,
  store: TrackingStore,
  { title, among }: Question,
): Promise<{ named: Named[]; gone: Told[] }> {
  const { selection, experimentId, runId, name, version, key } = options
  if (selection === undefined && (experimentId ?? runId ?? name) === undefined) {
    const asked = await (among?.length === 0 ? askDeleted(title, store) : askTarget(title, connection, store, among))
    const ref = { ...asked, key }
    return { named: [{ ref, target: await given(store, ref) }], gone: [] }
  }
  const wanted: readonly Ref[] = selection ?? [{ experimentId, runId, name, version, key }]
  const limiter = new Limiter(readsAtOnce)
  const read = await withProgress(t('{0}: looking up what is selected', title), (signal) =>
    Promise.all(wanted.map((ref) => limiter.run(() => lookedUp(store, ref, signal), signal))),
  )
  return {
    named: read.filter((each) => 'target' in each),
    gone: read.filter((each) => 'message' in each),
  }
}

/** Rejects as the store does where others would fare no better. */
async function lookedUp(store: TrackingStore, ref: Ref, signal: AbortSignal): Promise<Named | Told> {
  try {
    const target = await readTarget(store, ref, signal)
    return target ? { ref, target } : { what: nameOf(ref), message: missing(store, ref) }
  } catch (error) {
    if (!StoreError.is(error) || error.isOfTheStore || signal.aborted) throw error
    return { what: nameOf(ref), message: error.message }
  }
}

interface Skipped extends Told {
  /** It is so already. */
  readonly isNeedless: boolean
}

/** What can be made of a plan, and why not the rest. @throws Error where nothing can */
async function sortedOut(
  plan: readonly Step[],
  gone: readonly Told[],
  store: TrackingStore,
): Promise<{ steps: Step[]; skipped: Skipped[] }> {
  const steps: Step[] = []
  const skipped = gone.map((each): Skipped => ({ ...each, isNeedless: false }))
  for (const step of plan) {
    const { target, edit } = step
    const message = wrongEdit(target, edit) ?? (await obstacleTo(store, target, edit))
    if (message === undefined) steps.push(step)
    else skipped.push({ what: labelOf(target), message, isNeedless: holds(target, edit) })
  }
  if (steps.length === 0 && skipped[0]) throw new Error(skipped[0].message)
  return { steps, skipped }
}

function tellSkipped(skipped: readonly Skipped[], changed: number, log: Log): void {
  for (const { what, message } of skipped) log.info(`left out: ${what}: ${message}`)
  const amiss = skipped.filter(({ isNeedless }) => !isNeedless)
  const needless = skipped.length - amiss.length
  if (needless > 0) {
    const message = t('{0} were changed; {1} needed no change.', formatCount(changed), formatCount(needless))
    vscode.window.setStatusBarMessage(`$(check) ${message}`, 5_000)
  }
  if (!amiss[0]) return
  const message = t('{0} were left out as they can’t be changed so. {1}', formatCount(amiss.length), amiss[0].message)
  void warn(message, amiss).catch((error: unknown) => log.error('a warning', error))
}
