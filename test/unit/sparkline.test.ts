import { describe, expect, it } from 'vitest'
import { pathOf } from '../../src/webview/run/sparkline'

const path = (...y: number[]): string => pathOf({ x: Float64Array.from(y.keys()), y: Float64Array.from(y) })

describe('pathOf', () => {
  it('draws from the left to the right, the lowest at the bottom', () => {
    expect(path(0, 1)).toBe('M1.5 14.5L82.5 1.5')
  })

  it('leaves gaps for what is not finite', () => {
    expect(path(0, NaN, 1, Infinity, 1)).toBe('M1.5 14.5M42.0 1.5M82.5 1.5')
  })

  it('draws a constant in the middle, and the greatest doubles', () => {
    expect(path(3, 3)).toBe('M1.5 8.0L82.5 8.0')
    expect(path(-Number.MAX_VALUE, Number.MAX_VALUE)).toBe('M1.5 14.5L82.5 1.5')
  })

  it('draws nothing of one point, or of none that is finite', () => {
    expect(path(1)).toBe('')
    expect(path(NaN, NaN)).toBe('')
    expect(path()).toBe('')
  })
})
