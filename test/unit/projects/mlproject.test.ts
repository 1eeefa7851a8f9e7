import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseMlProject } from '../../../src/extension/projects/mlproject'
import { isPythonFloat } from '../../../src/extension/projects/parameterText'

const messages = (text: string): string[] =>
  parseMlProject(text).problems.map(({ severity, line, column, message }) => `${line}:${column} ${severity} ${message}`)

const withCommand = (command: string, parameters = '{}'): string =>
  `entry_points:\n  main:\n    parameters: ${parameters}\n    command: ${JSON.stringify(command)}\n`

describe('a well-formed MLproject', () => {
  const project = parseMlProject(`
name: tiny
conda_env: conda.yaml
entry_points:
  main:
    parameters:
      data: path
      alpha: {type: float, default: 0.5}
      model: {type: uri, default: "models:/x/1"}
      label:
        default: a b
    command: "python train.py {data} --alpha {alpha} -m {model} {label!s:>4} {{literal}}"
  other:
    command: echo
`)

  test('has no problems', () => expect(project.problems).toEqual([]))

  test('gives name, environment and entry points in order', () => {
    expect(project.name).toBe('tiny')
    expect(project.environment).toBe('conda_env')
    expect([...project.entryPoints.keys()]).toEqual(['main', 'other'])
  })

  test('gives typed parameters with their defaults', () => {
    const parameters = [...(project.entryPoints.get('main')?.parameters.values() ?? [])]
    expect(parameters.map(({ name, type, defaultValue }) => [name, type, defaultValue])).toEqual([
      ['data', 'path', undefined],
      ['alpha', 'float', '0.5'],
      ['model', 'uri', 'models:/x/1'],
      ['label', 'string', 'a b'],
    ])
  })

  test('the demo and the fixture are read', () => {
    expect(parseMlProject(readFileSync('demo/MLproject', 'utf8')).problems).toEqual([])
    const fixture = parseMlProject(readFileSync('test/fixtures/project/MLproject', 'utf8'))
    expect(fixture.problems.map(({ entryPoint }) => entryPoint)).toEqual(['unknown_placeholder'])
  })
})

describe('defaults are what PyYAML makes of them', () => {
  test.each([
    ['0.10', '0.1'],
    ['1e-4', '1e-4'],
    ['1.0e-4', '0.0001'],
    ['60', '60'],
    ['yes', 'True'],
    ['"yes"', 'yes'],
    ['0x1F', '31'],
    ['010', '8'],
    ['.inf', 'inf'],
    ['2024-01-02', '2024-01-02'],
    ['~', undefined],
    ['', undefined],
  ])('%s', (written, expected) => {
    const { entryPoints } = parseMlProject(
      `entry_points:\n  main:\n    parameters:\n      a: {type: string, default: ${written}}\n    command: "{a}"\n`,
    )
    expect(entryPoints.get('main')?.parameters.get('a')?.defaultValue).toBe(expected)
  })
})

