/** The tag in which MLflow notes the commit that a run ran. */
export const commitTag = 'mlflow.source.git.commit'

/** As people write commits. */
export const shortCommit = (commit: string): string => commit.slice(0, 7)
