import * as vscode from 'vscode'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { FileInfo } from '../../shared/model'
import type { Connection, Connections } from '../connections'
import { StoreError, type TrackingStore } from '../stores'
import { parseArtifactPath } from './artifactPath'
import { authorityOf } from './uri'

/** Bytes; what is larger is not held in memory to be looked at. */
const largest = 50 * 1024 * 1024
/** Milliseconds that a listing is believed: VS Code asks for each file of a folder by itself. */
const listingLife = 5000
const deadline = 5 * 60_000

interface Place {
  readonly connection: Connection
  readonly store: TrackingStore
  readonly runId: string
  readonly path: string
}

/** A run's artifacts as read-only files. */
export class ArtifactFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>()
  readonly onDidChangeFile = this.#changed.event
  readonly #listings = new Map<string, { readonly at: number; readonly files: Promise<FileInfo[]> }>()
  readonly #watched = new Set<vscode.Uri>()
  readonly #listener: vscode.Disposable
  /** When artifacts may have changed last: stores tell no times of files. */
  #changedAt = Date.now()

  constructor(private readonly connections: Connections) {
    this.#listener = connections.onDidRequestRefresh(({ connection }) => {
      this.#listings.clear()
      this.#changedAt = Date.now()
      const authority = connection && authorityOf(connection.id)
      const affected = [...this.#watched].filter((uri) => authority === undefined || uri.authority === authority)
      this.#changed.fire(affected.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })))
    })
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    this.#watched.add(uri)
    return new vscode.Disposable(() => this.#watched.delete(uri))
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const place = await this.#placeOf(uri)
    const file = await this.#infoOf(place, uri)
    return {
      type: !file || file.isDir ? vscode.FileType.Directory : vscode.FileType.File,
      ctime: 0,
      mtime: this.#changedAt,
      size: file?.fileSize ?? 0,
      permissions: vscode.FilePermission.Readonly,
    }
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const place = await this.#placeOf(uri)
    const files = await explained(uri, this.#list(place, place.path))
    return files.map(({ path, isDir }) => [baseName(path), isDir ? vscode.FileType.Directory : vscode.FileType.File])
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const place = await this.#placeOf(uri)
    const file = await this.#infoOf(place, uri)
    if (!file || file.isDir) throw vscode.FileSystemError.FileIsADirectory(uri)
    if ((file.fileSize ?? 0) > largest) throw tooLarge(uri, file.fileSize ?? 0)
    const title = t('Reading {0}', baseName(place.path))
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      explained(uri, readAll(place, uri)),
    )
  }

  writeFile(uri: vscode.Uri): never {
    throw readOnly(uri)
  }

  createDirectory(uri: vscode.Uri): never {
    throw readOnly(uri)
  }

  delete(uri: vscode.Uri): never {
    throw readOnly(uri)
  }

  rename(uri: vscode.Uri): never {
    throw readOnly(uri)
  }

  dispose(): void {
    this.#listener.dispose()
    this.#changed.dispose()
  }

  async #placeOf(uri: vscode.Uri): Promise<Place> {
    const parsed = parseArtifactPath(uri.path)
    if (!parsed) throw vscode.FileSystemError.NoPermissions(t('{0} is not the path of an artifact.', uri.path))
    await this.connections.discovered
    const connection = this.connections.all.find(({ id }) => authorityOf(id) === uri.authority)
    if (!connection)
      throw vscode.FileSystemError.Unavailable(
        t('The connection that {0} came from is gone. Connect to it again.', baseName(uri.path)),
      )
    return { ...parsed, connection, store: await explained(uri, connection.store({ interactive: true })) }
  }

  /** Undefined for the root of a run's artifacts. */
  async #infoOf(place: Place, uri: vscode.Uri): Promise<FileInfo | undefined> {
    if (place.path === '') return undefined
    const folder = place.path.slice(0, Math.max(0, place.path.lastIndexOf('/')))
    const siblings = await explained(uri, this.#list(place, folder))
    const file = siblings.find(({ path }) => path === place.path)
    if (!file) throw vscode.FileSystemError.FileNotFound(uri)
    return file
  }

  #list({ connection, store, runId }: Place, folder: string): Promise<FileInfo[]> {
    const key = JSON.stringify([connection.id, runId, folder])
    const known = this.#listings.get(key)
    if (known && Date.now() - known.at < listingLife) return known.files
    const files = store.listArtifacts(runId, folder === '' ? undefined : folder, AbortSignal.timeout(deadline))
    this.#listings.set(key, { at: Date.now(), files })
    files.catch(() => this.#listings.delete(key)) // who asked hears of it
    return files
  }
}

async function readAll({ store, runId, path }: Place, uri: vscode.Uri): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of store.readArtifact(runId, path, AbortSignal.timeout(deadline))) {
    size += chunk.byteLength
    if (size > largest) throw tooLarge(uri, size) // where the listing told no size
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** VS Code's own error for a store's. */
async function explained<T>(uri: vscode.Uri, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (StoreError.is(error, 'notFound')) throw vscode.FileSystemError.FileNotFound(uri)
    if (StoreError.is(error, 'refused') || StoreError.is(error, 'forbidden') || StoreError.is(error, 'unauthorized'))
      throw vscode.FileSystemError.NoPermissions(error.message)
    if (StoreError.is(error)) throw vscode.FileSystemError.Unavailable(error.message)
    throw error
  }
}

const tooLarge = (uri: vscode.Uri, size: number): vscode.FileSystemError =>
  vscode.FileSystemError.Unavailable(
    t(
      '{0} has {1}; files over {2} are not opened here. Copy its URI and use “mlflow artifacts download -u …”.',
      baseName(uri.path),
      formatBytes(size),
      formatBytes(largest),
    ),
  )

const readOnly = (uri: vscode.Uri): vscode.FileSystemError =>
  vscode.FileSystemError.NoPermissions(t('{0} belongs to a run and can only be read.', baseName(uri.path)))

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
