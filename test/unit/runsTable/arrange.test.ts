import { describe, expect, it, test } from 'vitest'
import { cellsOf, cut, idsOf, rowOfKey, rowsOf, wholeCell } from '../../../src/shared/runsTable/window'
import { catalogOf } from '../../../src/shared/runsTable/catalog'
import { completions } from '../../../src/shared/runsTable/completion'
import { nothingBeyond } from '../../../src/shared/runsTable/fields'
import { cellState } from '../../../src/shared/runsTable/protocol'
import { compareRuns } from '../../../src/shared/runOrder'
import { asPhrase, parseOrderBy } from '../../../src/shared/filter'
import { RunFrame, RunFrameBuilder } from '../../../src/shared/runFrame'
import type { Column } from '../../../src/shared/runsTable/view'
import { atOnce } from '../../../src/shared/steps'
import { frameOf as frameFrom, oneOf, randomOf, runOf } from '../madeUpRuns'
import { arranged, frameOf, ids, shown, type Made } from './tables'

const metric = (key: string): Column => ({ group: 'metric', key })
const param = (key: string): Column => ({ group: 'param', key })
const attribute = (key: string): Column => ({ group: 'attribute', key })
const by = (column: Column, descending = false) => ({ column, descending })
const child = (parent: string, more: Made = {}): Made => ({
  ...more,
  tags: { ...more.tags, 'mlflow.parentRunId': parent },
})

