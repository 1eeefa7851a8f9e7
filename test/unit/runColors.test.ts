import { describe, expect, it, vi } from 'vitest'
import { RunColors } from '../../src/extension/panels/runColors'
import { defaultColor, paletteSize } from '../../src/shared/runColor'

/** Ids of runs that would all have the same colour. */
const alike = Array.from({ length: 1000 }, (_, n) => `run ${n}`).filter((id) => defaultColor(id) === 3)

function setUp(stored?: unknown) {
  const save = vi.fn()
  const moved = vi.fn()
  const colors = new RunColors({ stored, save, moved })
  const of = (runIds: readonly string[]): number[] => runIds.map((id) => colors.of(id))
  return { colors, save, moved, of }
}

const [a = '', b = '', c = ''] = alike

describe('RunColors', () => {
  it('gives a run the colour of its id, which nothing needs to be remembered for', () => {
    const { of, save } = setUp()
    expect(of([a, b])).toEqual([3, 3])
    expect(save).not.toHaveBeenCalled()
  })

  it('moves the later of two runs of one colour to a free one, and that one keeps it', () => {
    const { colors, of } = setUp()
    colors.show([a, b])
    const [first, second] = of([a, b])
    expect(first).toBe(3)
    expect(second).not.toBe(3)
    colors.show([b])
    expect(of([a, b])).toEqual([first, second])
  })

  it.each([2, 5, 10])('gives each of %i runs a colour of its own', (count) => {
    const { colors, of } = setUp()
    colors.show(alike.slice(0, count))
    expect(new Set(of(alike.slice(0, count))).size).toBe(count)
  })

  it('uses each colour about equally where there are more runs than colours', () => {
    const { colors, of } = setUp()
    const runs = alike.slice(0, 34)
    colors.show(runs)
    const counts = new Array<number>(paletteSize).fill(0)
    for (const color of of(runs)) counts[color] = (counts[color] ?? 0) + 1
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...counts)).toBeLessThanOrEqual(4)
  })

  it('lets a run that was seen before keep its colour, whatever the order', () => {
    const { colors, of } = setUp()
    colors.show([b])
    colors.show([a, b])
    expect(of([b])).toEqual([3])
    expect(of([a])).not.toEqual([3])
  })

  it('tells pages of runs whose colour had to change while they show it', () => {
    const { colors, moved, of } = setUp()
    colors.show([a])
    colors.show([b])
    expect(moved).not.toHaveBeenCalled()
    colors.show([a, b])
    expect(moved).toHaveBeenCalledExactlyOnceWith(new Set([b]))
    expect(of([a])).toEqual([3])
  })

  it('does not move a run to a colour that stands beside it elsewhere', () => {
    const { colors, of } = setUp()
    const neighbours = [0, 1, 2].map((color) => {
      const found = Array.from({ length: 1000 }, (_, n) => `other ${n}`).find((id) => defaultColor(id) === color)
      return found ?? ''
    })
    colors.show([b, ...neighbours])
    colors.show([a])
    colors.show([a, b])
    const shown = of([b, ...neighbours])
    expect(new Set(shown).size).toBe(4)
  })

  it('forgets who stood together when a page closes', () => {
    const { colors, moved } = setUp()
    colors.show([a])
    colors.show([b])()
    colors.show([a, b])
    expect(moved).not.toHaveBeenCalled()
  })

  it('is the same after a reload', () => {
    const { colors, save, of } = setUp()
    colors.show([a, b, c])
    const reloaded = setUp(JSON.parse(JSON.stringify(save.mock.lastCall?.[0])))
    expect(reloaded.of([a, b, c])).toEqual(of([a, b, c]))
  })

  it.each([null, 'x', [['r', 99]], { r: 1 }])('starts anew from a memory that makes no sense: %j', (stored) => {
    expect(setUp(stored).of([a])).toEqual([3])
  })

  it('remembers the 2,000 runs that were shown last', () => {
    const { colors, save } = setUp()
    for (let n = 0; n < 2100; n++) colors.show([`shown ${n}`])()
    const entries = save.mock.lastCall?.[0] as [string, number][]
    expect(entries).toHaveLength(2000)
    expect(entries.at(-1)?.[0]).toBe('shown 2099')
  })

  it('saves nothing when nothing is new', () => {
    const { colors, save } = setUp()
    colors.show([a, b])()
    save.mockClear()
    colors.show([a, b])
    expect(save).not.toHaveBeenCalled()
  })

  it('tells which runs are on screen, and in which colours', () => {
    const told: ReadonlyMap<string, number>[] = []
    const colors = new RunColors({ save: () => undefined, moved: () => undefined, shown: (shown) => told.push(shown) })
    const hide = colors.show(['a', 'b'])
    expect(told.at(-1)).toEqual(
      new Map([
        ['a', colors.of('a')],
        ['b', colors.of('b')],
      ]),
    )
    colors.show(['b'])
    hide()
    expect([...(told.at(-1)?.keys() ?? [])]).toEqual(['b'])
  })
})
