import { loggedModelStatuses } from '../model'
import type { Comparator, Entity } from './tree'

/** What can be searched. */
export type SearchKind = 'runs' | 'experiments' | 'registeredModels' | 'modelVersions' | 'loggedModels'

/**
 * What the values of a key are.
 * - text; numericText, which can also be read as a number and compared so
 * - id: a whole number written as text; code: one that MLflow compares as text, too, but for its equality
 * - version: a whole number that may be written as text; integer: one that may not
 * - number; real: one that is compared as a double; duration: milliseconds, or a text such as '2h30m'
 */
export type ValueType = 'text' | 'numericText' | 'id' | 'code' | 'version' | 'integer' | 'number' | 'real' | 'duration'

export interface KeyRule {
  readonly type: ValueType
  /** MLflow's. */
  readonly comparators: readonly Comparator[]
  /** Of a code: words that stand for it, which are ours. */
  readonly words?: ReadonlyMap<string, string>
}

export interface AttributeRule extends KeyRule {
  readonly key: string
  /** Whether MLflow takes it in a filter, and in an order; `ours` where only we do. */
  readonly filter: Allowed
  readonly order: Allowed
}

export type Allowed = 'mlflow' | 'ours' | 'no'

export interface SearchRules {
  /** How each entity may be spelled before the dot. */
  readonly entities: ReadonlyMap<string, Entity>
  /** By each spelling. */
  readonly attributes: ReadonlyMap<string, AttributeRule>
  /** Keys other than attributes; `undefined` where the entity can't be filtered by. */
  readonly keys: Readonly<Partial<Record<Entity, KeyRule>>>
  /** The only keys that datasets have. */
  readonly datasetKeys: readonly string[]
  /** Entities that `order_by` takes. */
  readonly order: readonly Entity[]
  /** MLflow knows LIKE, ILIKE and IN in capitals only. */
  readonly capitals: boolean
  /** MLflow takes texts without quotes too, and double quotes as a part of the text. */
  readonly bare: boolean
}

const numeric: readonly Comparator[] = ['=', '!=', '<', '<=', '>', '>=']
const textual: readonly Comparator[] = ['=', '!=', 'LIKE', 'ILIKE']
const listed: readonly Comparator[] = [...textual, 'IN', 'NOT IN']
const nullable: readonly Comparator[] = [...textual, 'IS NULL', 'IS NOT NULL']
const exact: readonly Comparator[] = ['=', '!=', 'IN', 'NOT IN']

