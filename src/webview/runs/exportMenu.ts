import { t } from '../../shared/l10n'
import { type ExportFormat, exportFormatSchema } from '../../shared/runsTable/protocol'
import type { Menu } from '../ui/menu'

const formats: Record<ExportFormat, () => string> = {
  csv: () => t('CSV'),
  json: () => t('JSON'),
  markdown: () => t('Markdown table'),
  pandas: () => t('pandas snippet'),
  searchRuns: () => t('mlflow.search_runs call'),
}

export function exportMenu(
  what: string,
  go: (format: ExportFormat, to: 'clipboard' | 'file' | 'editor') => void,
): Menu {
  const targets = [
    ['clipboard', t('Copy')],
    ['file', t('Save as a file…')],
    ['editor', t('Open in an editor')],
  ] as const
  return exportFormatSchema.options.map((format) => ({
    label: formats[format](),
    detail: what,
    items: () => targets.map(([to, label]) => ({ label, detail: formats[format](), run: () => go(format, to) })),
  }))
}
