/** The workers as the extension ships them, built once before the tests; apart from `dist/`, which others may be rebuilding. */
import * as esbuild from 'esbuild'
import { globSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** The folder for `StoreOptions.workers`. */
export const workers = path.join(root, 'out/stores')

/** Vitest's global set-up. */
export default async function build(): Promise<void> {
  await esbuild.build({
    entryPoints: globSync(path.join(root, 'src/extension/stores/*/*Worker.ts')),
    outdir: workers,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'warning',
  })
}
