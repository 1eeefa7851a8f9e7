/** What an MLmodel file tells of a model, as a page shows it. */
import { fieldsOf } from '../../shared/artifacts/signature'
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
    inputs: signatureFields(signature.get('inputs')),
    outputs: signatureFields(signature.get('outputs')),
    params: signatureFields(signature.get('params')),
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
const signatureFields = (value: Yaml | undefined): SignatureField[] | null =>
  typeof value === 'string' ? (fieldsOf(value) ?? null) : null

const beside = (path: string, name: string): string => [...path.split('/').slice(0, -1), name].join('/')

const asMap = (value: Yaml | undefined): YamlMap => (value instanceof Map ? (value as YamlMap) : new Map())

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
