import { expect, test } from 'vitest'
import { readPlainScalar } from '../../src/extension/projects/pythonText'
import { python } from './servers'

const scalars = [
  ...[
    '0',
    '-0',
    '+12',
    '1_000',
    '0x1F',
    '-0x1f',
    '0b101',
    '010',
    '08',
    '09.5',
    '12345678901234567890',
    '1:30',
    '-1:30:00',
  ],
  ...[
    '1.',
    '.5',
    '-.5',
    '0.10',
    '1.0e-4',
    '1e-4',
    '1.5e+3',
    '1.0e+16',
    '1.0e-7',
    '123456789.123',
    '1e5',
    '-0.0',
    '1_0.5',
  ],
  ...[
    '.inf',
    '-.INF',
    '.NaN',
    'nan',
    'inf',
    'yes',
    'No',
    'TRUE',
    'off',
    'oN',
    'y',
    'n',
    'null',
    '~',
    'None',
    '',
    'a b',
    '1 2',
  ],
  ...['2024-01-02', 'v1', '1.2.3', '0.30000000000000004', '100000000000000000000.0', '5.0e-324', '+.5', '0o17', '1__0'],
]

test('plain scalars are read as PyYAML reads them, and printed as Python prints them', async () => {
  const program =
    'import json, sys, yaml; print(json.dumps([str(yaml.safe_load("a: " + s)["a"]) for s in json.loads(sys.argv[1])]))'
  const expected: unknown = JSON.parse(await python('3', ['-c', program, JSON.stringify(scalars)]))
  expect(scalars.map((scalar) => readPlainScalar(scalar).text)).toEqual(expected)
})
