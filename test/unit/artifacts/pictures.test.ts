import { describe, expect, it } from 'vitest'
import { loggedImages } from '../../../src/shared/artifacts/loggedImages'
import { pictureAt, picturesOf } from '../../../src/shared/artifacts/pictures'

const logged = (key: string, step: number): string => `images/${key}+step+${step}+timestamp+17${step}+id.png`

describe('pictures of several runs', () => {
  it('are named by key and by path, each once', () => {
    const paths = [
      'b.png',
      logged('good~day', 0),
      logged('good~day', 9),
      'plots/a.SVG',
      'b.png',
      'images/own.jpg',
      'x.csv',
    ]
    expect(picturesOf(paths)).toEqual([
      { key: 'good/day' },
      { path: 'b.png' },
      { path: 'images/own.jpg' },
      { path: 'plots/a.SVG' },
    ])
    expect(picturesOf([])).toEqual([])
  })

  it('stand at a step as the run had them then', () => {
    const images = loggedImages([logged('k', 0), logged('k', 10), logged('k', 5)]).get('k') ?? []
    expect([-1, 0, 7, Infinity].map((step) => pictureAt(images, step)?.step)).toEqual([undefined, 0, 5, 10])
  })
})