describe('what is found', () => {
  const frame = frameOf({
    a: { runName: 'Brave Fox', params: { lr: '0.1' }, metrics: { loss: 1 }, status: 'RUNNING', startTime: 900 },
    b: { params: { lr: '0.01', note: 'FOX' }, lifecycleStage: 'deleted', startTime: 100 },
    c: {
      tags: { team: 'foxes', 'mlflow.user': 'eve', 'mlflow.log-model.history': 'fox' },
      datasets: ['train', 'test'],
    },
    d: { tags: { 'mlflow.log-model.history': 'fox', range: '[0.9]/(X|Y)* über' }, status: 'FAILED' },
  })

  test.each<[string, Parameters<typeof arranged>[1], string[]]>([
    ['nothing asked', {}, ['a', 'c', 'd']],
    ['deleted ones', { lifecycle: 'deleted' }, ['b']],
    ['all', { lifecycle: 'all' }, ['a', 'b', 'c', 'd']],
    ['words anywhere, whatever their case', { filter: ' fox ', lifecycle: 'all' }, ['a', 'b', 'c']],
    ['all of several words', { filter: 'fox 0.1' }, ['a']],
    ['a user', { filter: 'EVE' }, ['c']],
    ['what means something in a pattern, as it stands', { filter: '[0.9]/(x|y)*' }, ['d']],
    ['letters of other alphabets', { filter: 'ÜBER' }, ['d']],
    ['an expression', { filter: 'metrics.loss >= 1 and params.lr = "0.1"' }, ['a']],
    ['an expression of ours', { filter: 'params.lr < 0.05 or metrics.loss = 1', lifecycle: 'all' }, ['a', 'b']],
    ['states', { statuses: ['FAILED', 'RUNNING'] }, ['a', 'd']],
    ['since when', { startedWithin: 200 }, ['a']],
    ['between two moments', { startedBetween: { from: 0, to: 900 } }, ['c', 'd']],
    ['from a moment on', { startedBetween: { from: 900, to: null } }, ['a']],
    ['a dataset', { dataset: 'test' }, ['c']],
    ['without those hidden', { hiddenRuns: ['a', 'gone'] }, ['c', 'd']],
    ['a blank filter', { filter: '   ' }, ['a', 'c', 'd']],
  ])('%s', (_, view, expected) => {
    expect(ids(arranged(frame, view)).sort()).toEqual(expected)
  })

  it.each([
    ['what would be an expression', '"lr=0.1"'],
    ['while its end is still to come, beside a word', 'EVE "LR=0'],
    ['with blanks and a quote in it', '"5"" x <"'],
    ['as whatever it was is put into quotes', asPhrase(' 5" x < ')],
  ])('looks for what is in quotes as it is: %s', (_, filter) => {
    const texts = frameOf({
      a: { runName: 'lr=0.1,bs=32', userId: 'eve', tags: { size: '5" x <' } },
      b: { runName: 'lr 0.1', userId: 'eve', tags: { size: '5 x' } },
    })
    expect(ids(arranged(texts, { filter }))).toEqual(['a'])
  })

  it.each([
    ['lr = 0.1', ['params.lr = 0.1']],
    ['metrics.loss < 1 and loss > 0', ['metrics.loss < 1 and metrics.loss > 0']],
    ['other = 1', []],
    ['lr = ', []],
    ['"a" = 1', []],
  ])('says what is likely meant by %s', (filter, meant) => {
    const one = frameOf({ a: { metrics: { loss: 1 }, params: { lr: '0.1' }, tags: { loss: 'none' } } })
    expect(arranged(one, { filter }).filterProblem?.meant).toEqual(meant)
  })

  it('counts what is hidden among what would be found', () => {
    expect(arranged(frame, { hiddenRuns: ['a', 'b', 'gone'] }).selection.hidden).toBe(1)
  })

  it('keeps the rows of the filter before while one can’t be understood, and says where', () => {
    const former = arranged(frame, { filter: 'metrics.loss = 1' })
    const now = arranged(frame, { filter: '  metrics.loss = ' }, { former })
    expect(ids(now)).toEqual(['a'])
    expect(now.filterProblem).toMatchObject({ from: expect.any(Number) as number, to: 17 })
    expect(now.filterProblem?.message).not.toBe('')
    expect(ids(arranged(frame, { filter: '' }, { former: now }))).toHaveLength(3)
    // Half a name is no text to look for: the rows would vanish while it is typed.
    const half = arranged(frame, { filter: 'metrics.los' }, { former })
    expect([half.filterIsText, ids(half)]).toEqual([false, ['a']])
  })

  it('tells text from expressions, and ours from MLflow’s', () => {
    const of = (filter: string) => {
      const { filterIsOurs, filterIsText } = arranged(frame, { filter })
      return [filterIsText, filterIsOurs]
    }
    expect(of('fox')).toEqual([true, false])
    expect(of('metrics.loss = 1')).toEqual([false, false])
    expect(of('metrics.loss = 1 or metrics.loss = 2')).toEqual([false, true])
  })

  it('is nothing where there is nothing', () => {
    const none = arranged(RunFrame.empty, { filter: 'x', groupBy: [param('lr')], orderBy: [by(metric('loss'))] })
    expect([none.ordered.length, none.layout.items.length, none.columns.length > 0]).toEqual([0, 0, true])
  })
})

