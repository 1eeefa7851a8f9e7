// Runs of a table, made up from their numbers, and arranged in the simplest way that can be right.
const minute = 60_000
const statuses = ['FINISHED', 'FINISHED', 'FINISHED', 'RUNNING', 'FAILED', 'FINISHED', 'KILLED']
const names = [
  'brave-ant',
  'calm-bear',
  'dapper-crane',
  'eager-deer',
  'fancy-eel',
  'gentle-fox',
  'hungry-gull',
  'jolly-hare',
]

/** 0 … 1 from two numbers; equal numbers, equal chance. */
function chance(a, b) {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

export const idOf = (n) => n.toString(16).padStart(32, '0')
export const numberOf = (id) => Number.parseInt(id, 16)

const attribute = (key, kind) => ({ column: { group: 'attribute', key }, kind })

const hostileNames = [
  '<img src=x onerror="alert(1)"><b>bold</b> & <script>alert(2)</script>',
  `a name of ten thousand characters ${'that goes on '.repeat(800)}`,
  'two\nlines\tand\r\nmore 🦊👩‍👩‍👧‍👦 \u202Eright to left',
  'x'.repeat(3000),
  '__proto__',
]

/** Everything that a table of `runs` runs has; `metrics` more of them than the few that it always has. */
export function makeTable({ runs, metrics, hostile, nested, now }) {
  const columns = [
    attribute('name', 'text'),
    attribute('status', 'status'),
    attribute('start_time', 'time'),
    attribute('duration', 'duration'),
    attribute('user_id', 'text'),
  ]
  const metricKeys = ['loss', 'val_loss', 'accuracy', 'auc', 'log_likelihood', 'all_nan']
  for (let index = 0; index < metrics; index++) metricKeys.push(`layer.${index}/loss`)
  if (hostile) metricKeys.push('<img src=x onerror=alert(3)>', 'Loss', 'k'.repeat(250), 'line\nbreak')
  for (const key of metricKeys) columns.push({ column: { group: 'metric', key }, kind: 'number' })
  const paramKeys = ['model', 'learning_rate', 'batch_size', 'optimizer', 'depth', 'seed', 'dropout', 'features']
  if (hostile) paramKeys.push('prompt', '<script>alert(4)</script>')
  for (const key of paramKeys) columns.push({ column: { group: 'param', key }, kind: 'text' })
  for (const key of ['team', 'stage']) columns.push({ column: { group: 'tag', key }, kind: 'text' })
  columns.push({ column: { group: 'dataset', key: 'name' }, kind: 'text' })
  columns.push({ column: { group: 'model', key: 'registered' }, kind: 'text' })

  const startOf = (n) => now - n * 47 * minute
  const nameOf = (n) => (hostile ? hostileNames[n % hostileNames.length] : `${names[n % names.length]}-${n}`)

  /** A number, or `undefined` where nothing was logged. */
  const numbers = {
    'attribute:start_time': startOf,
    'attribute:duration': (n) => (statuses[n % 7] === 'RUNNING' ? undefined : minute * (3 + chance(n, 1) * 90)),
    'metric:all_nan': () => NaN,
    'metric:auc': (n) => (n % 5 === 4 ? NaN : 0.9 + chance(n, 2) / 10),
    'metric:log_likelihood': (n) => (n % 4 === 1 ? -Infinity : n % 4 === 2 ? undefined : -120.5 - chance(n, 3) * 40),
    'metric:accuracy': (n) => 0.7 + chance(n, 4) * 0.29,
  }
  const texts = {
    'attribute:name': nameOf,
    'attribute:status': (n) => statuses[n % 7],
    'attribute:user_id': (n) => ['ada', 'grace', 'alan'][n % 3],
    'param:model': (n) => ['xgboost', 'lightgbm', 'mlp'][Math.floor(chance(n, 5) * 3)],
    'param:learning_rate': (n) => String([0.001, 0.003, 0.01, 0.03][Math.floor(chance(n, 6) * 4)]),
    'param:batch_size': (n) => String([32, 64, 128][n % 3]),
    'param:optimizer': (n) => ['adam', 'sgd'][n % 2],
    'param:depth': (n) => (n % 3 === 1 ? undefined : String(2 + (n % 9))),
    'param:seed': (n) => String(n),
    'param:features': () => '["price", "day_of_week", "holiday", "temperature", "promotion", "store_size"]',
    'param:dropout': () => '0.1',
    'param:prompt': () => 'You are a very careful assistant. '.repeat(180),
    'param:<script>alert(4)</script>': () => '<img src=x onerror=alert(5)>',
    'tag:team': (n) => ['forecasting', 'vision'][n % 2],
    'tag:stage': (n) => (n % 4 ? undefined : 'candidate'),
    'dataset:name': (n) => ['sales-2026-q3', 'sales-2026-q2'][n % 2],
    'model:registered': (n) => (n % 25 ? undefined : `forecast v${n / 25 + 1}`),
  }
  const plain = ({ group, key }) => `${group}:${key}`
  const numberAt = (column) => {
    const known = numbers[plain(column)]
    if (known) return known
    const seed = [...column.key].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) | 0, 7)
    return (n) => 0.05 + chance(n, seed) * 2
  }
  const textAt = (column) => texts[plain(column)] ?? (() => undefined)
  const childOf = nested ? (n) => (n % 5 === 0 ? -1 : n - (n % 5)) : () => -1
  return { runs, columns, numberAt, textAt, nameOf, statusOf: (n) => statuses[n % 7], parentOf: childOf, startOf }
}

