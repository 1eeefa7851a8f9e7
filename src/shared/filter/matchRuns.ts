import { artifactUriAt, kept, statusCodes, type RunFrame, type StringColumn } from '../runFrame'
import { numberTest, stored, textTest, type TextTest } from './tests'
import type { Comparison, Expression } from './tree'

/**
 * Rows of the frame, of all of it or of those given, for which the expression holds, in their order. Goes by column, and compares
 * each different text once.
 */
export function matchRuns(frame: RunFrame, expression: Expression | undefined, rows?: ArrayLike<number>): Uint32Array {
  const asked = rows ? Uint32Array.from(rows) : Uint32Array.from({ length: frame.length }, (_, row) => row)
  return expression ? asked.filter(rowTest(frame, expression)) : asked
}

type RowTest = (row: number) => boolean

function rowTest(frame: RunFrame, expression: Expression): RowTest {
  switch (expression.kind) {
    case 'comparison':
      return comparisonTest(frame, expression)
    case 'not': {
      const test = rowTest(frame, expression.operand)
      return (row) => !test(row)
    }
    case 'and': {
      const tests = expression.operands.map((operand) => rowTest(frame, operand))
      return (row) => tests.every((test) => test(row))
    }
    case 'or': {
      const tests = expression.operands.map((operand) => rowTest(frame, operand))
      return (row) => tests.some((test) => test(row))
    }
  }
}

function comparisonTest(frame: RunFrame, comparison: Comparison): RowTest {
  const { infos } = frame.data
  const { entity, key } = comparison.name
  switch (entity) {
    case 'metric': {
      const column = frame.metric(key)
      if (!column) return onMissing(comparison)
      const { values, logged } = column
      return ofNumber(comparison, (row) => (logged[row] === 1 ? stored(values[row] ?? NaN) : undefined))
    }
    case 'param':
      return ofColumn(comparison, frame.param(key))
    case 'tag':
      return ofColumn(comparison, frame.tag(key))
    case 'dataset':
      return ofDatasets(frame, comparison)
    case 'attribute':
      break
  }
  const isPresence = comparison.value === null
  const times: Readonly<Record<string, (row: number) => number>> = {
    start_time: (row) => infos.startTimes[row] ?? NaN,
    // Where MLflow keeps an end at 0, there is none, but it compares so.
    end_time: (row) => (!isPresence && (infos.kept[row] ?? 0) & kept.endAtZero ? 0 : (infos.endTimes[row] ?? NaN)),
    duration: (row) => (infos.endTimes[row] ?? NaN) - (infos.startTimes[row] ?? NaN),
  }
  const time = times[key]
  if (time) return ofNumber(comparison, (row) => notNaN(time(row)))
  switch (key) {
    case 'run_name': // as MLflow does
      return ofColumn(comparison, frame.tag('mlflow.runName'), true)
    case 'status':
      return ofColumn(comparison, { codes: infos.statuses, dictionary: statusCodes }, true)
    case 'user_id':
      return ofColumn(comparison, infos.userIds, true)
    case 'experiment_id':
      return ofColumn(comparison, infos.experimentIds, true)
    case 'run_id':
      return ofText(comparison, (row) => infos.runIds[row] ?? '')
    case 'artifact_uri':
      return ofText(comparison, (row) => artifactUriAt(infos, row))
    default:
      return onMissing(comparison)
  }
}

const notNaN = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value)

const onMissing = ({ comparator }: Comparison): RowTest => (comparator === 'IS NULL' ? () => true : () => false)

function ofNumber(comparison: Comparison, read: (row: number) => number | undefined): RowTest {
  if (comparison.comparator === 'IS NULL') return (row) => read(row) === undefined
  if (comparison.comparator === 'IS NOT NULL') return (row) => read(row) !== undefined
  const test = numberTest(comparison)
  return (row) => {
    const value = read(row)
    return value !== undefined && test(value)
  }
}

/** Of an attribute, of which an empty text is none. */
function ofText(comparison: Comparison, read: (row: number) => string): RowTest {
  const test = presenceTest(comparison, true) ?? textTest(comparison)
  return (row) => test(read(row))
}

/** What IS NULL and IS NOT NULL say of a text that is there. */
function presenceTest({ comparator }: Comparison, emptyIsNone: boolean): TextTest | undefined {
  if (comparator === 'IS NULL') return (text) => emptyIsNone && text === ''
  if (comparator === 'IS NOT NULL') return (text) => !emptyIsNone || text !== ''
  return undefined
}

interface Strings {
  readonly codes: StringColumn['codes'] | Uint8Array
  readonly dictionary: readonly string[]
}

function ofColumn(comparison: Comparison, column: Strings | undefined, emptyIsNone = false): RowTest {
  const whereMissing = comparison.comparator === 'IS NULL'
  if (!column) return () => whereMissing
  const { codes, dictionary } = column
  const test = presenceTest(comparison, emptyIsNone) ?? textTest(comparison)
  const verdicts = new Int8Array(dictionary.length).fill(-1)
  return (row) => {
    const code = codes[row] ?? -1
    if (code < 0) return whereMissing
    const verdict = verdicts[code]
    if (verdict !== -1) return verdict === 1
    const holds = test(dictionary[code] ?? '')
    verdicts[code] = holds ? 1 : 0
    return holds
  }
}

/** Holds where it does for one of the run's datasets. */
function ofDatasets(frame: RunFrame, comparison: Comparison): RowTest {
  const { key } = comparison.name
  const valuesOf = (row: number): string[] =>
    (frame.data.datasets.get(row) ?? []).flatMap(({ dataset, tags }) => {
      if (key === 'context') return tags.get('mlflow.data.context') ?? []
      return key === 'name' ? dataset.name : dataset.digest
    })
  if (comparison.comparator === 'IS NULL') return (row) => valuesOf(row).length === 0
  if (comparison.comparator === 'IS NOT NULL') return (row) => valuesOf(row).length > 0
  const test = textTest(comparison)
  return (row) => valuesOf(row).some(test)
}