describe('the order', () => {
  const frame = frameOf({
    a: { metrics: { loss: 2 }, params: { lr: '10', mixed: '10', model: 'b' }, startTime: 1 },
    b: { metrics: { loss: NaN }, params: { lr: '9', mixed: '9', model: 'a' }, startTime: 2 },
    c: { params: { lr: '1e1' }, startTime: 3 },
    d: { metrics: { loss: -Infinity }, params: { lr: ' 0.5 ', mixed: 'x' }, startTime: 4 },
    e: { metrics: { loss: 2 }, startTime: 5, endTime: null },
  })

  test.each<[string, ReturnType<typeof by>[], string]>([
    ['newest first', [], 'e d c b a'],
    ['a metric; NaN, then nothing, last', [by(metric('loss'))], 'd e a b c'],
    ['the same downwards', [by(metric('loss'), true)], 'e a d b c'],
    ['two columns', [by(metric('loss'), true), by(attribute('start_time'))], 'a e d b c'],
    ['a column named twice counts once', [by(metric('loss')), by(metric('loss'), true)], 'd e a b c'],
    ['parameters that are numbers, by number', [by(param('lr'))], 'd b c a e'],
    ['the same downwards', [by(param('lr'), true)], 'c a b d e'],
    ['parameters of which one is none, as text', [by(param('mixed'))], 'a b d e c'],
    ['a duration', [by(attribute('duration'))], 'd c b a e'],
    ['a column that nobody has', [by(metric('__proto__'))], 'e d c b a'],
  ])('%s', (_, orderBy, expected) => {
    expect(ids(arranged(frame, { orderBy })).join(' ')).toBe(expected)
  })

  test.each(Array.from({ length: 10 }, (_, seed) => seed))('is total and the same for the same runs (%i)', (seed) => {
    const random = randomOf(seed)
    const runs = Array.from({ length: 300 }, (_, at) => runOf(random, at.toString(16).padStart(4, '0')))
    const orders = [metric('x'), param('x'), metric('__proto__'), attribute('name'), attribute('status')]
    const orderBy = [by(oneOf(random, orders), random() < 0.5), by(oneOf(random, orders), random() < 0.5)]
    const view = { orderBy, lifecycle: 'all', nested: false } as const
    const expected = ids(arranged(frameFrom(runs), view))
    expect(new Set(expected).size).toBe(300)
    expect(ids(arranged(frameFrom(runs.toSorted(() => random() - 0.5)), view))).toEqual(expected)
  })

  it('of metrics is that of MLflow', () => {
    const random = randomOf(7)
    const runs = Array.from({ length: 300 }, (_, at) => runOf(random, `r${at}`))
    // No store has both infinities and what stands for them.
    const made = frameFrom(runs.filter(({ metrics }) => Math.abs(metrics.get('x')?.value ?? 0) !== Number.MAX_VALUE))
    const order = arranged(made, { orderBy: [by(metric('x'), true)], lifecycle: 'all', nested: false }).ordered
    const compare = compareRuns(made, made, parseOrderBy(['metrics.x DESC'], 'runs'))
    for (let at = 1; at < order.length; at++) expect(compare(order[at - 1] ?? 0, order[at] ?? 0)).toBeLessThan(0)
  })
})