const idOfColumn = ({ group, key, value }) =>
  value === undefined || value === 'latest' ? `${group}:${key}` : `${group}.${value}:${key}`

/** Filters, sorts, groups and nests: rows as they show, from the top. */
export function arrange(table, view, hidden) {
  const found = []
  const wanted = view.filter.trim().toLowerCase()
  const compared = /^metrics\.(\w+)\s*([<>])\s*([\d.]+)$/.exec(view.filter.trim())
  const numberOfCompared = compared && table.numberAt({ group: 'metric', key: compared[1] })
  for (let n = 0; n < table.runs; n++) {
    if (hidden.has(n)) continue
    if (view.onlyStarred && !table.isStarred(n)) continue
    if (view.statuses.length > 0 && !view.statuses.includes(table.statusOf(n))) continue
    if (view.startedWithin !== null && table.startOf(0) - table.startOf(n) > view.startedWithin) continue
    const { from, to } = view.startedBetween ?? {}
    if (table.startOf(n) < (from ?? -Infinity) || table.startOf(n) >= (to ?? Infinity)) continue
    if (numberOfCompared) {
      const value = numberOfCompared(n)
      if (!(compared[2] === '<' ? value < Number(compared[3]) : value > Number(compared[3]))) continue
    } else if (wanted !== '' && !table.nameOf(n).toLowerCase().includes(wanted)) continue
    found.push(n)
  }
  sort(table, found, view.orderBy)
  return { found, rows: rowsOf(table, found, view) }
}

function sort(table, found, orderBy) {
  const keys = orderBy.map(({ column, descending }) => {
    const { kind } =
      table.columns.find((one) => idOfColumn(one.column) === idOfColumn({ ...column, value: undefined })) ?? {}
    const at = kind === 'text' || kind === 'status' ? table.textAt(column) : table.numberAt(column)
    const values = Array.from({ length: table.runs }, (_, n) => at(n))
    return { values, sign: descending ? -1 : 1 }
  })
  const isMissing = (value) => value === undefined || Number.isNaN(value)
  found.sort((a, b) => {
    for (const { values, sign } of keys) {
      const [x, y] = [values[a], values[b]]
      if (isMissing(x) || isMissing(y)) {
        if (isMissing(x) !== isMissing(y)) return isMissing(x) ? 1 : -1
      } else if (x !== y) return (x < y ? -1 : 1) * sign
    }
    return a - b
  })
}

function rowsOf(table, found, view) {
  const pinned = new Set(view.pinnedRuns.map(numberOf))
  const top = found.filter((n) => pinned.has(n)).map((n) => ({ n, depth: 0, children: [] }))
  const rest = found.filter((n) => !pinned.has(n))
  const expanded = new Set(view.expanded)
  const rows = [...top]
  const addRuns = (numbers, depth) => {
    const children = new Map()
    const here = new Set(numbers)
    for (const n of numbers) {
      const parent = view.nested ? table.parentOf(n) : -1
      if (parent >= 0 && here.has(parent)) children.set(parent, [...(children.get(parent) ?? []), n])
    }
    for (const n of numbers) {
      const parent = view.nested ? table.parentOf(n) : -1
      if (parent >= 0 && here.has(parent)) continue
      const own = children.get(n) ?? []
      const open = expanded.has(idOf(n))
      rows.push({ n, depth, children: own, open })
      if (open) for (const child of own) rows.push({ n: child, depth: depth + 1, children: [] })
    }
  }
  if (view.groupBy.length === 0) addRuns(rest, 0)
  else
    for (const [label, members] of Map.groupBy(rest, (n) =>
      view.groupBy.map((column) => table.textAt(column)(n) ?? '–').join(' · '),
    )) {
      const key = `group:${label}`
      const open = expanded.has(key)
      rows.push({ group: key, label, depth: 0, children: members, open })
      if (open) addRuns(members, 1)
    }
  return { rows, pinned: top.length }
}

/** One column of some rows, as it crosses. */
export function cellsOf(table, column, kind, rows, aggregate) {
  if (kind === 'text' || kind === 'status') {
    const at = table.textAt(column)
    const different = rows.map((row) => (row.group ? new Set(row.children.map(at)).size : 0))
    const values = rows.map((row, index) => {
      if (row.group) return different[index] === 1 ? (at(row.children[0]) ?? null) : null
      return at(row.n)?.slice(0, 300) ?? null
    })
    return { kind: 'text', values, different }
  }
  const at = table.numberAt(column)
  const groups = rows.map((row) => (row.group ? summary(row.children.map(at)) : null))
  const numbers = rows.map((row, index) => (row.group ? groups[index][aggregate] : at(row.n)))
  return {
    kind: 'number',
    values: Float64Array.from(numbers, (value) => value ?? NaN),
    states: Uint8Array.from(numbers, (value) => (value === undefined ? 0 : 1)),
    groups: groups.map((group) => group && { ...group, min: group.min ?? 0, max: group.max ?? 0 }),
  }
}

function summary(values) {
  const finite = values.filter(Number.isFinite)
  return {
    finite: finite.length,
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((value) => Math.abs(value) === Infinity).length,
    missing: values.filter((value) => value === undefined).length,
    mean: finite.length > 0 ? finite.reduce((sum, value) => sum + value, 0) / finite.length : undefined,
    min: finite.length > 0 ? finite.reduce((a, b) => Math.min(a, b)) : undefined,
    max: finite.length > 0 ? finite.reduce((a, b) => Math.max(a, b)) : undefined,
  }
}

export { idOfColumn }
