import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findProjectFolders, readProject } from '../../../src/extension/projects/find'
import { parseMlProject } from '../../../src/extension/projects/mlproject'
import { valuesFor, wrongValue } from '../../../src/extension/projects/parameters'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-find-'))
  writeFileSync(path.join(folder, 'data.csv'), '')
  for (const [at, name] of [
    ['deep/er', 'mlproject'],
    ['upper', 'MLPROJECT'],
    ['node_modules/x', 'MLproject'],
    ['.venv/x', 'MLproject'],
  ] as const) {
    mkdirSync(path.join(folder, at), { recursive: true })
    writeFileSync(path.join(folder, at, name), 'entry_points: {main: {command: x}}')
  }
  mkdirSync(path.join(folder, 'folder', 'MLproject'), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('projects are found', () => {
  test('in subfolders, in any case, nearest first, not in environments', async () => {
    const found = await findProjectFolders([folder, folder, path.join(folder, 'missing')])
    expect(found.map((one) => path.relative(folder, one))).toEqual(['upper', path.join('deep', 'er')])
  })

  test('and read', async () => {
    expect([...(await readProject(path.join(folder, 'upper'))).entryPoints.keys()]).toEqual(['main'])
    await expect(readProject(folder)).rejects.toThrow('There is no MLproject file in')
  })
})

describe('values', () => {
  test.each([
    ['float', '1e-3', undefined],
    ['float', 'fast', 'must be a number'],
    ['uri', 's3://x', undefined],
    ['uri', 'x', 'must be a URI'],
    ['path', 'data.csv', undefined],
    ['path', 's3://bucket/x', undefined],
    ['path', 'nope.csv', 'does not exist'],
    ['string', 'any\u0000thing', 'null character'],
    ['string', 'any thing', undefined],
  ] as const)('%s %s', (type, value, wrong) => {
    const answer = wrongValue({ name: 'a', type }, value, folder)
    if (wrong === undefined) expect(answer).toBeUndefined()
    else expect(answer).toContain(wrong)
  })

  const main = parseMlProject(
    'entry_points:\n  main:\n    parameters: {a: float, b: {default: x}}\n    command: "{a} {b}"\n',
  ).entryPoints.get('main')
  if (!main) throw new Error('main was not parsed')

  test('are joined with defaults; only what differs is passed', () => {
    const values = valuesFor(
      main,
      new Map([
        ['a', '1'],
        ['b', 'x'],
        ['extra', 'y'],
      ]),
      folder,
    )
    expect([...values.given]).toEqual([
      ['a', '1'],
      ['extra', 'y'],
    ])
    expect([...values.all]).toEqual([
      ['a', '1'],
      ['b', 'x'],
      ['extra', 'y'],
    ])
  })

  test('that are missing or wrong are named', () => {
    expect(() => valuesFor(main, new Map(), folder)).toThrow('needs values for: a')
    expect(() => valuesFor(main, new Map([['a', 'x']]), folder)).toThrow('a must be a number, not “x”')
    expect(() =>
      valuesFor(
        main,
        new Map([
          ['a', '1'],
          ['c=d', '1'],
        ]),
        folder,
      ),
    ).toThrow('can’t be the name')
  })
})
