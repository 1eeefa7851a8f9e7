import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { modelCard } from '../../src/extension/panels/modelCard'
import { loadSnippets } from '../../src/webview/artifacts/snippets'

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/mlmodels/${name}.yaml`, import.meta.url), 'utf8')

describe('modelCard', () => {
  it.each([
    ['pyfunc-2', '2.22.5', ''],
    ['pyfunc-3', '3.17.2', 'm-64c9ce1e29384a8b96cdc391748437f7'],
  ])('of %s, which MLflow %s wrote', (name, mlflowVersion, modelId) => {
    const card = modelCard(fixture(name), 'some/model/MLmodel')
    expect(card).toMatchObject({
      mlflowVersion,
      modelId,
      pythonVersion: '3.11.7',
      sizeBytes: 1717,
      inputExample: 'some/model/input_example.json',
    })
    expect(card.flavors.map((flavor) => flavor.name)).toEqual(['python_function'])
    expect(card.inputs).toEqual([
      { name: 'price', type: 'double', required: true, default: null },
      { name: 'day', type: 'long', required: true, default: null },
      { name: 'name', type: 'string', required: true, default: null },
      { name: 'opt', type: 'double', required: false, default: null },
    ])
    expect(card.outputs).toEqual([{ name: '', type: 'float32 tensor (-1, 2)', required: true, default: null }])
    expect(card.params).toEqual([
      { name: 'temperature', type: 'double', required: true, default: '0.5' },
      { name: 'stop', type: 'array of string', required: true, default: '["a"]' },
    ])
  })

  it.each(['sklearn-2', 'sklearn-3'])('of %s, with its flavor’s version', (name) => {
    const { flavors, params } = modelCard(fixture(name), 'MLmodel')
    expect(flavors.map((flavor) => [flavor.name, flavor.version])).toEqual([
      ['python_function', ''],
      ['sklearn', '1.9.1'],
    ])
    expect(params).toBeNull()
  })

  it('writes nested types out', () => {
    const inputs = [
      {
        name: 'a',
        type: 'array',
        items: { type: 'object', properties: { b: { type: 'long' }, c: { type: 'string', required: false } } },
      },
      { name: 'd', type: 'map', values: { type: 'double' } },
    ]
    const card = modelCard(`flavors: {x: {}}\nsignature:\n  inputs: '${JSON.stringify(inputs)}'\n`, 'MLmodel')
    expect(card.inputs?.map(({ type }) => type)).toEqual(['array of {b: long, c?: string}', 'map of double'])
  })

  it('takes a signature that it doesn’t know for none, and hostile keys for what they are', () => {
    const card = modelCard(
      'flavors:\n  __proto__: {a: 1}\nsignature: {inputs: "[", outputs: 5}\nmetadata: {a: [1, {b: 2}]}',
      'MLmodel',
    )
    expect(card).toMatchObject({ inputs: null, outputs: null, metadata: [['a', '[1,{"b":2}]']] })
    expect(card.flavors[0]?.name).toBe('__proto__')
  })

  it.each(['', 'hello', '[1, 2]', 'flavors: 5', '{{{'])('refuses %j', (text) => {
    expect(() => modelCard(text, 'x/MLmodel')).toThrow(/x\/MLmodel is no MLmodel/)
  })
})

describe('loadSnippets', () => {
  it('loads a logged model by its id, an older one from its run', () => {
    const newer = modelCard(fixture('sklearn-3'), 'sk/MLmodel')
    expect(loadSnippets('r1', 'sk', newer, ['sklearn']).map(({ code }) => code.split('\n')[2])).toEqual([
      'model = mlflow.pyfunc.load_model("models:/m-770e22fb32014f94a0c3f664073ae5ad")',
      'model = mlflow.sklearn.load_model("models:/m-770e22fb32014f94a0c3f664073ae5ad")',
    ])
    const older = modelCard(fixture('sklearn-2'), 'sk/MLmodel')
    expect(loadSnippets('r1', 'sk', older, [])[0]?.code).toContain('load_model("runs:/r1/sk")')
  })

  it('lets no name out of its quotes, and no flavor that is code in', () => {
    const card = modelCard('flavors: {python_function: {}}', 'MLmodel')
    const [first, ...rest] = loadSnippets('r1', 'a")\nimport os #', card, ['os.system("x")'])
    expect(first?.code).toContain('load_model("runs:/r1/a\\")\\nimport os #")')
    expect(rest).toEqual([])
  })
})
