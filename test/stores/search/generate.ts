/** Several hundred searches: every name with every comparator that could matter, and random mixtures, the same at each run. */
import type { SearchKind } from '../../../src/shared/filter'
import { Random } from './random'
import type { MlflowDataset, MlflowOrder, Search } from './searches'

export interface Seeded {
  readonly experiments: readonly string[]
  readonly runs: readonly string[]
  readonly loggedModels: readonly string[]
}

interface Vocabulary {
  readonly names: readonly string[]
  /** Names that mean numbers, others mean texts. */
  readonly numeric: RegExp
  readonly comparators: readonly string[]
  readonly orders: readonly string[]
  /** Whole filters, among them wrong ones. */
  readonly filters: readonly string[]
  readonly mixtures: number
  readonly isLenient?: boolean
}

const comparators = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'like', 'ILIKE', 'ilike', 'IN', 'NOT IN', 'IS NULL']
const oddComparators = ['is not null', 'IS  NOT NULL', '==', '<>', 'NOT LIKE', 'Like', 'in', 'not in']
const numbers = ['0', '0.5', '-1', '1e-3', '2.5e-1', '.5', '1.', '1750000000000', '1750000012000', '1760000300000', '3']
const texts = [
  ...["'0.1'", '"0.1"', "''", "'adam'", "'AD%'", "'ad%'", "'_dam'", "'even'", "'%1%'", "'a\\_am'", "'a%m'", "'%'"],
  ...["'FINISHED'", "'finished'", "'baseline'", "'BASE%'", '"it\'s"', "'üni%'", "'ÜNI%'", "'%🚀%'", "'two\nlines'"],
  ...["'train'", "'Train'", "'d_'", "'Eval'", "'yes'", "'pri%'", "'tree'", "'net_2'", "'classifier'"],
]
/** Of logged models MLflow takes any value for a text. */
const wrong = ['adam', '0x10', "'a", '(1)', "('a')", 'nan', '1e', "'it''s'", "'a' 'b'", '`x`', "'1'", '-', '1 2']
const lists = ["'x'", "'train', 'Train'", "'Eval',", '\'d1\', "d2"', '1', "'a' 'b'", '', "'tree', 'net_2'", "'it\\'s'"]

