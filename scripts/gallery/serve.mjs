// The webviews in a browser, without VS Code: an index of pages on loopback, in all themes and states, with data that is
// made up. The pages are the real ones, and so is the content security policy.
import * as esbuild from 'esbuild'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

const common = {
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  sourcemap: 'inline',
  absWorkingDir: root,
}

const bundles = new Map()

/** Built once: a page that is loaded anew after a change needs a new server. */
function bundle(entry, options) {
  if (!bundles.has(entry)) bundles.set(entry, build(entry, options))
  return bundles.get(entry)
}

async function build(entry, options = {}) {
  const result = await esbuild.build({ ...common, entryPoints: [entry], outdir: 'out', ...options })
  return result.outputFiles[0].text
}

const withArtifacts = {
  loader: {
    '.bmp': 'binary',
    '.parquet': 'binary',
    '.pdf': 'binary',
    '.png': 'binary',
    '.jpg': 'binary',
    '.gif': 'binary',
    '.webp': 'binary',
    '.yaml': 'text',
  },
}

const scripts = {
  '/run.js': () => bundle('src/webview/run/main.ts', { tsconfig: 'src/webview/tsconfig.json' }),
  '/compare.js': () => bundle('src/webview/compare/main.ts', { tsconfig: 'src/webview/tsconfig.json' }),
  '/runs.js': () => bundle('src/webview/runs/main.ts', { tsconfig: 'src/webview/tsconfig.json' }),
  '/tableHost.js': () => bundle('scripts/gallery/tableHost.mjs'),
  '/host.js': () => bundle('scripts/gallery/host.mjs', withArtifacts),
  '/besideHost.js': () => bundle('scripts/gallery/besideHost.mjs', withArtifacts),
}

/** Pages, each with the script that stands in for the extension, and its own. */
const hosts = { run: 'host', compare: 'host', runs: 'tableHost', beside: 'besideHost' }
const bundleOf = { beside: 'compare' }

export const themes = ['dark', 'light', 'hc-black', 'hc-light']
/** Pages with their titles and the options that make them.
 * @type {[page: string, title: string, query: string][]} */
