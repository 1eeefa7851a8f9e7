import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { explainFailure } from '../../../src/extension/projects/explain'

// Each file is what the real `mlflow run` printed at its end, with the paths of its machine replaced.
const folder = 'test/fixtures/launchFailures'

const expected: Record<string, RegExp> = {
  'bad-uri': /“zz” of the parameter where is not a URI/,
  'both-environments': /several environments: 'python_env', 'conda_env'/,
  'command-not-found': /The command “pyton” of the entry point was not found/,
  'conda-for-python-env': /conda can’t build/,
  'conda-missing': /needs conda/,
  'docker-missing': /runs in Docker/,
  'docker-no-name': /needs a “name”/,
  'environment-file-missing': /\/home\/me\/project\/conda\/c\.yaml that the MLproject names does not exist/,
  'file-store': /MLflow 3\.13 and later refuse/,
  killed: /failed \(exit code 1\) without naming an error/,
  'lone-brace': /can’t be filled in: Single '\{' encountered in format string/,
  'missing-parameter': /needs values for 'data'/,
  'newer-database': /has the schema dc11669786a5, which this MLflow doesn’t know/,
  'no-entry-point': /no entry point “nope”. It has: 'main', 'unknown'/,
  'no-module': /“notthere” is not installed/,
  'not-yaml': /project\/conda\/MLproject is not valid YAML, line 1/,
  'other-experiment': /sets another experiment/,
  'out-of-date': /has the schema 75868b020152, and this MLflow needs dc11669786a5/,
  'path-missing': /“zzz” of the parameter data does not exist/,
  'pyenv-missing': /needs pyenv/,
  'script-error': /The project failed: ValueError: learning rate too high/,
  'server-down': /server 127\.0\.0\.1:9 could not be reached/,
  'unknown-placeholder': /uses \{nope\}, which is not among the parameters/,
  'unknown-revision': /has the schema abcdefabcdef/,
  'uv-missing': /needs uv/,
}

test('every recorded failure is expected', () =>
  expect(readdirSync(folder).toSorted()).toEqual(Object.keys(expected).map((name) => `${name}.txt`)))

test.each(Object.entries(expected))('%s', (name, sentence) => {
  const explanation = explainFailure(readFileSync(path.join(folder, `${name}.txt`), 'utf8'), 'exit code 1')
  expect(explanation).toMatch(sentence)
  expect(explanation).toMatch(/\.$/)
  expect(explanation).not.toMatch(/[{]\d[}]|\n/)
})

test('SQLAlchemy 2.1 under an old MLflow', () =>
  expect(
    explainFailure("ImportError: cannot import name 'FallbackAsyncAdaptedQueuePool' from 'sqlalchemy.pool'\n", '1'),
  ).toContain('sqlalchemy<2.1'))

test('colours and endless lines do no harm', () => {
  const explanation = explainFailure(`\u001b[31mValueError: ${'x'.repeat(100_000)}\u001b[0m\n`, '1')
  expect(explanation.length).toBeLessThan(400)
})
