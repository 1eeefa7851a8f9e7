/** The "MLflow" output channel, as far as code without vscode needs it. Never gets a token or a password. */
export interface Log {
  trace(message: string): void
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string, error?: unknown): void
}
