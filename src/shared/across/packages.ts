import type { AcrossData, Texts } from './data'

/** What nobody has read yet. */
export const noTexts: Texts = { keys: [], offsets: Int32Array.of(0), rows: new Int32Array(), codes: new Int32Array() }

/** The same runs, with the packages of their Python environments. @param packagesAt names and versions of a run; undefined where not read */
export function withPackages(
  data: AcrossData,
  packagesAt: (row: number) => readonly (readonly [name: string, version: string])[] | undefined,
): AcrossData {
  const dictionary = [...data.dictionary]
  const codes = new Map<string, number>()
  const codeOf = (version: string): number => {
    const known = codes.get(version)
    if (known !== undefined) return known
    codes.set(version, dictionary.length)
    return dictionary.push(version) - 1
  }
  const cells = new Map<string, (readonly [row: number, code: number])[]>()
  for (let row = 0; row < data.runs.length; row++)
    for (const [name, version] of packagesAt(row) ?? []) {
      const cell = [row, codeOf(version)] as const
      const column = cells.get(name)
      if (column) column.push(cell)
      else cells.set(name, [cell])
    }
  const columns = [...cells].sort(([a], [b]) => (a < b ? -1 : 1))
  const offsets = new Int32Array(columns.length + 1)
  columns.forEach(([, column], at) => (offsets[at + 1] = (offsets[at] ?? 0) + column.length))
  const all = columns.flatMap(([, column]) => column)
  const packages: Texts = {
    keys: columns.map(([name]) => name),
    offsets,
    rows: Int32Array.from(all, ([row]) => row),
    codes: Int32Array.from(all, ([, code]) => code),
  }
  return { ...data, packages, dictionary }
}
