/**
 * Many runs by column, as they cross to a comparison: what a run has not takes no room, so 500 runs of 12,000 metrics each of its own
 * cost no more than what they logged. Row i is the i-th run that was asked for.
 */
import * as v from 'valibot'
import { statusCodes } from '../runFrame'

const floats = v.custom<Float64Array>((value) => value instanceof Float64Array, 'not a Float64Array')
const ints = v.custom<Int32Array>((value) => value instanceof Int32Array, 'not an Int32Array')

/** Runs of which one request may ask. */
export const mostRunsAcross = 1000

/** Entries of key i: places `offsets[i]` up to `offsets[i + 1]` of `rows` and what stands beside it; rows ascend. */
const entries = { keys: v.array(v.string()), offsets: ints, rows: ints }

/** NaN and infinities are as logged; a row that is not there has no value. */
const numbersSchema = v.object({ ...entries, values: floats })
export type Numbers = v.InferOutput<typeof numbersSchema>

/** Places in the dictionary, where texts that differ have places that differ, even if both are cut to the same. */
const textsSchema = v.object({ ...entries, codes: ints })
export type Texts = v.InferOutput<typeof textsSchema>

const runSchema = v.object({
  name: v.string(),
  experimentName: v.string(),
  user: v.string(),
  status: v.nullable(v.picklist(statusCodes)),
  deleted: v.boolean(),
  /** Why there is nothing, or not all, of this run. */
  problem: v.nullable(v.string()),
  found: v.boolean(),
})
export type RunAcross = v.InferOutput<typeof runSchema>

export const acrossSchema = v.object({
  runs: v.array(runSchema),
  /** Milliseconds since the epoch; NaN where there is none. */
  startTimes: floats,
  endTimes: floats,
  /** Latest values. */
  metrics: numbersSchema,
  params: textsSchema,
  tags: textsSchema,
  /** By name and context; the values are digests. */
  datasets: textsSchema,
  /** Of the Python environments, where these have been read; the values are versions. */
  packages: textsSchema,
  dictionary: v.array(v.string()),
})
export type AcrossData = v.InferOutput<typeof acrossSchema>
