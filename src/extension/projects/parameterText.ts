/** What the text of a parameter is. */

/** What Python's `float()` takes. */
export function isPythonFloat(text: string): boolean {
  const number = /^[-+]?(\d(_?\d)*(\.(\d(_?\d)*)?)?|\.\d(_?\d)*)(e[-+]?\d(_?\d)*)?$/i
  return number.test(text.trim()) || /^[-+]?(inf(inity)?|nan)$/i.test(text.trim())
}

/** What MLflow takes for a URI: it has a scheme. */
export function looksLikeUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(text)
}

export function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
