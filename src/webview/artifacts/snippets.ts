/** Python that loads a model; whatever its names are, they stay within their quotes. */
import { pythonText } from '../../shared/reproduce'
import { t } from '../../shared/l10n'
import type { ModelCard } from '../../shared/protocol'

export interface Snippet {
  readonly label: string
  readonly code: string
}

/** @param flavors other than python_function */
export function loadSnippets(runId: string, folder: string, card: ModelCard, flavors: readonly string[]): Snippet[] {
  const uri = pythonText(card.modelId === '' ? `runs:/${runId}/${folder}` : `models:/${card.modelId}`)
  const [flavor] = flavors.filter((name) => /^[a-z_]+$/.test(name))
  const isPyfunc = card.flavors.some(({ name }) => name === 'python_function')
  return [
    ...(isPyfunc
      ? [{ label: t('As a Python function'), code: `import mlflow\n\nmodel = mlflow.pyfunc.load_model(${uri})` }]
      : []),
    ...(flavor === undefined
      ? []
      : [{ label: t('As {0}', flavor), code: `import mlflow\n\nmodel = mlflow.${flavor}.load_model(${uri})` }]),
  ]
}
