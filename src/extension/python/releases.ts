/** What an MLflow release does with folders of runs. Pure. */

/** From here on MLflow refuses a folder unless MLFLOW_ALLOW_FILE_STORE says otherwise. */
const refusesFolders = [3, 13] as const
/** Since here there is `mlflow migrate-filestore`. */
const migratesFolders = [3, 10] as const

type Release = readonly [major: number, minor: number]

/** True where this MLflow opens a folder only when its environment allows it. */
export function refusesFolder(mlflow: string, env: NodeJS.ProcessEnv): boolean {
  return isAtLeast(mlflow, refusesFolders) && !isAllowed(env)
}

export const canMigrateFolder = (mlflow: string): boolean => isAtLeast(mlflow, migratesFolders)

/** The variable that MLflow looks at, and what it takes for yes. */
export const allowFolder = { MLFLOW_ALLOW_FILE_STORE: 'true' } as const

const isAllowed = ({ MLFLOW_ALLOW_FILE_STORE: value = '' }: NodeJS.ProcessEnv): boolean => /^(true|1)$/i.test(value)

/** @param version such as `3.17.2` or `3.10.0rc1` */
function isAtLeast(version: string, [major, minor]: Release): boolean {
  const [theirMajor = 0, theirMinor = 0] = version.split('.').map((part) => parseInt(part))
  return theirMajor > major || (theirMajor === major && theirMinor >= minor)
}
