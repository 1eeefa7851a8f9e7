/** How to get at a run again, as text to be copied: commands and Python. What a run says of itself stays within quotes. */
import { t } from './l10n'

export interface RunSource {
  readonly runId: string
  readonly trackingUri: string
  readonly params: readonly (readonly [key: string, value: string])[]
  readonly tags: readonly (readonly [key: string, value: string])[]
}

export interface Recipe {
  readonly label: string
  readonly code: string
}

/** Values up to so many characters are put in a command. */
const longestValue = 2000

export function recipesOf(run: RunSource): Recipe[] {
  const tag = (key: string): string => run.tags.find(([name]) => name === `mlflow.${key}`)?.[1] ?? ''
  const [name, type, commit] = [tag('source.name'), tag('source.type'), tag('source.git.commit')]
  const recipes: Recipe[] = []
  const uri = name || tag('source.git.repoURL') // the name has the folder in the repository, too
  if (type === 'PROJECT' && uri !== '')
    recipes.push({ label: t('Run the project again'), code: mlflowRun(run, uri, commit, tag) })
  else if (commit !== '')
    recipes.push({ label: t('Check out its code'), code: checkout(tag('source.git.repoURL'), commit, name, type) })
  recipes.push({
    label: t('Read it in Python'),
    code: [
      'import mlflow',
      '',
      `mlflow.set_tracking_uri(${pythonText(run.trackingUri)})`,
      `run = mlflow.get_run(${pythonText(run.runId)})`,
    ].join('\n'),
  })
  return recipes
}

function mlflowRun({ params }: RunSource, uri: string, commit: string, tag: (key: string) => string): string {
  const entryPoint = tag('project.entryPoint')
  const isGit = /^(?:https?|ssh|git):|^git@|\.git(?:#|$)/.test(uri)
  return [
    `mlflow run ${shellText(uri)}`,
    ...(isGit && commit !== '' ? [`--version ${shellText(commit)}`] : []),
    ...(entryPoint !== '' && entryPoint !== 'main' ? [`-e ${shellText(entryPoint)}`] : []),
    ...params
      .filter(([, value]) => value.length <= longestValue)
      .map(([key, value]) => `-P ${shellText(`${key}=${value}`)}`),
  ].join(' \\\n  ')
}

function checkout(repository: string, commit: string, name: string, type: string): string {
  const cloned = /^(?:https?:|ssh:|git@)/.test(repository) ? [`git clone ${shellText(repository)} code && cd code`] : []
  const script = name.split(/[\\/]/).at(-1) ?? ''
  return [
    ...cloned,
    `git checkout ${shellText(commit)}`,
    ...(type === 'LOCAL' && script.endsWith('.py') ? [`# ${t('it ran {0}', oneLine(script))}`] : []),
  ].join('\n')
}

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')

/** A word of a POSIX shell. */
export function shellText(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** A Python string; JSON's escapes are Python's, too. */
export const pythonText = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
