import * as v from 'valibot'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import { tuningSchema } from '../across/tuningView'
import type { Menu, MenuItem } from '../ui/menu'
import { nameOf, type RunSlot } from '../ui/runs'
import type { Comparison } from './comparison'
import { firstChoice, metricsOf } from './metrics'

/** Runs that a menu lists. */
const mostListed = 50

/** What can be done with all that is compared: the menu at the top right of the page. */
export function actionsOf(comparison: Comparison): Menu {
  const { host, slots, shown } = comparison
  const { channel } = host
  return [
    {
      label: t('Export report…'),
      icon: 'export',
      off: shown.length === 0 ? t('No run is shown') : undefined,
      run: () => channel.command('exportReport', reportOf(comparison)),
    },
    'line',
    withBaseline(comparison, t('Compare code…'), (runs) => channel.command('compareCode', { runs })),
    withBaseline(comparison, t('Compare artifacts…'), (runs) => channel.command('compareArtifacts', { runs })),
    'line',
    {
      label: t('Copy run IDs'),
      icon: 'copy',
      run: () => channel.command('copy', { text: slots.map(({ ref }) => ref.runId).join('\n') }),
    },
  ]
}

/** What the page shows, as a report takes it: the baseline first. */
function reportOf(comparison: Comparison) {
  const { view, details, shown } = comparison
  const { metric, direction, counts } = v.parse(tuningSchema, view.tabs.tuning ?? {})
  const baseline = baselineOf(comparison)
  const runs = [...(baseline ? [baseline] : []), ...shown.filter((slot) => slot !== baseline)]
  return {
    runs: runs.map(({ ref }) => ref),
    metrics: [...(view.metrics ?? firstChoice(metricsOf(details)))],
    axis: view.axis === 'metric' ? ('step' as const) : view.axis,
    ...(metric.startsWith('metric:') &&
      direction && { aim: { metric: metric.slice('metric:'.length), direction, counts } }),
  }
}

const differencesSchema = v.fallback(v.object({ baseline: v.string() }), { baseline: '' })

/** The one that was made the baseline of the differences; else the first. */
function baselineOf({ shown, view }: Comparison): RunSlot | undefined {
  const { baseline } = v.parse(differencesSchema, view.tabs.differences)
  return shown.find(({ id }) => id === baseline) ?? shown[0]
}

/** Compares the baseline with another run: with the other of two, else with one that is chosen. */
function withBaseline(comparison: Comparison, label: string, compare: (runs: [RunRef, RunRef]) => void): MenuItem {
  const baseline = baselineOf(comparison)
  const others = comparison.shown.filter((slot) => slot !== baseline)
  const [only] = others
  if (!baseline || !only) return { label, off: t('Show two runs first') }
  const against = (other: RunSlot) => (): void => compare([baseline.ref, other.ref])
  if (others.length === 1) return { label, run: against(only) }
  const items = others.slice(0, mostListed).map((other) => ({
    label: t('{0} with {1}', nameOf(baseline), nameOf(other)),
    run: against(other),
  }))
  return { label, items: () => items }
}
