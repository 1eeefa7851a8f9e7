import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { t } from '../../../shared/l10n'
import { StoreError } from '../errors'

/** Where artifacts were when they were recorded, maybe on another machine. */
export interface Location {
  /** Absolute path, in the form of this machine; undefined where it can't be one here. */
  readonly here: string | undefined
  /** Names of the folders on the way, outermost first, without drive or share. */
  readonly parts: readonly string[]
  /** Kept by a tracking server, which serves them from a folder of its own. */
  readonly served: boolean
}

/**
 * Reads an artifact URI: a path of Linux, macOS or Windows, `file:…` or `mlflow-artifacts:…`.
 *
 * @throws StoreError `unsupported` for S3 and its like
 */
export function locationOf(uri: string): Location {
  if (/^mlflow-artifacts:/i.test(uri)) {
    const rest = uri.slice('mlflow-artifacts:'.length).replace(/^\/\/[^/]*/, '')
    return { here: undefined, parts: partsOf(decoded(rest)), served: true }
  }
  if (/^file:/i.test(uri))
    return { here: hereOf(uri), parts: partsOf(decoded(uri.slice(5).replace(/^\/\/[^/]*/, ''))), served: false }
  const scheme = /^([a-z][a-z0-9+.-]+):\/?/i.exec(uri)?.[1] // two letters or more: `C:` is a drive
  if (scheme !== undefined)
    throw new StoreError(
      'unsupported',
      t(
        'The artifacts are in {0}, which is not on this machine. Start an MLflow server that can reach it, and connect to that.',
        uri,
      ),
    )
  return { here: path.isAbsolute(uri) ? uri : undefined, parts: partsOf(uri), served: false }
}

function hereOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri)
  } catch {
    return undefined // a share, or a drive, of a machine that has such things
  }
}

function partsOf(text: string): string[] {
  return text
    .replace(/^[a-z]:(?=[\\/])/i, '')
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.' && !/^[a-z]:$/i.test(part))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % is a % here
  }
}
