/** Stages and aliases, checked as MLflow checks them, so that a mistake is told before anything is sent. */
import { t } from '../../shared/l10n'
import { stages, type Stage } from '../../shared/model'

/** In any case: `production` is Production. @throws Error that lists the stages */
export function stageNamed(text: string): Stage {
  const stage = stages.find((known) => known.toLowerCase() === text.trim().toLowerCase())
  if (!stage) throw new Error(t('“{0}” is not a stage. Stages: {1}.', text, stages.join(', ')))
  return stage
}

/** What is wrong with an alias, or undefined. */
export function wrongAlias(alias: string): string | undefined {
  if (alias === '') return t('Give an alias.')
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) return t('An alias has only letters, digits, “_” and “-” in it.')
  if (alias.length > 255) return t('An alias has at most 255 characters.')
  if (alias.toLowerCase() === 'latest') return t('“latest” is reserved by MLflow.')
  if (/^v\d+$/i.test(alias)) return t('“{0}” is reserved by MLflow: it looks like a version.', alias)
  return undefined
}

/** What is wrong with a version number, or undefined. */
export function wrongVersion(version: string): string | undefined {
  return /^[1-9]\d*$/.test(version) ? undefined : t('“{0}” is not a version: versions are numbers from 1.', version)
}
