import { t } from '../../shared/l10n'
import type { Connection } from './connection'

type Kind = Connection['kind']

/** Icons of connections that are well. */
export const kindIcons: Readonly<Record<Kind, string>> = { rest: 'plug', sqlite: 'database', files: 'folder-library' }

/** What a connection is, in words. */
export const kindText = (kind: Kind): string => kindTexts[kind]()

const kindTexts: Readonly<Record<Kind, () => string>> = {
  rest: () => t('Tracking server'),
  sqlite: () => t('SQLite database, read directly'),
  files: () => t('Folder store, read directly'),
}

/** How a connection is, in words. */
export function stateText({ state }: Pick<Connection, 'state'>): string {
  switch (state.status) {
    case 'closed':
      return t('not connected')
    case 'connecting':
      return t('connecting…')
    case 'ready':
      return state.store.version === '' ? t('connected') : t('connected, {0}', state.store.version)
    case 'failed':
      return state.error.message
  }
}