export const views = [
  ['run', 'Run', ''],
  ['run', 'Run, 200,000 points', 'points=200000'],
  ['run', 'Run, 100 metrics', 'metrics=100'],
  ['run', 'Run, 12,000 metrics', 'metrics=12000'],
  ['run', 'Run, hostile', 'state=hostile'],
  ['run', 'Run, a child whose changes are refused', 'first=1&state=readonly'],
  ['run', 'Run, loading', 'state=loading'],
  ['run', 'Run, failed', 'state=error'],
  ['compare', 'Compare 2', 'runs=2'],
  ['compare', 'Compare 5', 'runs=5'],
  ['compare', 'Compare 10 × 100,000 points', 'runs=10&points=100000'],
  ['compare', 'Compare 5, samples', 'runs=5&points=200000&state=samples'],
  ['compare', 'Compare 100', 'runs=100'],
  ['compare', 'Compare 510 (too many)', 'runs=510'],
  ['compare', 'Compare, hostile', 'runs=4&state=hostile'],
  ['compare', 'Compare, one failed', 'runs=4&state=partial'],
  ['compare', 'Compare, one deleted', 'runs=4&deleted=1'],
  ['compare', 'Compare, loading', 'state=loading'],
  ['compare', 'Compare, failed', 'state=error'],
  [
    'compare',
    'Tuning',
    'runs=120&state=sweep&view={"tab":"tuning","tabs":{"tuning":{"metric":"metric:val_rmse","direction":"lower","trend":true}}}',
  ],
  ['compare', 'Tuning, nothing chosen', 'runs=120&state=sweep&view={"tab":"tuning"}'],
  [
    'compare',
    'Tuning, all NaN',
    'runs=120&state=sweep&view={"tab":"tuning","tabs":{"tuning":{"metric":"metric:never","direction":"lower"}}}',
  ],
  [
    'compare',
    'Tuning, 500',
    'runs=500&state=sweep&view={"tab":"tuning","tabs":{"tuning":{"metric":"metric:val_rmse","direction":"lower","trend":true}}}',
  ],
  [
    'compare',
    'Tuning, hostile',
    'runs=12&state=hostile&view={"tab":"tuning","tabs":{"tuning":{"metric":"metric:val_accuracy","direction":"higher"}}}',
  ],
  [
    'compare',
    'Differences',
    'runs=120&state=sweep&view={"tab":"differences","tabs":{"tuning":{"metric":"metric:val_rmse","direction":"lower"}}}',
  ],
  ['compare', 'Differences, hostile', 'runs=12&state=hostile&view={"tab":"differences","onlyDifferences":false}'],
  [
    'compare',
    'Differences, 12,000 metrics',
    'runs=40&metrics=12000&view={"tab":"differences","onlyDifferences":false}',
  ],
  ['compare', 'Pictures', 'runs=5&view={"tab":"pictures"}'],
  ['beside', 'Beside the code', 'runs=30'],
  ['beside', 'Beside, one value a run', 'metric=auc'],
  ['beside', 'Beside, a call of many metrics', 'metric=val_loss&metrics=loss val_loss accuracy'],
  ['beside', 'Beside, hostile', 'state=hostile&metrics=loss val_loss'],
  ['beside', 'Beside, not up to date', 'state=stale'],
  ['beside', 'Beside, a metric that no run has', 'metric=new_metric'],
  ['beside', 'Beside, nothing yet', 'state=nothing'],
  ['beside', 'Beside, reading', 'state=reading'],
  ['beside', 'Beside, no experiment', 'state=noExperiment'],
  ['beside', 'Beside, no connection', 'state=noConnection'],
  ['beside', 'Beside, failed', 'state=error'],
  ['runs', 'Runs, 20', ''],
  ['runs', 'Runs, none', 'runs=0'],
  ['runs', 'Runs, 10,000', 'runs=10000'],
  ['runs', 'Runs, 100,000 × 50', 'runs=100000&metrics=28'],
  ['runs', 'Runs, 1,000,000', 'runs=1000000'],
  ['runs', 'Runs, nested', 'runs=200&nested'],
  ['runs', 'Runs, groups', 'runs=200&view={"groupBy":[{"group":"param","key":"model"}],"expanded":["group:mlp"]}'],
  ['runs', 'Runs, hostile', 'runs=40&state=hostile'],
  ['runs', 'Runs, 12,000 metrics', 'runs=200&metrics=12000&columns=12030'],
  ['runs', 'Runs, filter with a mistake', 'view={"filter":"metrics.loss == 0.2"}'],
  ['runs', 'Runs, no match', 'view={"filter":"no such run"}'],
  ['runs', 'Runs, loading', 'state=loading'],
  ['runs', 'Runs, some loaded', 'state=partial&runs=3000'],
  ['runs', 'Runs, stopped', 'state=stopped&runs=3000'],
  ['runs', 'Runs, failed', 'state=error'],
]

function index() {
  const row = ([page, title, query]) =>
    `<tr><td>${title}</td>${themes.map((theme) => `<td><a href="/${page}?theme=${theme}&${encodeURI(query).replaceAll('"', '%22')}">${theme}</a></td>`).join('')}</tr>`
  return `<!DOCTYPE html><title>MLflow Lens gallery</title><table>${views.map(row).join('')}</table>`
}

/** A page as the extension makes it: the host's script comes first, as VS Code's own does. */
function page(name) {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-gallery'; style-src 'nonce-style'; img-src blob:">
<meta property="csp-nonce" content="style">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${name}</title></head>
<body data-page="${name}"><script nonce="gallery" src="/${hosts[name]}.js"></script><script nonce="gallery" src="/${bundleOf[name] ?? name}.js"></script></body></html>`
}

/** Serves the gallery on loopback; resolves to its `url` and `stop()`. `port` 0 is any free one. */
export async function serveGallery(port = 0) {
  const server = createServer(answer)
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => new Promise((done) => server.close(done)) }
}

function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const send = (type, body) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body)
  const build = scripts[pathname]
  if (build) {
    build().then(
      (text) => send('text/javascript', text),
      (error) => response.writeHead(500).end(String(error)),
    )
  } else if (pathname === '/') send('text/html', index())
  else if (Object.hasOwn(hosts, pathname.slice(1))) send('text/html', page(pathname.slice(1)))
  else response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end()
}
