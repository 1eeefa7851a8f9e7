import { formatCount } from '../../../shared/format'
import { t } from '../../../shared/l10n'
import type { Arranged } from '../../../shared/runsTable/arrange'
import type { Origin } from '../../../shared/runsTable/python'
import { writeExport, type ExportRequest, type Written } from './exporting'
import { messageOf } from '../../messageOf'
import type { BeyondRuns } from './beyondRuns'
import { inSlices } from './inSlices'

interface Options {
  /** Where texts go. */
  readonly ui: {
    copy(text: string): Thenable<void>
    open(text: string, language: string): Thenable<void>
    save(name: string, text: string, path?: string): Promise<void>
  }
  readonly origin: () => Origin
  readonly beyond: BeyondRuns
  readonly closed: AbortSignal
}

/** Writes runs somewhere else: one thing at a time, the newest that is asked for. */
export class Exports {
  readonly #options: Options
  #now: AbortController | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** The runs chosen, or all that the table finds. Stopped, they are nowhere. */
  async run(arranged: Arranged | undefined, { format, to, runIds }: ExportRequest): Promise<void> {
    this.stop()
    const now = (this.#now = new AbortController())
    const signal = AbortSignal.any([now.signal, this.#options.closed])
    try {
      await this.hand(await this.write(arranged, format, runIds, signal), to)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  stop(): void {
    this.#now?.abort()
  }

  async write(
    arranged: Arranged | undefined,
    format: ExportRequest['format'],
    runIds: readonly string[] | null,
    signal: AbortSignal,
  ): Promise<Written> {
    const { beyond, origin } = this.#options
    if (!arranged) throw new Error(t('There is nothing to export yet.'))
    const { columns, input, selection } = arranged
    const rows = runIds?.map((id) => input.frame.rowOf(id)).filter((row) => row >= 0) ?? selection.found
    const { came, failure } = await beyond.readHistories(input.frame, rows, columns, signal)
    if (failure)
      throw new Error(
        t(
          'Nothing was exported: {0} metric histories could not be read, which the columns need. {1}',
          formatCount(failure.failed),
          failure.reason === undefined ? t('Try again in a minute.') : messageOf(failure.reason),
        ),
      )
    const whole = came ? { ...arranged, input: { ...input, beyond: beyond.now } } : arranged
    return inSlices(writeExport(whole, format, runIds, origin()), signal)
  }

  /** @param path of the file; asked for where left out */
  async hand({ text, language, ending }: Written, to: ExportRequest['to'], path?: string): Promise<void> {
    const { ui } = this.#options
    if (to === 'clipboard') await ui.copy(text)
    else if (to === 'editor') await ui.open(text, language)
    else await ui.save(`runs.${ending}`, text, path)
  }
}
