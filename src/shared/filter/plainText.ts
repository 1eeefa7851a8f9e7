import { beginsExpression, looksLikeExpression } from './looksLike'

/** Quotes around a phrase; one that is in it is doubled, and the last may still be missing. */
const phrases = /"(?:""|[^"])*(?:"|$)/g

/** Words, and phrases in double quotes, that a text looks for; undefined where it is meant as a search expression. */
export function wordsIn(text: string): string[] | undefined {
  if (looksLikeExpression(text.replaceAll(phrases, '""')) || beginsExpression(text)) return undefined
  const parts = text.trim().matchAll(/"((?:""|[^"])+)(?:"|$)|\S+/g)
  return Array.from(parts, ([part, phrase]) => phrase?.replaceAll('""', '"') ?? part)
}

/** Looks for all of a text as it is, whatever it might mean. */
export const asPhrase = (text: string): string => `"${text.trim().replaceAll('"', '""')}"`
