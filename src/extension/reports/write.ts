/** Writes a report to the disk. Knows no vscode. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../shared/l10n'
import { reportHtml } from '../../shared/reports/html'
import { reportMarkdown } from '../../shared/reports/markdown'
import type { Report } from '../../shared/reports/report'

export type ReportFormat = 'html' | 'markdown'

export const endings: Readonly<Record<ReportFormat, string>> = { html: 'html', markdown: 'md' }

/** @param overwrite what is there @returns the files that were written, the report first @throws Error where one is there */
export async function writeReport(
  report: Report,
  format: ReportFormat,
  target: string,
  overwrite: boolean,
): Promise<string[]> {
  if (!overwrite && (await exists(target))) throw new Error(t('{0} is there already.', target))
  await mkdir(path.dirname(target), { recursive: true })
  if (format === 'html') {
    await writeWhole(target, reportHtml(report))
    return [target]
  }
  const folder = chartsFolder(target)
  const { text, charts } = reportMarkdown(report, folder)
  const place = path.join(path.dirname(target), folder)
  if (charts.length > 0) {
    if (!overwrite && (await exists(place))) throw new Error(t('{0} is there already.', place))
    await mkdir(place, { recursive: true })
  }
  const files = charts.map(({ name, svg }) => ({ file: path.join(place, name), svg }))
  for (const { file, svg } of files) await writeWhole(file, svg)
  await writeWhole(target, text)
  return [target, ...files.map(({ file }) => file)]
}

/** Beside the report, of its name, as a link can have it. */
const chartsFolder = (target: string): string =>
  `${path
    .basename(target, path.extname(target))
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^\.+/, '')}-charts`

const exists = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  )

/** All of the file or nothing. */
async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`
  try {
    await writeFile(partial, text)
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
