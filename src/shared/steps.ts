/** Work that can pause: it yields between its steps, so that whoever runs it may let others have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Does all of it without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
