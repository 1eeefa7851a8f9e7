/**
 * Every message between the host and its webviews. Commands ask for something and get no reply, requests get one (or an
 * error, and can be cancelled), notifications tell of something. `channel.ts` carries them and checks them on arrival.
 *
 * VS Code sends messages as JSON plus typed arrays. So numbers that may be NaN or infinite cross in a Float64Array, and Maps as
 * lists of pairs.
 */
import * as v from 'valibot'
import { counted } from './across/best'
import { acrossSchema, mostRunsAcross } from './across/data'
import type { Half } from './channel'

const bytes = v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'not a Uint8Array')
const floats = v.custom<Float64Array>((value) => value instanceof Float64Array, 'not a Float64Array')
const pairs = v.array(v.tuple([v.string(), v.string()]))
const time = v.nullable(v.number())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const nothing = v.optional(v.null(), null)

/** Which run, of which connection (its id). */
export const runRefSchema = v.object({ connection: v.string(), runId: v.string() })
export type RunRef = v.InferOutput<typeof runRefSchema>

/** A run that a page shows, with the index of its colour. */
const shownRunSchema = v.object({ ...runRefSchema.entries, color: count })
export type ShownRun = v.InferOutput<typeof shownRunSchema>

export const statusSchema = v.picklist(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'])

/** What a point's x is: its step, its time (ms since the epoch), ms since its run started, or another metric's value at its step. */
export const axisSchema = v.picklist(['step', 'time', 'relative', 'metric'])
export type Axis = v.InferOutput<typeof axisSchema>

/** The latest values of a run's metrics, by column. */
const metricsSchema = v.object({
  keys: v.array(v.string()),
  values: floats,
  steps: floats,
  timestamps: floats,
})

const runSchema = v.object({
  connection: v.object({ id: v.string(), name: v.string(), uri: v.string() }),
  runId: v.string(),
  name: v.string(),
  experimentId: v.string(),
  experimentName: v.string(),
  user: v.string(),
  status: statusSchema,
  deleted: v.boolean(),
  /** What the user may do with it, as far as the server tells. */
  mayEdit: v.boolean(),
  mayDelete: v.boolean(),
  startTime: time,
  endTime: time,
  /** What of the run could not be read. */
  problem: v.nullable(v.string()),
  artifactUri: v.string(),
  parentRunId: v.nullable(v.string()),
  metrics: metricsSchema,
  params: pairs,
  tags: pairs,
  datasets: v.array(
    v.object({
      name: v.string(),
      digest: v.string(),
      sourceType: v.string(),
      context: v.string(),
      /** Where it came from, what it has and how much of it, as MLflow writes them: JSON, cut if long. */
      source: v.string(),
      schema: v.string(),
      profile: v.string(),
    }),
  ),
  modelOutputs: v.array(v.object({ modelId: v.string(), step: v.number() })),
})
/** A run as pages see it. */
export type RunDetails = v.InferOutput<typeof runSchema>

/** A run, or why it can't be had. */
const runAnswerSchema = v.union([v.object({ run: runSchema }), v.object({ problem: v.string() })])
export type RunAnswer = v.InferOutput<typeof runAnswerSchema>

/** How a metric is to be drawn. */
const lookEntries = {
  key: v.string(),
  axis: axisSchema,
  /** The metric of the x axis, where that is one. */
  xKey: v.optional(v.string(), ''),
  logX: v.optional(v.boolean(), false),
  /** Strength of the smoothing, see `smoothed`. */
  smoothing: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.999)), 0),
  /** Tell the core of these values too. */
  core: v.optional(v.nullable(v.picklist(['finite', 'positive'])), null),
  /** x range; `null`: the whole series. */
  range: v.nullable(v.tuple([v.number(), v.number()])),
  /** Pixels that the range covers. */
  width: v.pipe(count, v.minValue(1), v.maxValue(10_000)),
}

export const curveQuerySchema = v.object({
  ...lookEntries,
  run: runRefSchema,
  /** Samples will do where the whole takes long to read. */
  samples: v.optional(v.boolean(), false),
})
export type CurveQuery = v.InferOutput<typeof curveQuerySchema>

/** Runs that one comparison takes. */
export const maxComparedRuns = 500

/** Lines that one chart draws. */
export const maxLines = 100

