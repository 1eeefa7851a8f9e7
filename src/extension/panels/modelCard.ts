/** What an MLmodel file tells of a model, as a page shows it. */
import { t } from '../../shared/l10n'
import type { ModelCard, SignatureField } from '../../shared/protocol'
import { StoreError } from '../stores/errors'
import { parseYaml, type Yaml, type YamlMap } from '../stores/files/yaml'

/**
 * @param path of the file among the run's artifacts
 * @throws StoreError `badAnswer` for what is no MLmodel
 */
export function modelCard(text: string, path: string): ModelCard {
  const map = parseYaml(text)
  const flavors = asMap(map?.get('flavors'))
  if (!map || flavors.size === 0)
    throw new StoreError('badAnswer', t('{0} is no MLmodel: it names no flavor. Open it as a text.', path))
  const python = asMap(flavors.get('python_function'))
  const signature = asMap(map.get('signature'))
  const example = asMap(map.get('saved_input_example_info')).get('artifact_path')
  return {
    flavors: [...flavors].map(([name, facts]) => flavor(name, asMap(facts))),
    inputs: fieldsOf(signature.get('inputs')),
    outputs: fieldsOf(signature.get('outputs')),
    params: fieldsOf(signature.get('params')),
    mlflowVersion: textOf(map.get('mlflow_version')),
    pythonVersion: textOf(python.get('python_version')),
    modelId: textOf(map.get('model_id')),
    runId: textOf(map.get('run_id')),
    sizeBytes: sizeOf(map.get('model_size_bytes')),
    created: textOf(map.get('utc_time_created')),
    inputExample: typeof example === 'string' ? beside(path, example) : null,
    metadata: pairsOf(asMap(map.get('metadata'))),
  }
}

function flavor(name: string, facts: YamlMap): ModelCard['flavors'][number] {
  const versionKey = [...facts.keys()].find(
    (key) => key === `${name}_version` || (key !== 'python_version' && key.endsWith('_version')),
  )
  const version = versionKey === undefined ? '' : textOf(facts.get(versionKey))
  return {
    name,
    version: name === 'python_function' ? '' : version,
    facts: pairsOf(new Map([...facts].filter(([, value]) => value !== null))),
  }
}

/** A signature's columns or tensors; null where the model has none. They are JSON within the YAML. */
function fieldsOf(value: Yaml | undefined): SignatureField[] | null {
  if (typeof value !== 'string') return null
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    return null // of another MLflow, which has another form for it
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map(fieldOf)
}

function fieldOf(value: unknown): SignatureField {
  const field = asObject(value)
  return {
    name: typeof field.name === 'string' ? field.name : typeof field.name === 'number' ? String(field.name) : '',
    type: typeText(field),
    required: field.required !== false && field.optional !== true,
    default: 'default' in field ? JSON.stringify(field.default) : null,
  }
}

/** "double", "array of string", "{a: long, b?: double}", "float32 tensor (-1, 28, 28)". */
function typeText(field: Readonly<Record<string, unknown>>): string {
  const spec = asObject(field['tensor-spec'])
  if (typeof spec.dtype === 'string') return t('{0} tensor {1}', spec.dtype, shapeText(spec.shape))
  switch (field.type) {
    case 'array':
      return t('array of {0}', typeText(asObject(field.items)))
    case 'map':
      return t('map of {0}', typeText(asObject(field.values)))
    case 'object':
      return `{${Object.entries(asObject(field.properties))
        .map(([key, type]) => `${key}${asObject(type).required === false ? '?' : ''}: ${typeText(asObject(type))}`)
        .join(', ')}}`
  }
  const type = typeof field.type === 'string' ? field.type : t('unknown type')
  return Array.isArray(field.shape) ? t('array of {0}', type) : type
}

const shapeText = (shape: unknown): string => (Array.isArray(shape) ? `(${shape.join(', ')})` : '')

const beside = (path: string, name: string): string => [...path.split('/').slice(0, -1), name].join('/')

const asMap = (value: Yaml | undefined): YamlMap => (value instanceof Map ? (value as YamlMap) : new Map())

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

const sizeOf = (value: Yaml | undefined): number | null =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null

const pairsOf = (map: YamlMap): [string, string][] => [...map].map(([key, value]) => [key, textOf(value)])

function textOf(value: Yaml | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return String(value)
  return JSON.stringify(value, (_, part: unknown): unknown =>
    part instanceof Map ? Object.fromEntries(part as YamlMap) : typeof part === 'bigint' ? String(part) : part,
  )
}
