/** What differs between two states of a database, looked at in pieces while it is written to. */
import { beforeEach, expect, test } from 'vitest'
import { lookAtRuns, type Look } from '../../src/extension/stores/sqlite/look'
import { ProblemError } from '../../src/extension/stores/worker/protocol'
import { pieceFile, tables } from './pieces'

const file = pieceFile()
const { write } = file

/** Runs `from` … `to`-1, each with two metrics and a tag; odd ones in experiment 2. */
function log(from: number, to: number): void {
  write(`WITH RECURSIVE s(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM s WHERE i + 1 < ${to})
    INSERT INTO runs SELECT 'r' || i, 1 + i % 2, 'RUNNING', i, NULL, 'active', '' FROM s;
    INSERT INTO metrics SELECT 'a', 1, run_uuid, 0, 0 FROM runs WHERE start_time >= ${from};
    INSERT INTO metrics SELECT 'b', 1, run_uuid, 0, 0 FROM runs WHERE start_time >= ${from};
    INSERT INTO tags SELECT 'team', 'x', run_uuid FROM runs WHERE start_time >= ${from}`)
}

beforeEach(() => {
  file.create(`${tables}
    CREATE TABLE metrics (key, value, run_uuid, step, timestamp);
    CREATE TABLE latest_metrics (key, value, timestamp, run_uuid, step)`)
  log(0, 95)
})

/** Ten rows a piece; `between` is called after each transaction, with their number. */
function look(before?: Look, between = (_: number): void => undefined, checkpoint = (): void => undefined): Look {
  const request = { experimentIds: ['1'], before: before?.state, isReplaced: false }
  const call = { isCancelled: () => false, checkpoint }
  return file.read((transaction) => lookAtRuns(transaction, request, call, { runs: 10, logged: 10 }), between)
}

const own = (count: number): string[] => Array.from({ length: Math.ceil(count / 2) }, (_, at) => `r${2 * at}`)

test('tells what was added and changed, of the experiments asked for', () => {
  const first = look()
  expect(first).toMatchObject({ changed: [], lost: false })
  expect(look(first).changed).toEqual([])
  log(95, 130)
  write(
    "UPDATE runs SET status = 'FINISHED' WHERE run_uuid IN ('r4', 'r5'); INSERT INTO params VALUES ('p', '1', 'r8')",
  )
  const second = look(first)
  expect(new Set(second.changed)).toEqual(new Set([...own(130).slice(48), 'r4', 'r8']))
  expect(second.lost).toBe(false)
})

test('after a removal and VACUUM every run may have changed', () => {
  const first = look()
  write("DELETE FROM metrics WHERE run_uuid < 'r3'; DELETE FROM runs WHERE run_uuid = 'r10'; VACUUM")
  const second = look(first)
  expect(second.lost).toBe(true)
  expect(new Set(second.changed)).toEqual(new Set(own(95).filter((id) => id !== 'r10')))
  expect(look(second)).toMatchObject({ changed: [], lost: false })
})

test('lets others write in between, and misses nothing of what they do', () => {
  const first = look()
  log(95, 130)
  const second = look(first, (count) => {
    write(
      `UPDATE runs SET status = 'FAILED' WHERE run_uuid = 'r${2 * count}'; INSERT INTO tags VALUES ('t', '', 'r${60 + 2 * count}')`,
    )
    if (count === 3) log(200, 210)
  })
  const third = look(second)
  const told = new Set([...second.changed, ...third.changed])
  expect(
    own(130)
      .slice(48)
      .filter((id) => !told.has(id)),
  ).toEqual([])
  expect(['r2', 'r4', 'r20', 'r62', 'r64', 'r80', 'r200', 'r208'].filter((id) => !told.has(id))).toEqual([])
  expect(look(third).changed).toEqual([])
})

test('finds again what a VACUUM in between has moved', () => {
  const first = look()
  const second = look(first, (count) => {
    if (count === 4)
      write("DELETE FROM runs WHERE run_uuid IN ('r0', 'r2'); DELETE FROM metrics WHERE run_uuid = 'r0'; VACUUM")
  })
  const third = look(second)
  expect(second.lost || third.lost).toBe(true)
  expect(new Set([...second.changed, ...third.changed])).toEqual(new Set(own(95).slice(2)))
  expect(look(third)).toMatchObject({ changed: [], lost: false })
})

test('can be cancelled between any two pieces', () => {
  let checks = 0
  look(undefined, undefined, () => checks++)
  expect(checks).toBeGreaterThan(8)
  let left = 5
  expect(() =>
    look(undefined, undefined, () => {
      if (--left === 0) throw new ProblemError('cancelled')
    }),
  ).toThrow('cancelled')
})