describe('children', () => {
  const frame = frameOf({
    top: { metrics: { loss: 5 } },
    low: child('top', { metrics: { loss: 1 } }),
    high: child('top', { metrics: { loss: 9 } }),
    deep: child('low', { metrics: { loss: 0 } }),
    lone: { metrics: { loss: 3 } },
    stray: child('nobody', { metrics: { loss: 4 } }),
  })
  const orderBy = [by(metric('loss'))]

  it('stand under their parents, whatever the order, and a parent where the first of all below it would', () => {
    expect(shown(arranged(frame, { orderBy }))).toEqual(['+top', 'lone', 'stray'])
    expect(arranged(frame, { orderBy }).closed).toBe(3)
    expect(arranged(frame, { orderBy, expanded: ['top'] }).closed).toBe(1)
    const open = ['top', 'low', 'gone']
    expect(shown(arranged(frame, { orderBy, expanded: open }))).toEqual([
      ...['-top', '  -low', '    deep', '  high', 'lone', 'stray'],
    ])
    expect(shown(arranged(frame, { orderBy: [by(metric('loss'), true)], expanded: open }))).toEqual([
      ...['-top', '  high', '  -low', '    deep', 'stray', 'lone'],
    ])
  })

  it('lend a closed parent the value that gives it its place', () => {
    const [own, lent] = [cellState.value, cellState.below]
    const loss = (view: Parameters<typeof arranged>[1]) => cellsOf(arranged(frame, view), metric('loss'), 0, 3)
    expect(loss({ orderBy })).toMatchObject({ values: Float64Array.of(0, 3, 4), states: Uint8Array.of(lent, own, own) })
    const opened = { values: Float64Array.of(5, 0, 9), states: Uint8Array.of(own, lent, own) }
    expect(loss({ orderBy, expanded: ['top'] })).toMatchObject(opened)
    // Sorted by something else, it has its own.
    const byName = loss({ orderBy: [by(attribute('name'))] })
    expect(byName.kind === 'number' && [...byName.states]).toEqual([own, own, own])
  })

  it('stand beside them where nesting is off', () => {
    expect(shown(arranged(frame, { orderBy, nested: false }))).toEqual(['deep', 'low', 'lone', 'stray', 'top', 'high'])
  })

  it('bring parents along that were not found', () => {
    const found = arranged(frame, { orderBy, filter: 'metrics.loss = 0' })
    expect(shown(found)).toEqual(['-(top)', '  -(low)', '    deep'])
    expect(found.ordered.length).toBe(1)
    expect([idsOf(found, 0, 3), idsOf(found, 1, 2)]).toEqual([['deep'], ['low']])
    expect(rowsOf(found, 0, 3, look)).toMatchObject([
      { context: true, expanded: true, children: 1 },
      {},
      { context: false },
    ])
  })

  it('are not lost with a hidden parent', () => {
    expect(shown(arranged(frame, { orderBy, hiddenRuns: ['low'], expanded: ['top'] }))).toEqual([
      ...['deep', 'lone', 'stray', '-top', '  high'],
    ])
  })

  test.each<[string, Record<string, Made>, string[]]>([
    ['itself', { a: child('a') }, ['a']],
    ['its child', { a: child('b'), b: child('a') }, ['-a', '  b']],
    ['a child of its child, with others below', { c: child('b'), b: child('a'), a: child('c'), d: child('c') }, ['-a', '  -b', '    -c', '      d']], // prettier-ignore
  ])('whose parent is %s are shown all the same', (_, runs, expected) => {
    const expanded = Object.keys(runs)
    for (const descending of [true, false])
      expect(shown(arranged(frameOf(runs), { orderBy: [by(attribute('name'), descending)], expanded }))).toEqual(
        expected,
      )
  })

  it('of a chain as long as there are runs are laid out', () => {
    const builder = new RunFrameBuilder()
    const length = 20_000
    for (let at = 0; at < length; at++) {
      const row = builder.addRun({ runId: `r${at}`, experimentId: '1', runName: '', userId: '', status: 'RUNNING', startTime: at, endTime: null, artifactUri: '', lifecycleStage: 'active' }) // prettier-ignore
      if (at > 0) builder.setTag(row, 'mlflow.parentRunId', `r${at - 1}`)
    }
    const all = Array.from({ length }, (_, at) => `r${at}`)
    const { layout } = arranged(builder.build(), { expanded: all })
    expect([layout.items.length, layout.depths.at(-1)]).toEqual([length, length - 1])
  })

  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'lose no run, however they refer to each other (%i)',
    (seed) => {
      const random = randomOf(seed)
      const all = Array.from({ length: 60 }, (_, at) => `r${at}`)
      const runs: Record<string, Made> = {}
      for (const id of all) runs[id] = random() < 0.7 ? child(oneOf(random, all)) : {}
      const made = frameOf(runs)
      const view = { expanded: all, pinnedRuns: [oneOf(random, all)], hiddenRuns: [oneOf(random, all)] }
      const rows = shown(arranged(made, view)).map((text) => text.trim().replace(/^[-+]/, ''))
      expect(rows.toSorted()).toEqual(all.filter((id) => !view.hiddenRuns.includes(id)).toSorted())
    },
  )
})

describe('pinned runs', () => {
  const frame = frameOf({
    a: { startTime: 1 },
    b: { startTime: 2 },
    c: child('b', { startTime: 3 }),
    d: { startTime: 4 },
  })

  it('stand at the top, found or not, with what is below them', () => {
    const table = arranged(frame, { pinnedRuns: ['b', 'gone', 'a'], expanded: ['b'] })
    expect(shown(table)).toEqual(['-b', '  c', 'a', 'd'])
    expect(table.layout.pinned).toBe(3)
    const found = arranged(frame, { pinnedRuns: ['a'], filter: 'attributes.run_id = "d"' })
    expect([shown(found), found.ordered.length, found.layout.pinned]).toEqual([['a', 'd'], 1, 1])
    expect(shown(arranged(frame, { pinnedRuns: ['c'] }))).toEqual(['c', 'd', 'b', 'a'])
    expect(shown(arranged(frame, { pinnedRuns: ['a'], nested: false }))).toEqual(['a', 'd', 'c', 'b'])
    expect(shown(arranged(frame, { pinnedRuns: ['a'], hiddenRuns: ['a'] }))).toEqual(['d', '+b'])
  })
})

