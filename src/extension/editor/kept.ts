/** What is made of texts, kept from one round to the next. */
interface Kept<T> {
  readonly get: (text: string) => T
  /** Forgets what the round before this one did not ask for. */
  readonly nextRound: () => void
  /** How many this round had to make. */
  readonly made: number
}

export function keptByText<T>(make: (text: string) => T): Kept<T> {
  let before = new Map<string, T>()
  let now = new Map<string, T>()
  let made = 0
  return {
    get(text) {
      let found = now.get(text) ?? before.get(text)
      if (found === undefined) {
        made++
        found = make(text)
      }
      now.set(text, found)
      return found
    },
    nextRound() {
      before = now
      now = new Map()
      made = 0
    },
    get made() {
      return made
    },
  }
}
