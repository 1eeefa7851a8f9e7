import { expect, test } from 'vitest'
import { entryPointOf } from '../../../src/extension/editor/entryPoints'
import { allRows, frameOf } from './runs'

test('a file is run again by the entry point that ran it last', () => {
  const of = (...last: string[]): string | undefined => {
    const frame = frameOf(
      Object.fromEntries(last.map((name) => [name, { tags: { 'mlflow.project.entryPoint': name } }])),
    )
    return entryPointOf({ frame, rows: allRows(frame) }, [{ name: 'main' }, { name: 'tune' }])?.name
  }
  expect(of('tune', 'main')).toBe('tune')
  expect(of('other')).toBe('main')
  expect(of()).toBe('main')
})
