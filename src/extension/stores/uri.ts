/** What people write as a tracking URI, made into one form. Pure: touches no file and no network. */
import os from 'node:os'
import path from 'node:path'
import { t } from '../../shared/l10n'
import { StoreError } from './errors'

export interface TrackingUri {
  /** The normalised URI, without credentials: the same store has the same id however it was written. */
  readonly id: string
  /** `files` for a path whose name doesn't say that it is a database: only looking at it can tell. */
  readonly kind: 'rest' | 'sqlite' | 'files'
  /** Scheme, host and port of a server: what credentials are kept by. */
  readonly origin?: string
  /** Absolute path of a database or a folder. */
  readonly path?: string
  /** From `http://user:password@host`; never part of `id`. */
  readonly userInfo?: { readonly username: string; readonly password: string }
}

/**
 * Reads `http(s)://…`, `sqlite:///…`, `file:…` or a path.
 * @param base absolute folder that relative paths start from; without it they are refused
 * @throws StoreError `unsupported` or `badRequest`, for the user to read
 */
export function parseTrackingUri(text: string, base?: string): TrackingUri {
  const given = text.trim()
  if (given === '')
    throw new StoreError(
      'badRequest',
      t('The tracking URI is empty. Give the address of a server or the path of an mlflow.db.'),
    )
  if (/^https?:/i.test(given)) return server(given)
  if (/^sqlite:/i.test(given)) return database(absolute(sqlitePath(given), base, given))
  if (/^file:/i.test(given)) return local(absolute(filePath(given), base, given))
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(given)?.[1] ?? (given === 'databricks' ? given : undefined) // two letters or more: `C:` is a drive
  if (scheme !== undefined)
    throw new StoreError(
      'unsupported',
      t(
        '{0}: tracking URIs of the kind “{1}” are not supported. Use http(s)://…, sqlite:///… or a path; for any other store, run “mlflow server” on it and give its address.',
        withoutPassword(given),
        scheme,
      ),
    )
  return local(absolute(given, base, given))
}

/** `text` without what may be a password in it, for messages. */
export function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/\s]*@/, '//…@')
}

function server(given: string): TrackingUri {
  const url = URL.parse(given)
  if (!url?.hostname || !/^https?:\/\//i.test(given))
    throw new StoreError(
      'badRequest',
      t('{0} is not a complete address. Write it like http://localhost:5000.', withoutPassword(given)),
    )
  const id = `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  const userInfo = url.username === '' ? undefined : { username: decode(url.username), password: decode(url.password) }
  return { id, kind: 'rest', origin: url.origin, ...(userInfo && { userInfo }) }
}

/** As SQLAlchemy reads it: `sqlite:///relative`, `sqlite:////absolute`, `sqlite:///C:\…`. */
function sqlitePath(given: string): string {
  const match = /^sqlite:\/\/\/([^?]+)/i.exec(given)
  if (!match?.[1] || match[1] === ':memory:')
    throw new StoreError(
      'badRequest',
      t(
        '{0} names no database file. Write it like sqlite:////home/me/mlflow.db, with four slashes before an absolute path.',
        withoutPassword(given),
      ),
    )
  return match[1]
}

function filePath(given: string): string {
  const rest = given.slice('file:'.length).replace(/^\/\/(localhost)?(?=\/)/i, '')
  return decode(/^\/[a-z]:/i.test(rest) ? rest.slice(1) : rest)
}

function local(file: string): TrackingUri {
  if (/\.(db|sqlite3?)$/i.test(file)) return database(file)
  const slashes = file.replaceAll('\\', '/')
  return { id: `file://${slashes.startsWith('/') ? '' : '/'}${slashes}`, kind: 'files', path: file }
}

function database(file: string): TrackingUri {
  return { id: `sqlite:///${file.replaceAll('\\', '/')}`, kind: 'sqlite', path: file }
}

function absolute(written: string, base: string | undefined, given: string): string {
  const file = written.replace(/^~(?=[\\/]|$)/, os.homedir())
  if (/^[a-z]:[\\/]/i.test(file)) return path.win32.normalize(file) // whatever this machine runs on
  if (path.isAbsolute(file)) return path.resolve(file)
  if (base === undefined) throw new StoreError('badRequest', t('{0} is a relative path. Give the whole path.', given))
  return path.resolve(base, file)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % is a % here
  }
}
