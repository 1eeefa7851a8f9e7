/** Artifacts as read-only files, so that VS Code's own editors and viewers open them. */
import * as vscode from 'vscode'
import type { Connections } from '../connections'
import { ArtifactFileSystem } from './fileSystem'
import { artifactScheme } from './uri'

export { artifactCommands } from './commands'
export { artifactUri } from './uri'

export function registerArtifactFiles(connections: Connections): vscode.Disposable {
  const files = new ArtifactFileSystem(connections)
  return vscode.Disposable.from(
    files,
    vscode.workspace.registerFileSystemProvider(artifactScheme, files, { isReadonly: true, isCaseSensitive: true }),
  )
}
