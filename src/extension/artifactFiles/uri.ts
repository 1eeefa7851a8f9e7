/** `mlflow://<connection>/<run id>/<artifact path>`: an artifact as a file of VS Code's. */
import { createHash } from 'node:crypto'
import * as vscode from 'vscode'

export const artifactScheme = 'mlflow'

/** @param path within the run; empty for the root of its artifacts */
export function artifactUri(connectionId: string, runId: string, path: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: artifactScheme,
    authority: authorityOf(connectionId),
    path: path === '' ? `/${runId}` : `/${runId}/${path}`,
  })
}

/** A connection's id in the few characters that an authority may have; the same after a reload. */
export function authorityOf(connectionId: string): string {
  return createHash('sha256').update(connectionId).digest('hex').slice(0, 16)
}
