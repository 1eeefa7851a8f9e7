// Stands in for the extension on the pages of a run and a comparison: the real answers, over a store that is made up.
/* global window */
import { Answers } from '../../src/extension/panels/answers'
import { Layouts } from '../../src/extension/panels/layouts'
import { RunColors } from '../../src/extension/panels/runColors'
import { subjectOf } from '../../src/extension/panels/subject'
import { hostHalf, webviewHalf } from '../../src/shared/protocol'
import { applyTheme, number, options, sayAll, serveHost } from './page.mjs'
import { codeChanges } from './code.mjs'
import { makeStore, runIdOf } from './store.mjs'

const store = makeStore({
  points: number('points', 500),
  broken:
    options.get('state') === 'error'
      ? 'Can’t reach the tracking server http://127.0.0.1:5000 (ECONNREFUSED). Start it, or check the address in “mlflow.connections”.'
      : '',
  slow: options.get('state') === 'loading',
  hostile: options.get('state') === 'hostile',
  samples: options.get('state') === 'samples',
  sweep: options.get('state') === 'sweep',
  metrics: number('metrics', 0),
  deleted: number('deleted', -1),
})
const connection = {
  id: 'demo',
  name: 'mlflow.db',
  uri: 'sqlite:///demo/mlflow.db',
  kind: 'sqlite',
  store: () => Promise.resolve(store),
}
const answers = new Answers({ discovered: Promise.resolve(), get: () => connection })

const runs = Array.from({ length: number('runs', 3) }, (_, n) => ({
  connection: 'demo',
  runId: runIdOf(n + number('first', 0)),
}))
if (options.get('state') === 'partial') runs.push({ connection: 'demo', runId: 'f'.repeat(32) })
const subject = subjectOf(runs)
const colors = new RunColors({ save: () => undefined, moved: () => undefined })
colors.show(subject.runs.map((run) => run.runId))
const shownRuns = () => subject.runs.map((run) => ({ ...run, color: colors.of(run.runId) }))

const kept = new Map()
const layouts = new Layouts({
  get: (key) => kept.get(key),
  update: (key, value) => Promise.resolve(void kept.set(key, value)),
})

/** Metrics whose histories the page has asked for, for tests. */
const asked = []
/** Requests that the page has given up, for tests. */
const cancelled = []
/** With `slow=…` such a request has no answer, until one of them has been given up. */
const isSlow = (request) => options.get('slow') === request && !cancelled.includes(request)
const unanswered = (request, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      cancelled.push(request)
      reject(new Error('Cancelled.'))
    })
  })

const channel = serveHost({
  mine: hostHalf,
  theirs: webviewHalf,
  handlers: {
    commands: sayAll(hostHalf),
    requests: {
      hello: () => Promise.resolve({ ...subject, runs: shownRuns(), bundle: {} }),
      runs: ({ runs, interactive }, signal) => answers.runs(runs, interactive, signal),
      across: ({ runs, interactive }, signal) => answers.across(runs, interactive, signal),
      environments: ({ runs }, signal) => answers.environments(runs, signal),
      codeChanges: (_, signal) =>
        isSlow('codeChanges') ? unanswered('codeChanges', signal) : Promise.resolve(codeChanges),
      curve: (query, signal) => answers.curve(query, signal),
      band: (query, signal) => answers.band(query, signal),
      saveFile: ({ name, ending, bytes }) => {
        window.gallery.saved = { name, ending, bytes }
        return Promise.resolve({ saved: true })
      },
      saveCurves: async (file, signal) => {
        const text = await answers.curvesFile(file, signal)
        window.gallery.saved = { name: file.name, ending: 'csv', text }
        return { saved: true }
      },
      layouts: () => Promise.resolve(layouts.all),
      saveLayout: async ({ layout }) => {
        await layouts.save('my layout', layout)
        return { saved: true }
      },
      deleteLayout: async ({ name }) => {
        await layouts.delete(name)
        return null
      },
      stats({ run, key }, signal) {
        asked.push(key)
        if (isSlow('stats') && asked.length > 40) return unanswered('stats', signal)
        return answers.stats(run, key, signal)
      },
      artifacts: ({ run, path }, signal) => answers.artifacts(run, path, signal),
      artifactPart: async (part, signal) => ({ bytes: await answers.artifactPart(part, signal) }),
      modelCard: ({ run, path }, signal) => answers.modelCard(run, path, signal),
      related: ({ run, children }, signal) => answers.related(run, children, signal),
      edit: async ({ run, edit }) => {
        console.log('edit', JSON.stringify(edit))
        if (options.get('state') === 'readonly')
          throw new Error('mlflow.db is locked by another program. Close it and try again.')
        store.edit(run.runId, edit)
        return { done: true }
      },
    },
    notifications: {},
  },
})

window.gallery = {
  asked,
  cancelled,
  readWhole: () => store.readWhole(),
  applyTheme,
  refresh: (scope) => {
    if (scope === 'anew') answers.expire(undefined)
    channel.notify('refresh', { scope, reason: 'gallery' })
  },
  breakStore: () => Object.assign(store, { getRun: () => Promise.reject(new Error('The server answered 503.')) }),
}
