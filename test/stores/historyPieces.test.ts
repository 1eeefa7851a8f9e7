/** A metric's history that is read in pieces, from a database that is written to between them. */
import { beforeEach, describe, expect, test } from 'vitest'
import { readHistory, type History, type HistoryMark } from '../../src/extension/stores/sqlite/history'
import { pieceFile, tables } from './pieces'

const metrics = `
  CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN,
    PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
  CREATE TABLE latest_metrics (key, value, timestamp, run_uuid, step, is_nan);
`
const indexes: Readonly<Record<string, string>> = {
  'MLflow 3’s': 'CREATE INDEX i1 ON metrics (run_uuid); CREATE INDEX i3 ON metrics (run_uuid, key, step)',
  'MLflow 2’s': 'CREATE INDEX i1 ON metrics (run_uuid)',
  no: '',
}

const file = pieceFile()
const { write } = file

/** Points of steps from `first` on, of whatever run. */
function log(first: number, count: number, run = 'run', step = '$'): void {
  write(`WITH RECURSIVE s(i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM s WHERE i + 1 < ${first + count})
    INSERT INTO metrics SELECT 'loss', i / 8.0, 1000 + i, '${run}', ${step.replaceAll('$', 'i')}, 0 FROM s`)
}

/** All that is there, as steps and values. */
function truth(): [number, number][] {
  const rows = file.rows(
    "SELECT CAST(step AS REAL) s, value v FROM metrics WHERE run_uuid = 'run' ORDER BY step, timestamp, value",
  )
  return rows.map(({ s, v }) => [Number(s), Number(v)])
}

const pointsOf = ({ points }: History): [number, number][] =>
  Array.from(points.steps, (step, at) => [step, points.values[at] ?? NaN])

/** Reads ten rows a piece; `between` is called after each transaction, with their number. */
const read = (after?: HistoryMark, between = (_: number): void => undefined): History =>
  file.read(
    (transaction) => readHistory(transaction, { runId: 'run', key: 'loss', after }, () => undefined, 10),
    between,
  )

describe.each(Object.keys(indexes))('with %s index', (name) => {
  beforeEach(() => {
    file.create(tables + metrics + (indexes[name] ?? ''))
  })

  test('gives each point once, by step', () => {
    expect(read()).toMatchObject({ mark: undefined, continues: false })
    log(0, 45)
    log(100, 30, 'other')
    log(50, 7, 'run', '3') // many points of one step
    log(60, 30, 'run', '9007199254740993 + $') // more than a double can hold
    expect(pointsOf(read())).toEqual(truth())
  })

  test('of a run that grows meanwhile, and continues it', () => {
    log(0, 45)
    const before = truth()
    const history = read(undefined, (count) => {
      log(1000 + count, 1)
      log(-count, 1) // before what has been read
      log(2000 + 10 * count, 3, 'run', '12') // in the midst of it
      log(5000 * count, 2, 'other')
    })
    expect(pointsOf(history)).toEqual(before)
    const tail = read(history.mark)
    expect(tail.continues).toBe(true)
    expect([...pointsOf(history), ...pointsOf(tail)].sort(([a, x], [b, y]) => a - b || x - y)).toEqual(truth())
    expect(tail.mark?.count).toBe(truth().length)
    expect(pointsOf(read(tail.mark))).toEqual([])
  })

  test('begins anew when rows move under it', () => {
    log(0, 300, 'other')
    log(0, 95)
    const history = read(undefined, (count) => {
      if (count === 4) write("DELETE FROM metrics WHERE run_uuid = 'other'; VACUUM")
    })
    expect(pointsOf(history)).toEqual(truth())
    expect(pointsOf(read(history.mark, (count) => count === 1 && log(200, 40)))).toHaveLength(40)
  })

  test('continues nothing of which rows are gone', () => {
    log(0, 95)
    const { mark } = read()
    write('DELETE FROM metrics WHERE step = 50')
    expect(read(mark)).toMatchObject({ continues: false, mark: { count: 94 } })
  })

  test('lets others write in between', () => {
    log(0, 95)
    let writes = 0
    read(undefined, () => {
      write("INSERT INTO params VALUES ('a', 'b', 'c')") // which fails at once while somebody reads
      writes++
    })
    expect(writes).toBeGreaterThan(9)
  })

  test('gives up on a file that is rewritten without end', () => {
    log(0, 95)
    expect(() => read(undefined, () => write("UPDATE metrics SET rowid = -rowid WHERE run_uuid = 'run'"))).toThrow(
      'busy',
    )
  })
})