function vocabularies({ runs, loggedModels }: Seeded): Readonly<Record<SearchKind, Vocabulary>> {
  const run = `'${runs[6] ?? ''}'`
  const model = `'${loggedModels[2] ?? ''}'`
  return {
    runs: {
      names: [
        ...['metrics.loss', 'metric.accuracy', 'metrics.`val loss/top-1`', 'metrics."loss"', 'metrics.missing'],
        ...['metrics.__proto__', 'params.lr', 'param.layers', 'parameters.optimizer', 'parameter.`a b/c.d-e`'],
        ...['params.missing', 'params."lr"', 'tags.parity', 'tag.rare', 'tags.mlflow.runName', 'tags.`mlflow.user`'],
        ...['tags.empty', 'tags.note', 'tags.missing', 'status', 'run_id', 'attributes.run_name', 'attr.user_id'],
        ...['run.artifact_uri', 'start_time', 'attribute.end_time', 'Created', '`run name`', '"start_time"'],
        ...['datasets.name', 'dataset.digest', 'datasets.context', 'datasets.other', 'Metrics.loss', 'unknown.key'],
        ...["metrics.'loss'", "params.'lr'", "attributes.'status'", "metrics.'a'.'b'", "'metrics'.loss"],
        ...['nothing', 'metrics.val-loss', "'status'", '5', 'attributes.`Run Name`', 'metrics'],
      ],
      numeric: /metric|time|created/i,
      comparators,
      orders: [
        ...['metrics.loss', 'metrics.accuracy', 'metrics.`val loss/top-1`', 'metrics.missing', 'params.lr'],
        ...['params.optimizer', 'params.`a b/c.d-e`', 'tags.parity', 'tags.note', 'tags.mlflow.runName', 'start_time'],
        ...['attributes.end_time', 'run_name', 'status', 'run_id', 'created', 'user_id', 'artifact_uri'],
        ...["metrics.'accuracy'", "'start_time'", ' metrics.loss', '"start_time"', 'attributes."end_time"'],
        ...['datasets.name', 'unknown', 'Metrics.loss', '5', '', 'attributes.duration2', 'params.lr '],
      ],
      filters: [
        ...['', ' ', 'metrics.loss', 'metrics.loss >', '> 1', 'metrics.loss > 0.1;', 'AND', 'metrics.loss > 0 AND'],
        ...['AND metrics.loss > 0', 'metrics.loss > 0 AND AND params.lr = "1"', 'metrics.loss > 0 params.lr = "1"'],
        ...[`run_id = ${run}`, `run_id IN (${run}, 'x')`, `run_id NOT IN (${run})`, `run_id IN (${run}`, 'run_id IN'],
        ...['start_time > 99999999999999999999', 'metrics.accuracy > 1e308', 'metrics.accuracy = -1e999'],
        ...["params.lr = '0.1' AND metrics.loss < 2 AND tags.parity = 'odd'", 'metrics.loss BETWEEN 1 AND 2'],
        ...["status = 'FINISHED' and run_name LIKE '%🚀%'", "tags.`note` ILIKE '%SAY%'", "tags.x = 'a' OR"],
        ...[
          "datasets.name = 'train' AND datasets.digest = 'd1'",
          "datasets.name = 'second' AND datasets.context = 'Eval'",
        ],
        ...["datasets.name != 'train'", "datasets.context NOT IN ('Eval')", "dataset.name LIKE '%out'"],
      ],
      mixtures: 200,
    },
    experiments: {
      names: [
        ...['name', 'attribute.name', 'experiment_id', 'creation_time', 'attribute.last_update_time', 'tags.team'],
        ...[
          'tag.`odd key/x`',
          'tags.missing',
          'attributes.name',
          'other',
          'tags.`team`',
          "tag.'team'",
          "attribute.'name'",
        ],
      ],
      numeric: /time|experiment_id/i,
      comparators,
      orders: [
        ...['name', 'creation_time', 'experiment_id', 'last_update_time', 'tags.team', 'other', ' name', '`name`'],
        ...['attribute."name"', '"creation_time"', 'experiment_id '],
      ],
      filters: [
        ...["name = 'alpha'", "name != 'Alpha'", "name LIKE '%a%'", "name ILIKE 'ALPHA'", "experiment_id = '1'"],
        ...["experiment_id IN ('1','2')", "experiment_id NOT IN ('1')", "experiment_id != '2'", "experiment_id = 'a'"],
        ...['creation_time > 0', 'creation_time > 0.5', 'creation_time > 1760000004000', 'tags.team IS NULL'],
        ...['tags.team IS NOT NULL', "name IN ('alpha')", "tags.team LIKE 'a%' AND name LIKE '%a'", "name LIKE '100%'"],
        ...['', ' ', 'name', 'name = alpha', "name = 'alpha' OR name = 'Alpha'"],
      ],
      mixtures: 60,
    },
    registeredModels: {
      names: [
        'name',
        'attribute.name',
        'tags.team',
        'tag.live',
        'tags.missing',
        'other',
        'attributes.name',
        'timestamp',
        "tags.'team'",
        "attribute.'name'",
      ],
      numeric: /timestamp/,
      comparators,
      orders: [
        ...['name', 'last_updated_timestamp', 'timestamp', 'version_number', 'tags.team', ' name', 'name ', '`name`'],
        ...['"timestamp"', 'attribute.name', 'attribute.`name`', 'name\t', '"name" '],
      ],
      filters: [
        ...[
          '',
          "name = 'pricing'",
          "name != 'pricing'",
          "name LIKE 'pri%'",
          "name ILIKE 'PRI%'",
          "name LIKE 'churn_%'",
        ],
        ...["name IN ('pricing', 'empty')", "name NOT IN ('pricing')", "tags.team = 'adam'", "tags.team != 'x'"],
        ...["tags.team != 'adam' AND name LIKE '%'", "tags.live = 'yes' AND tags.team LIKE '%'", 'name > 1'],
        ...["tags.team IN ('adam')", 'tags.team IS NULL', 'name = pricing', "name = 'pricing' name = 'pricing'"],
        ...["tags.`mlflow.prompt.is_prompt` != 'true'", "tags.`mlflow.prompt.is_prompt` = 'false'"],
      ],
      mixtures: 50,
    },
    modelVersions: {
      names: [
        ...['name', 'version_number', 'run_id', 'source_path', 'tags.number', 'tag.note', 'tags.missing'],
        ...[
          'current_stage',
          'attribute.name',
          'creation_timestamp',
          'attributes.run_id',
          "tag.'note'",
          "attribute.'name'",
        ],
      ],
      numeric: /version_number|timestamp/,
      comparators,
      orders: [
        ...['name', 'version_number', 'creation_timestamp', 'last_updated_timestamp', 'run_id', 'current_stage'],
        ...['`name`', 'attribute."version_number"', ' version_number', '"name"'],
      ],
      filters: [
        ...['', "name = 'pricing'", "name IN ('pricing')", `run_id = ${run}`, `run_id IN (${run}, 'x')`],
        ...[`run_id NOT IN ('x')`, 'version_number > 5', 'version_number = 3', 'version_number != 4'],
        ...['version_number > 2.5', "version_number = '5'", "source_path LIKE '%adam'", "source_path ILIKE '%ADAM'"],
        ...["tags.number = '2'", "tags.number LIKE '%' AND version_number < 3", "source_path IN ('x')"],
        ...["current_stage = 'Production'", "name LIKE '%'", "name = 'pricing' AND name = 'Pricing'"],
      ],
      mixtures: 60,
    },
    loggedModels: {
      names: [
        ...[
          'name',
          'model_id',
          'model_type',
          'source_run_id',
          'creation_timestamp',
          'creation_time',
          'attributes.name',
        ],
        ...[
          'last_updated_timestamp',
          'tags.which',
          'params.depth',
          'params.lr',
          'metrics.score',
          'metrics.`other key/x`',
        ],
        // Of status not its words: MLflow compares the number that it keeps for it with texts.
        ...['status', 'attributes.`status`', 'status_message', 'experiment_id', 'lifecycle_stage', 'artifact_location'],
        ...[
          'creation_timestamp_ms',
          "metrics.'score'",
          'metrics."score"',
          "tags.'which'",
          '"name"',
          "attributes.'name'",
        ],
        ...['metrics.missing', 'tags.missing', 'other', 'last_updated_time', "metrics.'a'.'b'"],
      ],
      numeric: /timestamp|time|metrics/,
      comparators: comparators.filter((comparator) => comparator !== 'IS NULL'),
      orders: [],
      filters: [
        ...[
          '',
          ' ',
          "name = 'tree'",
          'name = tree',
          `model_id = ${model}`,
          `model_id IN (${model}, 'x')`,
          'metrics.score > 0',
        ],
        ...[
          'metrics.score > 0 AND metrics.score < 2',
          "params.lr = '0.1'",
          "params.depth IN ('1', '2')",
          "name LIKE 'net%'",
        ],
        ...[
          "tags.which = 'adam' AND metrics.score > -10",
          'metrics.score = 1',
          "model_type = ''",
          'metrics.score != 0',
        ],
        ...["name = 'tree' OR name = 'Tree'", '(metrics.score > 0)', "source_run_id != 'x'"],
        ...[
          "status = '2'",
          'status = 3',
          "status != '02'",
          "status LIKE '2'",
          "status LIKE '_'",
          "status IN ('2.0', '7')",
        ],
        ...["status NOT IN ('3')", "status = ' 2 '", 'status = "2"', "status = 'ready'", 'status > 1', 'status IN (2)'],
        ...["experiment_id = '1'", 'experiment_id != 01', "experiment_id IN ('1', '3')", 'experiment_id IN (1, 2)'],
        ...["experiment_id NOT IN ('1e0')", "experiment_id LIKE '%1%'", 'experiment_id > 1', "experiment_id = 'x'"],
        ...["lifecycle_stage = 'active'", "lifecycle_stage = 'deleted'", "lifecycle_stage ILIKE 'ACT%'"],
        ...["artifact_location LIKE '%models%'", "artifact_location = 'x'", "artifact_location NOT IN ('x')"],
        ...["status_message = ''", "status_message LIKE '%'", 'metrics.score >= 1e308', 'metrics.score <= -1e308'],
        ...[
          'metrics.score = 1e999',
          'metrics.score < 1e999',
          'metrics.score > -1e999',
          'metrics.score <= 1.7976931348623157e308',
        ],
      ],
      mixtures: 80,
      isLenient: true,
    },
  }
}

