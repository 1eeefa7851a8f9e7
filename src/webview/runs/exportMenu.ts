import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { type ExportFormat, exportFormatSchema } from '../../shared/runsTable/protocol'
import type { Menu } from '../ui/menu'
import type { TableModel } from './tableModel'

const formats: Record<ExportFormat, () => string> = {
  csv: () => t('CSV'),
  json: () => t('JSON'),
  markdown: () => t('Markdown table'),
  pandas: () => t('pandas snippet'),
  searchRuns: () => t('mlflow.search_runs call'),
}

/** @param runIds of the runs to export; null for all that the table finds */
export function exportItems(runIds: readonly string[] | null, { arrangement, host }: TableModel): Menu {
  const count = runIds ? runIds.length : (arrangement?.matching ?? 0)
  const what = count === 1 ? t('1 run') : t('{0} runs', formatCount(count))
  const targets = [
    ['clipboard', t('Copy')],
    ['file', t('Save as a file…')],
    ['editor', t('Open in an editor')],
  ] as const
  return exportFormatSchema.options.map((format) => ({
    label: formats[format](),
    detail: what,
    items: () =>
      targets.map(([to, label]) => ({
        label,
        detail: formats[format](),
        run: () => host.channel.command('export', { format, to, runIds: runIds && [...runIds] }),
      })),
  }))
}
