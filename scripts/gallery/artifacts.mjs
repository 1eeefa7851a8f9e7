/* global TextEncoder */
// The artifacts of the gallery's runs: one of each kind that a page can show, and some that lie or break.
import data from '../../test/fixtures/artifacts/data.parquet'
import brotli from '../../test/fixtures/artifacts/brotli.parquet'
import bmp from '../../test/fixtures/artifacts/small.bmp'
import gif from '../../test/fixtures/artifacts/small.gif'
import gzip from '../../test/fixtures/artifacts/gzip.parquet'
import jpeg from '../../test/fixtures/artifacts/photo.jpg'
import matrix from '../../test/fixtures/artifacts/confusion_matrix.png'
import plot from '../../test/fixtures/artifacts/plot.pdf'
import locked from '../../test/fixtures/artifacts/encrypted.pdf'
import sample0 from '../../test/fixtures/artifacts/sample0.png'
import sample1 from '../../test/fixtures/artifacts/sample1.png'
import sample2 from '../../test/fixtures/artifacts/sample2.png'
import webp from '../../test/fixtures/artifacts/small.webp'
import model from '../../test/fixtures/mlmodels/pyfunc-3.yaml'

const text = (content) => new TextEncoder().encode(content)
const samples = [sample0, sample1, sample2]
const columns = ['day', 'store', 'product', 'price', 'sold', 'forecast', 'note']

const predictions = [
  columns.join(','),
  ...Array.from({ length: 1200 }, (_, i) =>
    [
      `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
      `store ${i % 40}`,
      '"bread, white"',
      (2 + (i % 30) / 10).toFixed(2),
      i % 60,
      (i % 60) + 0.5,
      i % 7 ? '' : '"said ""fresh"""',
    ].join(','),
  ),
].join('\n')

const script = `import mlflow\n\n\ndef train(learning_rate: float) -> None:\n    """Fits the model."""\n    with mlflow.start_run():\n        mlflow.log_param("learning_rate", learning_rate)\n`

const files = new Map([
  ['model/MLmodel', text(model)],
  ['model/model.pkl', Uint8Array.of(0x80, 5, 0x95, 1, 2, 3, ...Array.from({ length: 300 }, (_, i) => (i * 37) % 256))],
  ['model/input_example.json', text('{"columns": ["price", "day"], "data": [[1.5, 1], [2.5, 2]]}')],
  ['model/requirements.txt', text('mlflow==3.17.2\nscikit-learn==1.9.1\n')],
  ...samples.map((bytes, i) => [
    `images/samples~good+step+${i * 10}+timestamp+${Date.UTC(2026, 10, 23) + i * 60000}+a-${i}.png`,
    bytes,
  ]),
  ...samples.map((bytes, i) => [
    `images/samples~bad+step+${i * 10}+timestamp+${Date.UTC(2026, 10, 23) + i * 60000}+b-${i}.png`,
    bytes,
  ]),
  ['confusion_matrix.png', matrix],
  ['data.parquet', data],
  [
    'eval.json',
    text(
      JSON.stringify({
        columns: ['question', 'answer', 'score', 'picture'],
        data: [
          [
            'What is MLflow?',
            'A platform',
            0.91,
            { type: 'image', filepath: 'photo.jpg', compressed_filepath: 'small.webp' },
          ],
          ['Why?', null, 0.2, { type: 'image', filepath: 'weights.bin' }],
        ],
      }),
    ),
  ],
  ['brotli.parquet', brotli],
  ['gzip.parquet', gzip],
  ['notes.md', text('# Notes\n\nA **second** try, see `train.py`.\n')],
  ['photo.jpg', jpeg],
  ['predictions.csv', text(predictions)],
  [
    'report.html',
    text(
      '<!doctype html><title>Report</title><h1>Weekly report</h1><p>All <b>well</b>.</p><table><tr><th>week</th><th>rmse</th></tr><tr><td>47</td><td>12.1</td></tr></table><script>alert("script")</script><img src="https://example.com/x.png" onerror="alert(1)">',
    ),
  ],
  [
    'report.json',
    text('{"rmse": 12.0000000000000000001, "nan": NaN, "weeks": [45, 46, 47], "nested": {"deep": {"deeper": []}}}'),
  ],
  ['report.pdf', plot],
  ['locked.pdf', locked],
  ['broken.pdf', text('%PDF-1.7\n')],
  [
    'shape.svg',
    text(
      '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" onload="alert(1)"><script>alert(2)</script><image href="https://example.com/x.png"/><rect width="120" height="60" fill="#48a"/></svg>',
    ),
  ],
  ['small.bmp', bmp],
  ['small.gif', gif],
  ['small.webp', webp],
  ['train.py', text(script)],
  ['weights.bin', 2 ** 31],
  ['log.txt', 3_000_000],
  ['lies.png', text('<html><body><script>alert("lie")</script>not a picture</body></html>')],
  ['lies.csv', matrix],
  ['latin.txt', Uint8Array.of(0x67, 0x72, 0xfc, 0xdf, 0x65, 0x0a)],
  ['empty.txt', new Uint8Array()],
  ['bomb.png', bombOf(60_000, 60_000)],
  ['broken.parquet', text('PAR1 this is none')],
])

/** A picture that says that it is huge. */
function bombOf(width, height) {
  const bytes = new Uint8Array(64)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  new DataView(bytes.buffer).setUint32(16, width)
  new DataView(bytes.buffer).setUint32(20, height)
  return bytes
}

const hostileFiles = new Map([
  [
    '<img src=x onerror=alert(1)>.html',
    text(
      '<meta http-equiv="refresh" content="0;url=https://example.com"><a href="javascript:alert(1)">x</a><svg onload=alert(1)></svg><iframe src="https://example.com"></iframe><form action="https://example.com"><input></form><base href="https://example.com/"><style>body{background:url(https://example.com/a.png)}</style>',
    ),
  ],
  ['a very long name '.repeat(14) + '.txt', text('x')],
  [
    'evil.csv',
    text(
      `${Array.from({ length: 300 }, (_, i) => `column ${i}`).join(',')}\n"<img src=x onerror=alert(1)>",${'=cmd|,'.repeat(50)}\n"never closed`,
    ),
  ],
  ['one line.csv', text('x'.repeat(1_200_000))],
  ['one line.json', text(`[${'[1,2],'.repeat(20_000)}0]`)],
  ['deep.json', text('['.repeat(50_000))],
])