describe('problems, each at its place', () => {
  test('both environment fields', () =>
    expect(messages('python_env: a.yaml\nconda_env: b.yaml\n')).toEqual([
      '2:1 error A project can have only one of python_env, conda_env and docker_env; this one has python_env, conda_env.',
    ]))
  test('unknown placeholder', () =>
    expect(messages(withCommand('python {nope}'))).toEqual([
      '4:14 error The command of “main” uses {nope}, which is not among its parameters.',
    ]))
  test('positional placeholder', () => expect(messages(withCommand('python {}'))[0]).toContain('uses {}'))
  test('lone brace', () => expect(messages(withCommand('python {'))[0]).toContain('a brace without its partner'))
  test('unused parameter', () =>
    expect(messages(withCommand('python', '{a: float}'))).toEqual([
      '3:18 warning The command of “main” does not use the parameter “a”.',
    ]))
  test('missing command', () =>
    expect(messages('entry_points:\n  main: {parameters: {}}\n')).toEqual([
      '2:3 error The entry point “main” has no command.',
    ]))
  test('unknown type', () =>
    expect(messages(withCommand('{a}', '{a: int}'))[0]).toContain('“int” is not a parameter type'))
  test('a number as a type', () =>
    expect(messages(withCommand('{a}', '{a: 3}'))[0]).toContain('The parameter “a” must be'))
  test('a default of several values', () =>
    expect(messages(withCommand('{a}', '{a: {default: [1, 2]}}'))[0]).toContain('must be a single value'))
  test('a default that is no number', () =>
    expect(messages(withCommand('{a}', '{a: {type: float, default: x}}'))[0]).toContain('is not a number: x'))
  test('docker without name and image', () =>
    expect(messages('docker_env: {}\n')).toEqual([
      '1:1 error docker_env names no image.',
      '1:1 error A project with docker_env needs a name.',
    ]))
  test('a misspelt field', () => expect(messages('entrypoints: {}\n')[0]).toContain('“entrypoints”'))
  test('empty entry_points', () => expect(messages('entry_points:\n')[0]).toContain('must be a mapping'))
  test('a name that is there twice', () =>
    expect(messages('entry_points:\n  a: {command: x}\n  a: {command: y}\n')).toEqual([
      '3:3 warning “a” is there twice; the last one counts.',
    ]))
  test('no YAML', () => expect(messages('entry_points: [\n')[0]).toMatch(/^\d+:\d+ error Not YAML/))
  test('no mapping', () => expect(messages('- a\n')[0]).toContain('must be a mapping'))
  test('an empty file', () => expect(messages('')[0]).toContain('must be a mapping'))
})

describe('hostile files end in a problem, quickly', () => {
  test.each([
    ['deep nesting', '['.repeat(100_000)],
    ['deep nesting of blocks', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['too big', 'a'.repeat(300_000)],
    [
      'a bomb of aliases',
      `a: &a {x: 1}\n${Array.from(
        { length: 26 },
        (_, i) =>
          `b${i}: &b${i} {<<: [${Array(9)
            .fill(i ? `*b${i - 1}` : '*a')
            .join(', ')}]}`,
      ).join('\n')}\nentry_points: *b25\n`,
    ],
    ['a merge of itself', 'entry_points: &e\n  <<: *e\n  main: {command: x}\n'],
    [
      'many aliases',
      `entry_points:\n  a: &a {command: x}\n${Array.from({ length: 9000 }, (_, i) => `  e${i}: *a`).join('\n')}`,
    ],
    ['control characters', 'name: \u0000\u0001\nentry_points: {}\n'],
  ])('%s', (_, text) => {
    const started = performance.now()
    const { problems } = parseMlProject(text)
    expect(performance.now() - started).toBeLessThan(3000)
    expect(problems.length).toBeGreaterThan(0)
  })

  test('names of the prototype are just names', () => {
    const { entryPoints } = parseMlProject(
      'entry_points:\n  __proto__: {command: "{constructor}", parameters: {constructor: string}}\n',
    )
    expect(entryPoints.get('__proto__')?.parameters.get('constructor')?.type).toBe('string')
    expect(({} as { command?: string }).command).toBeUndefined()
  })

  test('merge keys and aliases are followed', () => {
    const { entryPoints, problems } = parseMlProject(
      'entry_points:\n  a: {parameters: &p {x: float}, command: "{x}"}\n  b: {parameters: {<<: *p, y: path}, command: "{x} {y}"}\n',
    )
    expect(problems).toEqual([])
    expect([...(entryPoints.get('b')?.parameters.keys() ?? [])]).toEqual(['x', 'y'])
  })
})

test.each(['1', '-1.5e3', ' .5 ', '1.', '1_000', 'inf', '-Infinity', 'NaN'])('%s is a float for Python', (text) =>
  expect(isPythonFloat(text)).toBe(true),
)
test.each(['', '.', '1e', 'one', '1__0', '0x1', '1,5'])('“%s” is no float for Python', (text) =>
  expect(isPythonFloat(text)).toBe(false),
)
