/** `mlflow-code:<path in the clone>?{…}`: a file of a run's code; `mlflow-json:/<run>/<path>?{…}`: an artifact, indented. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { artifactScheme, artifactUri } from '../artifactFiles/uri'
import type { RunRef } from '../../shared/protocol'
import { isInside } from './inside'

export const codeScheme = 'mlflow-code'
export const jsonScheme = 'mlflow-json'

const place = v.union([v.object({ tag: v.literal(true) }), v.object({ artifact: v.string() })])

const codeQuery = v.object({
  /** Of the clone. */
  root: v.string(),
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/)),
  connection: v.string(),
  runId: v.string(),
  /** The logged diff with which it is shown. */
  diff: v.optional(place),
  /** The run logged a diff, which does not change this file, or is not wanted. */
  without: v.optional(v.literal(true)),
})
export type CodeFile = v.InferOutput<typeof codeQuery> & { readonly path: string }

/** Its path is that of the file in the clone: editors of several files would call another one a renaming. */
export function codeUri({ path, ...query }: CodeFile): vscode.Uri {
  return vscode.Uri.from({
    scheme: codeScheme,
    path: `${rootPath(query.root)}${path}`,
    query: JSON.stringify(query),
  })
}

/** Undefined for what is no such file, or lies outside its repository. */
export function parseCodeUri(uri: vscode.Uri): CodeFile | undefined {
  const query = v.safeParse(v.pipe(v.string(), v.parseJson(), codeQuery), uri.query)
  if (!query.success) return undefined
  const root = rootPath(query.output.root)
  const whole = withPlainDrive(uri.path)
  const path = whole.slice(root.length)
  return whole.startsWith(root) && isInside(path) ? { ...query.output, path } : undefined
}

const rootPath = (root: string): string => withPlainDrive(vscode.Uri.file(`${root.replace(/[\\/]$/, '')}/`).path)

/** `/c:/…`: a URI that was written as text and parsed again has its drive in lower case. */
const withPlainDrive = (path: string): string => path.replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase())

export function jsonUri({ connection, runId }: RunRef, path: string): vscode.Uri {
  const artifact = artifactUri(connection, runId, path)
  return artifact.with({ scheme: jsonScheme })
}

/** The artifact that is shown indented. */
export const artifactOf = (uri: vscode.Uri): vscode.Uri => uri.with({ scheme: artifactScheme })
