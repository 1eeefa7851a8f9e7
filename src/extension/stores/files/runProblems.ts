/** What of one run could not be read: found in the worker, put into words in the extension host, which knows the user's language. */
import { t } from '../../../shared/l10n'
import { formatBytes } from '../../../shared/format'

export type RunProblemKind = keyof typeof sentences

/** The problems of one run, as data that fits into a frame's column of texts: the first one in full, and how many more. */
export class RunProblems {
  #first: readonly [RunProblemKind, string, string] | undefined
  #count = 0

  add(kind: RunProblemKind, what: string, detail = ''): void {
    this.#first ??= [kind, what, detail]
    this.#count++
  }

  get text(): string | undefined {
    return this.#first && JSON.stringify([...this.#first, this.#count - 1])
  }
}

/** The words for what `RunProblems.text` said. */
export function problemSentence(text: string): string {
  const [kind, what, detail, more] = JSON.parse(text) as [RunProblemKind, string, string, number]
  const sentence = sentences[kind](what, detail)
  return more === 0 ? sentence : t('{0} Further problems with this run: {1}.', sentence, more)
}

const sentences = {
  metaUnreadable: (what: string, detail: string) =>
    t('{0} of this run can’t be read: {1}. What else is in its folder is shown.', what, detail),
  metaNotYaml: (what: string) =>
    t('{0} of this run is damaged or incomplete. What else is in its folder is shown.', what),
  metaLacks: (what: string, detail: string) =>
    t('{0} of this run lacks {1}; MLflow itself may refuse it.', what, detail),
  metaOfOther: (what: string, detail: string) =>
    t('{0} of this run belongs to another one, {1}; MLflow itself refuses such a copy.', what, detail),
  experimentOfOther: (what: string, detail: string) =>
    t('{0} of this run names another experiment, {1}; MLflow itself leaves the run out.', what, detail),
  unreadable: (what: string, detail: string) => t('{0} can’t be read: {1}.', what, detail),
  tooLong: (what: string, detail: string) =>
    t('{0} has {1}; only the beginning is shown.', what, formatBytes(Number(detail))),
  metricLines: (what: string, detail: string) =>
    detail === '1'
      ? t('{0}: a damaged line was left out.', what)
      : t('{0}: {1} damaged lines were left out.', what, detail),
  metricEmpty: (what: string) => t('{0} is empty.', what),
  notYaml: (what: string) => t('{0} is damaged or incomplete and was left out.', what),
}
