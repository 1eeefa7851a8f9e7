/** True where a text is meant as a search expression, not as words to look for. */
export const looksLikeExpression = (text: string): boolean =>
  /[<>=]|\b([IR]?LIKE\s*['"]|IS\s+(NOT\s+)?NULL\b|IN\s*\()/i.test(text)

/** True where a text may become an expression as one goes on typing: it begins with a name that only an expression has. */
export const beginsExpression = (text: string): boolean =>
  /^[\s(]*(not\s+)?(metrics?|param(eter)?s?|tags?|attributes?|attr|datasets?)\./i.test(text)
