/** Why a launch failed, in one sentence and the next step, from what it printed. */
import { t } from '../../shared/l10n'

interface Signature {
  readonly pattern: RegExp
  /** @param parts the pattern's groups */
  readonly explain: (...parts: string[]) => string
}

/** Tried in order; the first that matches explains. Each was seen from the real MLflow 2.22 or 3.17. */
const signatures: readonly Signature[] = [
  {
    pattern: /No value given for missing parameters: (.+?) ===/,
    explain: (names) => t('The entry point needs values for {0}. Run it again and give them.', names),
  },
  {
    pattern: /Could not find (.+?) among entry points \[(.*?)\]/,
    explain: (name, known) => t('The project has no entry point “{0}”. It has: {1}. Choose one of these.', name, known),
  },
  {
    pattern: /Got value (.+?) for parameter (.+?), but no such file or directory was found/,
    explain: (value, name) =>
      t(
        '“{0}” of the parameter {1} does not exist. Give a path that does; a relative one starts at the project’s folder.',
        value,
        name,
      ),
  },
  {
    pattern: /Expected URI for parameter (.+?) but got (.*?) ===/,
    explain: (name, value) =>
      t('“{1}” of the parameter {0} is not a URI. Give one with a scheme, such as s3://… or models:/….', name, value),
  },
  {
    pattern: /self\.command\.format\(\*\*params\)[^]*?\nKeyError: (.+)/,
    explain: (name) =>
      t(
        'The command in the MLproject uses {0}, which is not among the parameters of the entry point. Declare it, or write a literal brace twice.',
        `{${unquoted(name)}}`,
      ),
  },
  {
    pattern: /self\.command\.format\(\*\*params\)[^]*?\n(?:ValueError|IndexError): (.+)/,
    explain: (why) =>
      t('The command in the MLproject can’t be filled in: {0}. Write a literal brace twice: {{ or }}.', why),
  },
  {
    pattern: /Project cannot contain multiple environment fields: \{(.+?)\}/,
    explain: (fields) => t('The MLproject has several environments: {0}. Keep only one of them.', fields),
  },
  {
    pattern: /Project specified (?:conda environment|python_env) file (.+?), but no such file was found/,
    explain: (file) =>
      t('The environment file {0} that the MLproject names does not exist. Create it, or remove the field.', file),
  },
  {
    pattern: /yaml\.\w+\.\w+Error: ([^]*?)\n *in "(.+?)", line (\d+)/,
    explain: (why, file, line) => t('{0} is not valid YAML, line {1}: {2}.', file, line, oneLine(why)),
  },
  {
    pattern: /Project name in MLProject must be specified when using docker/,
    explain: () => t('A project with docker_env needs a “name” in its MLproject. Add one.'),
  },
  {
    pattern: /Could not find Docker executable|Cannot connect to the Docker daemon/,
    explain: () => t('The project runs in Docker, which is not installed or not running here. Install or start it.'),
  },
  {
    pattern:
      /Could not find the pyenv binary|No such file or directory: 'None'|virtualenv\.py[^]*No such file or directory: 'pyenv'/,
    explain: () =>
      t(
        'MLflow needs pyenv to build the project’s environment, and did not find it. Install pyenv, or run with the environment manager “local” or “uv” (setting mlflow.projects.envManager).',
      ),
  },
  {
    pattern: /No such file or directory: 'uv'|Could not find the uv binary/,
    explain: () =>
      t(
        'MLflow needs uv to build the project’s environment, and did not find it. Install uv, or run with the environment manager “local”.',
      ),
  },
  {
    pattern: /No such file or directory: 'virtualenv'|No module named '?virtualenv/,
    explain: () =>
      t(
        'MLflow needs virtualenv to build the project’s environment. Run “pip install virtualenv”, or run with the environment manager “local”.',
      ),
  },
  {
    pattern: /Could not find Conda executable/,
    explain: () =>
      t(
        'MLflow needs conda to build the project’s environment, and did not find it. Install conda, or run with the environment manager “local”.',
      ),
  },
  {
    pattern: /python_env project cannot be executed using conda/,
    explain: () =>
      t(
        'The project declares a python_env, which conda can’t build. Run with the environment manager “local”, “virtualenv” or “uv”.',
      ),
  },
  {
    pattern: /FallbackAsyncAdaptedQueuePool/,
    explain: () =>
      t(
        'This MLflow does not work with the installed SQLAlchemy 2.1. Run “pip install "sqlalchemy<2.1"” in its environment, or upgrade mlflow.',
      ),
  },
  {
    pattern: /'FastAPI' object has no attribute 'route'/,
    explain: () =>
      t(
        'This MLflow does not work with the installed FastAPI. Run “pip install "fastapi<0.120" "starlette<0.49"” in its environment, or upgrade mlflow.',
      ),
  },
  {
    pattern: /filesystem tracking backend .* is in maintenance mode/,
    explain: () =>
      t(
        'MLflow 3.13 and later refuse to write to a folder of runs (mlruns). Make a database of it with “MLflow: Migrate Folder Store to SQLite…”, or set MLFLOW_ALLOW_FILE_STORE=true.',
      ),
  },
  {
    pattern: /Can't locate revision identified by '(\w+)'/,
    explain: (revision) =>
      t(
        'The database has the schema {0}, which this MLflow doesn’t know: a newer MLflow made it. Run “pip install -U mlflow”, or use a backup of the database.',
        revision,
      ),
  },
  {
    pattern: /Detected out-of-date database schema \(found version (\w+), but expected (\w+)\)/,
    explain: (found, expected) =>
      t(
        'The database has the schema {0}, and this MLflow needs {1}. Back the file up, then run “mlflow db upgrade” on it.',
        found,
        expected,
      ),
  },
  {
    pattern: /active experiment ID does not match environment run ID/,
    explain: () =>
      t(
        'The script sets another experiment than the one it was launched in. Launch it in that experiment, or let it set one only where MLFLOW_RUN_ID is not set.',
      ),
  },
  {
    pattern: /Changing param values is not allowed\. Param with key='(.+?)' was already logged with value='(.*?)'/,
    explain: (name, value) =>
      t(
        'The script logs the parameter {0} with another value than {1}, which the launch had logged already. Log it only once.',
        name,
        `“${value}”`,
      ),
  },
  {
    pattern: /Invalid Host header/,
    explain: () =>
      t('The server refuses this host name. Start it with “--allowed-hosts” naming the host that you use.'),
  },
  {
    pattern:
      /API request to \S+ failed with exception [^]*?(?:HTTPS?ConnectionPool\(host='(.+?)', port=(\d+)\)|Connection)/,
    explain: (host, port) =>
      t(
        'The tracking server {0} could not be reached. Check that it runs, and its address.',
        [host, port].filter(Boolean).join(':'),
      ),
  },
  {
    pattern: /failed with error code (401|403)|got (401|403)|You are not authenticated/,
    explain: () => t('The tracking server refused the credentials. Use “MLflow: Sign In…” and run again.'),
  },
  {
    pattern: /database is locked/,
    explain: () =>
      t('The database is locked by another program for too long. End that program, or wait, and run again.'),
  },
  {
    pattern: /No module named '?mlflow\.__main__|No module named mlflow/,
    explain: () => t('This Python has no mlflow. Run “pip install mlflow” there, or choose another interpreter.'),
  },
  {
    pattern: /ModuleNotFoundError: No module named '(.+?)'/,
    explain: (name) =>
      t(
        'The Python module “{0}” is not installed in the environment of the run. Install it there, or choose another interpreter or environment manager.',
        name,
      ),
  },
  {
    pattern: /PermissionError: \[Errno \d+\] Permission denied: '(.+?)'/,
    explain: (path) =>
      t(
        '{0} can’t be written. If it is where an experiment from another machine keeps its artifacts, launch in a new experiment.',
        path,
      ),
  },
  {
    pattern: /(?:bash|sh): (?:line \d+: )?(.+?): (?:command )?not found/,
    explain: (command) =>
      t('The command “{0}” of the entry point was not found. Install it, or correct the MLproject.', command),
  },
  {
    pattern: /'(.+?)' is not recognized as an internal or external command/,
    explain: (command) =>
      t('The command “{0}” of the entry point was not found. Install it, or correct the MLproject.', command),
  },
]

