import { describe, expect, it, vi } from 'vitest'
import type { Stats } from '../../../src/shared/protocol'
import { Histories, type WantedHistory } from '../../../src/webview/across/histories'

const found: Stats = { count: 1, min: 1, max: 1, nan: 0, plusInfinity: 0, minusInfinity: 0 }

/** Histories whose answers come when it is said so. */
function setUp() {
  const asked: string[] = []
  const open: { readonly signal: AbortSignal; readonly settle: (answer: Stats | Error) => void }[] = []
  const request = (_: string, { run, key }: { run: { runId: string }; key: string }, signal: AbortSignal) => {
    asked.push(`${key} ${run.runId}`)
    return new Promise<Stats>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('Cancelled.')))
      open.push({ signal, settle: (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)) })
    })
  }
  const changed = vi.fn()
  const histories = new Histories({ request } as unknown as ConstructorParameters<typeof Histories>[0], changed)
  /** Answers all that is asked until nothing more is. */
  const answer = async (with_: Stats | Error = found): Promise<void> => {
    for (let one = open.shift(); one; one = open.shift()) {
      one.settle(with_)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { histories, asked, open, changed, answer }
}

const runs = (count: number, version = 'v'): WantedHistory[] =>
  Array.from({ length: count }, (_, n) => ({ id: `r${n}`, ref: { connection: 'c', runId: `r${n}` }, version }))

describe('histories by which runs are judged', () => {
  it('are read once, a few at a time, and told of as they come', async () => {
    const { histories, asked, changed, answer } = setUp()
    expect(histories.want('loss', runs(50))).toMatchObject({ known: 0, all: 50 })
    histories.want('loss', runs(50))
    expect(asked).toHaveLength(20)
    await answer()
    expect(histories.want('loss', runs(50))).toMatchObject({ known: 50, all: 50, failed: 0 })
    expect(asked).toHaveLength(50)
    expect(changed).toHaveBeenCalledTimes(3)
    expect(histories.statsOf('loss', 'r7')).toEqual(found)
    expect(histories.statsOf('other', 'r7')).toBeUndefined()
  })

  it('are read again when there may be more, and known meanwhile', async () => {
    const { histories, asked, answer } = setUp()
    histories.want('loss', runs(2))
    await answer()
    expect(histories.want('loss', runs(2, 'newer'))).toMatchObject({ known: 2 })
    await answer({ ...found, min: 0 })
    expect(histories.statsOf('loss', 'r1')?.min).toBe(0)
    histories.want('loss', runs(2, 'newer'))
    expect(asked).toHaveLength(4)
    histories.expire()
    histories.want('loss', runs(2, 'newer'))
    expect(asked).toHaveLength(6)
  })

  it('are left alone once they are stopped, until they are wanted again', async () => {
    const { histories, asked, open, answer } = setUp()
    histories.want('loss', runs(40))
    histories.stop()
    await vi.waitFor(() => expect(open.every(({ signal }) => signal.aborted)).toBe(true))
    await answer()
    expect(histories.want('loss', runs(40))).toMatchObject({ known: 0, isStopped: true })
    expect(asked).toHaveLength(20)
    histories.again()
    expect(histories.want('loss', runs(40))).toMatchObject({ isStopped: false })
    await answer()
    expect(histories.want('loss', runs(40))).toMatchObject({ known: 40 })
  })

  it('of another metric take the place of those that are being read', async () => {
    const { histories, open, answer } = setUp()
    histories.want('loss', runs(30))
    const [first] = open
    histories.want('auc', runs(3))
    expect(first?.signal.aborted).toBe(true)
    await answer()
    expect(histories.want('auc', runs(3))).toMatchObject({ known: 3 })
    expect(histories.want('loss', runs(30))).toMatchObject({ known: 0, isStopped: false })
  })

  it('that can’t be read are told of, and not asked for again unless somebody says so', async () => {
    const { histories, asked, answer } = setUp()
    histories.want('loss', runs(2))
    await answer(new Error('503'))
    expect(histories.want('loss', runs(2))).toMatchObject({ known: 2, failed: 2, problem: '503' })
    expect(asked).toHaveLength(2)
    histories.again()
    histories.want('loss', runs(2))
    await answer()
    expect(histories.want('loss', runs(2))).toMatchObject({ known: 2, failed: 0 })
  })
})
