// A real MLflow server on loopback for the scripts.
import { startGroup, until } from './run.mjs'
import { freePort } from './workbench.mjs'

/** Environment for any MLflow the scripts start: no telemetry, no job runners (ten processes, 2 GB), no prompts. */
export const quietMlflow = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  PYTHONUNBUFFERED: '1',
}

/** Starts `mlflow server` on a database in `folder`; resolves when it answers, to its `url` and `stop()`. */
export async function startMlflow({ python, database, folder }) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = startGroup(
    python,
    [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${database}`],
    ],
    { cwd: folder, env: { ...process.env, ...quietMlflow } },
  )
  const answers = () =>
    fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    ) // refused until it listens
  await until(answers, 'mlflow server', {
    timeout: 180_000,
    failed: () => server.hasExited() && `it ended: ${server.output()}`,
  })
  return { url, stop: server.stop }
}