export function generateSearches(seeded: Seeded, seed = 7): Search[] {
  const random = new Random(seed)
  const vocabulary = vocabularies(seeded)
  return Object.entries(vocabulary).flatMap(([kind, words]) => searchesOf(kind as SearchKind, words, seeded, random))
}

/** Comparisons of runs that MLflow understands, to build what only we do from. */
export function generateComparisons(seeded: Seeded, count: number, seed = 11): string[] {
  const random = new Random(seed)
  const { runs } = vocabularies(seeded)
  const names = runs.names.slice(0, -8).filter((name) => !/other|Metrics|unknown/.test(name))
  return Array.from({ length: count }, () => {
    const name = random.pick(names)
    const isNumber = runs.numeric.test(name)
    const comparator = random.pick(isNumber ? ['=', '!=', '<', '>='] : ['=', '!=', 'LIKE', 'ILIKE'])
    return `${name} ${comparator} ${random.pick(isNumber ? numbers : texts)}`
  })
}

function searchesOf(of: SearchKind, words: Vocabulary, { experiments }: Seeded, random: Random): Search[] {
  const experimentIds = of === 'runs' || of === 'loggedModels' ? experiments : []
  const list: Search[] = []
  const add = (filter: string, orderBy: Search['orderBy'] = [], datasets: readonly MlflowDataset[] = []) =>
    list.push({ of, filter, orderBy, experimentIds, datasets })
  const orders = () => (of === 'loggedModels' ? modelOrders(random) : textOrders(words.orders, random))

  for (const filter of words.filters) add(filter, orders())
  for (const filter of words.filters) add(filter)
  for (const name of words.names)
    for (const comparator of ['=', '!=', '>', 'LIKE', ...words.comparators.slice(-1)])
      add(comparison(name, comparator, words, random))
  for (const order of words.orders) for (const direction of ['', ' DESC', ' asc']) add('', [`${order}${direction}`])
  for (let at = 0; at < words.mixtures; at++)
    add(mixture(words, 1 + random.below(3), random), orders(), of === 'loggedModels' ? datasets(random) : [])
  return list
}

