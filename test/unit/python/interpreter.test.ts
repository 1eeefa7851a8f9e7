import { describe, expect, test } from 'vitest'
import { HelperError } from '../../../src/extension/python/helper'
import { type Candidate, chooseInterpreter, type Environment } from '../../../src/extension/python/interpreter'

const environments: Record<string, string | null> = { '/with': '3.17.2', '/also': '2.22.5', '/without': null }

function probe(path: string): Promise<Environment> {
  const mlflow = environments[path]
  if (mlflow === undefined) {
    const cause = Object.assign(new Error(`spawn ${path} ENOENT`), { code: 'ENOENT' })
    return Promise.reject(new HelperError('no', '', { cause }))
  }
  return Promise.resolve({ executable: path, python: '3.12.1', mlflow, revisions: [], head: null })
}

const at = (path: string, decisive = false): Candidate => ({ path, source: `source of ${path}`, decisive })

describe('the interpreter', () => {
  test('is the first that has mlflow', async () => {
    const { executable, source } = await chooseInterpreter(
      [at('/missing'), at('/without'), at('/with'), at('/also')],
      probe,
    )
    expect([executable, source]).toEqual(['/with', 'source of /with'])
  })

  test('is not silently another than the one that was set', async () => {
    await expect(chooseInterpreter([at('/without', true), at('/with')], probe)).rejects.toThrow(
      '/without of the setting mlflow.pythonPath can’t be used: Python 3.12.1 without mlflow. Install mlflow there',
    )
  })

  test('where there is none, all that were looked at are named, and what to do', async () => {
    await expect(chooseInterpreter([at('/missing'), at('/without')], probe)).rejects.toThrow(
      'Looked at: /missing (source of /missing): not there; /without (source of /without): Python 3.12.1 without mlflow. Choose an interpreter',
    )
    await expect(chooseInterpreter([], probe)).rejects.toThrow('nowhere to look')
  })

  test('an error that is no answer is not swallowed', async () => {
    const broken = (): Promise<Environment> => Promise.reject(new TypeError('a bug'))
    await expect(chooseInterpreter([at('/with')], broken)).rejects.toThrow(TypeError)
  })
})
