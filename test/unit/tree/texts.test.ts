import { describe, expect, test } from 'vitest'
import type { Run } from '../../../src/shared/model'
import { presentMetric, presentModel, presentRun, presentVersion } from '../../../src/extension/tree/presentation'
import { oneLine } from '../../../src/extension/tree/text'
import { parseFilter } from '../../../src/shared/filter'
import { likeTest } from '../../../src/shared/filter/like'
import { asPattern, equals, quotedKey } from '../../../src/shared/filter/quote'

const now = Date.UTC(2026, 10, 24)
const look = { now, web: false }

describe('names on one line', () => {
  test('lose line breaks, control characters and what reorders text', () => {
    expect(oneLine('a\nb\r\n\tc\u0000d')).toBe('a b c d')
    expect(oneLine('safe\u202egnp.exe\u2066')).toBe('safegnp.exe')
  })

  test('are shortened without cutting an emoji', () => {
    const long = oneLine('😀'.repeat(10_000))
    expect(Array.from(long)).toHaveLength(200)
    expect(long.endsWith('😀…')).toBe(true)
  })

  test('that fit stay as they are, HTML too', () => {
    expect(oneLine('<b>x</b> & “y”')).toBe('<b>x</b> & “y”')
    expect(oneLine('x'.repeat(200))).toHaveLength(200)
  })
})

describe('conditions', () => {
  test('quote whatever a value holds', () => {
    expect(equals('name', 'plain')).toBe("name = 'plain'")
    expect(equals('name', "it's")).toBe('name = "it\'s"')
    expect(equals('name', 'both \' and "')).toBe('name LIKE "both \' and _"')
    expect(asPattern('%a"b%')).toBe("'%a\"b%'")
    expect(equals('name', 'C:\\temp\\')).toBe("name LIKE 'C:\\temp_'")
    expect(asPattern('\'%"\\')).toBe('"\'%__"')
    for (const value of ['plain', "it's", 'both \' and "', 'C:\\temp\\', '\\', '\'"\\', "''", '\\\\', '']) {
      const written = parseFilter(equals('tags.path', value), 'runs')
      if (written?.kind !== 'comparison') throw new Error(value)
      expect(written.comparator === 'LIKE' ? likeTest(String(written.value))(value) : written.value === value).toBe(
        true,
      )
    }
    expect(quotedKey('val loss')).toBe('`val loss`')
    expect(quotedKey('odd`key')).toBe('"odd`key"')
  })
})

function run(over: Partial<Run['info']>, metrics: Run['metrics'] = new Map()): Run {
  const info: Run['info'] = {
    runId: 'abc',
    experimentId: '1',
    runName: 'first',
    userId: 'me',
    status: 'FINISHED',
    startTime: now - 3_600_000,
    endTime: now,
    artifactUri: '',
    lifecycleStage: 'active',
    ...over,
  }
  return { info, metrics, params: new Map(), tags: new Map(), datasets: [], modelOutputs: [] }
}

describe('rows', () => {
  test('a run says its status in words wherever it is not the usual one, and always to a screen reader', () => {
    expect(presentRun(run({}), look)).toMatchObject({ label: 'first', description: '1 h ago' })
    expect(presentRun(run({ status: 'FAILED' }), look).description).toBe('failed · 1 h ago')
    expect(presentRun(run({}), look).spoken).toBe('run first · finished · 1 h ago')
  })

  test('a run shows the metric that rows are sorted by, and that it is missing', () => {
    const metrics = new Map([['loss', { value: NaN, step: 3, timestamp: 0 }]])
    expect(presentRun(run({}, metrics), { ...look, metric: 'loss' }).description).toBe('NaN · 1 h ago')
    expect(presentRun(run({}), { ...look, metric: 'loss' }).description).toBe('– · 1 h ago')
  })

  test('a run that is not whole says so in words, by its icon, and whole to a screen reader', () => {
    const broken = presentRun(run({ problem: 'metrics/loss, line 3 can’t be read.' }), look)
    expect(broken).toMatchObject({ description: 'partly unreadable · 1 h ago', icon: { id: 'warning' } })
    expect(broken.spoken).toBe('run first · warning: metrics/loss, line 3 can’t be read. · finished · 1 h ago')
  })

  test('a run shows its duration where rows are sorted by that', () => {
    const byDuration = { ...look, duration: true }
    expect(presentRun(run({ endTime: now - 3_599_000 }), byDuration).description).toBe('1 s · 1 h ago')
    expect(presentRun(run({ endTime: null, status: 'RUNNING' }), byDuration).description).toBe(
      '1 h · running · 1 h ago',
    )
    expect(presentRun(run({ endTime: null, status: 'KILLED' }), byDuration).description).toBe('– · killed · 1 h ago')
  })

  test('a run without a name goes by its id; one without a start says so', () => {
    expect(presentRun(run({ runName: ' \n ', startTime: null }), look)).toMatchObject({
      label: 'abc',
      description: 'no start time',
    })
  })

  test('menus know what a row is', () => {
    expect(presentRun(run({ status: 'RUNNING' }), { ...look, web: true }).context).toBe('run running web')
  })

  test('a metric shows infinity as it is', () => {
    expect(presentMetric('m', { value: Number.MAX_VALUE, step: 0, timestamp: 0 }).description).toBe('∞')
  })

  test('models and versions show stage and aliases', () => {
    const version = {
      name: 'm',
      version: '3',
      creationTime: now - 86_400_000,
      lastUpdatedTime: null,
      description: '',
      userId: '',
      currentStage: 'Production',
      source: '',
      runId: '',
      status: 'READY',
      statusMessage: '',
      tags: new Map(),
      aliases: [],
    } as const
    expect(presentVersion(version, ['champion'], look).description).toBe('Production · @champion · 1 d ago')
    const model = {
      name: 'm',
      creationTime: null,
      lastUpdatedTime: null,
      description: '',
      tags: new Map(),
      aliases: new Map([['champion', '3']]),
      latestVersions: [version, { ...version, version: '12', currentStage: 'None' as const }],
    }
    expect(presentModel(model, look).description).toBe('v12 · Production v3 · @champion')
  })
})
