export interface CardDragOptions {
  /** The card that is under the pointer, by its metric; undefined over none and once it is done. */
  readonly over: (key: string | undefined) => void
  /** A card was let go over another. */
  readonly dropped: (key: string, onto: string) => void
}

/** Drags cards by their grips to where others are. */
export class CardDrag {
  readonly #options: CardDragOptions

  constructor(options: CardDragOptions) {
    this.#options = options
  }

  start(event: PointerEvent, key: string): void {
    const grip = event.currentTarget
    if (event.button !== 0 || !(grip instanceof HTMLElement)) return
    const root = grip.getRootNode()
    if (!(root instanceof ShadowRoot)) return
    grip.setPointerCapture(event.pointerId)
    let onto: string | undefined
    const done = new AbortController()
    const listen = (name: string, heard: (event: PointerEvent) => void): void =>
      grip.addEventListener(name, (heardEvent) => heard(heardEvent as PointerEvent), { signal: done.signal })
    listen('pointermove', ({ clientX, clientY }) => {
      const card = root.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-card]')
      const under = card?.dataset.card
      onto = under === key ? undefined : under
      this.#options.over(onto)
    })
    const end = (drops: boolean) => (): void => {
      done.abort()
      this.#options.over(undefined)
      if (drops && onto !== undefined) this.#options.dropped(key, onto)
    }
    listen('pointerup', end(true))
    listen('pointercancel', end(false))
    listen('lostpointercapture', end(false))
  }
}
