import { gzipSync, deflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { inflate, unLz4 } from '../../../src/webview/artifacts/decompress'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

it('inflates, also what was compressed in two parts', () => {
  const long = 'what repeats, repeats. '.repeat(10_000)
  expect(text(inflate(deflateSync(long), 'zlib', long.length))).toBe(long)
  expect(text(inflate(gzipSync(long), 'gzip', long.length))).toBe(long)
  expect(text(inflate(Buffer.concat([gzipSync('a'), gzipSync('b')]), 'gzip', 2))).toBe('ab')
})

it('rejects what is damaged, and what would be more than was foretold', () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000))
  const started = performance.now()
  expect(() => inflate(bomb, 'gzip', 1000)).toThrow('more than it says')
  expect(performance.now() - started).toBeLessThan(2000)
  expect(() => inflate(Buffer.from('no gzip at all'), 'gzip', 100)).toThrow()
})

it('reads LZ4 with long runs and what overlaps itself', () => {
  // "a" and 20 more of it, then "bc".
  expect(text(unLz4(Uint8Array.of(0x1f, 0x61, 1, 0, 1, 0x20, 0x62, 0x63), 23))).toBe('a'.repeat(21) + 'bc')
  const literals = Uint8Array.from({ length: 300 }, (_, at) => at % 251)
  expect(unLz4(Uint8Array.of(0xf0, 255, 30, ...literals), 300)).toEqual(literals)
})

it.each([
  [[0x50, 0x61], 'more literals than there are'],
  [[0x10, 0x61, 0, 0], 'nothing behind'],
  [[0x10, 0x61, 9, 0], 'before its beginning'],
  [[0x1f, 0x61, 1, 0, 255, 255], 'a length without end'],
  [[0x30, 1, 2, 3], 'more than there is room for'],
])('rejects LZ4 %j: %s', (bytes) => {
  expect(() => unLz4(Uint8Array.from(bytes), 2)).toThrow('damaged LZ4')
})
