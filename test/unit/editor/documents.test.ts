import { expect, test } from 'vitest'
import { bringsMlflow } from '../../../src/extension/editor/documents'

/** What replaces something from a line on, in a document that has these lines afterwards. */
function brings(text: string, line: number, ...lines: string[]): boolean {
  const lineAt = (at: number): { text: string } => {
    const found = lines[at]
    if (found === undefined) throw new Error('Illegal value for `line`')
    return { text: found }
  }
  return bringsMlflow({ lineCount: lines.length, lineAt }, { text, range: { start: { line } } })
}

test('MLflow comes with what is typed on its line, or anywhere in what is pasted', () => {
  expect(brings('w', 1, 'import os', 'import mlflow')).toBe(true)
  expect(brings('import os\nimport mlflow\n', 0, 'import os', 'import mlflow', '')).toBe(true)
  expect(brings('x', 0, 'x', 'import mlflow')).toBe(false)
  expect(brings('', 7, 'import os')).toBe(false)
})
