/** What a row says when the pointer rests on it. All names and values are escaped; nothing in it is trusted. */
import * as vscode from 'vscode'
import { formatDuration, formatExact } from '../../shared/format'
import { t } from '../../shared/l10n'
import {
  noteTag,
  type Experiment,
  type Metric,
  type ModelVersion,
  type RegisteredModel,
  type Run,
} from '../../shared/model'
import { moment, stageWord, statusWord } from './presentation'
import { oneLine } from './text'
import { isUnderWay, parentOf } from './runQueries'

/** So many metrics and parameters are told. */
const told = 3
const longestNote = 600

type Row = readonly [label: string, value: string | undefined]

export function experimentTooltip(experiment: Experiment, now: number): vscode.MarkdownString {
  return tooltip(experiment.name, experiment.tags.get(noteTag), [
    [t('Id'), experiment.experimentId],
    [t('Created'), whenOf(experiment.creationTime, now)],
    [t('Updated'), whenOf(experiment.lastUpdateTime, now)],
    [t('Artifacts'), experiment.artifactLocation],
  ])
}

export function runTooltip(run: Run, now: number): vscode.MarkdownString {
  const { info } = run
  const end = info.endTime ?? (isUnderWay(run) ? now : undefined)
  const duration = info.startTime === null || end === undefined ? undefined : formatDuration(end - info.startTime)
  return tooltip(info.runName, run.tags.get(noteTag), [
    [t('Not all could be read'), info.problem],
    [t('Status'), statusWord(info.status)],
    [t('Started'), whenOf(info.startTime, now)],
    [info.endTime === null ? t('Running for') : t('Duration'), duration],
    [t('User'), info.userId],
    [t('Id'), info.runId],
    [t('Parent run'), parentOf(run)],
    ...[...run.metrics].slice(0, told).map(([key, metric]): Row => [key, formatExact(metric.value)]),
    ...[...run.params].slice(0, told).map(([key, value]): Row => [key, value]),
  ])
}

export function metricTooltip(key: string, metric: Metric, now: number): vscode.MarkdownString {
  return tooltip(key, undefined, [
    [t('Last value'), formatExact(metric.value)],
    [t('Step'), String(metric.step)],
    [t('Logged'), whenOf(metric.timestamp, now)],
  ])
}

export function modelTooltip(model: RegisteredModel, now: number): vscode.MarkdownString {
  return tooltip(model.name, model.description, [
    [t('Created'), whenOf(model.creationTime, now)],
    [t('Updated'), whenOf(model.lastUpdatedTime, now)],
    ...[...model.aliases].map(([alias, version]): Row => [`@${alias}`, t('version {0}', version)]),
    ...[...model.tags].slice(0, told).map(([key, value]): Row => [key, value]),
  ])
}

export function versionTooltip(version: ModelVersion, aliases: readonly string[], now: number): vscode.MarkdownString {
  return tooltip(t('{0} version {1}', version.name, version.version), version.description, [
    [t('Stage'), stageWord(version.currentStage)],
    [t('Aliases'), aliases.join(', ')],
    [t('Status'), version.statusMessage === '' ? version.status : `${version.status}: ${version.statusMessage}`],
    [t('Created'), whenOf(version.creationTime, now)],
    [t('Source'), version.source],
    [t('Source run'), version.runId],
  ])
}

export const textTooltip = (title: string, text: string): vscode.MarkdownString => tooltip(title, text, [])

function tooltip(title: string, note: string | undefined, rows: readonly Row[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString()
  markdown.appendMarkdown('**').appendText(oneLine(title)).appendMarkdown('**')
  if (note !== undefined && note !== '')
    markdown.appendMarkdown('\n\n').appendText(note.length > longestNote ? `${note.slice(0, longestNote)}…` : note)
  for (const [index, [label, value]] of rows.filter(([, text]) => text !== undefined && text !== '').entries())
    markdown.appendMarkdown(index === 0 ? '\n\n' : '  \n').appendText(`${oneLine(label, 60)}: ${oneLine(value ?? '')}`)
  return markdown
}

const whenOf = (time: number | null, now: number): string | undefined => (time === null ? undefined : moment(time, now))
