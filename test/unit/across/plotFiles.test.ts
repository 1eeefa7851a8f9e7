import { describe, expect, it } from 'vitest'
import { cellsCsv, runsCsv } from '../../../src/shared/across/plotCsv'
import { drawAxes, drawDot, drawTicksBelow, roomAtLeft, rowsBelow } from '../../../src/webview/across/paint'
import { plotSvg } from '../../../src/webview/across/plotSvg'
import { scaleOf } from '../../../src/webview/across/scale'
import { SvgContext } from '../../../src/webview/across/svgContext'
import type { Theme } from '../../../src/webview/ui/themeColors'
import { dimension } from './madeUpDimension'

const theme: Theme = {
  kind: 'dark',
  foreground: '#eee',
  faint: '#aaa',
  background: '#111',
  grid: 'color-mix(in srgb, #eee 9%, transparent)',
  axis: '#555',
  cursor: '#00f',
  selection: '#00f',
  font: '"Segoe UI", sans-serif',
}
const widthOf = (text: string): number => text.length * 6

describe('a canvas that writes SVG', () => {
  it('writes shapes with colours, their opacity and dashes as they were set, and restores them', () => {
    const ctx = new SvgContext(widthOf)
    ctx.save()
    ctx.strokeStyle = theme.grid
    ctx.lineWidth = 2
    ctx.setLineDash([3, 3])
    ctx.globalAlpha = 0.5
    ctx.beginPath()
    ctx.lineTo(1, 2.3456)
    ctx.lineTo(3, 4)
    ctx.stroke()
    ctx.restore()
    ctx.fillStyle = 'rgb(1, 2, 3)'
    ctx.fillRect(0, 1, 2, 3)
    ctx.beginPath()
    ctx.arc(10, 10, 5, 0, 2 * Math.PI)
    ctx.stroke()
    expect(ctx.markup).toBe(
      '<path d="M1 2.35L3 4" fill="none" stroke="#eee" stroke-opacity="0.05" stroke-width="2" stroke-linejoin="miter" stroke-dasharray="3 3"/>' +
        '<rect x="0" y="1" width="2" height="3" fill="rgb(1, 2, 3)"/>' +
        '<path d="M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10" fill="none" stroke="#000" stroke-width="1" stroke-linejoin="miter"/>',
    )
  })

  it('clips what is painted until it is restored', () => {
    const ctx = new SvgContext(widthOf)
    ctx.save()
    ctx.rect(0, 0, 5, 5)
    ctx.clip()
    ctx.fillRect(0, 0, 9, 9)
    ctx.restore()
    ctx.fillRect(1, 1, 1, 1)
    expect(/<clipPath id="clip1"><path d="M0 0h5v5h-5z"\/><\/clipPath>/.exec(ctx.markup)).not.toBeNull()
    expect(ctx.markup.match(/clip-path="url\(#clip1\)"/g)).toHaveLength(1)
  })

  it('writes words as text that does nothing, where a canvas has them', () => {
    const ctx = new SvgContext(widthOf)
    ctx.font = '600 14px sans-serif'
    ctx.textAlign = 'right'
    ctx.textBaseline = 'middle'
    ctx.fillText('<script>&"\n\u0000', 10, 20)
    expect(ctx.markup).toBe(
      '<text x="10" y="24.9" font-size="14" font-weight="600" text-anchor="end" fill="#000">&lt;script&gt;&amp;&quot; \ufffd</text>',
    )
  })
})

describe('a plot as SVG', () => {
  const rows = [0, 1, 2]
  const x = dimension('lr"><script>', [1, 2, 3])
  const y = dimension('loss', [5, NaN, Infinity])
  const made = plotSvg(
    {
      ...{ title: 'Scatter: <b> by "lr"', summary: 'Scatter plot of 3 runs & more', width: 500, height: 280 },
      ramp: { words: 'Colour:', low: '1', high: '<9>', median: 'median 4' },
      best: "o'neill",
      notes: ['a sentence '.repeat(40)],
      draw: (ctx) => {
        const frame = { left: 74, right: 488, top: 10, bottom: 240 }
        const across = scaleOf(x, rows, { log: false, span: [82, 480], room: 62, slot: 52 })
        const up = scaleOf(y, rows, { log: false, span: [234, 16], room: 30, slot: 18 })
        drawAxes(ctx, frame, across, up, theme)
        for (const row of rows) drawDot(ctx, across.at(row), up.at(row), 4, 'rgb(9, 9, 9)', theme)
      },
    },
    theme,
    widthOf,
  )
  const words = [...made.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)

  it('has the words of the plot and those around it, and none of them is markup', () => {
    expect(made).not.toMatch(/<script|<b>|<9>/)
    expect(made).toContain('<title>Scatter: &lt;b&gt; by &quot;lr&quot;</title><desc>Scatter plot of 3 runs &amp; more</desc>') // prettier-ignore
    expect(words).toEqual(expect.arrayContaining(['1', '2', '3', '5', 'not set', 'Colour:', '&lt;9&gt;', 'median 4', 'o&#39;neill'])) // prettier-ignore
  })

  it('has a dot a run, in the theme of the page, and is as high as its notes need', () => {
    expect(made.match(/fill="rgb\(9, 9, 9\)"/g)).toHaveLength(3)
    expect(made).toMatch(/<rect width="500" height="[\d.]+" fill="#111"\/>/)
    const notes = words.filter((text = '') => text.startsWith('a sentence') || text.startsWith('sentence'))
    expect(notes.length).toBeGreaterThan(4)
    for (const note of notes) expect(widthOf(note ?? '')).toBeLessThanOrEqual(476)
    const last = Math.max(...[...made.matchAll(/<text x="12" y="([\d.]+)"/g)].map(([, at]) => Number(at)))
    expect(Number(/viewBox="0 0 500 ([\d.]+)"/.exec(made)?.[1])).toBeGreaterThan(last)
  })
})

