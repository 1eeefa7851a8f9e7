import * as v from 'valibot'
import { defaultColor, paletteSize } from '../../shared/runColor'
import { Recent } from './recent'

/** Runs whose colour is remembered. */
const mostRuns = 2000

const colorIndex = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(paletteSize - 1))
const storedSchema = v.array(v.tuple([v.string(), colorIndex]))
type Stored = v.InferOutput<typeof storedSchema>

export interface RunColorsOptions {
  /** What `save` was last given, perhaps by another version of the extension. */
  readonly stored?: unknown
  readonly save: (entries: Stored) => void
  /** Runs that were on screen in another colour than they have now. */
  readonly moved: (runIds: ReadonlySet<string>) => void
  /** The runs that are on screen now, with their colours. */
  readonly shown?: (colors: ReadonlyMap<string, number>) => void
}

/**
 * Which colour of the palette each run has. A run keeps its colour wherever it is shown, unless it is shown together with
 * another of the same one: then the run that came later moves to a free colour, and keeps that.
 */
export class RunColors {
  readonly #chosen: Recent<string, number>
  readonly #options: RunColorsOptions
  /** Runs that are on screen together. */
  readonly #groups = new Set<readonly string[]>()

  constructor(options: RunColorsOptions) {
    this.#options = options
    const stored = v.safeParse(storedSchema, options.stored ?? [])
    this.#chosen = new Recent(mostRuns, stored.success ? stored.output : [])
  }

  /** Index of a run's colour. */
  of(runId: string): number {
    return this.#chosen.get(runId) ?? defaultColor(runId)
  }

  /**
   * Shows runs together until what it returns is called: no two of them have one colour as long as there are colours for all,
   * and beyond that each colour is used about equally.
   */
  show(runIds: readonly string[]): () => void {
    const group = [...new Set(runIds)]
    const before = new Map([...this.#groups].flat().map((runId) => [runId, this.of(runId)]))
    const isKnown = (runId: string): boolean => this.#chosen.has(runId)
    const colors = this.#assign([...group.filter(isKnown), ...group.filter((runId) => !isKnown(runId))])
    const news = group.some((runId) => this.#chosen.get(runId) !== colors.get(runId))
    for (const [runId, color] of colors) this.#chosen.set(runId, color)
    if (news) this.#options.save(this.#chosen.entries)
    const moved = [...before].filter(([runId, color]) => this.of(runId) !== color).map(([runId]) => runId)
    if (moved.length > 0) this.#options.moved(new Set(moved))
    this.#groups.add(group)
    this.#tell()
    return () => {
      this.#groups.delete(group)
      this.#tell()
    }
  }

  #tell(): void {
    this.#options.shown?.(new Map([...this.#groups].flat().map((runId) => [runId, this.of(runId)])))
  }

  /** Colours of runs, those named first having the better right to the one they have. */
  #assign(runIds: readonly string[]): Map<string, number> {
    const colors = new Map<string, number>()
    const used = new Array<number>(paletteSize).fill(0)
    const share = Math.ceil(runIds.length / paletteSize)
    const give = (runId: string, color: number): void => {
      colors.set(runId, color)
      used[color] = (used[color] ?? 0) + 1
    }
    for (const runId of runIds) {
      const color = this.of(runId)
      if ((used[color] ?? 0) < share) give(runId, color)
    }
    for (const runId of runIds) {
      if (colors.has(runId)) continue
      const least = Math.min(...used)
      const free = used.flatMap((count, color) => (count === least ? [color] : []))
      const beside = this.#besides(runId)
      give(runId, free.find((color) => !beside.has(color)) ?? free[0] ?? 0)
    }
    return colors
  }

  /** Colours of the runs that are on screen together with this one. */
  #besides(runId: string): Set<number> {
    const groups = [...this.#groups].filter((group) => group.includes(runId))
    return new Set(groups.flat().flatMap((other) => (other === runId ? [] : [this.of(other)])))
  }
}