/** Big ones are made as they are read. */
const sizeOf = (content) => (typeof content === 'number' ? content : content.length)

function partOf(content, start, length) {
  if (typeof content !== 'number') return content.subarray(start, start + length)
  const size = Math.max(0, Math.min(length, content - start))
  return content > 1e9
    ? Uint8Array.from({ length: size }, (_, i) => ((start + i) * 7) & 255)
    : Uint8Array.from({ length: size }, (_, i) => ((start + i) % 64 === 63 ? 10 : 97 + ((start + i) % 26)))
}

/** What a store does with artifacts. */
export function artifactsOf(wait, hostile) {
  const all = hostile ? new Map([...files, ...hostileFiles]) : files
  return {
    async listArtifacts(_runId, folder = '') {
      await wait()
      const prefix = folder === '' ? '' : `${folder}/`
      const entries = new Map()
      for (const [path, content] of all) {
        if (!path.startsWith(prefix)) continue
        const [name, ...rest] = path.slice(prefix.length).split('/')
        const isDir = rest.length > 0
        entries.set(prefix + name, { path: prefix + name, isDir, fileSize: isDir ? null : sizeOf(content) })
      }
      return [...entries.values()].sort((a, b) => Number(b.isDir) - Number(a.isDir) || (a.path < b.path ? -1 : 1))
    },
    async *readArtifact(_runId, path, signal, { start, length } = { start: 0, length: Infinity }) {
      await wait(signal)
      const content = all.get(path)
      if (content === undefined) throw new Error(`no artifact ${path}`)
      yield partOf(content, start, length)
    },
  }
}