describe('a plot as CSV', () => {
  const names = { nameOf: (row: number) => ['=1+1', 'b,"c"', 'd'][row] ?? '', runIdOf: (row: number) => `id${row}` }

  it('has a line a run, with all digits, and nothing that a spreadsheet would run', () => {
    const loss = { ...dimension('loss', [0.1 + 0.2, -Infinity, NaN]), id: 'metric:loss', kind: 'metric' as const }
    const written = { ...loss, textAt: (row: number) => (row === 2 ? undefined : '0.3') }
    const optimizer = { ...dimension('=cmd', [0, 1, NaN], ['@sum', '-1e-3']) }
    const groups = new Map([[0, '+a']])
    expect(runsCsv(names, [0, 1, 2], [optimizer, written, written, undefined], groups)).toBe(
      [
        'run,run_id,group,params.=cmd,metrics.loss',
        "'=1+1,id0,'+a,'@sum,0.30000000000000004",
        '"b,""c""",id1,,-1e-3,-inf',
        'd,id2,,,',
        '',
      ].join('\r\n'),
    )
  })

  it('has times and spans as the files of the runs table have them', () => {
    const fact = (key: string, value: number) => ({
      ...dimension(key, [value]),
      id: `fact:${key}`,
      kind: 'fact' as const,
    })
    expect(runsCsv(names, [0], [fact('duration', 2500), fact('start', 0)])).toBe(
      "run,run_id,duration_s,start_time\r\n'=1+1,id0,2.5,1970-01-01T00:00:00.000Z\r\n",
    )
  })

  it('of cells has a line for each that has runs', () => {
    const metric = { ...dimension('acc', [0.5, Infinity]), id: 'metric:acc', kind: 'metric' as const }
    const cells = [[{ rows: [0], value: 0.5 }, undefined], [undefined, { rows: [1], value: NaN }]] // prettier-ignore
    const side = (key: string) => ({ dimension: dimension(key, [1, 2]), labels: ['1', '2'] })
    expect(cellsCsv({ x: side('x'), y: side('y'), cells, metric, summary: 'mean' })).toBe(
      'params.x,params.y,metrics.acc (mean),runs\r\n1,1,0.5,1\r\n2,2,inf,1\r\n',
    )
  })
})

describe('labels under an axis', () => {
  const drawn = (labels: readonly string[], way: number): { rows: number; texts: string[] } => {
    const ctx = new SvgContext(widthOf)
    const ticks = labels.map((label, at) => ({ label, at: way * (at + 0.5) }))
    const end = way * labels.length
    const rows = rowsBelow(ctx, ticks, end)
    drawTicksBelow(ctx, ticks, 0, theme, { rows, end })
    return { rows, texts: [...ctx.markup.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text ?? '') }
  }

  it('go to rows of their own before they are cut', () => {
    const words = Array.from({ length: 14 }, (_, at) => `bpe-${at + 1}k`)
    expect(drawn(words, 60)).toEqual({ rows: 1, texts: words })
    expect(drawn([...words, ''], 26)).toEqual({ rows: 2, texts: words })
    expect(drawn([...words, ''], 20)).toEqual({ rows: 3, texts: words })
    expect(drawn([...words, ''], 12).texts.every((text) => text.endsWith('…'))).toBe(true)
  })

  it('end where the plot ends, and a very long one is cut without asking for rows', () => {
    const ctx = new SvgContext(widthOf)
    const ticks = [20, 80].map((at) => ({ at, label: '0.0025' }))
    drawTicksBelow(ctx, ticks, 0, theme, { end: 90 })
    const places = [...ctx.markup.matchAll(/<text x="(\d+)"[^>]*>([^<]+)</g)].map(([, x, text]) => [x, text])
    expect(places).toEqual([['20', '0.0025'], ['72', '0.0025']]) // prettier-ignore
    expect(drawn(['very '.repeat(20), 'b', 'c'], 130).rows).toBe(1)
  })
})

describe('labels at the left of an axis', () => {
  it('have the room that they need, up to a share of the plot', () => {
    const ctx = new SvgContext(widthOf)
    const of = (values: readonly number[], width: number): number => {
      const options = { log: false, span: [200, 0] as const, room: 20, slot: 16 }
      return roomAtLeft(ctx, scaleOf(dimension('m', values), [...values.keys()], options), width)
    }
    expect(of([1, 2], 600)).toBe(74)
    expect(of([1_234_567_890_123, 2], 600)).toBe(13 * 6 + 12)
    expect(of([1_234_567_890_123, 2], 280)).toBe(84)
  })
})
