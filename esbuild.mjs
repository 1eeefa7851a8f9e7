// Builds everything that ships: the host bundle, the stores' workers and one bundle a webview. `--watch`, `--production`;
// `--tests` adds the suite that runs inside VS Code.
import * as esbuild from 'esbuild'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const flags = new Set(process.argv.slice(2))
const production = flags.has('--production')

const common = {
  bundle: true,
  logLevel: 'warning',
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
}
const host = { ...common, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'], outdir: 'dist' }

/** Libraries that are bigger than all the rest, and not needed to activate: a file each, which is read and parsed when it is. */
const apart = { undici: 'scripts/bundle/undici.cjs', yaml: 'yaml', '@lezer/python': '@lezer/python' }

/** The workers of the stores, by the names of their files: sqliteWorker, filesWorker … */
const workers = Object.fromEntries(
  globSync('src/extension/stores/*/*Worker.ts').map((file) => [path.basename(file, '.ts'), file]),
)

const builds = [
  {
    ...host,
    entryPoints: { extension: 'src/extension/extension.ts', ...workers },
    plugins: [fromOwnFile(Object.keys(apart)), vscodeOnce()],
    logOverride: { 'import-is-undefined': 'error' },
  },
  { ...host, entryPoints: apart },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    outdir: 'dist/webview',
    entryPoints: Object.fromEntries(globSync('src/webview/*/main.ts').map((file) => [file.split(/[\\/]/)[2], file])),
    tsconfig: 'src/webview/tsconfig.json',
  },
  ...(flags.has('--bench')
    ? [{ ...host, outdir: 'out/bench', entryPoints: ['bench/index.ts', 'bench/memory.ts'] }]
    : []),
  ...(flags.has('--tests')
    ? [
        {
          ...host,
          outdir: 'out/test',
          entryPoints: ['test/host/index.ts'],
          external: ['vscode', 'mocha'],
          plugins: [hostTests()],
        },
      ]
    : []),
]

/** Imports of these packages become imports of the file beside the bundle. */
function fromOwnFile(packages) {
  return {
    name: 'from-own-file',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^(${packages.join('|')})$`) }, ({ path }) => ({
        path: `./${path}.js`,
        external: true,
      }))
    },
  }
}

/**
 * One module that has what the sources use of `vscode`. Without it each file's `import * as vscode` copies the whole of the API,
 * hundreds of names, when the bundle is loaded: a tenth of the time that activation takes.
 */
function vscodeOnce() {
  const used = (file) => [...readFileSync(file, 'utf8').matchAll(/\bvscode\.(\w+)/g)].map(([, name]) => name)
  const contents = () =>
    [
      `const api = require('vscode')`,
      ...[...new Set(globSync('src/extension/**/*.ts').flatMap(used))].map(
        (name) => `export const ${name} = api.${name}`,
      ),
    ].join('\n')
  return {
    name: 'vscode-once',
    setup(build) {
      build.onResolve({ filter: /^vscode$/ }, ({ kind }) =>
        kind === 'require-call' ? { path: 'vscode', external: true } : { path: 'api', namespace: 'vscode' },
      )
      build.onLoad({ filter: /.*/, namespace: 'vscode' }, () => ({ contents: contents() }))
    },
  }
}

/** `import 'glob:suites'` in test/host/index.ts brings in every *.test.ts beside it. */
function hostTests() {
  return {
    name: 'host-tests',
    setup(build) {
      build.onResolve({ filter: /^glob:suites$/ }, () => ({ path: 'suites', namespace: 'glob' }))
      build.onLoad({ filter: /.*/, namespace: 'glob' }, () => ({
        contents: globSync('test/host/**/*.test.ts')
          .map((file) => `import './${file.replaceAll('\\', '/')}'`)
          .join('\n'),
        resolveDir: process.cwd(),
      }))
    },
  }
}

if (production) rmSync('dist', { recursive: true, force: true })
// Node looks for the nearest package.json of what it loads; the extension's own is long.
mkdirSync('dist', { recursive: true })
writeFileSync('dist/package.json', '{"type":"commonjs"}\n')
if (flags.has('--watch')) {
  const contexts = await Promise.all(builds.map((options) => esbuild.context({ ...options, logLevel: 'info' })))
  await Promise.all(contexts.map((context) => context.watch()))
} else {
  await Promise.all(builds.map((options) => esbuild.build(options)))
}
