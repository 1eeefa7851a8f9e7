/** The files of a run: its own, and those of the models it logged, which MLflow 3 keeps elsewhere. */
import { t } from '../../../shared/l10n'
import type { FileInfo, LoggedModel } from '../../../shared/model'
import type { ByteRange } from '..'
import { StoreError } from '../errors'
import type { MlflowApi } from './api'
import type { Query } from './client'
import { MissingEndpoint } from './failures'

export interface RestArtifacts {
  list(runId: string, path: string, signal?: AbortSignal): Promise<FileInfo[]>
  read(runId: string, path: string, signal?: AbortSignal, range?: ByteRange): AsyncIterable<Uint8Array>
}

/** @param modelsOf the logged models of a run, none where the server has no such thing */
export function restArtifacts(
  api: MlflowApi,
  modelsOf: (runId: string, signal?: AbortSignal) => Promise<readonly LoggedModel[]>,
): RestArtifacts {
  return { list, read }

  async function list(runId: string, path: string, signal?: AbortSignal): Promise<FileInfo[]> {
    const folder = safePath(path)
    if (folder === '') {
      const [own, models] = await Promise.all([ownFiles(runId, '', signal), modelsOf(runId, signal)])
      return foldersFirst([...own, ...modelFolders(models, own)])
    }
    refuseMisread(folder)
    const own = await ownFiles(runId, folder, signal)
    if (own.length > 0) return foldersFirst(own)
    const inModel = await placeInModel(runId, folder, signal)
    return inModel ? foldersFirst(await modelFiles(inModel, signal)) : []
  }

  async function* read(
    runId: string,
    path: string,
    signal?: AbortSignal,
    range?: ByteRange,
  ): AsyncGenerator<Uint8Array> {
    const file = safePath(path)
    if (file === '')
      throw new StoreError(
        'badRequest',
        t('The artifacts of run {0} are a folder, not a file. Open one of its files.', runId),
      )
    yield* await open(runId, file, range, signal)
  }

  async function open(
    runId: string,
    file: string,
    range: ByteRange | undefined,
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    refuseMisread(file)
    try {
      return await api.client.stream(
        { method: 'GET', path: '/get-artifact', query: { run_id: runId, path: file }, reads: true, range },
        signal,
      )
    } catch (error) {
      if (error instanceof MissingEndpoint)
        throw new StoreError(
          'unsupported',
          t(
            '{0} gives no artifacts under its address. Was it started with --static-prefix? Then add the prefix to the address.',
            api.client.server,
          ),
          { cause: error },
        )
      // A file that isn't there is a 404 in MLflow 3 and a 500 in MLflow 2.
      if (!StoreError.is(error, 'notFound') && !StoreError.is(error, 'serverError')) throw error
      const inModel = await placeInModel(runId, file, signal)
      if (inModel)
        return await api.client.stream(
          {
            method: 'GET',
            path: `/ajax-api/2.0/mlflow/logged-models/${encodeURIComponent(inModel.model.modelId)}/artifacts/files`,
            query: { artifact_file_path: inModel.path },
            reads: true,
            range,
          },
          signal,
        )
      if (error.reason === 'notFound') throw error
      const siblings = await ownFiles(runId, parentOf(file), signal)
      if (siblings.some((entry) => entry.path === file && !entry.isDir)) throw error
      throw new StoreError(
        'notFound',
        t('Run {0} has no artifact file {1}. Refresh the list of artifacts.', runId, file),
        { cause: error },
      )
    }
  }

  /** Lest another file is shown in its place. */
  function refuseMisread(path: string): void {
    if (misread.test(path))
      throw new StoreError(
        'unsupported',
        t(
          '{0} can’t serve {1}: MLflow’s server misreads names with #, with % and two digits, or with ? at the end. Rename it where it lies.',
          api.client.server,
          path,
        ),
      )
  }

  async function ownFiles(runId: string, folder: string, signal?: AbortSignal): Promise<FileInfo[]> {
    return await filesOf('artifacts/list', { run_id: runId, path: folder || undefined }, signal)
  }

  /** Where a path of the run leads in one of its models; undefined if the run's own files have that name, or no model has. */
  async function placeInModel(
    runId: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<{ model: LoggedModel; path: string } | undefined> {
    const [name = '', ...rest] = path.split('/')
    const models = await modelsOf(runId, signal)
    const model = models.find((candidate) => candidate.name === name)
    if (!model) return undefined
    const own = await ownFiles(runId, '', signal)
    return own.some((entry) => entry.path === name) ? undefined : { model, path: rest.join('/') }
  }

  async function modelFiles(
    { model, path }: { model: LoggedModel; path: string },
    signal?: AbortSignal,
  ): Promise<FileInfo[]> {
    const files = await filesOf(
      `logged-models/${encodeURIComponent(model.modelId)}/artifacts/directories`,
      { artifact_directory_path: path || undefined },
      signal,
    )
    return files.map((file) => ({ ...file, path: `${model.name}/${file.path}`, modelId: model.modelId }))
  }

  async function filesOf(endpoint: string, request: Query, signal?: AbortSignal): Promise<FileInfo[]> {
    const { content } = await api.long('GET', endpoint, request, 'files', signal)
    return (await content).content
  }
}

/**
 * Paths of which MLflow's servers (2.22, 3.17) make another: they decode them once too often, and take them for a URL, which loses
 * tabs, an empty query, and capitals before a colon.
 */
const misread = /#|%[0-9a-fA-F]{2}|\p{Cc}|[?;]$|^(?=[^:]*[A-Z])[a-zA-Z][a-zA-Z\d+.-]*:/u

/** A folder for each name that the run's own files leave free. */
function modelFolders(models: readonly LoggedModel[], own: readonly FileInfo[]): FileInfo[] {
  const taken = new Set(own.map((entry) => entry.path))
  const folders: FileInfo[] = []
  for (const { name, modelId } of models) {
    if (name === '' || taken.has(name)) continue
    taken.add(name) // of several models with one name the first, which is the newest, is the one that `runs:/…/name` means
    folders.push({ path: name, isDir: true, fileSize: null, modelId })
  }
  return folders
}

/** Refuses what could leave the run's folder; servers refuse it too, but not all of them always did. */
function safePath(path: string): string {
  const parts = path.split('/')
  if (path.startsWith('/') || /^[a-z]:[\\/]/i.test(path) || path.includes('\0') || path.split(/[\\/]/).includes('..'))
    throw new StoreError('refused', t('“{0}” leads out of the run’s artifacts and was not opened.', path))
  return parts.filter((part) => part !== '' && part !== '.').join('/')
}

function parentOf(path: string): string {
  return path.split('/').slice(0, -1).join('/')
}

function foldersFirst(files: FileInfo[]): FileInfo[] {
  return files.sort((a, b) => Number(b.isDir) - Number(a.isDir) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
