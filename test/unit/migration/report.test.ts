import { describe, expect, test } from 'vitest'
import { counted, type Census, type RunCensus } from '../../../src/extension/migration/census'
import { compare } from '../../../src/extension/migration/compare'
import { reportOf } from '../../../src/extension/migration/report'

const plain: RunCensus = {
  name: 'first',
  problem: undefined,
  deleted: false,
  params: 1,
  tags: 1,
  metrics: 1,
  points: 10,
  datasets: 0,
  digest: 'x',
}

function census(runs: Readonly<Record<string, Partial<RunCensus>>>, over: Partial<Census> = {}): Census {
  const all = new Map(Object.entries(runs).map(([id, run]) => [id, { ...plain, ...run }]))
  const counts = Object.fromEntries(counted.map((what) => [what, what === 'runs' ? all.size : 0])) as Census['counts']
  return { counts, experiments: new Map(), runs: all, versions: new Set(), loggedModels: new Set(), ...over }
}

const plan = {
  interpreter: { executable: '/opt/py thon', mlflow: '3.17.2', head: 'x' },
  folder: '/data/a`b/mlruns',
  target: '/data/mlflow.db',
}

describe('comparison', () => {
  test('finds nothing where nothing differs', () =>
    expect(compare(census({ a: {} }), census({ a: {} })).differences).toEqual([]))

  test('names what is missing, with what was wrong with it, and what is too much', () => {
    const before = census({ a: { problem: 'meta.yaml can’t be read.' }, b: {} })
    expect(compare(before, census({ b: {}, c: { name: 'third' } })).differences).toEqual([
      'The run first (a) is not in the database. meta.yaml can’t be read.',
      'The run third (c) is in the database only.',
    ])
  })

  test('names what has changed within a run', () =>
    expect(compare(census({ a: {} }), census({ a: { points: 9, deleted: true } })).differences).toEqual([
      'The run first (a): metric points 9 of 10, deleted now.',
    ]))

  test('names experiments, versions and logged models, and of very many only the first', () => {
    const before = census(
      {},
      { experiments: new Map([['1', 'e']]), versions: new Set(['m 1']), loggedModels: new Set(['m-1']) },
    )
    expect(compare(before, census({})).differences).toHaveLength(3)
    const many = census(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [String(index), {}])))
    const { differences } = compare(many, census({}))
    expect(differences).toHaveLength(22)
    expect(differences.at(-1)).toBe('… and 30 more of this kind.')
  })
})

describe('report', () => {
  test('is a table and a list; names in it stay text', () => {
    const report = reportOf(plan, compare(census({ a: { name: '<img src=x> **b** [l](u)' } }), census({})))
    expect(report).toContain('| Runs | 1 | 0 ← differs |')
    expect(report).not.toMatch(/(?<!\\)<img/)
    expect(report).toContain(String.raw`\[l\]\(u\)`)
    expect(report).toContain('``  /data/a`b/mlruns  ``'.replaceAll('  ', ' '))
    expect(report).toContain("'/opt/py thon' -m mlflow migrate-filestore")
  })

  test('says that all is there where it is, and to keep the folder', () => {
    const report = reportOf(plan, compare(census({ a: {} }), census({ a: {} })))
    expect(report).toMatch(/is the same in the folder and in the database/)
    expect(report).toMatch(/Keep the folder/)
    expect(report).not.toMatch(/Differences/)
  })
})
