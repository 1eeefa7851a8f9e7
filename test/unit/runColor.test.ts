import { describe, expect, it } from 'vitest'
import { colorOf, defaultColor, marksOf, paletteSize, type ThemeKind } from '../../src/shared/runColor'

const indices = Array.from({ length: paletteSize }, (_, index) => index)

describe('defaultColor', () => {
  it('uses all colours about equally', () => {
    const ids = Array.from({ length: 2000 }, (_, n) => (n * 2654435761).toString(16).padStart(32, '0'))
    const counts = new Array<number>(paletteSize).fill(0)
    for (const id of ids) counts[defaultColor(id)] = (counts[defaultColor(id)] ?? 0) + 1
    for (const count of counts) expect(count).toBeGreaterThan((ids.length / paletteSize) * 0.7)
  })
})

describe('palettes', () => {
  const backgrounds: [ThemeKind, string][] = [
    ['dark', '#1f1f1f'],
    ['light', '#ffffff'],
    ['highContrastDark', '#000000'],
    ['highContrastLight', '#ffffff'],
  ]

  it.each(backgrounds)('stand out from the %s background by 3:1 at least', (theme, behind) => {
    for (const index of indices) expect(contrast(colorOf(index, theme), behind)).toBeGreaterThanOrEqual(3)
  })

  it.each(backgrounds)('hold colours that nobody takes for each other, in %s themes', (theme) => {
    const labs = indices.map((index) => oklab(linear(colorOf(index, theme))))
    for (const [i, one] of labs.entries())
      for (const other of labs.slice(i + 1))
        expect(Math.hypot(...one.map((part, axis) => part - (other[axis] ?? 0)))).toBeGreaterThan(0.13)
  })
})

describe('marksOf', () => {
  it('draws runs solid as long as each has a colour of its own', () => {
    expect(marksOf(indices).every(({ dash }) => dash.length === 0)).toBe(true)
  })

  it('tells runs of one colour apart', () => {
    const marks = marksOf(Array.from({ length: 40 }, (_, n) => n % paletteSize))
    expect(new Set(marks.map((mark) => JSON.stringify(mark))).size).toBe(marks.length)
  })
})

function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one)
  return (light + 0.05) / (dark + 0.05)
}

function linear(color: string): number[] {
  return [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
}

/** https://bottosson.github.io/posts/oklab/ */
function oklab([r = 0, g = 0, b = 0]: readonly number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}
