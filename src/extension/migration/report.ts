/** What a migration did, as a Markdown document. Names in it are anybody's: escaped, they are text and nothing else. */
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { wordOf, type Comparison } from './compare'
import { shownCommand, type MigrationPlan } from './migrate'

export function reportOf(plan: MigrationPlan, { counts, differences }: Comparison): string {
  const { folder, target, interpreter } = plan
  const rows = counts
    .filter(({ before, after }) => before + after > 0)
    .map(({ what, before, after }) => {
      const mark = before === after ? '' : ` ← ${t('differs')}`
      return `| ${wordOf(what)} | ${formatCount(before)} | ${formatCount(after)}${mark} |`
    })
  return [
    `# ${t('Folder store migrated')}`,
    differences.length === 0
      ? t('All that was counted is the same in the folder and in the database.')
      : t('The database differs from the folder in {0} places, named below.', formatCount(differences.length)),
    [
      `- ${t('From')}: ${code(folder)}`,
      `- ${t('To')}: ${code(target)}`,
      `- ${t('By')}: mlflow ${escaped(interpreter.mlflow)} (${code(interpreter.executable)})`,
    ].join('\n'),
    [`| | ${t('Folder')} | ${t('Database')} |`, '| :--- | ---: | ---: |', ...rows].join('\n'),
    ...(differences.length === 0
      ? []
      : [
          `## ${t('Differences')}`,
          differences.map((difference) => `- ${escaped(difference)}`).join('\n'),
          t(
            'A run that was being written meanwhile differs too. Migrate again into another file when nothing is written.',
          ),
        ]),
    `## ${t('What now')}`,
    [
      `- ${t('Keep the folder: artifacts were not copied, and the database points to them there. Nothing in the folder was changed.')}`,
      `- ${t('Let your scripts log to the database:')} ${code(`MLFLOW_TRACKING_URI=sqlite:///${target.replaceAll('\\', '/')}`)}. ${t('Without it, MLflow goes on using a folder mlruns that it finds where it is started.')}`,
    ].join('\n'),
    `## ${t('Command')}`,
    ['```console', shownCommand(plan), '```'].join('\n'),
    '',
  ].join('\n\n')
}

/** As code, which shows backticks too. */
function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)) + 1)
  return `${fence}${fence.length > 1 ? ' ' : ''}${text}${fence.length > 1 ? ' ' : ''}${fence}`
}

const escaped = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|~&-]/g, String.raw`\$&`)
