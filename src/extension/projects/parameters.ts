/** Values for the parameters of an entry point, checked before anything is started. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { t } from '../../shared/l10n'
import type { EntryPoint, Parameter } from './mlproject'
import { isPythonFloat, looksLikeUri, shortened } from './parameterText'

/** What is wrong with a value, or undefined. @param folder the project's; relative paths start there */
export function wrongValue(
  { name, type }: Pick<Parameter, 'name' | 'type'>,
  value: string,
  folder: string,
): string | undefined {
  if (value.includes('\0')) return t('{0}: a value can’t hold a null character.', name)
  if (type === 'float' && !isPythonFloat(value)) return t('{0} must be a number, not “{1}”.', name, shortened(value))
  if (type === 'uri' && !looksLikeUri(value))
    return t('{0} must be a URI with a scheme, such as s3://… or models:/…, not “{1}”.', name, shortened(value))
  if (type === 'path') {
    const file = localPath(value)
    if (value === '') return t('{0} must be a path.', name)
    if (file !== undefined && !existsSync(path.resolve(folder, file)))
      return t('{0}: “{1}” does not exist. Relative paths start at {2}.', name, shortened(value), folder)
  }
  return undefined
}

/** A path without a scheme, or of `file:`; undefined for what MLflow downloads. */
function localPath(value: string): string | undefined {
  if (/^file:\/\/\//i.test(value)) return fileURLToPath(value)
  const scheme = /^([a-z][a-z\d+.-]+):/i.test(value) // two letters or more: `C:` is a drive
  return scheme ? undefined : value
}

export interface Values {
  /** To be passed with `-P`: what differs from the defaults. */
  readonly given: ReadonlyMap<string, string>
  /** With the defaults. */
  readonly all: ReadonlyMap<string, string>
}

/**
 * Joins given values with defaults. Names that the entry point does not declare are passed on, as MLflow takes them.
 * @throws Error that names the first value that is missing or wrong
 */
export function valuesFor(entryPoint: EntryPoint, given: ReadonlyMap<string, string>, folder: string): Values {
  refuseWrong(entryPoint, given, folder)
  const missing: string[] = []
  const all = new Map<string, string>()
  for (const { name, defaultValue } of entryPoint.parameters.values()) {
    const value = given.get(name) ?? defaultValue
    if (value === undefined) missing.push(name)
    else all.set(name, value)
  }
  if (missing.length > 0)
    throw new Error(t('The entry point “{0}” needs values for: {1}.', entryPoint.name, missing.join(', ')))
  refuseWrong(entryPoint, all, folder)
  for (const [name, value] of given) all.set(name, value)
  const changed = [...given].filter(([name, value]) => entryPoint.parameters.get(name)?.defaultValue !== value)
  return { given: new Map(changed), all }
}

/** @throws Error that names the first value that is wrong */
export function refuseWrong(entryPoint: EntryPoint, values: ReadonlyMap<string, string>, folder: string): void {
  for (const [name, value] of values) {
    if (name === '' || /[=\0]/.test(name))
      throw new Error(t('“{0}” can’t be the name of a parameter.', shortened(name)))
    const wrong = wrongValue(entryPoint.parameters.get(name) ?? { name, type: 'string' }, value, folder)
    if (wrong !== undefined) throw new Error(wrong)
  }
}
