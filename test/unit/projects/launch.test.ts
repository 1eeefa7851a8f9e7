import path from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  describeLaunch,
  launchArguments,
  launchEnvironment,
  type LaunchPlan,
  namedRun,
} from '../../../src/extension/projects/launch'
import { withoutCredentials } from '../../../src/extension/projects/gitFacts'

const plan: LaunchPlan = {
  interpreter: { executable: path.resolve('/opt/env/bin/python') },
  project: path.resolve('/home/me/a #1'),
  entryPoint: 'main',
  parameters: new Map([
    ['label', `a b; rm -rf "$HOME" 'x'`],
    ['eq', 'a=b'],
  ]),
  envManager: 'local',
  trackingUri: 'http://localhost:5000',
  credentials: { kind: 'basic', username: 'me', password: 'secret' },
  experiment: { id: '7' },
  runId: 'a'.repeat(32),
}

describe('arguments', () => {
  test('are a vector, values untouched', () => {
    const args = launchArguments(plan)
    expect(args).toEqual([
      ...['run', '.', '--entry-point', 'main', '--env-manager', 'local', '--experiment-id', '7'],
      ...['--run-id', 'a'.repeat(32), '-P', `label=a b; rm -rf "$HOME" 'x'`, '-P', 'eq=a=b'],
    ])
    expect(args.join(' ')).not.toContain('secret')
  })

  test('on a local store: no run id, the experiment by name', () => {
    const { runId: _, ...local } = plan
    const args = launchArguments({ ...local, experiment: { name: 'e' }, runName: 'r', parameters: new Map() })
    expect(args.slice(6)).toEqual(['--experiment-name', 'e', '--run-name', 'r'])
  })
})

test('the log gets the names of parameters, but neither their values nor the credentials', () => {
  const line = describeLaunch({ ...plan, parameters: new Map([['api_key', 'sk-1234']]) })
  expect(line).toContain('api_key')
  expect(line).not.toMatch(/sk-1234|secret/)
})

describe('environment', () => {
  const inherited = {
    PATH: '/bin',
    MLFLOW_RUN_ID: 'x',
    MLFLOW_EXPERIMENT_NAME: 'x',
    MLFLOW_TRACKING_TOKEN: 'x',
    HOME: '/home/me',
  }

  test('decides where the run goes, and hands over credentials', () => {
    expect(launchEnvironment(plan, inherited)).toEqual({
      HOME: '/home/me',
      PATH: `${path.resolve('/opt/env/bin')}${path.delimiter}${process.platform === 'win32' ? '' : '/bin'}`,
      MLFLOW_TRACKING_URI: 'http://localhost:5000',
      MLFLOW_TRACKING_USERNAME: 'me',
      MLFLOW_TRACKING_PASSWORD: 'secret',
      PYTHONUNBUFFERED: '1',
      PYTHONIOENCODING: 'utf-8',
    })
  })

  test('allows a folder only where it was asked for', () => {
    const allowed = launchEnvironment({ ...plan, allowFolder: true }, inherited)
    expect(allowed.MLFLOW_ALLOW_FILE_STORE).toBe('true')
    expect(launchEnvironment({ ...plan, allowFolder: false }, inherited)).not.toHaveProperty('MLFLOW_ALLOW_FILE_STORE')
  })

  test('passes no credentials that are not of this connection', () => {
    const env = launchEnvironment({ ...plan, credentials: undefined }, inherited)
    expect(Object.keys(env).filter((name) => /USERNAME|PASSWORD|TOKEN/.test(name))).toEqual([])
  })
})

test('the run id is read from the line of MLflow, wherever else an id may be', () => {
  const id = 'b'.repeat(32)
  const line = `INFO mlflow.projects.backend.local: === Running command 'x in run with ID '${'c'.repeat(32)}'' in run with ID '${id}' === \n`
  expect(namedRun(line)).toBe(id)
  expect(namedRun(line.slice(0, -8))).toBeUndefined()
  expect(namedRun(`=== Running command 'a\nb' in run with ID '${id}' === \r\n`)).toBe(id)
})

test('a remote loses its credentials', () => {
  expect(withoutCredentials('https://me:token@example.com/a.git')).toBe('https://example.com/a.git')
  expect(withoutCredentials('git@example.com:a.git')).toBe('git@example.com:a.git')
})
