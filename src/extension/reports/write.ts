/** Writes a report to the disk. Knows no vscode. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../shared/l10n'
import { reportHtml } from '../../shared/reports/html'
import { chartFiles, chartNames, reportMarkdown } from '../../shared/reports/markdown'
import type { Report } from '../../shared/reports/report'

export type ReportFormat = 'html' | 'markdown'

export const endings: Readonly<Record<ReportFormat, string>> = { html: 'html', markdown: 'md' }

/**
 * @param overwrite what is at the target. Charts replace only those of the report that was there: they are in a folder of their own.
 * @returns the files that were written, the report first
 * @throws Error where there is a file already; where it fails or is cancelled, nothing is left
 */
export async function writeReport(
  report: Report,
  format: ReportFormat,
  target: string,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  if (!overwrite && (await exists(target))) throw new Error(t('{0} is there already.', target))
  await mkdir(path.dirname(target), { recursive: true })
  if (format === 'html') {
    await writeWhole(target, reportHtml(report), signal)
    return [target]
  }
  if (report.charts.length === 0) {
    await writeWhole(target, reportMarkdown(report, ''), signal)
    return [target]
  }
  const { place, isNew } = await chartsFolder(target, chartNames(report))
  try {
    const files: string[] = []
    for (const { name, svg } of chartFiles(report)) {
      const file = path.join(place, name)
      await writeWhole(file, [svg], signal)
      files.push(file)
    }
    await writeWhole(target, reportMarkdown(report, linkTo(place)), signal)
    return [target, ...files]
  } catch (error) {
    if (isNew) await rm(place, { recursive: true, force: true })
    throw error
  }
}

/** Beside the report, of its name: that of the report which is replaced, or a new one. */
async function chartsFolder(
  target: string,
  names: readonly string[],
): Promise<{ readonly place: string; readonly isNew: boolean }> {
  const before = (await exists(target)) ? await readFile(target, 'utf8') : ''
  const stem = path
    .basename(target, path.extname(target))
    .normalize()
    .replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '')
  for (let number = 1; ; number++) {
    const place = path.join(path.dirname(target), `${stem || 'report'}-charts${number === 1 ? '' : `-${number}`}`)
    try {
      await mkdir(place)
      return { place, isNew: true }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const isLinked = (name: string): boolean => before.includes(`](${linkTo(place)}/${name})`)
    if (!names.some(isLinked)) continue
    const there = new Set(await readdir(place))
    if (names.every((name) => isLinked(name) || !there.has(name))) return { place, isNew: false }
  }
}

const linkTo = (place: string): string => encodeURIComponent(path.basename(place))

const exists = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  )

/** All of the file or nothing. Others have their turn between its pieces. */
async function writeWhole(file: string, pieces: Iterable<string>, signal: AbortSignal): Promise<void> {
  const partial = `${file}.partial`
  try {
    await writeFile(partial, pieces, { signal })
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
