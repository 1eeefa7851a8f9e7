import { describe, expect, test } from 'vitest'
import { chartSvg, type SvgChart, type SvgCurve } from '../../src/shared/chartSvg'

const colors = { text: '#111111', axis: '#222222', grid: 'var(--grid)' }

const curve = (x: readonly number[], y: readonly number[], more: Partial<SvgCurve> = {}): SvgCurve => ({
  name: 'run',
  color: '#0d83f1',
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  ...more,
})

const draw = (curves: readonly SvgCurve[], more: Partial<SvgChart> = {}): string =>
  chartSvg({ title: 'loss', curves, axis: 'step', width: 400, height: 200, colors, ...more })

/** Paths of the first curve: of its line, its triangles, its crosses. */
const paths = (svg: string): string[] => [...svg.matchAll(/<path d="([^"]*)"/g)].slice(2).map(([, d]) => d ?? '')

describe('a chart as SVG', () => {
  test('a line goes from the left edge to the right one, low values below', () => {
    const [line] = paths(draw([curve([0, 5, 10], [1, 2, 3])]))
    expect(line).toBe('M62 170.4L224 94L386 17.6')
  })

  test('a gap parts the line, lone points are dots, NaN and infinities are marked', () => {
    const svg = draw([curve([0, 1, 2, 3, 4, 5, 6], [1, 2, NaN, 2, Infinity, -Infinity, 1])])
    expect(svg.match(/<circle /g)).toHaveLength(2)
    const [line = '', triangles = '', crosses = ''] = paths(svg)
    expect(line.match(/[ML]/g)?.join('')).toBe('ML')
    expect(triangles.match(/z/g)).toHaveLength(2)
    expect(crosses.match(/M/g)).toHaveLength(1)
  })

  test.each([
    ['nothing', []],
    ['an empty curve', [curve([], [])]],
    ['one point', [curve([7], [7])]],
    ['a constant', [curve([0, 1], [0, 0])]],
    ['NaN only', [curve([0, 1], [NaN, NaN])]],
    ['the greatest doubles', [curve([0, 1], [-1.7e308, 1.7e308])]],
    ['the least doubles', [curve([0, 1], [5e-324, 1e-323])]],
    ['steps far away', [curve([-9e15, 9e15], [1, 2])]],
  ])('%s is drawn without a number that is none', (_, curves) => {
    for (const logY of [false, true]) {
      const svg = draw(curves, { logY })
      expect(svg.replace(/<text.*?<\/text>/g, '')).not.toMatch(/NaN|Infinity|undefined/)
      expect(svg).toMatch(/^<svg .*<\/svg>$/)
    }
  })

  test('of a logarithmic axis, what is not above zero is a gap', () => {
    const [line = ''] = paths(draw([curve([0, 1, 2, 3, 4], [1, 10, 0, 100, 1000])], { logY: true }))
    expect(line.match(/[ML]/g)?.join('')).toBe('MLML')
  })

  test('names are text and nothing else', () => {
    const name = '"><script>alert(1)</script>&\0'
    const svg = draw([curve([0], [1], { name, color: 'var(--x"><y)' })], { title: name, legend: true })
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('<y')
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;\ufffd')
  })

  test('the legend names twelve curves and counts the others', () => {
    const svg = draw(
      Array.from({ length: 30 }, (_, n) => curve([0, 1], [n, n], { name: `run-${n}` })),
      { legend: true },
    )
    expect(svg).toContain('>run-11<')
    expect(svg).not.toContain('>run-12<')
    expect(svg).toContain('>+ 18<')
  })
})
