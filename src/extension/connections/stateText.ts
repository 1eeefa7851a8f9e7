import { t } from '../../shared/l10n'
import type { Connection } from './connection'

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