export const bandQuerySchema = v.object({
  ...lookEntries,
  runs: v.pipe(v.array(runRefSchema), v.minLength(1), v.maxLength(maxComparedRuns)),
  /** The lowest and highest value, or one standard deviation (n − 1) around the mean. */
  spread: v.picklist(['range', 'deviation']),
})
export type BandQuery = v.InferOutput<typeof bandQuerySchema>

/** What is known of a curve, without the run. */
export type CurveLook = Omit<CurveQuery, 'run' | 'samples'>

/** A curve as it was logged. */
export const plainLook = { xKey: '', logX: false, smoothing: 0, core: null } as const

export const curveSchema = v.object({
  /** Ascending. At most two finite points a pixel; NaN is a gap, ±Infinity is itself. */
  x: floats,
  y: floats,
  /** The values as they were logged, where `y` is smoothed. */
  raw: v.nullable(v.object({ x: floats, y: floats })),
  /** Of a group, whose mean `y` is: the edges at each x, and how many runs are in it there. */
  band: v.nullable(
    v.object({
      low: floats,
      high: floats,
      runs: floats,
      /** Values left out since they are not finite. */
      notFinite: count,
      /** Which runs are left out, and why. */
      problem: v.nullable(v.string()),
    }),
  ),
  /** From the 5th to the 95th percentile of the finite values in the range, where it was asked for and there are some. */
  core: v.nullable(v.tuple([v.number(), v.number()])),
  /** Extent of the whole series; `null` where it is empty. */
  extent: v.nullable(v.tuple([v.number(), v.number()])),
  /** Points of the whole series, and of them in the range. */
  total: count,
  inRange: count,
  /** Points without a place on the x axis, which `total` doesn't count. */
  unplaced: count,
  /** True where the times were logged in seconds instead of milliseconds, and are shown as what was meant. */
  inSeconds: v.boolean(),
  /** True where `x` and `y` hold fewer than the range has. */
  reduced: v.boolean(),
  /** These are samples chosen by the server, and `total` counts them: how many points there are is not known yet. */
  sampled: v.boolean(),
  /** When the host read the series, ms since the epoch, and why a later attempt failed. */
  asOf: v.number(),
  refreshError: v.nullable(v.string()),
})
export type Curve = v.InferOutput<typeof curveSchema>

/** The points of runs as a CSV file, all that were logged in the range. */
export const curvesFileSchema = v.object({
  /** Proposed for the file. */
  name: v.string(),
  key: lookEntries.key,
  axis: lookEntries.axis,
  xKey: lookEntries.xKey,
  range: lookEntries.range,
  smoothing: lookEntries.smoothing,
  /** `group`: the name of the run's group, where there are some. */
  series: v.array(v.object({ run: runRefSchema, name: v.string(), group: v.string() })),
})
export type CurvesFile = v.InferOutput<typeof curvesFileSchema>

/** A layout of charts that was saved by name; only pages know what is in it. */
const savedLayoutsSchema = v.array(v.object({ name: v.string(), layout: v.record(v.string(), v.unknown()) }))

const statsSchema = v.object({
  count,
  min: v.nullable(v.number()),
  max: v.nullable(v.number()),
  nan: count,
  plusInfinity: count,
  minusInfinity: count,
})
export type Stats = v.InferOutput<typeof statsSchema>

const artifactSchema = v.object({ path: v.string(), isDir: v.boolean(), fileSize: v.nullable(v.number()) })
export type Artifact = v.InferOutput<typeof artifactSchema>

/** Bytes that one request may ask for. */
export const mostBytes = 32 * 1024 * 1024

export const artifactPartSchema = v.object({
  run: runRefSchema,
  path: v.string(),
  start: count,
  length: v.pipe(count, v.minValue(1), v.maxValue(mostBytes)),
})
export type ArtifactPart = v.InferOutput<typeof artifactPartSchema>

const fieldSchema = v.object({
  /** Empty where a tensor has none. */
  name: v.string(),
  /** As "double", "array of string", "float32 tensor (−1, 28, 28)". */
  type: v.string(),
  required: v.boolean(),
  /** Of a parameter, as JSON. */
  default: v.nullable(v.string()),
})
export type SignatureField = v.InferOutput<typeof fieldSchema>

