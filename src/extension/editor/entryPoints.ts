/** Which entry point of a project a file is run by. Pure. */
import type { FileRuns } from './metricFacts'

const entryPointTag = 'mlflow.project.entryPoint'

/** Of several that run the file, the one that the last run was launched by. */
export function entryPointOf<T extends { readonly name: string }>(
  { frame, rows: [row] }: FileRuns,
  entryPoints: readonly T[],
): T | undefined {
  const last = row === undefined ? undefined : frame.tagAt(row, entryPointTag)
  return entryPoints.find(({ name }) => name === last) ?? entryPoints[0]
}
