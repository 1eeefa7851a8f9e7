import { describe, expect, test } from 'vitest'
import { StoreError } from '../../../src/extension/stores/errors'
import { followPages, listItems, tokenOf, type Search } from '../../../src/extension/stores/rest/pages'

/** A server's list, which may change between its pages. */
class Server {
  items: number[]
  readonly asked: { readonly size: number; readonly offset: number }[] = []
  /** Called before a page is answered, with its number. */
  before: (page: number) => void = () => undefined

  constructor(count: number) {
    this.items = Array.from({ length: count }, (_, at) => at)
  }

  search(change: Partial<Search<number[]>> = {}): Search<number[]> {
    return {
      ask: (size, token) => this.#page(size, token),
      items: listItems((item: number) => String(item)),
      sizes: { first: 100, later: 100, most: 1000 },
      endless: () => new StoreError('badAnswer', 'endless'),
      ...change,
    }
  }

  #page(size: number, token: string | undefined): ReturnType<Search<number[]>['ask']> {
    const offset = token === undefined ? 0 : (JSON.parse(atob(token)) as { offset: number }).offset
    this.before(this.asked.length)
    this.asked.push({ size, offset })
    const items = this.items.slice(offset, offset + size)
    const end = offset + items.length
    const next = end < this.items.length ? tokenOf({ offset: end }) : undefined
    return Promise.resolve({ next, content: Promise.resolve({ content: items, next }) })
  }
}

async function all(search: Search<number[]>): Promise<number[]> {
  return (await Array.fromAsync(followPages(search))).flat()
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

describe('pages of a list that changes while they are read', () => {
  test('one that does not', async () => {
    const server = new Server(350)
    expect(await all(server.search())).toEqual(upTo(350))
  })

  test('items that are deleted before the place lose none of the others', async () => {
    for (const deleted of [1, 2, 99, 150]) {
      const server = new Server(650)
      server.before = (page) => {
        if (page === 2) server.items.splice(0, deleted)
      }
      const found = await all(server.search())
      expect(new Set(found).size, `${deleted} deleted`).toBe(found.length)
      expect(found.filter((item) => item >= deleted)).toEqual(upTo(650).slice(deleted))
    }
  })

  test('items that come at the beginning give none twice', async () => {
    const server = new Server(350)
    server.before = (page) => {
      if (page > 0) server.items.unshift(1000 + page)
    }
    const found = await all(server.search())
    expect(found.filter((item) => item < 1000)).toEqual(upTo(350))
    expect(new Set(found).size).toBe(found.length)
  })

  test('both, with a limit, again and again', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const server = new Server(900)
      let state = seed
      const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647
      server.before = (page) => {
        if (page === 0) return
        if (random() < 0.5) server.items.splice(Math.floor(random() * server.items.length), Math.ceil(random() * 3))
        if (random() < 0.5) server.items.unshift(1000 + page)
      }
      const limit = seed % 2 ? Infinity : 450
      const found = await all(server.search({ limit, sizes: { first: 100, later: 200, most: 1000 } }))
      expect(new Set(found).size).toBe(found.length)
      if (limit === Infinity) expect(server.items.filter((item) => item < 900 && !found.includes(item))).toEqual([])
      else expect(found.length).toBe(limit)
    }
  })

  test('a token that the server does not know any more begins again, once', async () => {
    const server = new Server(350)
    const { ask, ...rest } = server.search()
    let failures = 1
    const found = await all({
      ...rest,
      ask: (size, token, signal) =>
        token !== undefined && failures-- > 0
          ? Promise.reject(new StoreError('badRequest', 'token'))
          : ask(size, token, signal),
    })
    expect(found).toEqual(upTo(350))
    const never = all({
      ...rest,
      ask: (size, token, signal) =>
        token === undefined ? ask(size, token, signal) : Promise.reject(new StoreError('badRequest', 'token')),
    })
    await expect(never).rejects.toThrow('token')
  })

  test('beginning again goes on where it was, however many items that is', async () => {
    for (const limit of [Infinity, 2005]) {
      const server = new Server(3000)
      const { ask, ...rest } = server.search({ limit })
      const found = await all({
        ...rest,
        ask: (size, token, signal) =>
          server.asked.length === 20 ? (server.asked.push({ size, offset: -1 }), lost()) : ask(size, token, signal),
      })
      expect(found).toEqual(upTo(Math.min(limit, 3000)))
      expect(server.asked.length).toBeLessThan(60)
    }
    function lost(): Promise<never> {
      return Promise.reject(new StoreError('badRequest', 'token'))
    }
  })

  test('deletions that lead back to the beginning lose nothing', async () => {
    const server = new Server(3000)
    server.before = (page) => {
      if (page === 20) server.items.splice(0, 1200)
    }
    const found = await all(server.search())
    expect(found.filter((item) => item >= 1200)).toEqual(upTo(3000).slice(1200))
    expect(new Set(found).size).toBe(found.length)
  })

  test('a server that gives the same page for ever, or two in turn, is told', async () => {
    for (const cycle of [1, 2]) {
      let page = 0
      const { ask: _, ...rest } = new Server(0).search()
      const endless = all({
        ...rest,
        ask: () => {
          const next = tokenOf({ opaque: page++ % cycle })
          return Promise.resolve({ next, content: Promise.resolve({ content: [1, 2, 3], next }) })
        },
      })
      await expect(endless).rejects.toThrow('endless')
      expect(page).toBeLessThan(20)
    }
  })

  test('a slow server is asked for smaller pages', async () => {
    const server = new Server(3000)
    const { ask, ...rest } = server.search({ sizes: { first: 100, later: 1000, most: 5000 } })
    const original = performance.now.bind(performance)
    let late = 0
    performance.now = () => original() + late
    try {
      await all({
        ...rest,
        ask: (size, token, signal) => {
          late += size * 20 // 20 ms an item
          return ask(size, token, signal)
        },
      })
    } finally {
      performance.now = original
    }
    const sizes = server.asked.slice(2).map(({ size }) => size)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(401)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(100)
  })
})
