import * as v from 'valibot'
import { t } from '../../shared/l10n'
import type { Menu } from '../ui/menu'
import type { Comparison } from './comparison'
import { layoutOf, layoutSchema } from './layout'

/** Saved layouts, and what can be done with the present one. @param attempt shows what goes wrong */
export async function layoutMenu(
  { host: { channel }, view, remember }: Comparison,
  chosen: readonly string[],
  attempt: (doing: Promise<unknown>) => void,
): Promise<Menu> {
  const saved = await channel.request('layouts', null)
  return [
    {
      label: t('Save layout as…'),
      run: () => attempt(channel.request('saveLayout', { layout: layoutOf(view, chosen) })),
    },
    {
      label: t('Back to the first layout'),
      run: () => remember({ ...v.parse(layoutSchema, {}), metrics: undefined, range: null, rangesY: [] }),
    },
    ...(saved.length > 0 ? ['line' as const] : []),
    ...saved.map(({ name, layout }) => ({
      label: name,
      run: () => remember({ ...v.parse(layoutSchema, layout), range: null, rangesY: [] }),
    })),
    ...(saved.length > 0
      ? [
          'line' as const,
          {
            label: t('Delete a layout'),
            items: () =>
              saved.map(({ name }) => ({
                label: name,
                icon: 'trash' as const,
                run: () => attempt(channel.request('deleteLayout', { name })),
              })),
          },
        ]
      : []),
  ]
}
