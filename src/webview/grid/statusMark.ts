import type { RunStatus } from '../../shared/model'

const circle = 'M14 8A6 6 0 1 1 2 8a6 6 0 1 1 12 0'

/** The icons of states as one path each: a row that scrolls changes two attributes for it, and makes no element. */
const paths: Record<RunStatus, string> = {
  FINISHED: `${circle}m-8.5 .2 1.8 1.8 3.4-4`,
  FAILED: `${circle}M6 6l4 4m0-4-4 4`,
  KILLED: `${circle}M3.8 12.2l8.4-8.4`,
  SCHEDULED: `${circle}M8 4.5V8l2.3 1.6`,
  RUNNING:
    'M8 2a6 6 0 0 1 6 6M8 14a6 6 0 0 1-6-6M12.2 12.2a6 6 0 0 1-1 .9M3.8 3.8a6 6 0 0 1 1-.9M6.7 5.8l3.6 2.2-3.6 2.2z',
}

/** A status as an icon in its colour, which says nothing to a screen reader. */
export class StatusMark {
  readonly element = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  readonly #path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  #shown: RunStatus | null = null

  constructor() {
    this.element.setAttribute('viewBox', '0 0 16 16')
    this.element.setAttribute('aria-hidden', 'true')
    this.element.setAttribute('class', 'icon mark none')
    this.element.append(this.#path)
  }

  show(status: RunStatus | null): void {
    if (status === this.#shown) return
    this.#shown = status
    this.element.setAttribute('class', `icon mark ${status?.toLowerCase() ?? 'none'}`)
    this.#path.setAttribute('d', status ? paths[status] : '')
  }
}

export const isStatus = (text: string): text is RunStatus => Object.hasOwn(paths, text)
