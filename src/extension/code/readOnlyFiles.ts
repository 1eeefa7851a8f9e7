import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { messageOf } from '../messageOf'
import { Recent } from '../panels/recent'

/** Files in memory, and the bytes of one that is kept there: VS Code asks for a file's size, then for the file. */
const mostKept = 200
const largestKept = 256 * 1024
/** Milliseconds. */
const keptFor = 5000

/** Files that are made when they are looked at, and can only be read. */
export class ReadOnlyFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event
  readonly #kept = new Recent<string, { readonly at: number; readonly reading: Promise<Uint8Array> }>(mostKept)

  constructor(private readonly read: (uri: vscode.Uri) => Promise<Uint8Array>) {}

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined)
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { byteLength: size } = await this.readFile(uri)
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size, permissions: vscode.FilePermission.Readonly }
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const key = uri.toString()
    const known = this.#kept.get(key)
    if (known && Date.now() - known.at < keptFor) return known.reading
    const reading = this.#readOnce(uri, key)
    this.#kept.set(key, { at: Date.now(), reading })
    return reading
  }

  async #readOnce(uri: vscode.Uri, key: string): Promise<Uint8Array> {
    try {
      const bytes = await this.read(uri)
      if (bytes.byteLength > largestKept) this.#kept.delete(key)
      return bytes
    } catch (error) {
      this.#kept.delete(key)
      throw error instanceof vscode.FileSystemError ? error : vscode.FileSystemError.Unavailable(messageOf(error))
    }
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri)
  }

  writeFile = refuse
  createDirectory = refuse
  delete = refuse
  rename = refuse
}

function refuse(uri: vscode.Uri): never {
  throw vscode.FileSystemError.NoPermissions(t('{0} belongs to a run and can only be read.', uri.path))
}