function comparison(name: string, comparator: string, { numeric, isLenient }: Vocabulary, random: Random): string {
  if (/null/i.test(comparator)) return `${name} ${comparator}`
  if (/in$/i.test(comparator)) return `${name} ${comparator} (${random.pick(lists)})`
  const value =
    !isLenient && random.chance(0.05) ? random.pick(wrong) : random.pick(numeric.test(name) ? numbers : texts)
  const gap = /\w$/.test(comparator) ? ' ' : random.pick(['', ' '])
  return `${name}${random.pick([' ', '  '])}${comparator}${gap}${value}`
}

function mixture(words: Vocabulary, length: number, random: Random): string {
  const one = () => {
    const comparator = random.chance(0.1) ? random.pick(oddComparators) : random.pick(words.comparators)
    return comparison(random.pick(words.names), comparator, words, random)
  }
  return Array.from({ length }, one).join(random.pick([' AND ', ' and ', '  And\n']))
}

function textOrders(orders: readonly string[], random: Random): string[] {
  const directions = ['', ' ASC', ' DESC', ' desc']
  const one = () => `${random.pick(orders)}${random.chance(0.05) ? ' down' : random.pick(directions)}`
  return Array.from({ length: random.below(3) }, one)
}

const modelFields = [
  ...['metrics.score', 'metrics.missing', 'name', 'creation_timestamp', 'creation_time', 'model_id', 'model_type'],
  ...['last_updated_timestamp', 'source_run_id', 'params.lr', 'other', 'attributes.name', 'status', 'status_message'],
  ...['experiment_id', 'lifecycle_stage', 'artifact_location', 'creation_timestamp_ms', 'last_updated_time', '`name`'],
  ...[' name', '"name"', "metrics.'score'"],
]

function modelOrders(random: Random): MlflowOrder[] {
  return Array.from({ length: random.below(3) }, () => {
    const field = random.pick(modelFields)
    const order = { field_name: field, ascending: random.chance(0.5) }
    if (!field.startsWith('metrics.') || random.chance(0.5)) return order
    return { ...order, dataset_name: 'train', ...(random.chance(0.5) && { dataset_digest: random.pick(['d1', 'd2']) }) }
  })
}

function datasets(random: Random): MlflowDataset[] {
  if (random.chance(0.7)) return []
  return Array.from({ length: 1 + random.below(2) }, () => ({
    dataset_name: random.pick(['train', 'other']),
    ...(random.chance(0.5) && { dataset_digest: random.pick(['d1', 'd2', 'd3']) }),
  }))
}
