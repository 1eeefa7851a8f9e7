import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { hostHalf, pageStateSchema } from '../../src/shared/protocol'

const run = { connection: 'sqlite:///mlflow.db', runId: 'a'.repeat(32) }
const curve = { run, key: 'loss', axis: 'step', range: null, width: 800 }

const accepts = (schema: v.GenericSchema, value: unknown): boolean => v.is(schema, value)

describe('what the host accepts', () => {
  it('takes a curve query with and without a range', () => {
    expect(accepts(hostHalf.requests.curve.params, curve)).toBe(true)
    expect(accepts(hostHalf.requests.curve.params, { ...curve, range: [0, 10.5] })).toBe(true)
  })

  it.each([
    ['no width', { ...curve, width: undefined }],
    ['a width of nothing', { ...curve, width: 0 }],
    ['a width that would take all memory', { ...curve, width: 1e9 }],
    ['half a pixel', { ...curve, width: 1.5 }],
    ['an unknown axis', { ...curve, axis: 'colour' }],
    ['a range of one end', { ...curve, range: [1] }],
    ['a range of NaN', { ...curve, range: [NaN, 1] }],
    ['a run that is a string', { ...curve, run: 'abc' }],
    ['a key that is an object', { ...curve, key: {} }],
    ['nothing', null],
  ])('refuses a curve query with %s', (_, query) => {
    expect(accepts(hostHalf.requests.curve.params, query)).toBe(false)
  })

  it.each([
    ['openLink', { url: 5 }],
    ['openArtifact', { run, path: ['..'] }],
    ['openRun', { run: { ...run, runId: null } }],
    ['compare', { runs: run }],
    ['copy', {}],
  ] as const)('refuses a malformed %s', (name, body) => {
    expect(accepts(hostHalf.commands[name], body)).toBe(false)
  })
})

describe('what the webview accepts', () => {
  const { reply } = hostHalf.requests.curve
  const answer = {
    x: Float64Array.of(0, 1),
    y: Float64Array.of(NaN, Infinity),
    extent: [0, 1],
    total: 2,
    inRange: 2,
    ...{ raw: null, band: null, core: null, unplaced: 0, inSeconds: false },
    reduced: false,
    sampled: false,
    asOf: 1,
    refreshError: null,
  }

  it('takes NaN and infinities in a Float64Array, and only there', () => {
    expect(accepts(reply, answer)).toBe(true)
    expect(accepts(reply, { ...answer, y: [null, null] })).toBe(false)
  })
})

describe('a remembered page', () => {
  it('is restored with its runs and its view', () => {
    const state = { version: 1, runs: [run], leftOut: 2, view: { axis: 'time' } }
    expect(v.parse(pageStateSchema, state)).toEqual(state)
  })

  it.each([
    ['nothing', undefined],
    ['another version', { version: 2, runs: [run] }],
    ['no runs', { version: 1, runs: [] }],
    ['runs that are not', { version: 1, runs: [{ runId: 1 }] }],
  ])('is not restored from %s', (_, state) => {
    expect(accepts(pageStateSchema, state)).toBe(false)
  })
})
