import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDelimited } from '../../../src/shared/artifacts/delimited'
import { cellText, indentJson, loggedTableOf } from '../../../src/shared/artifacts/jsonText'
import { loggedImages } from '../../../src/shared/artifacts/loggedImages'
import { readParquet } from '../../../src/webview/artifacts/parquet'

describe('parseDelimited', () => {
  it('reads quotes, line breaks within them, and doubled quotes', () => {
    const { header, rows } = parseDelimited('a,b,c\r\n1,"x, ""y""\nz",\r\n,"",3', true)
    expect(header).toEqual(['a', 'b', 'c'])
    expect(rows).toEqual([
      ['1', 'x, "y"\nz', ''],
      ['', '', '3'],
    ])
  })

  it.each([
    [';', 'a;b;c,d\n1;2;3'],
    ['\t', 'a, b\tc\td\n'],
    ['|', 'a|b\n1|2'],
    [',', '"a;b;c;d",e\n'],
    [',', 'only one column\n1\n'],
  ])('tells the delimiter %j', (delimiter, text) => {
    expect(parseDelimited(text, true).delimiter).toBe(delimiter)
  })

  it('leaves out a row that is cut, and says so', () => {
    expect(parseDelimited('a,b\n1,2\n3,4', false)).toMatchObject({ rows: [['1', '2']], isCut: true })
    expect(parseDelimited('a,b\n1,2\n3,4', true)).toMatchObject({
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      isCut: false,
    })
    expect(parseDelimited('a,b\n1,2\n"never closed', false)).toMatchObject({ rows: [['1', '2']], isCut: true })
    expect(parseDelimited('x'.repeat(1_000_000), false)).toMatchObject({ header: [], isCut: true })
  })

  it('keeps rows of other lengths as they are, without empty lines', () => {
    expect(parseDelimited('a,b\n1\n\n1,2,3\n', true).rows).toEqual([['1'], ['1', '2', '3']])
  })

  it('drops the byte order mark, and stops where it is told to', () => {
    const { header, rows } = parseDelimited(`\ufeffa,b\n${'1,2\n'.repeat(100)}`, true, 10)
    expect(header[0]).toBe('a')
    expect(rows).toHaveLength(10)
  })

  it('reads huge lines, and many quotes, in time that grows with them', () => {
    const line = `"${'x""y,'.repeat(400_000)}",${'z'.repeat(500_000)}`
    const started = performance.now()
    const { rows } = parseDelimited(`a,b\n${line}\n`, true)
    expect(rows[0]?.[0]?.length).toBe(1_600_000)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('indentJson', () => {
  it('indents, and changes nothing else', () => {
    expect(indentJson('{"a": 1e400,"b":[NaN, 12345678901234567890],"c":{},"d":[ ]}')).toBe(
      '{\n  "a": 1e400,\n  "b": [\n    NaN,\n    12345678901234567890\n  ],\n  "c": {},\n  "d": []\n}',
    )
    expect(indentJson('"a, b: {c} \\" d"')).toBe('"a, b: {c} \\" d"')
  })

  it('takes what is no JSON, or never ends', () => {
    expect(indentJson(']]}')).toBe('\n]\n]\n}')
    expect(indentJson('{"never')).toContain('"never')
    expect(indentJson('['.repeat(10_000)).length).toBeLessThan(10_000_000)
  })
})

describe('loggedTableOf', () => {
  it('reads what mlflow.log_table writes', () => {
    expect(loggedTableOf('{"columns":["q","n"],"data":[["a",1],[null,0.5],[{"type":"image"},true]]}')).toEqual({
      columns: ['q', 'n'],
      rows: [
        ['a', '1'],
        ['', '0.5'],
        ['{"type":"image"}', 'true'],
      ],
    })
  })

  it('tells the pictures in it', () => {
    const image = { type: 'image', filepath: 'table_images/a.png', compressed_filepath: 'table_images/a.webp' }
    const source = JSON.stringify({
      columns: ['p'],
      data: [[image], [{ type: 'image', filepath: 'b.png' }], [{ type: 'image' }]],
    })
    expect(loggedTableOf(source)?.rows).toEqual([
      [{ shown: 'table_images/a.webp', full: 'table_images/a.png' }],
      [{ shown: 'b.png', full: 'b.png' }],
      ['{"type":"image"}'],
    ])
  })

  it('keeps every digit of a number that no double holds', () => {
    expect(loggedTableOf('{"columns":["n"],"data":[[1152921504606846977]]}')?.rows).toEqual([['1152921504606846977']])
  })

  it.each([
    '[1]',
    '{"columns": 1, "data": []}',
    '{"columns": ["a"], "data": [1]}',
    '{"columns": ["a"], "data": [',
    '{"data": []}',
  ])('takes %s for no table', (source) => {
    expect(loggedTableOf(source)).toBeUndefined()
  })
})

describe('loggedImages', () => {
  it('knows the names that MLflow 3 and MLflow 2 give, by key and step', () => {
    const images = loggedImages([
      'images/dog~cat+step+12+timestamp+1795794571979+fd137713-adec-4b3a-b594-33e5a68b8ab4.png',
      'images/dog~cat+step+3+timestamp+1795794571970+ad137713-adec-4b3a-b594-33e5a68b8ab4.png',
      'images/dog~cat+step+3+timestamp+1795794571970+ad137713-adec-4b3a-b594-33e5a68b8ab4+compressed.webp',
      'images/dog#cat%step%7%timestamp%1795794585944%j47f6c6d-4bff-455b-aa69-da2f7c00a064.png',
      'images/dog#cat%step%7%timestamp%1795794585944%j47f6c6d-4bff-455b-aa69-da2f7c00a064%compressed.webp',
      'images/another.png',
    ])
    expect([...images.keys()]).toEqual(['dog/cat'])
    expect(images.get('dog/cat')?.map(({ step }) => step)).toEqual([3, 7, 12])
  })
})

describe('cellText', () => {
  it('writes big integers, and what is in lists of them', () => {
    expect(cellText([1n, 'a'])).toBe('["1","a"]')
    expect(cellText(undefined)).toBe('')
    expect(cellText(-0.5)).toBe('-0.5')
  })
})

describe('readParquet', () => {
  const file = (name: string): Buffer<ArrayBuffer> =>
    readFileSync(new URL(`../../fixtures/artifacts/${name}`, import.meta.url))

  async function read(name: string) {
    const bytes = file(name)
    const asked: number[] = []
    const table = await readParquet(bytes.length, (start, length) => {
      asked.push(length)
      return Promise.resolve(new Uint8Array(bytes.subarray(start, start + length)))
    })
    return { ...table, asked }
  }

  it.each(['data.parquet', 'zstd.parquet', 'gzip.parquet', 'lz4.parquet'])(
    'reads the first rows of %s, exactly',
    async (name) => {
      const { columns, rows, rowCount, columnCount } = await read(name)
      expect(columns.map(({ name: column, type }) => `${column} ${type ?? ''}`)).toEqual([
        'day timestamp',
        'price double',
        'big int64',
        'name string',
        'tags list',
        'blob byte_array',
      ])
      expect([rowCount, columnCount, rows.length]).toEqual([300, 6, 200])
      expect(rows[1]).toEqual(['2026-01-02T00:00:00', '1.027', '1152921504606846977', 'item 1', '["a","b"]', '0001'])
    },
  )

  it('tells the columns of what it can’t decompress', async () => {
    expect(await read('brotli.parquet')).toMatchObject({ unreadable: 'BROTLI', rows: [], columnCount: 6 })
  })

  it('rejects what is none', async () => {
    const bytes = new TextEncoder().encode('PAR1 this is none')
    await expect(
      readParquet(bytes.length, (start, length) => Promise.resolve(bytes.slice(start, start + length))),
    ).rejects.toThrow(/parquet/)
  })
})
