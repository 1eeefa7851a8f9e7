/**
 * Where connections come from, and what becomes of several that mean the same store. Pure: what was found is handed in.
 */
import path from 'node:path'
import { t } from '../../shared/l10n'
import { parseTrackingUri, withoutPassword, type TrackingUri } from '../stores/uri'
import type { ConnectionOrigin } from './connection'

/** A tracking URI and who said it. */
export interface Source {
  readonly origin: ConnectionOrigin
  readonly uri: string
  readonly name?: string
  /** Folder that relative paths start from; the name is told relative to it. */
  readonly folder: string
  /** For messages: "MLFLOW_TRACKING_URI in .env". */
  readonly where: string
  /** Said by the user in person, not by a file of the workspace: may get the user's own credentials anywhere. */
  readonly byUser: boolean
  /** The `MLFLOW_TRACKING_…` variables that stand beside it in a `.env`: for this server only. */
  readonly variables?: Readonly<Record<string, string | undefined>>
}

/** A store to offer, from one source or several. */
export interface Entry {
  readonly uri: TrackingUri
  readonly name: string
  readonly origin: ConnectionOrigin
  readonly byUser: boolean
  readonly variables?: Readonly<Record<string, string | undefined>>
}

/** Something that was meant as a connection and can't be one. */
export interface Problem {
  readonly where: string
  readonly message: string
}

/**
 * What a Python in this workspace would use comes first: what the workspace's settings say, MLFLOW_TRACKING_URI, then the
 * database in the folder. The first entry is the default.
 */
function rank(source: Source, uri: TrackingUri): number {
  if (source.origin === 'setting') return source.byUser ? 5 : 0
  if (source.origin === 'environment') return 1
  if (source.origin === 'dotenv') return 2
  if (source.origin === 'session') return 7
  if (uri.kind === 'files') return 6
  return uri.path !== undefined && nameOf(uri, source.folder) === 'mlflow.db' ? 3 : 4
}

/** One entry a store, best first. */
export function arrange(sources: readonly Source[]): { entries: Entry[]; problems: Problem[] } {
  const problems: Problem[] = []
  const parsed = sources.flatMap((source) => {
    try {
      return [{ source, uri: parseTrackingUri(source.uri, source.folder) }]
    } catch (error) {
      problems.push({ where: source.where, message: error instanceof Error ? error.message : String(error) })
      return []
    }
  })
  const ranked = parsed
    .map(({ source, uri }, index) => ({ source, uri, index, rank: rank(source, uri) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
  const byId = Map.groupBy(ranked, ({ uri }) => uri.id)
  const entries = [...byId.values()].map((same) => merge(same))
  return { entries: withDistinctNames(entries), problems }
}

function merge(same: readonly { source: Source; uri: TrackingUri }[]): Entry {
  const [first] = same
  if (!first) throw new RangeError('a group without members')
  const userInfo = same.find(({ uri }) => uri.userInfo)?.uri.userInfo
  const variables = same.find(({ source }) => source.variables)?.source.variables
  return {
    uri: userInfo ? { ...first.uri, userInfo } : first.uri,
    name: same.find(({ source }) => source.name)?.source.name ?? nameOf(first.uri, first.source.folder),
    origin: first.source.origin,
    byUser: same.some(({ source }) => source.byUser),
    ...(variables && { variables }),
  }
}

/** Two `mlflow.db` of a workspace with two folders get their folder's name. */
function withDistinctNames(entries: readonly Entry[]): Entry[] {
  const count = Map.groupBy(entries, ({ name }) => name)
  return entries.map((entry) =>
    (count.get(entry.name)?.length ?? 0) > 1
      ? { ...entry, name: `${entry.name} (${nameOf(entry.uri, undefined)})` }
      : entry,
  )
}

/** A short name: `mlflow.db`, `sub/mlflow.db`, `host:port/prefix`. */
export function nameOf(uri: TrackingUri, folder: string | undefined): string {
  if (uri.path === undefined) return uri.id.replace(/^https?:\/\//, '')
  const relative = folder === undefined ? '..' : path.relative(folder, uri.path)
  const outside = relative === '' || relative.startsWith('..') || path.isAbsolute(relative)
  return (outside ? path.join(path.basename(path.dirname(uri.path)), path.basename(uri.path)) : relative).replaceAll(
    '\\',
    '/',
  )
}

/** What the setting `mlflow.connections` says, of the user or of the workspace. */
export function sourcesOfSetting(
  value: unknown,
  { byUser, folder }: { byUser: boolean; folder: string },
): { sources: Source[]; problems: Problem[] } {
  const scope = byUser ? t('user settings') : t('workspace settings')
  if (value === undefined) return { sources: [], problems: [] }
  if (!Array.isArray(value))
    return {
      sources: [],
      problems: [
        {
          where: `mlflow.connections (${scope})`,
          message: t('This setting must be a list of entries with “name” and “uri”.'),
        },
      ],
    }
  const sources: Source[] = []
  const problems: Problem[] = []
  value.forEach((entry: unknown, index) => {
    const where = `mlflow.connections[${index}] (${scope})`
    const { name, uri } = (typeof entry === 'object' && entry !== null ? entry : {}) as {
      name?: unknown
      uri?: unknown
    }
    if (typeof uri !== 'string')
      problems.push({ where, message: t('The entry has no “uri”. Give it one, such as "http://localhost:5000".') })
    else if (typeof name !== 'string' || name.trim() === '')
      problems.push({ where, message: t('The entry for {0} has no “name”.', withoutPassword(uri)) })
    else sources.push({ origin: 'setting', uri, name: name.trim(), folder, where, byUser })
  })
  return { sources, problems }
}
