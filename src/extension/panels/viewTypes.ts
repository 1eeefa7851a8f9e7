/** The types of the panels, by which VS Code knows whose panel it brings back. */
export const viewTypes = { run: 'mlflow.run', compare: 'mlflow.compare', runs: 'mlflow.runs' } as const