/** What an MLmodel file tells of a model. */
const modelCardSchema = v.object({
  flavors: v.array(v.object({ name: v.string(), version: v.string(), facts: pairs })),
  inputs: v.nullable(v.array(fieldSchema)),
  outputs: v.nullable(v.array(fieldSchema)),
  params: v.nullable(v.array(fieldSchema)),
  mlflowVersion: v.string(),
  pythonVersion: v.string(),
  modelId: v.string(),
  runId: v.string(),
  sizeBytes: v.nullable(v.number()),
  created: v.string(),
  /** Path of the input example among the run's artifacts. */
  inputExample: v.nullable(v.string()),
  metadata: pairs,
})
export type ModelCard = v.InferOutput<typeof modelCardSchema>

const relativeSchema = v.object({
  runId: v.string(),
  name: v.string(),
  status: v.nullable(statusSchema),
  startTime: time,
})

/** What stands around a run. A part that could not be read has its reason in `problems`. */
const relatedSchema = v.object({
  parent: v.nullable(relativeSchema),
  children: v.array(relativeSchema),
  /** How many children there are, as far as was looked, and whether there may be more. */
  childCount: count,
  moreChildren: v.boolean(),
  versions: v.array(
    v.object({
      name: v.string(),
      version: v.string(),
      stage: v.string(),
      aliases: v.array(v.string()),
      source: v.string(),
    }),
  ),
  models: v.array(v.object({ modelId: v.string(), name: v.string(), type: v.string(), status: v.string() })),
  problems: v.array(v.string()),
})
export type Related = v.InferOutput<typeof relatedSchema>

/** What differs between the code of two runs, the older one on the left. */
const codeChangesSchema = v.object({
  /** The two, for people. */
  left: v.string(),
  right: v.string(),
  /** What is known of each, and what not. */
  says: v.array(v.string()),
  files: v.array(
    v.object({
      kind: v.picklist(['added', 'deleted', 'renamed', 'changed']),
      path: v.string(),
      oldPath: v.nullable(v.string()),
      /** Of a unified diff: each begins with `@`, a blank, `+`, `-` or `\\`. */
      lines: v.array(v.string()),
      /** Why there are none, or not all. */
      note: v.string(),
    }),
  ),
  /** Files that differ beyond those. */
  more: count,
})
export type CodeChanges = v.InferOutput<typeof codeChangesSchema>

/** Names and versions of the packages that a run logged with its models; none where it logged none. Or why they can't be had. */
const runEnvironmentSchema = v.union([v.object({ packages: pairs }), v.object({ problem: v.string() })])
export type RunEnvironment = Extract<v.InferOutput<typeof runEnvironmentSchema>, { packages: unknown }>

/** Runs whose environments one request may ask for. */
export const environmentsAtOnce = 20

/** The metric that matters, which end of it is wanted, and which of its values counts. */
export const aimSchema = v.object({
  metric: v.string(),
  direction: v.picklist(['higher', 'lower']),
  counts: v.optional(v.picklist(counted), 'latest'),
})
export type Aim = v.InferOutput<typeof aimSchema>

const twoRunsSchema = v.tuple([runRefSchema, runRefSchema])

/** An edit of a run; what is left out is asked of the user. */
const runEditSchema = v.variant('act', [
  v.object({ act: v.literal('describe'), description: v.string() }),
  v.object({ act: v.literal('setTag'), key: v.optional(v.string()), value: v.optional(v.string()) }),
  v.object({ act: v.literal('removeTag'), key: v.string() }),
  v.object({ act: v.literal('rename'), newName: v.optional(v.string()) }),
  v.object({ act: v.literal('delete') }),
  v.object({ act: v.literal('restore') }),
  v.object({ act: v.literal('registerModel'), path: v.optional(v.string()) }),
])
export type RunEdit = v.InferOutput<typeof runEditSchema>

/** Answered first: who the page is about, and the words to say it in. */
const helloReply = v.object({
  runs: v.array(shownRunSchema),
  /** Runs asked for beyond what a page shows. */
  leftOut: count,
  bundle: v.record(v.string(), v.string()),
})

