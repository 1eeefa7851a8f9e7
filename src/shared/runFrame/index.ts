export { RunFrameBuilder } from './builder'
export {
  artifactUriAt,
  kept,
  statusCodes,
  stringAt,
  transferablesOf,
  type MetricColumn,
  type RunFrameData,
  type RunInfoColumns,
  type StringColumn,
} from './data'
export { RunFrame } from './frame'
