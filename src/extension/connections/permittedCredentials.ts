/**
 * Which credentials may go to which server. Those that the user typed go where they were typed for. Those of the user's
 * environment go to servers that the user named; to a server that only a file of the workspace names, when that is the one of
 * the environment's own MLFLOW_TRACKING_URI, or, where the environment names none, when the workspace is trusted. Those that
 * stand in a `.env` or in a URI go to that one server.
 */
import { credentialsFromEnvironment, credentialsOfMlflow, type Environment } from '../stores/credentials'
import type { Credentials } from '../stores/open'
import type { Entry } from './sources'

interface Kept {
  get(origin: string): Promise<Credentials | undefined>
}

/** Best first. Those that the user typed stand alone: where they are refused, nobody else's are sent in their stead. */
export async function credentialsFor(
  entry: Entry,
  kept: Kept,
  workspaceIsTrusted: boolean,
  environment: Environment = process.env,
  credentialsFile?: string,
): Promise<Credentials[]> {
  const { origin, userInfo } = entry.uri
  if (origin === undefined) return []
  const theirs = originOf(environment.MLFLOW_TRACKING_URI)
  const ofUser = entry.byUser || (theirs === undefined ? workspaceIsTrusted : origin === theirs)
  const typed = await kept.get(origin)
  if (typed) return [typed]
  const candidates = [
    userInfo && ({ kind: 'basic', ...userInfo } as const),
    entry.variables && credentialsFromEnvironment(entry.variables),
    ofUser ? await credentialsOfMlflow(environment, credentialsFile) : undefined,
  ]
  return candidates.filter((candidate) => candidate !== undefined)
}

/** Of a server; a database or a folder has none. */
const originOf = (uri = ''): string | undefined =>
  /^\s*https?:/i.test(uri) ? (URL.parse(uri.trim())?.origin ?? undefined) : undefined
