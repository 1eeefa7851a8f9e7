/** What is wrong with an edit, told before anything is sent. Knows no editor. */
import { t } from '../../shared/l10n'
import { wrongAlias } from '../registry/names'
import { labelOf, type Edit, type Target } from './edits'

/** As Python, and thereby MLflow, counts: 🚀 is one. */
const lengthOf = (text: string): number => Array.from(text).length

const longestKey = 250
const longestName = { experiment: 500, run: 250, model: 256 } as const
/** Of a run's tag; MLflow silently drops the rest of longer ones. Too long ones of other things it refuses, by its version. */
const longestRunTag = 8000
/** What MLflow's databases have room for; some of them drop the rest. */
const longestModelDescription = 5000

/** Undefined where nothing is; where MLflow would ignore, truncate or alter it, something is. */
export function wrongEdit(target: Target, edit: Edit): string | undefined {
  const label = labelOf(target)
  switch (edit.act) {
    case 'rename':
      return target.kind === 'version'
        ? t('A model version has no name of its own.')
        : wrongName(target.kind, edit.name)
    case 'setTag':
      return wrongKey(edit.key) ?? (target.kind === 'run' ? tooLong(edit.value, longestRunTag) : undefined)
    case 'removeTag':
      return target.tags.has(edit.key) ? undefined : t('There is no tag {0} on {1}.', edit.key, label)
    case 'describe':
      if (target.kind === 'experiment') return undefined
      return tooLong(edit.description, target.kind === 'run' ? longestRunTag : longestModelDescription)
    case 'delete':
      if (target.kind === 'experiment' && target.experimentId === '0')
        return t('MLflow needs its experiment Default (0); it can’t be deleted.')
      return target.deleted ? t('{0} is deleted already.', label) : undefined
    case 'restore':
      return target.deleted ? undefined : t('{0} is not deleted.', label)
    case 'stage':
      return edit.archive && edit.stage !== 'Staging' && edit.stage !== 'Production'
        ? t('archiveExisting is only for the stages Staging and Production, not for {0}.', edit.stage)
        : undefined
    case 'alias':
      return wrongAlias(edit.alias)
  }
}

function tooLong(text: string, most: number): string | undefined {
  const length = lengthOf(text)
  if (length <= most) return undefined
  return t('This text has {0} characters; MLflow keeps only {1} of them. Shorten it.', length, most)
}

export function wrongName(kind: 'experiment' | 'run' | 'model', name: string): string | undefined {
  if (name.trim() === '') return t('Give a name.')
  if (lengthOf(name) > longestName[kind]) return t('A name has at most {0} characters.', longestName[kind])
  if (kind === 'model' && /[/:]/.test(name)) return t('The name of a model has no “/” and no “:” in it.')
  return undefined
}

export function wrongKey(key: string): string | undefined {
  if (key.trim() === '') return t('Give a key.')
  if (lengthOf(key) > longestKey) return t('A key has at most {0} characters.', longestKey)
  if (!/^[\p{L}\p{N}_\-. :/]*$/u.test(key))
    return t('A key has letters, digits, and _ - . : / and spaces in it, nothing else.')
  const [wrong] = key.split('/').filter((part) => part === '' || part === '.' || part === '..')
  return wrong === undefined ? undefined : t('A key can’t have an empty part, “.” or “..” between slashes.')
}
