/** How each thing looks as a row: words and an icon's name. Pure; `node.ts` makes tree items of it. */
import {
  formatBytes,
  formatCount,
  formatDateTime,
  formatDuration,
  formatMetric,
  formatRelativeTime,
} from '../../shared/format'
import { t } from '../../shared/l10n'
import type {
  Experiment,
  FileInfo,
  Metric,
  ModelVersion,
  RegisteredModel,
  Run,
  RunStatus,
  Stage,
} from '../../shared/model'
import type { Edit } from '../editing/edits'
import { allows, type Permission } from '../stores/rights'
import { dotted, oneLine } from './text'

export interface Icon {
  readonly id: string
  /** A theme colour's id. The words say the same as the colour. */
  readonly color?: string
  /** Index of the colour of a run that is open. */
  readonly mark?: number
}

export interface Presentation {
  readonly label: string
  readonly description?: string
  readonly icon?: Icon
  /** Words for the menus' `viewItem =~ …`. */
  readonly context?: string
  /** What a screen reader says; the label and the description when left out. */
  readonly spoken?: string
}

export const statusWord = (status: RunStatus): string => statusLooks[status].word()

const statusLooks: Record<RunStatus, { readonly icon: Icon; readonly word: () => string }> = {
  RUNNING: { icon: { id: 'play-circle', color: 'charts.blue' }, word: () => t('running') },
  SCHEDULED: { icon: { id: 'clock', color: 'charts.yellow' }, word: () => t('scheduled') },
  FINISHED: { icon: { id: 'pass', color: 'testing.iconPassed' }, word: () => t('finished') },
  FAILED: { icon: { id: 'error', color: 'testing.iconFailed' }, word: () => t('failed') },
  KILLED: { icon: { id: 'circle-slash', color: 'testing.iconSkipped' }, word: () => t('killed') },
}

export const stageWord = (stage: Stage): string => (stage === 'None' ? t('no stage') : stage)

const stageIcons: Record<Stage, Icon> = {
  None: { id: 'circle-outline' },
  Staging: { id: 'eye', color: 'charts.yellow' },
  Production: { id: 'rocket', color: 'testing.iconPassed' },
  Archived: { id: 'archive', color: 'disabledForeground' },
}

export interface Look {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** A server: things have a page in MLflow's web UI. */
  readonly web: boolean
  /** The metric that rows are sorted by. */
  readonly metric?: string | undefined
  /** Rows are sorted by how long runs took. */
  readonly duration?: boolean
  /** How many runs are nested in a run. */
  readonly nested?: string | undefined
  /** Of a run that is open: index of its colour. */
  readonly mark?: number | undefined
  /** What the user may do with it, where the server told. */
  readonly permission?: Permission | undefined
}

/** As it will be once an edit that is on its way is made, and that it is. */
export function withPending(looks: Presentation, edit: Edit | undefined): Presentation {
  if (!edit) return looks
  const label = edit.act === 'rename' ? nameOr(edit.name, looks.label) : looks.label
  const word = edit.act === 'delete' ? t('deleting…') : edit.act === 'restore' ? t('restoring…') : t('saving…')
  return { ...looks, label, description: dotted(word, looks.description), spoken: dotted(label, word) }
}

/** Menus leave out what the server would refuse. */
const rightsOf = ({ permission }: Look): string[] => [
  ...(allows(permission, 'EDIT') ? [] : ['readonly']),
  ...(allows(permission, 'MANAGE') ? [] : ['undeletable']),
]

const contextOf = (...words: readonly (string | false)[]): string => words.filter(Boolean).join(' ')
const nameOr = (name: string, otherwise: string): string => oneLine(name) || otherwise

export function presentExperiment(experiment: Experiment, look: Look): Presentation {
  return {
    label: nameOr(experiment.name, experiment.experimentId),
    icon: { id: 'beaker' },
    context: contextOf('experiment', look.web && 'web', ...rightsOf(look)),
    spoken: t('experiment {0}', nameOr(experiment.name, experiment.experimentId)),
  }
}

export function presentRun(run: Run, look: Look): Presentation {
  const { info } = run
  const { icon, word } = statusLooks[info.status]
  const label = nameOr(info.runName, info.runId)
  const metric = look.metric === undefined ? undefined : sortValue(run.metrics.get(look.metric))
  const when = info.startTime === null ? t('no start time') : formatRelativeTime(info.startTime, look.now)
  const nested = look.nested === undefined ? undefined : t('{0} nested', look.nested)
  const duration = look.duration ? durationOf(run, look.now) : undefined
  const broken = info.problem === undefined ? undefined : t('partly unreadable')
  const shownStatus = info.status === 'FINISHED' ? undefined : word() // the usual case needs no word
  return {
    label,
    description: dotted(metric, duration, broken, nested, shownStatus, when),
    icon: {
      ...(broken === undefined ? icon : { id: 'warning', color: 'list.warningForeground' }),
      ...(look.mark === undefined ? {} : { mark: look.mark }),
    },
    context: contextOf('run', info.status.toLowerCase(), look.web && 'web', ...rightsOf(look)),
    spoken: dotted(
      t('run {0}', label),
      info.problem !== undefined && t('warning: {0}', oneLine(info.problem)),
      word(),
      metric !== undefined && `${look.metric ?? ''} ${metric}`,
      duration,
      nested,
      when,
    ),
  }
}

