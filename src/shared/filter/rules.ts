import type { Comparator, Entity } from './tree'

/** What can be searched. */
export type SearchKind = 'runs' | 'experiments' | 'registeredModels' | 'modelVersions' | 'loggedModels'

/** What the values of a key are. An `id` is a whole number written as text, a `version` one that may be written as text. */
export type ValueType = 'text' | 'id' | 'version' | 'integer' | 'number'

export interface KeyRule {
  readonly type: ValueType
  readonly comparators: readonly Comparator[]
}

interface AttributeRule extends KeyRule {
  readonly key: string
  readonly filter: boolean
  readonly order: boolean
}

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
}

const numeric: readonly Comparator[] = ['=', '!=', '<', '<=', '>', '>=']
const textual: readonly Comparator[] = ['=', '!=', 'LIKE', 'ILIKE']
const listed: readonly Comparator[] = [...textual, 'IN', 'NOT IN']
const nullable: readonly Comparator[] = [...textual, 'IS NULL', 'IS NOT NULL']
const exact: readonly Comparator[] = ['=', '!=', 'IN', 'NOT IN']

type Uses = 'filter' | 'order' | 'both'

function attribute(
  key: string,
  type: ValueType,
  allowed: readonly Comparator[],
  uses: Uses = 'both',
  spellings: readonly string[] = [key],
): [string, AttributeRule][] {
  const rule = { key, type, comparators: allowed, filter: uses !== 'order', order: uses !== 'filter' }
  return spellings.map((spelling) => [spelling, rule])
}

const entityNames = (names: Partial<Record<Entity, readonly string[]>>): ReadonlyMap<string, Entity> =>
  new Map(Object.entries(names).flatMap(([entity, spellings]) => spellings.map((name) => [name, entity as Entity])))

/** MLflow 3.17's rules, as its parsers and its SQL store have them. */
export const searchRules: Readonly<Record<SearchKind, SearchRules>> = {
  runs: {
    entities: entityNames({
      attribute: ['attribute', 'attributes', 'attr', 'run'],
      metric: ['metric', 'metrics'],
      param: ['param', 'params', 'parameter', 'parameters'],
      tag: ['tag', 'tags'],
      dataset: ['dataset', 'datasets'],
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
    ]),
    keys: {
      metric: { type: 'number', comparators: numeric },
      param: { type: 'text', comparators: nullable },
      tag: { type: 'text', comparators: nullable },
      dataset: { type: 'text', comparators: listed },
    },
    datasetKeys: ['name', 'digest', 'context'],
    order: ['attribute', 'metric', 'param', 'tag'],
  },
  experiments: {
    entities: entityNames({ attribute: ['attribute'], tag: ['tag', 'tags'] }),
    attributes: new Map([
      ...attribute('name', 'text', textual),
      ...attribute('experiment_id', 'id', exact),
      ...attribute('creation_time', 'integer', numeric),
      ...attribute('last_update_time', 'integer', numeric),
    ]),
    keys: { tag: { type: 'text', comparators: nullable } },
    datasetKeys: [],
    order: ['attribute'],
  },
  registeredModels: {
    entities: entityNames({ attribute: ['attribute'], tag: ['tag', 'tags'] }),
    attributes: new Map([
      ...attribute('name', 'text', listed),
      ...attribute('last_updated_timestamp', 'integer', numeric, 'order', ['timestamp', 'last_updated_timestamp']),
    ]),
    keys: { tag: { type: 'text', comparators: textual } },
    datasetKeys: [],
    order: ['attribute'],
  },
  modelVersions: {
    entities: entityNames({ attribute: ['attribute'], tag: ['tag', 'tags'] }),
    attributes: new Map([
      ...attribute('name', 'text', listed),
      ...attribute('version_number', 'version', numeric),
      ...attribute('run_id', 'text', listed, 'filter'),
      ...attribute('source_path', 'text', textual, 'filter'),
      ...attribute('creation_timestamp', 'integer', numeric, 'order'),
      ...attribute('last_updated_timestamp', 'integer', numeric, 'order'),
    ]),
    keys: { tag: { type: 'text', comparators: textual } },
    datasetKeys: [],
    order: ['attribute'],
  },
  loggedModels: {
    entities: entityNames({ attribute: ['attributes'], metric: ['metrics'], param: ['params'], tag: ['tags'] }),
    attributes: new Map([
      ...attribute('name', 'text', listed),
      ...attribute('model_id', 'text', listed),
      ...attribute('model_type', 'text', listed),
      ...attribute('source_run_id', 'text', listed),
      ...attribute('creation_timestamp', 'number', numeric, 'both', ['creation_timestamp', 'creation_time']),
      ...attribute('last_updated_timestamp', 'number', numeric),
    ]),
    keys: {
      metric: { type: 'number', comparators: numeric },
      param: { type: 'text', comparators: listed },
      tag: { type: 'text', comparators: listed },
    },
    datasetKeys: [],
    order: ['attribute', 'metric'],
  },
}
