/** Messages between the chart beside the code and its host, which says what is under the cursor and what the runs say of it. */
import * as v from 'valibot'
import type { Half } from './channel'
import { curveQuerySchema, curveSchema, runRefSchema, statusSchema } from './protocol'

const floats = v.custom<Float64Array>((value) => value instanceof Float64Array, 'not a Float64Array')
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const nothing = v.optional(v.null(), null)

/** Latest runs that the chart may show. */
export const runCounts = [5, 10, 20] as const
const runCount = v.fallback(v.picklist(runCounts), 10)

/** A run in the chart. */
const besideRunSchema = v.object({
  ...runRefSchema.entries,
  name: v.string(),
  status: statusSchema,
  color: count,
  /** It is what the latest is compared with. */
  isReference: v.boolean(),
  /** Its code can be opened as it was. */
  hasCode: v.boolean(),
})
export type BesideRun = v.InferOutput<typeof besideRunSchema>

const besideSubjectSchema = v.object({
  /** `nothing`: no line that logs a metric has been under the cursor yet. */
  state: v.picklist(['nothing', 'loading', 'failed', 'noConnection', 'noExperiment', 'shown']),
  /** Why it failed, or, where runs are shown, why they are old. Empty where all is well. */
  problem: v.string(),
  /** The file: its name. */
  file: v.string(),
  pinned: v.boolean(),
  /** How many of the latest runs are wanted. */
  count: runCount,
  metric: v.string(),
  /** All metrics that the same call logs, `metric` among them. */
  metrics: v.array(v.string()),
  /** Newest first; the reference last where it is none of them. */
  runs: v.array(besideRunSchema),
  /** Their latest points. */
  values: floats,
  steps: floats,
  timestamps: floats,
  /** Runs of the file that have the metric. */
  total: count,
  /** In words: whose runs these are and why, what the latest is compared with, and how it compares. */
  why: v.string(),
  reference: v.string(),
  comparison: v.string(),
  /** Counts the times that somebody asked in person to read all again. */
  epoch: count,
})
export type BesideSubject = v.InferOutput<typeof besideSubjectSchema>

export const besideHostHalf = {
  commands: {
    pin: v.object({ pinned: v.boolean() }),
    choose: v.object({ metric: v.string() }),
    count: v.object({ count: runCount }),
    /** To the line that logs the metric. */
    goToLine: nothing,
    openRun: v.object({ run: runRefSchema }),
    openCode: v.object({ run: runRefSchema }),
    /** Those that are shown. */
    compare: nothing,
    openRuns: nothing,
    chooseReference: nothing,
    chooseExperiment: nothing,
    connect: nothing,
    retry: nothing,
    showLog: nothing,
  },
  requests: {
    hello: {
      params: nothing,
      reply: v.object({
        subject: besideSubjectSchema,
        /** The file's URI, to find it again after a reload. */
        uri: v.string(),
        bundle: v.record(v.string(), v.string()),
      }),
    },
    curve: { params: curveQuerySchema, reply: curveSchema },
  },
  notifications: {},
} satisfies Half
export type BesideHostHalf = typeof besideHostHalf

export const besideWebviewHalf = {
  commands: {},
  requests: {},
  notifications: { subject: v.object({ subject: besideSubjectSchema, uri: v.string() }) },
} satisfies Half
export type BesideWebviewHalf = typeof besideWebviewHalf

/** What the page keeps over a reload: which file and metric, and how it is set; never data. */
export const besideStateSchema = v.object({
  version: v.literal(1),
  uri: v.string(),
  metric: v.string(),
  pinned: v.boolean(),
  count: runCount,
  view: v.optional(v.record(v.string(), v.unknown()), {}),
})
export type BesideState = v.InferOutput<typeof besideStateSchema>