describe('groups', () => {
  const frame = frameOf({
    a: { params: { model: 'x', lr: '1' }, metrics: { loss: 1 }, datasets: ['train'] },
    b: { params: { model: 'y', lr: '10' }, metrics: { loss: NaN } },
    c: { params: { model: 'x', lr: '9' }, metrics: { loss: 3 }, datasets: ['train'] },
    d: { metrics: { loss: Infinity }, tags: { __proto__: 'p' } },
  })
  const group = (value: string | null) => `group:${JSON.stringify([value])}`

  it('have their members below them, in order', () => {
    const view = { groupBy: [param('model')], orderBy: [by(metric('loss'), true)], expanded: [group('x')] }
    const table = arranged(frame, view)
    expect(shown(table)).toEqual(['-x × 2', '  c', '  a', '+y × 1', '+? × 1'])
    expect([rowOfKey(table, group('y')), rowOfKey(table, 'a'), rowOfKey(table, 'b')]).toEqual([3, 2, -1])
    expect(idsOf(table, 0, 1).sort()).toEqual(['a', 'c'])
    expect(rowsOf(table, 0, 1, look)).toMatchObject([{ kind: 'group', label: 'model = x', children: 2, color: null }])
  })

  it('show what their members come to', () => {
    const table = arranged(frame, { groupBy: [param('model')] })
    expect(cellsOf(table, metric('loss'), 0, 3)).toEqual({
      kind: 'number',
      values: Float64Array.of(2, NaN, NaN),
      states: Uint8Array.of(1, 1, 1),
      groups: [
        { finite: 2, nan: 0, infinite: 0, missing: 0, min: 1, max: 3 },
        { finite: 0, nan: 1, infinite: 0, missing: 0, min: 0, max: 0 },
        { finite: 0, nan: 0, infinite: 1, missing: 0, min: 0, max: 0 },
      ],
    })
    const least = arranged(frame, { groupBy: [param('model')], aggregate: 'min' })
    expect(cellsOf(least, metric('loss'), 0, 1)).toMatchObject({ values: Float64Array.of(1) })
    expect(cellsOf(table, param('lr'), 0, 3)).toEqual({
      kind: 'text',
      values: [null, '10', null],
      different: [2, 1, 0],
    })
  })

  it('count what a database holds for an infinity as one', () => {
    const made = frameOf({ a: { metrics: { loss: Number.MAX_VALUE } }, b: { metrics: { loss: 2 } } })
    const columns = [{ column: metric('loss'), draw: 'bar' as const }]
    const table = arranged(made, { groupBy: [attribute('status')], columns })
    expect(cellsOf(table, metric('loss'), 0, 1)).toMatchObject({
      values: Float64Array.of(2),
      groups: [{ finite: 1, infinite: 1 }],
    })
    expect(table.columns[0]?.extent).toEqual([2, 2])
    // Who draws no bar and knows no best needs none.
    expect(arranged(made, { columns: [{ column: metric('loss') }] }).columns[0]?.extent).toBeNull()
    expect(
      arranged(made, { columns: [{ column: metric('loss') }], better: { loss: 'lower' } }).columns[0]?.extent,
    ).toEqual([2, 2])
  })

  it('are in order of what they show', () => {
    const order = (column: Column, descending: boolean) =>
      shown(arranged(frame, { groupBy: [param('lr')], orderBy: [by(column, descending)] })).join(' ')
    expect(order(metric('loss'), true)).toBe('+9 × 1 +1 × 1 +10 × 1 +? × 1')
    expect(order(param('lr'), false)).toBe('+1 × 1 +9 × 1 +10 × 1 +? × 1')
    expect(order(param('lr'), true)).toBe('+10 × 1 +9 × 1 +1 × 1 +? × 1')
  })

  it('can be of datasets, attributes and hostile tags', () => {
    const of = (column: Column) => shown(arranged(frame, { groupBy: [column] }))
    expect(of({ group: 'dataset', key: 'name' })).toEqual(['+train × 2', '+? × 2'])
    expect(of(attribute('status'))).toEqual(['+FINISHED × 4'])
    expect(of({ group: 'tag', key: 'toString' })).toEqual(['+? × 4'])
  })

  it('have keys that a view can hold, whatever their values', () => {
    const long = ['x', 'y'].map((end) => 'v'.repeat(6000) + end)
    const table = arranged(frameOf({ a: { params: { p: long[0] ?? '' } }, b: { params: { p: long[1] ?? '' } } }), { groupBy: [param('p')] }) // prettier-ignore
    expect(new Set(table.groupKeys).size).toBe(2)
    for (const key of table.groupKeys) expect(key.length).toBeLessThan(2000)
  })
})

