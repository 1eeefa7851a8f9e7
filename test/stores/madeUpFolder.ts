/** Writes small file stores, as MLflow writes them, for what MLflow itself would not write. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export const start = 1_750_000_000_000

export interface MadeUpRun {
  readonly meta?: Readonly<Record<string, string | number>>
  readonly metrics?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
}

/** A store of one experiment, `1`. */
export class MadeUpFolder implements Disposable {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'mlflow-made-up-'))
  #runs = 0

  constructor() {
    this.experiment('1', 'made up')
  }

  experiment(id: string, name: string, parent = this.root): void {
    const folder = path.join(parent, id)
    const meta = {
      artifact_location: `file://${folder}`,
      creation_time: start,
      experiment_id: `'${id}'`,
      last_update_time: start,
      lifecycle_stage: 'active',
      name,
    }
    this.write(path.join(folder, 'meta.yaml'), yaml(meta))
  }

  /** Returns its id. */
  run({ meta = {}, metrics = {}, params = {}, tags = {} }: MadeUpRun = {}, experiment = '1'): string {
    const id = String(++this.#runs).padStart(32, 'a')
    const folder = path.join(experiment, id)
    const known = {
      artifact_uri: `file:///nowhere/${id}/artifacts`,
      end_time: start + 1000,
      experiment_id: `'${experiment}'`,
      lifecycle_stage: 'active',
      run_id: id,
      run_name: `run ${this.#runs}`,
      start_time: start + this.#runs,
      status: 3,
      user_id: 'ana',
      ...meta,
    }
    for (const name of ['metrics', 'params', 'tags', 'artifacts'])
      mkdirSync(path.join(this.root, folder, name), { recursive: true })
    this.write(path.join(folder, 'meta.yaml'), yaml(known))
    for (const [kind, values] of Object.entries({ metrics, params, tags }))
      for (const [key, value] of Object.entries(values)) this.write(path.join(folder, kind, key), value)
    return id
  }

  /** Path of something in a run of experiment 1. */
  of(run: string, ...names: string[]): string {
    return path.join(this.root, '1', run, ...names)
  }

  write(file: string, content: string | Uint8Array): void {
    const place = path.resolve(this.root, file)
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, content)
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 })
  }
}

export const yaml = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
