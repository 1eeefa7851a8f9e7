import * as vscode from 'vscode'
import { Dismissed } from '../commands'

/** Milliseconds until work is worth a notification. */
const patience = 700

/** Shows that something takes long, once it does, with a way to cancel it. @throws Dismissed where it was cancelled */
export async function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const working = work(abort.signal)
  const timer = setTimeout(() => {
    const location = vscode.ProgressLocation.Notification
    void vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
      token.onCancellationRequested(() => abort.abort())
      await working.catch(() => undefined) // told to whoever asked for the work
    })
  }, patience)
  try {
    return await working
  } catch (error) {
    throw abort.signal.aborted ? new Dismissed() : error
  } finally {
    clearTimeout(timer)
  }
}
