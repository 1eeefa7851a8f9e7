/** Does the latest of what it is given, at most every `pause` ms: the first at once, and any that may not wait. */
export function paced(pause: number): (work: () => void, waits: boolean) => void {
  let doneAt = -Infinity
  let latest: () => void = () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = (): void => {
    clearTimeout(timer)
    timer = undefined
    doneAt = performance.now()
    latest()
  }
  return (work, waits) => {
    latest = work
    const left = waits ? doneAt + pause - performance.now() : 0
    if (left <= 0) run()
    else timer ??= setTimeout(run, left)
  }
}

/** Does the latest of what it is given once nothing has been given for `pause` ms; undefined: nothing. One timer serves any number. */
export function rested(pause: number): (work: (() => void) | undefined) => void {
  let givenAt = -Infinity
  let latest: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    const left = givenAt + pause - performance.now()
    timer = left > 0 ? setTimeout(look, left) : undefined
    if (left <= 0) latest?.()
  }
  return (work) => {
    latest = work
    givenAt = performance.now()
    if (work) timer ??= setTimeout(look, pause)
  }
}
