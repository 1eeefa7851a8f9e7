import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import { escapeMarkup } from '../../shared/markup'

/** Folders that a page may load from. */
export function resourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist', 'webview'), vscode.Uri.joinPath(extensionUri, 'media')]
}

/**
 * The document of a page: one script, allowed by its nonce, pictures that it makes of an artifact's bytes, and nothing else. Styles come from that script as constructed
 * style sheets, which need no permission; the toolkit, though, tries out `:focus-visible` in a style element of its own, and
 * takes the nonce for that from a meta tag.
 *
 * @param page which of the script's pages, where it has several
 */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, script: string, page = ''): string {
  const [nonce, styleNonce] = [makeNonce(), makeNonce()]
  const source = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', script)).toString()
  return `<!DOCTYPE html>
<html lang="${escapeMarkup(vscode.env.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${styleNonce}'; img-src blob:">
<meta property="csp-nonce" content="${styleNonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body data-page="${escapeMarkup(page)}">
<script nonce="${nonce}" src="${escapeMarkup(source)}"></script>
</body>
</html>`
}

const makeNonce = (): string => randomBytes(16).toString('base64')
