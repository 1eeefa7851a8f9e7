/** Completion in the table's filter box, from the runs that are there. */
import { completionsAt, type KnownNames, wordsIn } from '../filter'
import { t } from '../l10n'
import { statusCodes, type RunFrame, type StringColumn } from '../runFrame'
import type { TableCompletion } from './protocol'

/** Different values of a name that are offered, and runs that are looked through for them. */
const mostValues = 100
const lookedAt = 20_000

/** Such a text goes on as it is, until something says that its quotes are around a name. */
const startsPhrase = /^\s*"/

export function completions(text: string, offset: number, frame: RunFrame): TableCompletion[] {
  if (startsPhrase.test(text) && wordsIn(text)) return []
  return completionsAt(text, offset, 'runs', knownNames(frame)).map(
    ({ start, end, text: replacement, what, ours }) => ({
      from: start,
      to: end,
      text: replacement,
      label: replacement,
      detail: ours ? t('{0}, of MLflow Lens only', words()[what]) : words()[what],
    }),
  )
}

const words = () => ({ name: t('name'), comparator: t('comparison'), value: t('value'), word: t('word') })

/** What a filter over the runs of a frame may name. */
export function knownNames(frame: RunFrame): KnownNames {
  const { infos } = frame.data
  return {
    keys: { metric: frame.metricKeys, param: frame.paramKeys, tag: frame.tagKeys },
    values: ({ entity, key }) => {
      switch (entity) {
        case 'param':
          return frequent(frame.param(key), frame.length)
        case 'tag':
          return frequent(frame.tag(key), frame.length)
        case 'metric':
          return []
        case 'dataset':
          return datasetValues(frame, key)
        case 'attribute':
          if (key === 'run_name') return frequent(infos.runNames, frame.length)
          if (key === 'user_id') return frequent(infos.userIds, frame.length)
          return key === 'status' ? statusCodes : []
      }
    },
  }
}

/** Values by how many runs have them, those of most first. */
function frequent(column: StringColumn | undefined, length: number): string[] {
  if (!column) return []
  const counts = new Map<number, number>()
  for (let row = 0; row < Math.min(length, lookedAt); row++) {
    const code = column.codes[row] ?? -1
    if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return byCount(counts).map((code) => column.dictionary[code] ?? '')
}

function datasetValues(frame: RunFrame, key: string): string[] {
  const counts = new Map<string, number>()
  for (const inputs of frame.data.datasets.values())
    for (const { dataset, tags } of inputs) {
      const context = key === 'context' ? tags.get('mlflow.data.context') : undefined
      const value = context ?? (key === 'name' ? dataset.name : key === 'digest' ? dataset.digest : undefined)
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
  return byCount(counts)
}

const byCount = <T>(counts: ReadonlyMap<T, number>): T[] =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostValues)
    .map(([value]) => value)