/** The last exception or click error that was printed: the script's own failure. */
const lastError = /^(?:[\w.]*(?:Error|Exception|Exit|Interrupt|Warning)|Error): (.+)$/gm

/**
 * @param output the end of what was printed, with both streams in it
 * @param how the exit code or signal
 */
export function explainFailure(output: string, how: string): string {
  const known = knownFailure(output)
  if (known !== undefined) return known
  const last = lastErrorIn(output)
  return last
    ? t('The project failed: {0}. Its output is in the terminal.', shortened(last))
    : t('The project failed ({0}) without naming an error. Its output is in the terminal.', how)
}

/** What is known of a failure of MLflow's, or undefined. */
export function knownFailure(output: string): string | undefined {
  const text = withoutColours(output)
  for (const { pattern, explain } of signatures) {
    const match = pattern.exec(text)
    if (match) return explain(...match.slice(1).map((part) => shortened(oneLine(part))))
  }
  return undefined
}

/** The last error that a program named. */
export const lastErrorIn = (output: string): string | undefined => withoutColours(output).match(lastError)?.at(-1)

function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  return text.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, '')
}

const oneLine = (text: string | undefined): string => (text ?? '').trim().replaceAll(/\s+/g, ' ')
const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text)
const unquoted = (text: string | undefined): string => (text ?? '').replaceAll(/^['"]|['"]$/g, '')