const look = { colorOf: () => 1, isStarred: () => false }

describe('columns and cells', () => {
  it('that runs have and that differ are shown first, a dozen at most', () => {
    const runs: Record<string, Made> = {}
    for (let run = 0; run < 5; run++)
      runs[`r${run}`] = {
        metrics: Object.fromEntries([...Array(30).keys()].map((key) => [`m${key}`, key < 2 ? run : 1])),
        params: { same: '1', lr: String(run), ...(run === 0 && { rare: '1' }) },
      }
    const names = (view: Parameters<typeof arranged>[1]) =>
      arranged(frameOf(runs), view).columns.map(({ column }) => column.key)
    expect(names({}).slice(0, 6)).toEqual(['name', 'status', 'start_time', 'duration', 'm0', 'm1'])
    expect(names({})).toHaveLength(12)
    expect(names({})).toContain('lr')
    expect(names({ onlyChanged: true })).toEqual(['name', 'm0', 'm1', 'lr', 'rare'])
    const chosen = [{ column: param('same') }, { column: metric('m0'), pinned: true, width: 90 }]
    expect(names({ columns: chosen })).toEqual(['m0', 'same'])
    expect(names({ columns: chosen, onlyChanged: true })).toEqual(['m0'])
  })

  it('tell what is missing from what is NaN, and keep names apart that differ by case', () => {
    const frame = frameOf({
      a: { metrics: { loss: NaN, Loss: 1, ['__proto__']: 4 }, params: { p: 'x'.repeat(6000) } },
      b: { metrics: { loss: NaN }, status: 'KILLED', endTime: null },
    })
    const table = arranged(frame, { orderBy: [by(attribute('name'))], columns: [{ column: metric('loss') }] })
    expect(table.columns).toMatchObject([{ extent: null, longest: 3 }])
    const numbers = (column: Column) => cellsOf(table, column, 0, 2)
    expect(numbers(metric('loss'))).toMatchObject({ values: Float64Array.of(NaN, NaN), states: Uint8Array.of(1, 1) })
    expect(numbers(metric('Loss'))).toMatchObject({ states: Uint8Array.of(1, 0) })
    expect(numbers(metric('__proto__'))).toMatchObject({ states: Uint8Array.of(1, 0) })
    expect(numbers(metric('toString'))).toMatchObject({ states: Uint8Array.of(0, 0) })
    expect(numbers(attribute('duration'))).toMatchObject({
      values: Float64Array.of(10, NaN),
      states: Uint8Array.of(1, 0),
    })
    expect(numbers(attribute('status'))).toMatchObject({ values: ['FINISHED', 'KILLED'] })
    expect(numbers(param('p'))).toMatchObject({ values: ['x'.repeat(300), null] })
    expect(wholeCell(table, 'a', param('p'))).toHaveLength(6000)
    expect(wholeCell(table, 'b', param('p'))).toBeNull()
    expect(wholeCell(table, 'gone', param('p'))).toBeNull()
  })

  it('tell of a run under way since when it goes on', () => {
    const going = frameOf({
      a: { startTime: 5, endTime: null, status: 'RUNNING' },
      b: { startTime: 5, endTime: null, status: 'FAILED' },
      c: { startTime: null, endTime: null, status: 'RUNNING' },
    })
    const table = arranged(going, { orderBy: [by(attribute('name'))] })
    expect(cellsOf(table, attribute('duration'), 0, 3)).toMatchObject({
      values: Float64Array.of(5, NaN, NaN),
      states: Uint8Array.of(4, 0, 0),
    })
  })

  it('are cut between characters', () => {
    expect(cut(`${'x'.repeat(299)}😀`)).toBe('x'.repeat(299))
    expect(cut('')).toBe('')
  })

  it('show the ends of a history once they are known', () => {
    const frame = frameOf({ a: { metrics: { loss: 2 } }, b: { metrics: { loss: 1 } } })
    const column: Column = { group: 'metric', key: 'loss', value: 'best' }
    const history = () => ({ values: Float64Array.of(7, NaN), present: Uint8Array.of(1, 2) })
    const cells = (better: 'lower' | undefined) => {
      const beyond = { ...nothingBeyond, history, better: better ? { loss: better } : {} }
      return cellsOf(arranged(frame, { orderBy: [by(attribute('name'))] }, { beyond }), column, 0, 2)
    }
    expect(cells('lower')).toMatchObject({ values: Float64Array.of(7, NaN), states: Uint8Array.of(1, 2) })
    expect(cells(undefined)).toMatchObject({ states: Uint8Array.of(0, 0) }) // nobody said which way is better
  })

  it('are listed with how many runs have them, 12,000 of them too', () => {
    const builder = new RunFrameBuilder()
    for (let run = 0; run < 20; run++) {
      const row = builder.addRun({ runId: `r${run}`, experimentId: '1', runName: '', userId: '', status: 'RUNNING', startTime: run, endTime: null, artifactUri: '', lifecycleStage: 'active' }) // prettier-ignore
      for (let key = 0; key < 12_000; key++) if (key % 20 >= run) builder.setMetric(row, `layer${key}`, 1, 0, 0)
    }
    const frame = builder.build()
    const rows = Uint32Array.from({ length: 20 }, (_, row) => row)
    const list = (search: string) => atOnce(catalogOf(frame, rows, search, 'metric', nothingBeyond))
    expect([list('').total, list('').columns.length]).toEqual([12_000, 1000])
    expect(list('LAYER119').columns.map(({ column }) => column.key).slice(0, 3)).toEqual(['layer119', 'layer1190', 'layer1191']) // prettier-ignore
    expect(list('layer119').columns[0]).toMatchObject({ runs: 20, changes: false })
    expect(list('layer1180').columns[0]).toMatchObject({ runs: 1, changes: true })
    expect(arranged(frame).columns).toHaveLength(12)
  })
})

