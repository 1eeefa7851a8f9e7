/** What a row stands for, as its command options tell it, and what can be copied of it. Pure. */
import * as v from 'valibot'
import { t } from '../../shared/l10n'

const text = v.optional(v.string())

/** The options that rows give to commands; which of them are there tells what the thing is. */
export const thingSchema = v.object({
  connection: text,
  experimentId: text,
  runId: text,
  /** Of an experiment, a run or a registered model. */
  name: text,
  /** Of a registered model. */
  version: text,
  /** Of a metric, a parameter or a tag. */
  key: text,
  value: text,
  /** Of an artifact, within its run; empty for the root. */
  path: text,
  /** Of the logged model that an artifact belongs to. */
  modelId: text,
  /** Of a connection. */
  uri: text,
})
export type Thing = v.InferOutput<typeof thingSchema>

/** @throws Error where the thing has none; likewise the others */
export const idOf = ({ runId, experimentId }: Thing): string => given(runId ?? experimentId, 'runId')
export const nameOfThing = ({ name, key }: Thing): string => given(key ?? name, 'name')
export const valueOf = ({ value }: Thing): string => given(value, 'value')

/** As MLflow's own functions take it: `runs:/…`, `models:/…`, or a connection's tracking URI. */
export function uriOf({ uri, runId, path, modelId, name, version }: Thing): string {
  if (uri !== undefined) return uri
  if (modelId !== undefined) return `models:/${modelId}${withoutFirst(path ?? '')}`
  if (runId !== undefined) return path ? `runs:/${runId}/${path}` : `runs:/${runId}`
  return `models:/${given(name, 'name')}/${version ?? 'latest'}`
}

/** A logged model's files stand in a folder with its name, which its own URI doesn't have. */
const withoutFirst = (path: string): string => (path.includes('/') ? path.slice(path.indexOf('/')) : '')

/** Page of MLflow's web UI. @param base the server's address with its prefix */
export function webPageOf(base: string, { runId, experimentId, name, version }: Thing): string {
  const part = encodeURIComponent
  if (experimentId !== undefined && runId !== undefined)
    return `${base}/#/experiments/${part(experimentId)}/runs/${part(runId)}`
  if (experimentId !== undefined) return `${base}/#/experiments/${part(experimentId)}`
  if (name === undefined) return base
  return `${base}/#/models/${part(name)}${version === undefined ? '' : `/versions/${part(version)}`}`
}

function given(value: string | undefined, option: string): string {
  if (value === undefined) throw new Error(t('The option “{0}” is missing.', option))
  return value
}
