import * as vscode from 'vscode'
import { pageHtml, resourceRoots } from './html'

/** What a page is made of. */
export interface Dress {
  /** Its bundle in dist/webview. */
  readonly script: string
  /** Which of the bundle's pages, where it has several. */
  readonly page?: string
  /** Of its tab: media/<icon>-light.svg and -dark.svg. */
  readonly icon: string
}

/** Gives a panel its icon and its document, which begins to run. */
export function dress(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, { script, page, icon }: Dress): void {
  const { webview } = panel
  const file = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `${icon}-${theme}.svg`)
  panel.iconPath = { light: file('light'), dark: file('dark') }
  webview.options = { enableScripts: true, localResourceRoots: resourceRoots(extensionUri) }
  webview.html = pageHtml(webview, extensionUri, script, page)
}

/** Hands what the page sends to its channel. A hidden page is unloaded: nobody waits for its answers any more. */
export function connect(
  panel: vscode.WebviewPanel,
  channel: { receive(message: unknown): void; abortAnswers(): void },
): vscode.Disposable {
  return vscode.Disposable.from(
    panel.webview.onDidReceiveMessage((message: unknown) => channel.receive(message)),
    panel.onDidChangeViewState(() => {
      if (!panel.visible) channel.abortAnswers()
    }),
  )
}

/** The sentences of the user's language, for the page. */
export function bundle(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vscode.l10n.bundle ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
