import * as v from 'valibot'
import { css, html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { loggedFolder, type PictureName, pictureId, picturesOf } from '../../shared/artifacts/pictures'
import { t } from '../../shared/l10n'
import type { ArtifactSource } from '../artifacts/source'
import { artifactSource } from '../run/artifactSource'
import { Asked } from '../ui/asked'
import { choice } from '../ui/choice'
import '../ui/states'
import { common } from '../ui/styles'
import { swatch } from '../ui/swatch'
import type { Loaded } from './across'
import { AcrossTab, nameAt } from './acrossTab'
import './runPicture'
import { tabStyles } from './tabStyles'

/** Runs whose artifacts are looked through for names of pictures, and folders of each. */
const mostLookedAt = 6
const mostFolders = 12

const viewSchema = v.object({
  picture: v.fallback(v.string(), ''),
  size: v.fallback(v.picklist(['small', 'medium', 'large']), 'medium'),
})
type View = v.InferOutput<typeof viewSchema>
const widths = { small: 180, medium: 280, large: 440 }

/** The same picture of several runs, side by side. */
@customElement('lens-pictures-tab')
export class PicturesTab extends AcrossTab {
  @state() private steps: ReadonlySet<number> = new Set()
  /** Undefined: the last. */
  @state() private step: number | undefined
  readonly #names = new Asked<PictureName[]>(this)
  readonly #sources = new Map<string, ArtifactSource>()

  static override styles = [
    common,
    tabStyles,
    css`
      .tools {
        position: sticky;
        top: 0;
        z-index: 2;
        padding-top: 4px;
        background: var(--vscode-editor-background);
      }
      input[type='range'] {
        width: 220px;
        accent-color: var(--vscode-progressBar-background, var(--vscode-focusBorder));
      }
      .grid {
        display: grid;
        gap: 16px;
      }
      h3 {
        display: flex;
        align-items: center;
        gap: 6px;
        padding-bottom: 4px;
      }
      figure {
        margin: 0;
        min-width: 0;
      }
    `,
  ]

  get #view(): View {
    return v.parse(viewSchema, this.comparison.view.tabs.pictures ?? {})
  }

  #remember(change: Partial<View>): void {
    const { view, remember } = this.comparison
    remember({ tabs: { ...view.tabs, pictures: { ...this.#view, ...change } } })
  }

  #source(row: number): ArtifactSource {
    const { host, across } = this.comparison
    const run = across.runs[row]
    const id = run?.id ?? ''
    let source = this.#sources.get(id)
    if (!source) {
      source = artifactSource(host.channel, run?.ref ?? { connection: '', runId: '' })
      this.#sources.set(id, source)
    }
    return source
  }

  protected renderRuns(loaded: Loaded, rows: readonly number[]): TemplateResult {
    const looked = rows.slice(0, mostLookedAt)
    this.#names.ask(`${looked.join(' ')}\n${this.comparison.runs.epoch}`, (signal) => this.#look(looked, signal), true)
    const names = this.#names.answer
    if (names === 'waiting') return html`<lens-loading .what=${t('Looking for pictures')}></lens-loading>`
    if ('error' in names)
      return html`<lens-error .message=${names.error} @retry=${() => this.#names.retry()}></lens-error>`
    const view = this.#view
    const name = names.value.find((candidate) => pictureId(candidate) === view.picture) ?? names.value[0]
    if (!name)
      return html`<lens-empty
        >${t('The first {0} runs have no pictures: neither of mlflow.log_image, nor in their artifacts’ folders.', looked.length)}</lens-empty
      >`
    const steps = [...this.steps].sort((a, b) => a - b)
    const step = 'key' in name ? (this.step ?? steps.at(-1) ?? Infinity) : Infinity
    return html`${this.#renderTools(names.value, name, view, steps, step)}
      <div
        class="grid"
        .style=${`grid-template-columns: repeat(auto-fill, minmax(min(100%, ${widths[view.size]}px), 1fr))`}
      >
        ${repeat(
          rows,
          (row) => this.comparison.across.runs[row]?.id,
          (row) => this.#renderRun(loaded, row, name, step, view),
        )}
      </div>`
  }

  #renderTools(
    names: readonly PictureName[],
    name: PictureName,
    view: View,
    steps: readonly number[],
    step: number,
  ): TemplateResult {
    const at = steps.findLastIndex((candidate) => candidate <= step)
    return html`<div class="tools">
      <span class="field"
        ><label for="picture">${t('Picture')}</label>
        <select
          id="picture"
          @change=${(event: Event) => {
            this.steps = new Set()
            this.step = undefined
            this.#remember({ picture: (event.currentTarget as HTMLSelectElement).value })
          }}
        >
          ${names.map((one) => html`<option value=${pictureId(one)} ?selected=${one === name}>${('key' in one ? one.key : one.path).slice(0, 120)}</option>`)}
        </select></span
      >
      ${
        'key' in name && steps.length > 1
          ? html`<span class="field"
              ><label for="step">${t('Step')}</label>
              <input
                id="step"
                type="range"
                min="0"
                max=${steps.length - 1}
                .value=${String(at)}
                aria-valuetext=${t('step {0}', step)}
                @input=${(event: Event) => (this.step = steps[Number((event.target as HTMLInputElement).value)])}
              />
              <span class="number">${step}</span></span
            >`
          : nothing
      }
      ${choice(
        t('Size'),
        [
          ['small', t('Small')],
          ['medium', t('Medium')],
          ['large', t('Large')],
        ],
        view.size,
        (size) => this.#remember({ size }),
      )}
    </div>`
  }

  #renderRun(loaded: Loaded, row: number, name: PictureName, step: number, view: View): TemplateResult {
    const { across, runs, host } = this.comparison
    const run = across.runs[row]
    const title = nameAt(loaded, this.comparison, row)
    return html`<figure>
      <h3>
        ${run ? swatch(run.mark) : nothing}
        <button
          class="link clip"
          title=${title.slice(0, 500)}
          @click=${() => {
            if (run) host.channel.command('openRun', { run: run.ref })
          }}
        >
          ${title}
        </button>
      </h3>
      <lens-run-picture
        .source=${this.#source(row)}
        .name=${name}
        .step=${step}
        .label=${t('{0} of {1}', 'key' in name ? name.key : name.path, title)}
        .height=${widths[view.size]}
        .version=${`${runs.epoch} ${loaded.data.runs[row]?.status === 'RUNNING' ? loaded.asOf : ''}`}
        @steps=${(event: CustomEvent<number[]>) => {
          this.steps = new Set([...this.steps, ...event.detail])
        }}
      ></lens-run-picture>
    </figure>`
  }

  /** Names of pictures in the roots of some runs' artifacts, and in the folders there; what can't be listed has none. */
  async #look(rows: readonly number[], signal: AbortSignal): Promise<PictureName[]> {
    const paths: string[] = []
    const failures: Error[] = []
    await Promise.all(
      rows.map(async (row) => {
        try {
          const source = this.#source(row)
          const root = await source.list('', signal)
          paths.push(...root.filter(({ isDir }) => !isDir).map(({ path }) => path))
          const folders = root.filter(({ isDir }) => isDir).sort((a) => (a.path === loggedFolder ? -1 : 0))
          for (const { path } of folders.slice(0, mostFolders))
            for (const file of await source.list(path, signal)) if (!file.isDir) paths.push(file.path)
        } catch (error) {
          failures.push(error instanceof Error ? error : new Error(String(error)))
        }
      }),
    )
    if (paths.length === 0 && failures[0]) throw failures[0]
    return picturesOf(paths)
  }
}
