import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parsePdf, pdfDate, PdfName, PdfRef, pdfText } from '../../../src/webview/artifacts/pdfSyntax'
import { readPdf } from '../../../src/webview/artifacts/pdf'

const file = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/artifacts/${name}`, import.meta.url)))

const read = (bytes: Uint8Array<ArrayBuffer>) =>
  readPdf(bytes.length, (start, length) => Promise.resolve(bytes.subarray(start, start + length)))

describe('readPdf', () => {
  it('tells the pages of what Matplotlib writes, and what it says of itself', async () => {
    expect(await read(file('plot.pdf'))).toEqual({
      version: '1.4',
      pages: 1,
      pageSize: [216, 144],
      isEncrypted: false,
      title: 'Loss of week 47 – größer',
      author: '',
      program: 'Matplotlib v3.11.2, https://matplotlib.org',
      created: '2026-11-29 11:58:15 UTC',
    })
  })

  it('finds objects that are compressed in streams', async () => {
    expect(await read(file('streams.pdf'))).toMatchObject({
      pages: 3,
      pageSize: [216, 144],
      title: 'Loss of week 47 – größer',
    })
  })

  it('follows the tables of a file that was made to be sent', async () => {
    expect(await read(file('linear.pdf'))).toMatchObject({ pages: 3, pageSize: [216, 144] })
  })

  it('says of an encrypted file no more than it can know', async () => {
    expect(await read(file('encrypted.pdf'))).toMatchObject({ pages: undefined, isEncrypted: true, version: '1.7' })
  })

  it('rejects what is cut, or changed, or none', async () => {
    const whole = file('streams.pdf')
    for (let length = 0; length < whole.length; length += 97)
      await expect(read(whole.slice(0, length))).rejects.toThrow()
    const changed = file('plot.pdf')
    changed.fill(0x20, 5900, 6300)
    await expect(read(changed)).rejects.toThrow('damaged PDF')
    await expect(read(new TextEncoder().encode('%PDF-1.7\n'))).rejects.toThrow(/damaged/)
  })

  it('ends where tables name each other', async () => {
    const loop = '%PDF-1.4\nxref\n0 0\ntrailer << /Prev 9 /Root 1 0 R >>\nstartxref\n9\n%%EOF'
    await expect(read(new TextEncoder().encode(loop))).rejects.toThrow('damaged PDF')
  })
})

describe('parsePdf', () => {
  const value = (text: string) => parsePdf(text, 0).value

  it('reads each kind of object', () => {
    expect(
      value('% comment\n[1 -2.5 .5 (a\\(b\\)\\101\\n(in)) <48 69> /N#20ame 12 0 R true null << /K [] >>]'),
    ).toEqual([
      1,
      -2.5,
      0.5,
      'a(b)A\n(in)',
      'Hi',
      new PdfName('N ame'),
      new PdfRef(12),
      true,
      null,
      new Map([['K', []]]),
    ])
  })

  it.each(['', '(never closed', '[1 2', '<< /A', '<< 1 2 >>', '<41', '}', '['.repeat(10_000)])(
    'rejects %.20j',
    (text) => {
      expect(() => value(text)).toThrow('damaged PDF')
    },
  )

  it('reads texts and dates', () => {
    expect(pdfText('\xfe\xff\0a\x20\x13')).toBe('a–')
    expect(pdfText('\xef\xbb\xbf\xc3\xa4')).toBe('ä')
    expect(pdfDate("D:20261129115815+01'00'")).toBe('2026-11-29 11:58:15 +01:00')
    expect(pdfDate('D:2026')).toBe('2026-01-01')
    expect(pdfDate('yesterday')).toBe('yesterday')
  })
})
