import { problemSeverities, readSetting } from '../settings'

const besideCode = [
  'editor.metrics',
  'editor.parameters',
  'editor.lenses',
  'editor.hovers',
  'editor.models',
  'editor.autolog',
] as const

/** Whether anything is shown beside Python that changes with its runs or models. */
export function isCodeShown(): boolean {
  const { similarNames, savedViews } = problemSeverities()
  return (
    besideCode.some((key) => readSetting(key)) || similarNames !== 'off' || savedViews !== 'off' || areVersionsShown()
  )
}

/** Whether versions of registered models are shown, or checked. */
export function areVersionsShown(): boolean {
  const { stages, deprecatedStages } = problemSeverities()
  return readSetting('editor.models') || stages !== 'off' || deprecatedStages !== 'off'
}
