import { t } from '../../shared/l10n'
import type { Menu } from '../ui/menu'

export function viewsMenu(
  saved: readonly string[],
  does: { load(name: string): void; remove(name: string): void; save(): void; share(): void; reset(): void },
): Menu {
  return [
    ...saved.map((name) => ({ label: name, icon: 'views' as const, run: () => does.load(name) })),
    ...(saved.length > 0 ? ['line' as const] : []),
    { label: t('Save this view…'), run: () => does.save() },
    { label: t('Share this view as a file…'), run: () => does.share() },
    ...(saved.length > 0
      ? [
          {
            label: t('Delete a view'),
            items: () => saved.map((name) => ({ label: name, icon: 'close' as const, run: () => does.remove(name) })),
          },
        ]
      : []),
    { label: t('Reset to the table’s own choice'), run: () => does.reset() },
  ]
}
