/** A saved view as a file that others can open: `<name>.mlflow-view.json`. */
import * as v from 'valibot'
import { t } from '../../../shared/l10n'
import { messageOf } from '../../messageOf'
import { tableViewSchema } from '../../../shared/runsTable/view'

export const viewFileEnding = '.mlflow-view.json'

const schema = v.object({
  mlflowView: v.literal(1),
  name: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  /** Names of the experiments whose runs it was made for. */
  experiments: v.optional(v.array(v.string()), []),
  view: tableViewSchema,
})
export type ViewFile = v.InferOutput<typeof schema>

export function writeViewFile(file: Omit<ViewFile, 'mlflowView'>): string {
  return `${JSON.stringify({ mlflowView: 1, ...file }, undefined, 2)}\n`
}

/** @throws Error in words where it is no such file */
export function readViewFile(text: string, path: string): ViewFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new Error(t('{0} is not JSON: {1}', path, messageOf(error)), { cause: error })
  }
  if (typeof json !== 'object' || json === null || !('mlflowView' in json))
    throw new Error(t('{0} is no view of a runs table: it has no “mlflowView”.', path))
  if (json.mlflowView !== 1)
    throw new Error(t('{0} was written by a newer MLflow Lens: its version is {1}.', path, String(json.mlflowView)))
  const result = v.safeParse(schema, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Error(t('{0} is not a view that can be shown: {1}: {2}', path, v.getDotPath(issue) ?? '', issue.message))
}