/** How long a run took, or has been going on. */
const durationOf = ({ info }: Run, now: number): string => {
  const end = info.endTime ?? (info.status === 'RUNNING' ? now : null)
  return info.startTime === null || end === null ? '–' : formatDuration(end - info.startTime)
}

const sortValue = (metric: Metric | undefined): string => (metric ? formatMetric(metric.value) : '–')

export function presentParam(key: string, value: string): Presentation {
  return {
    label: nameOr(key, '""'),
    description: value === '' ? '""' : oneLine(value),
    context: 'param',
    spoken: t('parameter {0}: {1}', oneLine(key), oneLine(value)),
  }
}

export function presentMetric(key: string, metric: Metric): Presentation {
  const value = formatMetric(metric.value)
  return {
    label: nameOr(key, '""'),
    description: value,
    context: 'metric',
    spoken: t('metric {0}: {1} at step {2}', oneLine(key), value, metric.step),
  }
}

export function presentTag(key: string, value: string, mayRemove: boolean): Presentation {
  return {
    label: nameOr(key, '""'),
    description: oneLine(value),
    context: contextOf('tag', !mayRemove && 'readonly'),
    spoken: t('tag {0}: {1}', oneLine(key), oneLine(value)),
  }
}

export function presentArtifact(file: FileInfo): Presentation {
  const name = nameOr(file.path.slice(file.path.lastIndexOf('/') + 1), file.path)
  if (file.isDir)
    return {
      label: name,
      ...(file.modelId !== undefined && { description: t('logged model') }),
      icon: { id: file.modelId === undefined ? 'folder' : 'package' },
      context: 'artifactFolder',
      spoken: file.modelId === undefined ? t('artifact folder {0}', name) : t('logged model {0}', name),
    }
  return {
    label: name,
    ...(file.fileSize !== null && { description: formatBytes(file.fileSize) }),
    icon: { id: 'file' },
    context: 'artifactFile',
    spoken: dotted(t('artifact {0}', name), file.fileSize !== null && formatBytes(file.fileSize)),
  }
}

export function presentModel(model: RegisteredModel, look: Look): Presentation {
  const name = nameOr(model.name, '""')
  const newest = Math.max(0, ...model.latestVersions.map(({ version }) => Number(version)))
  const inProduction = model.latestVersions.find(({ currentStage }) => currentStage === 'Production')
  const aliases = aliasText([...model.aliases.keys()])
  return {
    label: name,
    description: dotted(newest > 0 && `v${newest}`, inProduction && `Production v${inProduction.version}`, aliases),
    icon: { id: 'package' },
    context: contextOf('model', look.web && 'web', ...rightsOf(look)),
    spoken: dotted(t('registered model {0}', name), newest > 0 && t('newest version {0}', newest), aliases),
  }
}

export function presentVersion(version: ModelVersion, aliases: readonly string[], look: Look): Presentation {
  const label = t('Version {0}', version.version)
  const pending = version.status === 'READY' ? undefined : version.status.toLowerCase().replaceAll('_', ' ')
  const stage = version.currentStage === 'None' ? undefined : version.currentStage
  const when = version.creationTime === null ? undefined : formatRelativeTime(version.creationTime, look.now)
  return {
    label,
    description: dotted(stage, aliasText(aliases), pending, when),
    icon:
      version.status === 'FAILED_REGISTRATION'
        ? { id: 'error', color: 'testing.iconFailed' }
        : stageIcons[version.currentStage],
    context: contextOf('modelVersion', look.web && 'web', ...rightsOf(look)),
    spoken: dotted(
      t('{0} version {1}', oneLine(version.name), version.version),
      stageWord(version.currentStage),
      aliasText(aliases),
      pending,
      when,
    ),
  }
}

const aliasText = (aliases: readonly string[]): string => aliases.map((alias) => `@${oneLine(alias)}`).join(' ')

/** A row that gives the number of what is below it. */
export const presentGroup = (label: string, icon: string, count: number | undefined): Presentation => ({
  label,
  ...(count !== undefined && { description: formatCount(count) }),
  icon: { id: icon },
  spoken: count === undefined ? label : `${label}, ${formatCount(count)}`,
})

/** @param total of all there are, where that is known */
export const presentLoadMore = (shown: number, total: number | undefined): Presentation => ({
  label: t('Load more'),
  description:
    total === undefined
      ? t('{0} loaded', formatCount(shown))
      : t('{0} of {1} loaded', formatCount(shown), formatCount(total)),
  icon: { id: 'ellipsis' },
  context: 'loadMore',
})

export const presentMessage = (
  text: string,
  { icon = 'info', spoken }: { readonly icon?: string; readonly spoken?: string } = {},
): Presentation => ({
  label: oneLine(text),
  icon: { id: icon },
  ...(spoken !== undefined && { spoken: oneLine(spoken) }),
})

export const presentWaiting = (text: string): Presentation => ({
  label: oneLine(text),
  icon: { id: 'loading~spin' },
  context: 'waiting',
})

export const presentError = (message: string): Presentation => ({
  label: oneLine(message),
  icon: { id: 'error', color: 'list.errorForeground' },
  context: 'error',
  spoken: t('error: {0}', oneLine(message)),
})

/** A moment with how long ago it was, for tooltips. */
export const moment = (time: number, now: number): string =>
  `${formatDateTime(time)} (${formatRelativeTime(time, now)})`