it('takes what comes out the same from what was arranged before', () => {
  const frame = frameOf({ a: { metrics: { loss: 1 } }, b: { metrics: { loss: 2 } }, c: child('a') })
  const former = arranged(frame, { orderBy: [by(metric('loss'))] })
  const opened = arranged(frame, { orderBy: [by(metric('loss'))], expanded: ['a'] }, { former })
  expect([opened.ordered === former.ordered, opened.forest === former.forest]).toEqual([true, true])
  expect(shown(opened)).toEqual(['-a', '  c', 'b'])
  const sorted = arranged(frame, { orderBy: [by(metric('loss'), true)] }, { former: opened })
  expect([sorted.selection === former.selection, ids(sorted).join('')]).toEqual([true, 'bac'])
})

it('completes names and values that the runs have', () => {
  const frame = frameOf({
    a: { params: { 'my model': 'tree' }, metrics: { loss: 1 } },
    b: { params: { 'my model': 'forest' } },
    c: { params: { 'my model': 'forest' } },
  })
  const texts = (text: string) => completions(text, text.length, frame).map((each) => each.text)
  expect(texts('my')).toContain('params.`my model`')
  expect(texts('params.`my model` = ')).toEqual(["'forest'", "'tree'"])
  expect(completions('metrics.lo', 10, frame)[0]).toMatchObject({ from: 0, to: 10, text: 'metrics.loss' })
})
