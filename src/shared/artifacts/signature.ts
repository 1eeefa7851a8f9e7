/** Columns and tensors as MLflow writes them in JSON: in a model's signature, and in a dataset's schema. */
import { t } from '../l10n'
import type { SignatureField } from '../protocol'

/** Undefined for what is no JSON. */
export function fieldsOf(json: string): SignatureField[] | undefined {
  const parsed = parsedJson(json)
  if (parsed === undefined) return undefined
  return (Array.isArray(parsed) ? parsed : [parsed]).map(fieldOf)
}

/** The parts of a dataset's schema, each with what it is called; undefined for what is none. */
export function datasetFields(json: string): (readonly [label: string, fields: SignatureField[]])[] | undefined {
  const schema = asObject(parsedJson(json))
  if (Array.isArray(schema.mlflow_colspec)) return [[t('Columns'), schema.mlflow_colspec.map(fieldOf)]]
  const spec = asObject(schema.mlflow_tensorspec)
  const parts = [
    [t('Features'), spec.features],
    [t('Targets'), spec.targets],
  ] as const
  const found = parts.flatMap(([label, text]) => {
    const fields = typeof text === 'string' ? fieldsOf(text) : undefined
    return fields ? [[label, fields] as const] : []
  })
  return found.length > 0 ? found : undefined
}

/** An object's entries with what is in them as text; undefined for what is none. */
export function pairsOf(json: string): [key: string, value: string][] | undefined {
  const parsed = parsedJson(json)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
  return Object.entries(parsed).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined // of another MLflow, which has another form for it
  }
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

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
