import { execFileSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'

const cacheDir = (env: NodeJS.ProcessEnv): string =>
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `console.log((await import('./scripts/lib/toolchain.mjs')).cacheDir)`],
    { env: { PATH: process.env.PATH, HOME: os.tmpdir(), ...env }, encoding: 'utf8' },
  ).trim()

test.runIf(process.platform === 'linux')('the cache is never in a folder that no variable names', () => {
  const own = path.join(os.tmpdir(), '.cache', 'mlflow-lens')
  expect([{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'relative', MLFLOW_LENS_CACHE: '' }].map(cacheDir)).toEqual([
    own,
    own,
    own,
  ])
  expect(cacheDir({ XDG_CACHE_HOME: '/var/cache' })).toBe('/var/cache/mlflow-lens')
  expect(cacheDir({ MLFLOW_LENS_CACHE: '/var/lens' })).toBe('/var/lens')
})
