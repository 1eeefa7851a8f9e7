// Stands in for the extension on the page of the chart beside the code: the real answers, over a store that is made up.
/* global window */
import { Answers } from '../../src/extension/panels/answers'
import { RunColors } from '../../src/extension/panels/runColors'
import { chartSubject, emptySubject } from '../../src/extension/editor/chartSubject'
import { besideHostHalf, besideWebviewHalf } from '../../src/shared/besideProtocol'
import { applyTheme, number, options, sayAll, serveHost } from './page.mjs'
import { makeStore, runIdOf } from './store.mjs'

const state = options.get('state') ?? 'shown'
const hostile = state === 'hostile'
const store = makeStore({ points: number('points', 500), hostile })
const connection = { id: 'demo', name: 'mlflow.db', uri: 'sqlite:///demo/mlflow.db', kind: 'sqlite' }
const answers = new Answers({
  discovered: Promise.resolve(),
  get: () => ({ ...connection, store: () => Promise.resolve(store) }),
})
const colors = new RunColors({ save: () => undefined, moved: () => undefined })

const setting = {
  file: hostile ? '<b>train</b> of all the weeks there have ever been.py' : 'train.py',
  pinned: false,
  count: 10,
  epoch: 0,
}
let metric = options.get('metric') ?? 'val_loss'
const named = (options.get('metrics') ?? '').split(' ').filter((key) => key !== '')

let known

/** All the runs, as the host has them before it says anything. */
async function load() {
  const ids = Array.from({ length: number('runs', 30) }, (_, n) => `'${runIdOf(n)}'`)
  for await (const frame of store.searchRuns({ filter: `run_id IN (${ids.join(', ')})` }))
    known = {
      runs: { frame, rows: Array.from({ length: frame.length }, (_, row) => row) },
      by: { reference: 'last', directionOf: () => (hostile ? undefined : 'lower'), productionOf: () => undefined },
    }
}

function subject() {
  if (state === 'nothing') return emptySubject(setting, 'nothing')
  if (state === 'reading') return emptySubject(setting, 'loading', metric)
  if (state === 'noExperiment' || state === 'noConnection') return emptySubject(setting, state, metric)
  if (state === 'error')
    return emptySubject(
      setting,
      'failed',
      metric,
      'Can’t reach the tracking server http://127.0.0.1:5000 (ECONNREFUSED).',
    )
  const shown = {
    ...{ connection: 'demo', metric, metrics: named, known, mayReadCode: true },
    problem: state === 'stale' ? 'The server answered 503.' : '',
    why: 'Runs of “demand-forecast” that came from this file. The experiment is the one that line 12 sets.',
  }
  const { runs } = chartSubject(setting, shown, () => 0)
  colors.show(runs.map(({ runId }) => runId))
  return chartSubject(setting, shown, (runId) => colors.of(runId))
}

const tell = () => channel.notify('subject', { subject: subject(), uri: 'file:///demo/train.py' })
const set = (change) => {
  Object.assign(setting, change)
  tell()
}
const aim = (key) => {
  metric = key
  tell()
}

const channel = serveHost({
  mine: besideHostHalf,
  theirs: besideWebviewHalf,
  handlers: {
    commands: { ...sayAll(besideHostHalf), pin: set, count: set, choose: ({ metric: key }) => aim(key) },
    requests: {
      hello: async () => {
        await load()
        return { subject: subject(), uri: 'file:///demo/train.py', bundle: {} }
      },
      curve: (query, signal) => answers.curve(query, signal),
    },
    notifications: {},
  },
})

window.gallery = { applyTheme, cursor: (key) => setting.pinned || aim(key) }
