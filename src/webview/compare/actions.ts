import { t } from '../../shared/l10n'
import type { Menu } from '../ui/menu'
import type { Comparison } from './comparison'

/** What can be done with all that is compared: the menu at the top right of the page. */
export function actionsOf({ host, slots }: Comparison): Menu {
  return [
    {
      label: t('Copy run IDs'),
      icon: 'copy',
      run: () => host.channel.command('copy', { text: slots.map(({ ref }) => ref.runId).join('\n') }),
    },
  ]
}
