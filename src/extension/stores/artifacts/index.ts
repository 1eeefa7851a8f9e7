/** The files of a run in a local store: its own, and those of the models it logged, which MLflow 3 keeps elsewhere. */
import { t } from '../../../shared/l10n'
import type { FileInfo, LoggedModel } from '../../../shared/model'
import type { ByteRange } from '..'
import { StoreError } from '../errors'
import { cancelIf, listFolder, readFile, safeParts } from './folder'
import { ArtifactRoots } from './roots'

export interface LocalArtifacts {
  list(runId: string, path: string, signal?: AbortSignal): Promise<FileInfo[]>
  read(runId: string, path: string, signal?: AbortSignal, range?: ByteRange): AsyncIterable<Uint8Array>
}

/** Where the store has the artifacts of a run: its own, and its logged models', newest first. */
export interface RunArtifacts {
  readonly artifactUri: string
  readonly models: readonly LoggedModel[]
}

/** @param folders of the store and around it, the best first: artifacts that aren't where they were recorded are looked for there */
export function localArtifacts(
  folders: readonly [string, ...string[]],
  artifactsOf: (runId: string, signal?: AbortSignal) => Promise<RunArtifacts>,
): LocalArtifacts {
  const roots = new ArtifactRoots(folders)
  return { list, read }

  async function list(runId: string, path: string, signal?: AbortSignal): Promise<FileInfo[]> {
    const parts = safeParts(path)
    const { artifactUri, models } = await artifactsOf(runId, signal)
    const found = await roots.find(artifactUri)
    const own = found.folder === undefined ? undefined : await listFolder(found.folder, parts.join('/'), signal)
    if (parts.length === 0) {
      if (found.folder === undefined && found.isLost && models.length === 0) throw lost(artifactUri, folders[0])
      return foldersFirst([...(own ?? []), ...modelFolders(models, own ?? [])])
    }
    if (own) return foldersFirst(own)
    const model = await modelAt(parts, found.folder, models, signal)
    if (!model) return []
    const root = (await roots.find(model.artifactUri)).folder
    const files = root === undefined ? undefined : await listFolder(root, parts.slice(1).join('/'), signal)
    return foldersFirst(
      (files ?? []).map((file) => ({ ...file, path: `${model.name}/${file.path}`, modelId: model.modelId })),
    )
  }

  async function* read(
    runId: string,
    path: string,
    signal?: AbortSignal,
    range?: ByteRange,
  ): AsyncGenerator<Uint8Array> {
    const parts = safeParts(path)
    if (parts.length === 0)
      throw new StoreError(
        'badRequest',
        t('The artifacts of run {0} are a folder, not a file. Open one of its files.', runId),
      )
    const { artifactUri, models } = await artifactsOf(runId, signal)
    const own = (await roots.find(artifactUri)).folder
    const file = own === undefined ? undefined : await readFile(own, parts.join('/'), signal, range)
    const chunks = file ?? (await readFromModel(parts, own, models, signal, range))
    if (!chunks)
      throw new StoreError(
        'notFound',
        t('Run {0} has no artifact file {1}. Refresh the list of artifacts.', runId, path),
      )
    yield* chunks
  }

  async function readFromModel(
    parts: readonly string[],
    own: string | undefined,
    models: readonly LoggedModel[],
    signal: AbortSignal | undefined,
    range: ByteRange | undefined,
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const model = await modelAt(parts, own, models, signal)
    const root = model && (await roots.find(model.artifactUri)).folder
    return root === undefined ? undefined : await readFile(root, parts.slice(1).join('/'), signal, range)
  }
}

/** The model whose folder a path leads into: none where the run's own files have that name. */
async function modelAt(
  [name = '']: readonly string[],
  own: string | undefined,
  models: readonly LoggedModel[],
  signal: AbortSignal | undefined,
): Promise<LoggedModel | undefined> {
  cancelIf(signal)
  const model = models.find((candidate) => candidate.name === name)
  if (!model || own === undefined) return model
  const files = await listFolder(own, '', signal)
  return files?.some((file) => file.path === name) ? undefined : model
}

/** A folder for each name that the run's own files leave free; of several models of one name the newest, as `runs:/…/name` has it. */
function modelFolders(models: readonly LoggedModel[], own: readonly FileInfo[]): FileInfo[] {
  const taken = new Set(own.map((entry) => entry.path))
  const folders: FileInfo[] = []
  for (const { name, modelId } of models) {
    if (name === '' || taken.has(name)) continue
    taken.add(name)
    folders.push({ path: name, isDir: true, fileSize: null, modelId })
  }
  return folders
}

function foldersFirst(files: FileInfo[]): FileInfo[] {
  return files.sort((a, b) => Number(b.isDir) - Number(a.isDir) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

function lost(uri: string, folder: string): StoreError {
  return new StoreError(
    'notFound',
    t('The artifacts were in {0}, which is not on this machine. Copy that folder into {1}.', uri, folder),
  )
}
