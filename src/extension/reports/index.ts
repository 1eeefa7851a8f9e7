/** Comparisons written to files. All but the command's name is loaded when it is first used. */
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import { aimSchema, runRefSchema } from '../../shared/protocol'
import { type CommandDefinition, defineCommand } from '../commands'
import { compareOptions, type PanelDeps, runsToCompare } from '../panels'
import { subjectOf } from '../panels/subject'

const ExportReport = v.object({
  ...compareOptions.entries,
  /** The runs, each of any connection: another way to name them. */
  runs: v.optional(v.array(runRefSchema)),
  title: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Keys of metrics to be drawn. */
  metrics: v.optional(v.array(v.string())),
  /** Where it is given, the best runs are told, and what made them so. */
  aim: v.optional(aimSchema),
  axis: v.optional(v.picklist(['step', 'time', 'relative']), 'step'),
  format: v.optional(v.picklist(['html', 'markdown'])),
  /** Absolute path, or `file:` URI, of the file to write; asked for when left out. */
  target: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Replace files that are there. */
  overwrite: v.optional(v.boolean(), false),
})

export function reportCommands(deps: PanelDeps): CommandDefinition[] {
  return [
    defineCommand('mlflow.exportReport', ExportReport, async (options) => {
      await deps.connections.discovered
      const named = options.runs ?? (await runsToCompare(deps.connections, options, t('Export Comparison Report')))
      const { runs, leftOut } = subjectOf(named)
      const { pageSources } = await import('../panels/open')
      const { answers, colors } = pageSources(deps)
      const { title, metrics, aim, axis, format, target, overwrite } = options
      const { exportReport } = await import('./export')
      const hide = colors.show(runs.map(({ runId }) => runId)) // no two of one colour, as on a page
      const colorOf = (runId: string): number => colors.of(runId)
      const request = { runs, beyond: leftOut, title, metrics, aim, axis, format, target, overwrite, colorOf }
      try {
        return await exportReport(answers, request)
      } finally {
        hide()
      }
    }),
  ]
}
