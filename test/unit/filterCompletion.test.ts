import { describe, expect, test } from 'vitest'
import { completionsAt, parseFilter, type KnownNames, type SearchKind } from '../../src/shared/filter'
import { likeTest, lowered } from '../../src/shared/filter/like'

const known: KnownNames = {
  keys: { metric: ['loss', 'val loss', 'accuracy'], param: ['lr', 'layers'], tag: ['team', 'odd`key'] },
  values: ({ entity, key }) => (entity === 'tag' && key === 'team' ? ["it's", 'blue', 'both \' and "'] : []),
}

/** The text with each completion put in, at `|`. */
function completed(text: string, kind: SearchKind = 'runs'): string[] {
  const offset = text.indexOf('|')
  const whole = text.replace('|', '')
  return completionsAt(whole, offset, kind, known).map(
    ({ text: inserted, start, end }) => whole.slice(0, start) + inserted + whole.slice(end),
  )
}

const ours = (text: string, kind: SearchKind = 'runs'): string[] =>
  completionsAt(text, text.length, kind, known).flatMap((one) => (one.ours ? [one.text] : []))

describe('completion', () => {
  test('begins with names: attributes, then what the store has', () => {
    const names = completed('|')
    expect(names).toEqual(expect.arrayContaining(['run_id', 'start_time', 'duration', 'metrics.loss', 'params.lr']))
    expect(names).toEqual(
      expect.arrayContaining(['metrics.`val loss`', 'tags."odd`key"', 'datasets.digest', 'NOT', '(']),
    )
    expect(names.indexOf('status')).toBeLessThan(names.indexOf('metrics.loss'))
  })

  test('puts first what begins with what is typed, whatever the case and the quotes', () => {
    expect(completed('metrics.l|')[0]).toBe('metrics.loss')
    expect(completed('LOSS|')).toEqual(['metrics.loss', 'metrics.`val loss`'])
    expect(completed('metrics.`val|')).toEqual(['metrics.`val loss`'])
    expect(completed('la|')).toContain('params.layers')
  })

  test('replaces the whole of the name that it stands in, and nothing else', () => {
    expect(completed('metrics.lo|xyz > 1 AND params.lr = "1"')).toEqual(['metrics.loss > 1 AND params.lr = "1"'])
    expect(completed('params.lr = "1" AND metr| AND status = "FAILED"')).toContain(
      'params.lr = "1" AND metrics.accuracy AND status = "FAILED"',
    )
  })

  test('goes on with what compares: MLflow’s first', () => {
    expect(completed('metrics.loss |').slice(0, 6)).toEqual(
      ['=', '!=', '<', '<=', '>', '>='].map((s) => `metrics.loss ${s}`),
    )
    expect(completed('params.lr IS |')).toEqual(['params.lr IS NULL', 'params.lr IS NOT NULL'])
    expect(completed('params.lr NOT L|')[0]).toBe('params.lr NOT LIKE')
    expect(ours('metrics.loss ')).toEqual(['IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'])
    expect(ours('name ', 'experiments')).toContain('RLIKE')
  })

  test('and with values, in quotes that they can stand in', () => {
    expect(completed('status = |')).toContain("status = 'FINISHED'")
    expect(completed("status = 'fin|")).toEqual(["status = 'FINISHED'"])
    expect(completed('tags.team = |')).toEqual(['tags.team = "it\'s"', "tags.team = 'blue'"])
    expect(completed('tags.team IN (|')).toContain("tags.team IN ('blue'")
    expect(completed("tags.team IN ('blue' |")).toEqual(["tags.team IN ('blue' ,", "tags.team IN ('blue' )"])
    expect(completed('current_stage = |', 'modelVersions')).toContain("current_stage = 'Production'")
    expect(completed('duration > |')).toContain("duration > '5m'")
  })

  test('of a logged model’s status are ours: MLflow knows its numbers', () => {
    expect(completed('status = |', 'loggedModels')).toEqual(
      ['UNSPECIFIED', 'PENDING', 'READY', 'UPLOAD_FAILED', 'FAILED'].map((word) => `status = '${word}'`),
    )
    expect(ours('status = ', 'loggedModels')).toHaveLength(5)
    expect(ours('status = ')).toEqual([])
  })

  test('then what joins', () => {
    expect(completed('metrics.loss > 1 |')).toEqual(['metrics.loss > 1 AND', 'metrics.loss > 1 OR'])
    expect(ours('metrics.loss > 1 ')).toEqual(['OR'])
  })

  test('says nothing where the text is wrong before that', () => {
    for (const text of ['metrics.loss > > |', 'unknown.x |', ') |', 'metrics.loss LIKE |'])
      expect(completed(text), text).toEqual([])
  })

  test('offers names that can be parsed', () => {
    for (const name of completed('|').filter((text) => !/^(?:NOT|\(|.*\.)$/.test(text)))
      expect(() => parseFilter(`${name} IS NULL`, 'runs'), name).not.toThrow()
  })

  test('gives no more than 200', () => {
    const keys = { metric: Array.from({ length: 500 }, (_, at) => `m${at}`) }
    expect(completionsAt('m', 1, 'runs', { keys })).toHaveLength(200)
  })
})

describe('LIKE', () => {
  test.each<[string, string, boolean]>([
    ['', '', true],
    ['', 'a', false],
    ['%', '', true],
    ['%%', 'anything', true],
    ['a%', 'abc', true],
    ['a%', 'ba', false],
    ['%c', 'abc', true],
    ['%b%', 'abc', true],
    ['a%a', 'a', false],
    ['ab%ab', 'ab', false],
    ['%ab%ab%', 'xabyab', true],
    ['%ab%ab%', 'xab', false],
    ['_', 'a', true],
    ['_', '', false],
    ['_', '🚀', true],
    ['__', '🚀', false],
    ['a_c', 'abc', true],
    ['a_c', 'ac', false],
    ['%_b', 'ab', true],
    ['%_b', 'b', false],
    ['_%_', 'a', false],
    ['_%_', 'ab', true],
    ['%a_%b', 'xaacab', true],
    ['a.c', 'abc', false],
    ['a\\%', 'a%', false],
    ['A%', 'abc', false],
    ['a%c', 'a\nb\nc', true],
  ])('%j of %j is %j', (pattern, text, holds) => {
    expect(likeTest(pattern)(text)).toBe(holds)
  })

  test('takes no time of its own making', () => {
    const text = 'a'.repeat(20_000)
    for (const pattern of [`${'%a'.repeat(50)}b`, `${'%a_'.repeat(50)}b`]) expect(likeTest(pattern)(text)).toBe(false)
  })

  test('without case lowers ASCII alone, as SQLite does', () => {
    expect(lowered('ABCÄÖ İß🚀xyz')).toBe('abcÄÖ İß🚀xyz')
  })
})
