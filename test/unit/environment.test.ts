import { describe, expect, it } from 'vitest'
import { packagesOf, readEnvironment } from '../../src/extension/panels/environment'
import type { TrackingStore } from '../../src/extension/stores'

const never = new AbortController().signal

/** A store of one run with these files. */
function storeOf(files: Readonly<Record<string, string>>) {
  const paths = Object.keys(files)
  const store = {
    listArtifacts: (_: string, folder?: string) => {
      const prefix = folder === undefined ? '' : `${folder}/`
      const names = new Set(paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length).split('/')[0] ?? '')) // prettier-ignore
      return Promise.resolve([...names].map((name) => ({ path: prefix + name, isDir: !paths.includes(prefix + name) })))
    },
    async *readArtifact(_: string, path: string, __: AbortSignal, { length }: { length: number }) {
      await Promise.resolve()
      yield Buffer.from(files[path] ?? '').subarray(0, length)
    },
  }
  return store as unknown as TrackingStore
}

const requirements = `# what the model needs
--index-url https://ann:secret@example.org/simple
-r others.txt
mlflow==3.17.2
Scikit_Learn == 1.4.2  # pinned
numpy>=1.24,<2; python_version < "3.12"
pandas[parquet]
torch @ git+https://token@example.org/torch.git
`

describe('the Python environment of a run', () => {
  it('is what requirements.txt says, by the names that PyPI knows', () => {
    expect([
      ...packagesOf({
        'requirements.txt': requirements,
        'python_env.yaml': 'python: 3.11.4\ndependencies:\n- -r requirements.txt\n',
      }),
    ]).toEqual([
      // prettier-ignore
      ['python', '3.11.4'],
      ['mlflow', '3.17.2'],
      ['scikit-learn', '1.4.2'],
      ['numpy', '>=1.24,<2'],
      ['pandas', 'any version'],
      ['torch', '@ git+https://example.org/torch.git'],
    ])
  })

  it('is that of conda.yaml where there is no other', () => {
    const conda =
      'name: env\nchannels:\n- conda-forge\ndependencies:\n- python=3.10.2\n- libpng=1.6=h5\n- pip<=23\n- pip:\n  - mlflow==2.9\n'
    const found = [['python', '3.10.2'], ['libpng', '1.6'], ['pip', '<=23']] // prettier-ignore
    expect([...packagesOf({ 'conda.yaml': conda })]).toEqual([...found, ['mlflow', '2.9']])
    expect([...packagesOf({ 'conda.yaml': conda, 'requirements.txt': 'mlflow==3.0' })]).toEqual([...found, ['mlflow', '3.0']]) // prettier-ignore
  })

  it('is none where a run has no model, or files that are something else', async () => {
    expect(await readEnvironment(storeOf({ 'a.txt': 'numpy==1' }), 'r', never)).toEqual({ packages: [] })
    for (const text of ['', '{{{', '- a\n- b', 'dependencies: 7', 'python: [1, 2]'])
      expect([...packagesOf({ 'conda.yaml': text, 'python_env.yaml': text })]).toEqual([])
  })

  it('has all versions of a package where models of a run differ in it', async () => {
    const store = storeOf({
      'first/requirements.txt': 'numpy==1.26\nscipy==1.11',
      'second/requirements.txt': 'numpy==2.1\nscipy==1.11',
      'second/MLmodel': '',
    })
    expect(await readEnvironment(store, 'r', never)).toEqual({ packages: [['numpy', '1.26 | 2.1'], ['scipy', '1.11']] }) // prettier-ignore
  })

  it('is read as far as it is of sensible size', async () => {
    const long = Array.from({ length: 100_000 }, (_, n) => `package-${n}==${'9'.repeat(500)}`).join('\n')
    const { packages } = await readEnvironment(storeOf({ 'requirements.txt': long }), 'r', never)
    expect(packages.length).toBeLessThanOrEqual(2000)
    expect(packages.every(([, version]) => version.length <= 200)).toBe(true)
  })
})
