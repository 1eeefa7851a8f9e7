import type { TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { Axis } from '../../shared/protocol'
import { choice } from '../ui/choice'
import { axisWord } from './words'

/** The choice of x axis for the charts of a page. */
export function renderAxisChoice(
  axis: Axis,
  choose: (axis: Axis) => void,
  axes: readonly Axis[] = ['step', 'time', 'relative'],
): TemplateResult {
  return choice(
    t('X axis'),
    axes.map((one) => [one, one === 'metric' ? t('Metric') : axisWord(one)] as const),
    axis,
    choose,
  )
}
