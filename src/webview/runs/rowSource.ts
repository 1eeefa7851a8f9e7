import type { RowSource } from '../grid/types'
import type { Column } from '../../shared/runsTable/view'
import type { TableHost } from './tableHost'

/** The rows of a runs table, as its grid asks for them. */
export function rowSourceOf(host: TableHost, columnOf: (id: string) => Column | undefined): RowSource {
  const { channel } = host
  return {
    rows: ({ revision, from, to, columns }, signal) =>
      channel.request('rows', { revision, from, to, columns: columns.flatMap((id) => columnOf(id) ?? []) }, signal),
    find: (revision, key) => channel.request('find', { revision, key }),
    ids: (revision, from, to) => channel.request('ids', { revision, from, to }),
    whole: async (runId, id) => {
      const column = columnOf(id)
      return column ? channel.request('cell', { runId, column }) : null
    },
    about: (runId) => channel.request('about', { runId }),
    sparklines: async (runIds, id, width) => {
      const column = columnOf(id)
      return column ? channel.request('sparklines', { runIds: [...runIds], key: column.key, width }) : []
    },
  }
}
