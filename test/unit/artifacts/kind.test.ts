import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { imageSize } from '../../../src/shared/artifacts/imageSize'
import { encodingOf, isUtf8, kindOf } from '../../../src/shared/artifacts/kind'

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/artifacts/${name}`, import.meta.url)))
const text = (content: string): Uint8Array => new TextEncoder().encode(content)
const latin = (content: string): Uint8Array => Uint8Array.from(content, (character) => character.charCodeAt(0))

describe('kindOf', () => {
  it.each([
    ['confusion_matrix.png', 'image', 'PNG'],
    ['photo.jpg', 'image', 'JPEG'],
    ['small.gif', 'image', 'GIF'],
    ['small.webp', 'image', 'WebP'],
    ['data.parquet', 'parquet', 'Parquet'],
  ])('knows %s by its bytes, whatever it is called', (name, viewer, word) => {
    expect(kindOf(`plots/${name}`, fixture(name), true)).toEqual(expect.objectContaining({ viewer, word }))
    expect(kindOf(name, fixture(name), true)).not.toHaveProperty('claimed')
    expect(kindOf('without extension', fixture(name), true)).toMatchObject({ viewer, word })
    expect(kindOf('lies.csv', fixture(name), true)).toMatchObject({ viewer, word, claimed: 'CSV' })
  })

  it.each([
    ['a.csv', 'a,b\n1,2\n', 'table'],
    ['a.tsv', 'a\tb\n', 'table'],
    ['a.json', '{"a": 1}', 'json'],
    ['no extension', '[1, 2]', 'json'],
    ['a.py', 'import os', 'text'],
    ['a.md', '# a', 'markdown'],
    ['a.html', '<p>a', 'html'],
    ['page', '<!-- made by x -->\n<!DOCTYPE html><title>a', 'html'],
    ['drawing', '<?xml version="1.0"?>\n<svg xmlns="x">', 'svg'],
    ['model/MLmodel', 'flavors: {}', 'model'],
    ['a.pdf', '%PDF-1.4', 'pdf'],
    ['a.log', '\x1b[31mred\x1b[0m\n', 'text'],
    ['notes', 'BMW builds cars', 'text'],
    ['a.weird', 'just words', 'text'],
  ])('tells %s', (name, content, viewer) => {
    const kind = kindOf(name, text(content), true)
    expect(kind.viewer).toBe(viewer)
    expect(kind).not.toHaveProperty('claimed')
  })

  it.each([
    ['a.png', '<html><script>alert(1)</script>', 'html', 'PNG'],
    ['a.csv', '<svg onload=alert(1)>', 'svg', 'CSV'],
    ['a.parquet', 'hello', 'text', 'Parquet'],
    ['a.pdf', '{"a": 1}', 'json', 'PDF'],
    ['a.svg', 'hello', 'text', 'SVG'],
    ['a.pkl', 'print("hello")', 'text', 'Python pickle'],
  ])('says so where %s lies about itself', (name, content, viewer, claimed) => {
    expect(kindOf(name, text(content), true)).toMatchObject({ viewer, claimed })
  })

  it('takes what holds a file of another kind for no lie', () => {
    expect(kindOf('weights.npz', latin('PK\x03\x04rest'), true)).toMatchObject({ word: 'NumPy archive' })
    expect(kindOf('model.pkl', Uint8Array.of(0x80, 4, 0x95, 0), true)).toEqual(
      expect.not.objectContaining({ claimed: expect.anything() as unknown }),
    )
    expect(kindOf('model.pkl', latin('PK\x03\x04rest'), true)).toMatchObject({
      word: 'ZIP archive',
      claimed: 'Python pickle',
    })
  })

  it('shows bytes that are nothing known as such, and nothing as nothing', () => {
    expect(kindOf('x', Uint8Array.of(0, 1, 2, 3, 250), true)).toMatchObject({ viewer: 'binary', word: 'binary data' })
    expect(kindOf('x.png', Uint8Array.of(0, 1, 2, 3, 250), true)).toMatchObject({ viewer: 'binary', claimed: 'PNG' })
    expect(kindOf('x.png', new Uint8Array(), true)).toMatchObject({ viewer: 'text', word: 'empty file' })
  })

  it('finds text in every encoding', () => {
    for (const bytes of [
      text('grüße'),
      latin('\xff\xfeg\0r\0'),
      latin('\xfe\xff\0g\0r'),
      latin('w\0i\0t\0h\0o\0u\0t\0'),
      latin('gr\xfc\xdfe an alle'),
      latin('gr\xfc\xdfe\n'),
    ])
      expect(kindOf('a.txt', bytes, true)).toMatchObject({ viewer: 'text', word: 'text' })
  })
})

describe('encodingOf', () => {
  it.each([
    ['utf-8', 'plain'],
    ['utf-8', '\xef\xbb\xbfplain'],
    ['utf-8', 'gr\xc3\xbc'],
    ['utf-16le', '\xff\xfea\0'],
    ['utf-16be', '\0a\0b\0c\0d'],
    ['windows-1252', 'gr\xfc'],
  ])('says %s of %j', (encoding, bytes) => {
    expect(encodingOf(latin(bytes), true)).toBe(encoding)
  })

  it('lets a part end in the middle of a character, and a whole file not', () => {
    const cut = text('aé').subarray(0, 2)
    expect(isUtf8(cut, false)).toBe(true)
    expect(isUtf8(cut, true)).toBe(false)
    expect(isUtf8(latin('\xc0\xaf'), true)).toBe(false) // too long a form
  })
})

describe('imageSize', () => {
  it.each([
    ['photo.jpg', 40, 30],
    ['small.gif', 40, 30],
    ['small.webp', 40, 30],
    ['sample0.png', 32, 32],
    ['small.bmp', 40, 30],
  ])('of %s', (name, width, height) => {
    expect(imageSize(fixture(name))).toEqual({ width, height })
  })

  it('is undefined where the head is cut, or no picture', () => {
    expect(imageSize(fixture('photo.jpg').subarray(0, 20))).toBeUndefined()
    expect(imageSize(fixture('sample0.png').subarray(0, 10))).toBeUndefined()
    expect(imageSize(text('hello, world'))).toBeUndefined()
    expect(imageSize(new Uint8Array())).toBeUndefined()
  })
})
