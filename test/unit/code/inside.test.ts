import { expect, test } from 'vitest'
import { isSamePlace } from '../../../src/extension/code/inside'

test('a place on Windows is the same, however its drive and slashes are written', () => {
  expect(isSamePlace('C:/work/lab', String.raw`c:\work\lab`)).toBe(true)
  expect(isSamePlace('C:/work/lab', 'd:/work/lab')).toBe(false)
  expect(isSamePlace('/work/lab', '/work/lab')).toBe(true)
  expect(isSamePlace(String.raw`/work\lab`, '/work/lab')).toBe(false)
})
