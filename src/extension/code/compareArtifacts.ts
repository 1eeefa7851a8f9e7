import * as vscode from 'vscode'
import { kindOf } from '../../shared/artifacts/kind'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { FileInfo } from '../../shared/model'
import type { RunRef } from '../../shared/protocol'
import { artifactUri } from '../artifactFiles/uri'
import type { Json } from '../commands'
import type { Connections } from '../connections/connection'
import type { TrackingStore } from '../stores'
import { askChoice } from '../ui/prompts'
import { withProgress } from '../ui/progress'
import { byStart, type Side } from './side'
import { jsonUri } from './uri'

/** Bytes; of larger files VS Code's diff would be slow, or none. */
const largest = 20 * 1024 * 1024
const largestJson = 5 * 1024 * 1024
/** Bytes that tell what a file is. */
const headLength = 4096
/** Files of a run that are listed, and folders within folders. */
const mostFiles = 5000
const deepest = 12

/** Which ways of showing an artifact are ways of showing text. */
const texts = new Set(['text', 'json', 'table', 'markdown', 'model', 'html', 'svg'])

interface Half extends Pick<Side, 'startTime'> {
  readonly ref: RunRef
  readonly name: string
  readonly store: TrackingStore
}

/** Shows an artifact of two runs in the diff editor, the older on the left; JSON indented on both sides. Asks which where no path is given. */
export async function compareArtifacts(
  connections: Connections,
  runs: readonly [RunRef, RunRef],
  path: string | undefined,
): Promise<Json> {
  const { halves, files } = await withProgress(t('Listing artifacts'), async (signal) => {
    const halves = (await Promise.all(runs.map((ref) => halfOf(ref, connections, signal)))).sort(byStart)
    const files = await Promise.all(
      halves.map((half) => (path === undefined ? list(half, signal) : find(half, path, signal))),
    )
    if (path !== undefined) {
      const without = halves.find((_, at) => !files[at]?.has(path))
      if (without) throw new Error(t('Run {0} has no artifact {1}.', without.name, path))
    }
    return { halves, files }
  })
  const [left, right] = halves
  const [ofLeft, ofRight] = files
  if (!left || !right || !ofLeft || !ofRight) throw new Error(t('Two runs are compared, not {0}.', halves.length))
  const chosen = path ?? (await askPath(left, right, ofLeft, ofRight))
  const isJson = await withProgress(t('Comparing {0}', chosen), async (signal) => {
    const kinds = await Promise.all([textKind(left, ofLeft, chosen, signal), textKind(right, ofRight, chosen, signal)])
    return kinds.every((kind) => kind === 'json')
  })
  const uri = ({ ref }: Half): vscode.Uri =>
    isJson ? jsonUri(ref, chosen) : artifactUri(ref.connection, ref.runId, chosen)
  const title = t('{0}: {1}', chosen, t('{0} ↔ {1}', left.name, right.name))
  await vscode.commands.executeCommand('vscode.diff', uri(left), uri(right), title)
  return { path: chosen, left: uri(left).toString(), right: uri(right).toString() }
}

async function halfOf(ref: RunRef, connections: Connections, signal: AbortSignal): Promise<Half> {
  const store = await connections.get(ref.connection).store({ interactive: true, signal })
  const { info } = await store.getRun(ref.runId, signal)
  return { ref, store, name: info.runName || info.runId, startTime: info.startTime }
}

type Files = ReadonlyMap<string, FileInfo>

/** All files of a run, as far as they are listed. */
async function list({ store, ref }: Half, signal: AbortSignal): Promise<Files> {
  const files = new Map<string, FileInfo>()
  const collect = async (folder: string | undefined, depth: number): Promise<void> => {
    for (const info of await store.listArtifacts(ref.runId, folder, signal)) {
      if (files.size >= mostFiles) return
      if (!info.isDir) files.set(info.path, info)
      else if (depth < deepest) await collect(info.path, depth + 1)
    }
  }
  await collect(undefined, 0)
  return files
}

/** The file `path` of a run; none where the run has no such file. */
async function find({ store, ref }: Half, path: string, signal: AbortSignal): Promise<Files> {
  const folder = path.split('/').slice(0, -1).join('/')
  const siblings = await store.listArtifacts(ref.runId, folder === '' ? undefined : folder, signal)
  return new Map(siblings.flatMap((info) => (info.path === path && !info.isDir ? [[path, info] as const] : [])))
}

async function askPath(left: Half, right: Half, ofLeft: Files, ofRight: Files): Promise<string> {
  const common = [...ofLeft.values()].filter(({ path }) => ofRight.has(path))
  if (common.length === 0)
    throw new Error(
      t(
        'The runs have no artifact in common. {0} has {1}, {2} has {3}.',
        left.name,
        formatCount(ofLeft.size),
        right.name,
        formatCount(ofRight.size),
      ),
    )
  const items = common.map(({ path, fileSize }) => {
    const other = ofRight.get(path)?.fileSize ?? null
    const sizes = [fileSize, other].flatMap((size) => (size === null ? [] : formatBytes(size)))
    return { label: path, description: fileSize === other ? (sizes[0] ?? '') : sizes.join(' ↔ ') }
  })
  const isText = (path: string): boolean => texts.has(kindOf(path, new Uint8Array(), false).viewer)
  items.sort((a, b) => Number(isText(b.label)) - Number(isText(a.label)) || (a.label < b.label ? -1 : 1))
  const only = ofLeft.size + ofRight.size - 2 * common.length
  const placeholder =
    only === 0
      ? t('An artifact of both runs')
      : t('An artifact of both runs; {0} are of one of them only', formatCount(only))
  return (await askChoice({ title: t('Compare Artifacts of Runs'), placeholder, items })).label
}

/** @throws Error for what is too large, or no text */
async function textKind(
  { store, ref, name }: Half,
  files: Files,
  path: string,
  signal: AbortSignal,
): Promise<'json' | 'text'> {
  const size = files.get(path)?.fileSize ?? null
  if (size !== null && size > largest)
    throw new Error(
      t('{0} of {1} has {2}; files over {3} are not compared.', path, name, formatBytes(size), formatBytes(largest)),
    )
  const pieces: Uint8Array[] = []
  for await (const piece of store.readArtifact(ref.runId, path, signal, { start: 0, length: headLength }))
    pieces.push(piece)
  const head = Buffer.concat(pieces)
  const { viewer, word } = kindOf(path, head, head.length < headLength)
  if (!texts.has(viewer)) throw new Error(t('{0} of {1} is {2}: only texts are compared.', path, name, word))
  return viewer === 'json' && (size ?? Infinity) <= largestJson ? 'json' : 'text'
}
