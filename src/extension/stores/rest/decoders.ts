/**
 * What a server's long answers are read into. A table, so that each can be read on this thread or, where it is long, in a worker:
 * what comes out can cross. They throw ShapeError.
 */
import type { Experiment, FileInfo, LoggedModel, ModelVersion, RegisteredModel, Run } from '../../../shared/model'
import { RunFrameBuilder, transferablesOf, type RunFrameData } from '../../../shared/runFrame'
import { pointBuffers, SeriesBuilder, type Points } from '../series'
import { experimentOf, loggedModelOf, modelVersionOf, registeredModelOf } from './entities'
import { fileOf } from './files'
import { appendPoint, Samples } from './points'
import { appendRun, runOf } from './runs'
import { fieldsOf, textOf, type Fields } from './shape'

/** A page of a search: what is on it, and the token of the next one; undefined on the last. */
export interface Page<T> {
  readonly content: T
  readonly next: string | undefined
}

export interface Decoder<R> {
  /** The field whose elements are many; the empty text where there is none. */
  readonly list: string
  /** Reads one answer: its list's elements, some at a time, then what else is in it. */
  readonly begin: () => { readonly add: (elements: readonly unknown[]) => void; readonly end: (rest: Fields) => R }
  /** Buffers of what came out that are handed over, not copied, when it crosses. */
  readonly transfers?: (result: R) => ArrayBuffer[]
}

const mostRuns = 1000

const runs: Decoder<Page<RunFrameData>> = {
  list: 'runs',
  begin: () => {
    const builder = new RunFrameBuilder(mostRuns)
    return {
      add: (elements) => {
        for (const element of elements) appendRun(element, builder)
      },
      end: (rest) => ({ content: builder.build().data, next: nextTokenOf(rest) }),
    }
  },
  transfers: ({ content }) => transferablesOf(content),
}

/** The points of a history in the order they came. */
const points: Decoder<Page<Points>> = {
  list: 'metrics',
  begin: () => {
    const series = new SeriesBuilder()
    return {
      add: (elements) => {
        for (const element of elements) appendPoint(element, series)
      },
      end: (rest) => ({ content: series.points(), next: nextTokenOf(rest) }),
    }
  },
  transfers: ({ content }) => pointBuffers(content),
}

/** Points of several runs, by run. */
const samples: Decoder<Map<string, Points>> = {
  list: 'metrics',
  begin: () => {
    const found = new Samples()
    return {
      add: (elements) => {
        for (const element of elements) found.add(element)
      },
      end: () => found.byRun(),
    }
  },
  transfers: (found) => [...found.values()].flatMap(pointBuffers),
}

const run: Decoder<Run> = {
  list: '',
  begin: () => ({ add: () => undefined, end: runOf }),
}

/** A page of few and small things. */
function listed<T>(list: string, read: (element: unknown) => T): Decoder<Page<T[]>> {
  return {
    list,
    begin: () => {
      const found: T[] = []
      return {
        add: (elements) => {
          for (const element of elements) found.push(read(element))
        },
        end: (rest) => ({ content: found, next: nextTokenOf(rest) }),
      }
    },
  }
}

export const decoders = {
  runs,
  points,
  samples,
  run,
  experiments: listed<Experiment>('experiments', experimentOf),
  registeredModels: listed<RegisteredModel>('registered_models', registeredModelOf),
  modelVersions: listed<ModelVersion>('model_versions', modelVersionOf),
  loggedModels: listed<LoggedModel>('models', loggedModelOf),
  files: listed<FileInfo>('files', fileOf),
}

export type DecoderName = keyof typeof decoders
export type Decoded<N extends DecoderName> = (typeof decoders)[N] extends Decoder<infer R> ? R : never
/** The decoder of that name. */
export const decoderOf = <N extends DecoderName>(name: N): Decoder<Decoded<N>> =>
  decoders[name] as Decoder<unknown> as Decoder<Decoded<N>>

/** Names of the decoders that give that. */
export type DecoderOf<R> = { [N in DecoderName]: Decoded<N> extends R ? N : never }[DecoderName]

/** Undefined on the last page. */
export const nextTokenOf = (page: Fields): string | undefined =>
  textOf(page.next_page_token, 'next_page_token') || undefined

export const asFields = (json: unknown): Fields => fieldsOf(json, 'the answer')
