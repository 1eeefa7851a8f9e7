/** Pictures of `mlflow.log_image(image, key, step)`, by their names in the folder `images`. */

export interface LoggedImage {
  readonly path: string
  /** As given to MLflow, which writes `~` (before 3: `#`) for `/` in it. */
  readonly key: string
  readonly step: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

/** As MLflow 3 names them, or MLflow 2, which has `%` for `+`. */
const name = /^(.+)([%+])step\2(-?\d+)\2timestamp\2(\d+)\2[^%+]+\.(?:png|jpe?g|webp|gif)$/i

/** The pictures of each key by step; small copies that MLflow makes (`…%compressed.webp`) are left out. */
export function loggedImages(paths: readonly string[]): ReadonlyMap<string, readonly LoggedImage[]> {
  const series = new Map<string, LoggedImage[]>()
  for (const path of paths) {
    const [, written = '', separator, step = '', timestamp = ''] =
      name.exec(path.slice(path.lastIndexOf('/') + 1)) ?? []
    if (step === '') continue
    const key = written.replaceAll(separator === '+' ? '~' : '#', '/')
    const image = { path, key, step: Number(step), timestamp: Number(timestamp) }
    const known = series.get(image.key)
    if (known) known.push(image)
    else series.set(image.key, [image])
  }
  for (const images of series.values()) images.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp)
  return new Map([...series].sort(([a], [b]) => (a < b ? -1 : 1)))
}
