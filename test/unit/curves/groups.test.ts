import { describe, expect, it } from 'vitest'
import type { RunDetails } from '../../../src/shared/protocol'
import { groupings, groupsOf } from '../../../src/webview/compare/groups'

const slot = (id: string, params: [string, string][]) => ({
  id,
  details: { experimentName: 'e', params, tags: [['mlflow.user', id]] } as unknown as RunDetails,
})

describe('groups of runs', () => {
  const slots = [
    slot('a', [['lr', '0.01']]),
    slot('b', [['lr', '0.003']]),
    slot('c', []),
    slot('d', [['lr', '0.01']]),
    slot('e', [['lr', '1e-4']]),
  ]

  it('are in the order of their values, numbers as numbers, those without last', () => {
    const groups = groupsOf(slots, { kind: 'param', key: 'lr' })
    expect(groups.map(({ name, slots: members }) => [name, members.map(({ id }) => id).join('')])).toEqual([
      ['lr = 1e-4', 'e'],
      ['lr = 0.003', 'b'],
      ['lr = 0.01', 'ad'],
      ['without lr', 'c'],
    ])
    expect(new Set(groups.map(({ mark }) => mark.color)).size).toBe(4)
  })

  it('are offered for what differs, not for MLflow’s own tags or what is alike', () => {
    expect(groupings(slots)).toEqual([{ by: { kind: 'param', key: 'lr' }, values: 4 }])
  })
})
