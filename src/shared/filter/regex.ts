import { t } from '../l10n'
import { compileRegex, RegexTooLarge, UnsupportedRegex } from './regexProgram'
import { FilterError, type Span } from './tree'

/** Longer patterns are refused, and of longer texts only so much is looked at: MLflow's SQL stores hold no longer values. */
const longestPattern = 1000
const longestText = 8192

/**
 * What RLIKE tests a text with: whether the pattern, a JavaScript regular expression (flag `u`) without look-around and back
 * references, is found anywhere in it. Takes time in proportion to text × pattern, whatever the pattern.
 *
 * @throws FilterError
 */
export function regexTest(pattern: string, where: Span): (text: string) => boolean {
  if (pattern.length > longestPattern)
    throw new FilterError(t('A regular expression can have {0} characters at most.', longestPattern), where)
  try {
    new RegExp(pattern, 'u')
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: (?=[^:]*$)/s, '') : String(error)
    throw new FilterError(t('This is no regular expression: {0}.', reason), where)
  }
  const test = compiled(pattern, where)
  return (text) => test(text.length > longestText ? text.slice(0, longestText) : text)
}

function compiled(pattern: string, where: Span): (text: string) => boolean {
  try {
    return compileRegex(pattern)
  } catch (error) {
    if (error instanceof UnsupportedRegex)
      throw new FilterError(
        t('{0} is not supported: look-around and back references can take forever. Write it without.', error.part),
        where,
      )
    if (error instanceof RegexTooLarge)
      throw new FilterError(t('This regular expression repeats too much. Use smaller numbers in braces.'), where)
    throw error
  }
}
