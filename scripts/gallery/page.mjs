// What VS Code gives a webview, on a gallery page: a theme, and an API that speaks to a host in the same page.
/* global window, document, location, structuredClone, sessionStorage, MessageEvent */
import { Channel } from '../../src/shared/channel'
import themes from './themes.json'

export const options = new URL(location.href).searchParams
export const number = (name, otherwise) => Number(options.get(name) ?? otherwise)

export function applyTheme(name) {
  const { classes, variables } = themes[name]
  document.body.className = classes
  document.documentElement.removeAttribute('style')
  for (const [variable, value] of Object.entries(variables)) document.documentElement.style.setProperty(variable, value)
}

/** Commands that only say that they came. */
export const sayAll = (half) =>
  Object.fromEntries(
    Object.keys(half.commands).map((name) => [name, (body) => console.log(name, JSON.stringify(body))]),
  )

/** As if the page had been set by the option `view` before. */
function firstState() {
  const view = JSON.parse(options.get('view') ?? 'null')
  return view && { version: 1, runs: [{ connection: 'demo', runId: 'any' }], view }
}

/** The host's end of the channel, and `acquireVsCodeApi` for the page's. */
export function serveHost({ mine, theirs, handlers }) {
  applyTheme(options.get('theme') ?? 'dark')
  const channel = new Channel({
    mine,
    theirs,
    handlers,
    post: (message) => window.dispatchEvent(new MessageEvent('message', { data: structuredClone(message) })),
    complain: (sentence, error) => console.error('host:', sentence, error),
  })
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => channel.receive(structuredClone(message)),
    getState: () => JSON.parse(sessionStorage.getItem(location.pathname) ?? 'null') ?? firstState(),
    setState: (state) => sessionStorage.setItem(location.pathname, JSON.stringify(state)),
  })
  return channel
}
