/** The SQLite worker as the extension ships it, built once before the tests; apart from `dist/`, which others may be rebuilding. */
import * as esbuild from 'esbuild'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

export const workerPath = path.join(root, 'out/stores/sqliteWorker.js')

/** Vitest's global set-up. */
export default async function build(): Promise<void> {
  await esbuild.build({
    entryPoints: [path.join(root, 'src/extension/stores/sqlite/worker.ts')],
    outfile: workerPath,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'warning',
  })
}