const everyNumeric: readonly Comparator[] = [...numeric, 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL']
const everyTextual: readonly Comparator[] = [
  ...['=', '!=', 'LIKE', 'NOT LIKE', 'ILIKE', 'NOT ILIKE', 'RLIKE', 'NOT RLIKE'],
  ...['IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
] as Comparator[]

/** How values of each type can be compared, by MLflow or by us. */
export const comparatorsOf: Readonly<Record<ValueType, readonly Comparator[]>> = {
  text: everyTextual,
  numericText: [...everyTextual, '<', '<=', '>', '>='],
  id: exact,
  code: everyTextual,
  version: everyNumeric,
  integer: everyNumeric,
  number: everyNumeric,
  real: everyNumeric,
  duration: everyNumeric,
}

type Uses = 'filter' | 'order' | 'both' | 'ours' | 'ours, order'

const allowed: Readonly<Record<Uses, { readonly filter: Allowed; readonly order: Allowed }>> = {
  filter: { filter: 'mlflow', order: 'no' },
  order: { filter: 'no', order: 'mlflow' },
  both: { filter: 'mlflow', order: 'mlflow' },
  ours: { filter: 'ours', order: 'ours' },
  'ours, order': { filter: 'ours', order: 'mlflow' },
}

function attribute(
  key: string,
  type: ValueType,
  mlflows: readonly Comparator[],
  uses: Uses = 'both',
  spellings: readonly string[] = [key],
): [string, AttributeRule][] {
  const rule = { key, type, comparators: mlflows, ...allowed[uses] }
  return spellings.map((spelling) => [spelling, rule])
}

const entityNames = (names: Partial<Record<Entity, readonly string[]>>): ReadonlyMap<string, Entity> =>
  new Map(Object.entries(names).flatMap(([entity, spellings]) => spellings.map((name) => [name, entity as Entity])))

/** Statuses of logged models: MLflow's client calls the last one otherwise than its server. */
const statusWords: ReadonlyMap<string, string> = new Map([
  ...loggedModelStatuses.map((status, code): [string, string] => [status, String(code)]),
  ['FAILED', String(loggedModelStatuses.indexOf('UPLOAD_FAILED'))],
])

/** MLflow 3.17's rules, as its parsers and its SQL store have them, with what is ours. */
export const searchRules: Readonly<Record<SearchKind, SearchRules>> = {
  runs: {
    entities: entityNames({
      attribute: ['attributes', 'attribute', 'attr', 'run'],
      metric: ['metrics', 'metric'],
      param: ['params', 'param', 'parameters', 'parameter'],
      tag: ['tags', 'tag'],
      dataset: ['datasets', 'dataset'],
    }),
    attributes: new Map([
      ...attribute('run_id', 'text', listed),
      ...attribute('run_name', 'text', textual),
      ...attribute('run_name', 'text', textual, 'filter', ['run name', 'Run name', 'Run Name']),
      ...attribute('status', 'text', textual),
      ...attribute('user_id', 'text', textual),
      ...attribute('artifact_uri', 'text', textual),
      ...attribute('start_time', 'number', numeric, 'both', ['start_time', 'created', 'Created']),
      ...attribute('end_time', 'number', numeric),
      ...attribute('duration', 'duration', [], 'ours'),
    ]),
    keys: {
      metric: { type: 'real', comparators: numeric },
      param: { type: 'numericText', comparators: nullable },
      tag: { type: 'text', comparators: nullable },
      dataset: { type: 'text', comparators: listed },
    },
    datasetKeys: ['name', 'digest', 'context'],
    order: ['attribute', 'metric', 'param', 'tag'],
    capitals: false,
    bare: false,
  },
  experiments: {
    entities: entityNames({ tag: ['tags', 'tag'], attribute: ['attribute'] }),
    attributes: new Map([
      ...attribute('name', 'text', textual),
      ...attribute('experiment_id', 'id', exact),
      ...attribute('creation_time', 'integer', numeric),
      ...attribute('last_update_time', 'integer', numeric),
    ]),
    keys: { tag: { type: 'text', comparators: nullable } },
    datasetKeys: [],
    order: ['attribute'],
    capitals: true,
    bare: false,
  },
  registeredModels: {
    entities: entityNames({ tag: ['tags', 'tag'], attribute: ['attribute'] }),
    attributes: new Map([
      ...attribute('name', 'text', listed),
      ...attribute('last_updated_timestamp', 'integer', [], 'ours, order', ['last_updated_timestamp', 'timestamp']),
      ...attribute('aliases', 'text', [], 'ours').map(filterOnly),
    ]),
    keys: { tag: { type: 'text', comparators: textual } },
    datasetKeys: [],
    order: ['attribute'],
    capitals: false,
    bare: false,
  },
  modelVersions: {
    entities: entityNames({ tag: ['tags', 'tag'], attribute: ['attribute'] }),
    attributes: new Map([
      ...attribute('name', 'text', listed),
      ...attribute('version_number', 'version', numeric),
      ...attribute('run_id', 'text', listed, 'filter'),
      ...attribute('source_path', 'text', textual, 'filter'),
      ...attribute('creation_timestamp', 'integer', [], 'ours, order'),
      ...attribute('last_updated_timestamp', 'integer', [], 'ours, order'),
      ...attribute('current_stage', 'text', [], 'ours').map(filterOnly),
      ...attribute('aliases', 'text', [], 'ours').map(filterOnly),
    ]),
    keys: { tag: { type: 'text', comparators: textual } },
    datasetKeys: [],
    order: ['attribute'],
    capitals: false,
    bare: false,
  },
  loggedModels: {
    entities: entityNames({ metric: ['metrics'], param: ['params'], tag: ['tags'], attribute: ['attributes'] }),
    attributes: new Map([
      ...attribute('name', 'text', listed),
      ...attribute('model_id', 'text', listed),
      ...attribute('model_type', 'text', listed),
      ...attribute('source_run_id', 'text', listed),
      ...attribute('status', 'code', listed).map(inWords),
      ...attribute('status_message', 'text', listed),
      ...attribute('experiment_id', 'code', listed),
      ...attribute('lifecycle_stage', 'text', listed),
      ...attribute('artifact_location', 'text', listed),
      ...attribute('creation_timestamp', 'real', numeric, 'both', [
        ...['creation_timestamp', 'creation_time', 'creation_timestamp_ms'],
      ]),
      ...attribute('last_updated_timestamp', 'real', numeric, 'both', [
        ...['last_updated_timestamp', 'last_updated_timestamp_ms'],
      ]),
    ]),
    keys: {
      metric: { type: 'real', comparators: numeric },
      param: { type: 'numericText', comparators: listed },
      tag: { type: 'text', comparators: listed },
    },
    datasetKeys: [],
    order: ['attribute', 'metric'],
    capitals: false,
    bare: true,
  },
}

function inWords([spelling, rule]: [string, AttributeRule]): [string, AttributeRule] {
  return [spelling, { ...rule, words: statusWords }]
}

function filterOnly([spelling, rule]: [string, AttributeRule]): [string, AttributeRule] {
  return [spelling, { ...rule, order: 'no' }]
}