/** What the host understands; both pages speak the same language. */
export const hostHalf = {
  commands: {
    openLink: v.object({ url: v.string() }),
    openArtifact: v.object({ run: runRefSchema, path: v.string() }),
    /** A file, or a folder with all in it. */
    saveArtifact: v.object({ run: runRefSchema, path: v.string() }),
    openRun: v.object({ run: runRefSchema }),
    compare: v.object({ runs: v.array(runRefSchema) }),
    /** In the diff editor; all files where no path is given. */
    compareCode: v.object({ runs: twoRunsSchema, path: v.optional(v.string()) }),
    compareArtifacts: v.object({ runs: twoRunsSchema }),
    exportReport: v.object({
      runs: v.pipe(v.array(runRefSchema), v.minLength(1), v.maxLength(maxComparedRuns)),
      metrics: v.array(v.string()),
      axis: v.picklist(['step', 'time', 'relative']),
      aim: v.optional(aimSchema),
    }),
    copy: v.object({ text: v.string() }),
    showLog: nothing,
  },
  requests: {
    hello: { params: nothing, reply: helloReply },
    /** One answer a run, in their order. `interactive`: may ask for credentials. */
    runs: {
      params: v.object({ runs: v.pipe(v.array(runRefSchema), v.maxLength(maxComparedRuns)), interactive: v.boolean() }),
      reply: v.array(runAnswerSchema),
    },
    /** Many runs at once, by column. `interactive`: as above. */
    across: {
      params: v.object({ runs: v.pipe(v.array(runRefSchema), v.maxLength(mostRunsAcross)), interactive: v.boolean() }),
      reply: acrossSchema,
    },
    /** One answer a run, in their order. */
    environments: {
      params: v.object({ runs: v.pipe(v.array(runRefSchema), v.maxLength(environmentsAtOnce)) }),
      reply: v.array(runEnvironmentSchema),
    },
    codeChanges: { params: v.object({ runs: twoRunsSchema }), reply: codeChangesSchema },
    curve: { params: curveQuerySchema, reply: curveSchema },
    /** Several runs as one curve. */
    band: { params: bandQuerySchema, reply: curveSchema },
    stats: { params: v.object({ run: runRefSchema, key: v.string() }), reply: statsSchema },
    /** Writes to where the user says; false where the question was closed. `name` is proposed. */
    saveFile: {
      params: v.object({ name: v.string(), ending: v.picklist(['png', 'svg', 'csv', 'html', 'md']), bytes }),
      reply: v.object({ saved: v.boolean() }),
    },
    saveCurves: { params: curvesFileSchema, reply: v.object({ saved: v.boolean() }) },
    layouts: { params: nothing, reply: savedLayoutsSchema },
    /** Asks for the name; false where the question was closed. */
    saveLayout: {
      params: v.object({ layout: v.record(v.string(), v.unknown()) }),
      reply: v.object({ saved: v.boolean() }),
    },
    deleteLayout: { params: v.object({ name: v.string() }), reply: nothing },
    artifacts: { params: v.object({ run: runRefSchema, path: v.string() }), reply: v.array(artifactSchema) },
    /** Fewer bytes than asked for where the file ends. */
    artifactPart: { params: artifactPartSchema, reply: v.object({ bytes }) },
    modelCard: { params: v.object({ run: runRefSchema, path: v.string() }), reply: modelCardSchema },
    /** `children`: how many to tell of. */
    related: { params: v.object({ run: runRefSchema, children: count }), reply: relatedSchema },
    /** False where the user has thought better of it. Rejects with the reason where it was not made. */
    edit: { params: v.object({ run: runRefSchema, edit: runEditSchema }), reply: v.object({ done: v.boolean() }) },
  },
  notifications: {},
} satisfies Half
export type HostHalf = typeof hostHalf

const refreshScopeSchema = v.picklist(['running', 'all', 'anew'])
export type RefreshScope = v.InferOutput<typeof refreshScopeSchema>

/** What a webview understands. */
export const webviewHalf = {
  commands: {},
  requests: {},
  notifications: {
    /** Look at runs again: those that are still running, all, or all including what has not visibly changed. */
    refresh: v.object({ scope: refreshScopeSchema, reason: v.string() }),
    /** The page's runs have other colours now. */
    recolor: v.object({ runs: v.array(shownRunSchema) }),
  },
} satisfies Half
export type WebviewHalf = typeof webviewHalf

/** What a page keeps over a reload (getState): which runs, and how it is set; never data. */
export const pageStateSchema = v.object({
  version: v.literal(1),
  runs: v.pipe(v.array(runRefSchema), v.minLength(1)),
  leftOut: v.optional(count, 0),
  view: v.optional(v.record(v.string(), v.unknown()), {}),
})
export type PageState = v.InferOutput<typeof pageStateSchema>
