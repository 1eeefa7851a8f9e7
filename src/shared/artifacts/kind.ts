/** What an artifact is, by its first bytes and by its name. */

/** Ways in which an artifact can be shown. */
export type Viewer =
  'text' | 'image' | 'svg' | 'html' | 'json' | 'table' | 'parquet' | 'pdf' | 'model' | 'markdown' | 'binary'

export interface ArtifactKind {
  readonly viewer: Viewer
  /** Media type, for what a browser shows. */
  readonly type: string
  /** For people, as a name: "PNG", "CSV", "Python pickle". Not translated. */
  readonly word: string
  /** What the name claims, where the content is something else: "PNG". */
  readonly claimed?: string
}

type Known = Omit<ArtifactKind, 'claimed'>

const text: Known = { viewer: 'text', type: 'text/plain', word: 'text' }
const empty: Known = { viewer: 'text', type: 'text/plain', word: 'empty file' }
const unknown: Known = { viewer: 'binary', type: 'application/octet-stream', word: 'binary data' }
const svg: Known = { viewer: 'svg', type: 'image/svg+xml', word: 'SVG' }
const html: Known = { viewer: 'html', type: 'text/html', word: 'HTML' }
const json: Known = { viewer: 'json', type: 'application/json', word: 'JSON' }
const model: Known = { viewer: 'model', type: 'text/plain', word: 'MLmodel' }

const image = (type: string, word: string): Known => ({ viewer: 'image', type, word })
const binary = (word: string): Known => ({ viewer: 'binary', type: unknown.type, word })
const source = (word: string): Known => ({ viewer: 'text', type: 'text/plain', word })

/** Kinds that begin with the same bytes, at an offset; the first that fits counts. */
const signatures: readonly (readonly [kind: Known, offset: number, bytes: string])[] = [
  [image('image/png', 'PNG'), 0, '\x89PNG\r\n\x1a\n'],
  [image('image/jpeg', 'JPEG'), 0, '\xff\xd8\xff'],
  [image('image/gif', 'GIF'), 0, 'GIF87a'],
  [image('image/gif', 'GIF'), 0, 'GIF89a'],
  [image('image/webp', 'WebP'), 8, 'WEBP'],
  [image('image/bmp', 'BMP'), 0, 'BM'],
  [{ viewer: 'pdf', type: 'application/pdf', word: 'PDF' }, 0, '%PDF-'],
  [{ viewer: 'parquet', type: unknown.type, word: 'Parquet' }, 0, 'PAR1'],
  [binary('Arrow IPC'), 0, 'ARROW1'],
  [binary('HDF5'), 0, '\x89HDF\r\n\x1a\n'],
  [binary('NumPy array'), 0, '\x93NUMPY'],
  [binary('ZIP archive'), 0, 'PK\x03\x04'],
  [binary('gzip'), 0, '\x1f\x8b'],
  [binary('Zstandard'), 0, '\x28\xb5\x2f\xfd'],
  [binary('bzip2'), 0, 'BZh'],
  [binary('XZ'), 0, '\xfd7zXZ\0'],
  [binary('7-Zip archive'), 0, '7z\xbc\xaf\x27\x1c'],
  [binary('SQLite database'), 0, 'SQLite format 3\0'],
  [binary('tar archive'), 257, 'ustar'],
  [binary('TIFF'), 0, 'II*\0'],
  [binary('TIFF'), 0, 'MM\0*'],
  [binary('ELF program'), 0, '\x7fELF'],
  [binary('Windows program'), 0, 'MZ\x90\0'],
]

/** Kinds by the ends of names. Those of text are told from each other only so; any other claim can be a lie. */
const extensions: Readonly<Record<string, Known>> = {
  png: image('image/png', 'PNG'),
  jpg: image('image/jpeg', 'JPEG'),
  jpeg: image('image/jpeg', 'JPEG'),
  gif: image('image/gif', 'GIF'),
  webp: image('image/webp', 'WebP'),
  bmp: image('image/bmp', 'BMP'),
  svg,
  html,
  htm: html,
  json,
  geojson: json,
  ipynb: json,
  csv: { viewer: 'table', type: 'text/csv', word: 'CSV' },
  tsv: { viewer: 'table', type: 'text/tab-separated-values', word: 'TSV' },
  parquet: { viewer: 'parquet', type: unknown.type, word: 'Parquet' },
  pdf: { viewer: 'pdf', type: 'application/pdf', word: 'PDF' },
  md: { viewer: 'markdown', type: 'text/markdown', word: 'Markdown' },
  markdown: { viewer: 'markdown', type: 'text/markdown', word: 'Markdown' },
  jsonl: source('JSON lines'),
  ndjson: source('JSON lines'),
  txt: text,
  log: source('log'),
  py: source('Python'),
  yaml: source('YAML'),
  yml: source('YAML'),
  toml: source('TOML'),
  ini: source('INI'),
  xml: source('XML'),
  sql: source('SQL'),
  sh: source('shell script'),
  r: source('R'),
  js: source('JavaScript'),
  ts: source('TypeScript'),
  css: source('CSS'),
  pkl: binary('Python pickle'),
  pickle: binary('Python pickle'),
  npy: binary('NumPy array'),
  npz: binary('NumPy archive'),
  h5: binary('HDF5'),
  pt: binary('PyTorch file'),
  pth: binary('PyTorch file'),
  onnx: binary('ONNX model'),
  joblib: binary('joblib file'),
  zip: binary('ZIP archive'),
  gz: binary('gzip'),
}

/** Names of the container that other kinds of file are. */
const containers: Readonly<Record<string, readonly string[]>> = {
  'ZIP archive': ['NumPy archive', 'PyTorch file', 'HDF5'],
  gzip: ['joblib file', 'Python pickle'],
  bzip2: ['joblib file', 'Python pickle'],
}

/**
 * @param path of the artifact; only its last name counts
 * @param head its first bytes: some kilobytes, or all there are
 * @param isWhole whether `head` is all of it
 */
export function kindOf(path: string, head: Uint8Array, isWhole: boolean): ArtifactKind {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const named = Object.hasOwn(extensions, extension) ? extensions[extension] : undefined
  if (head.length === 0) return empty
  const found = byBytes(head, isWhole)
  if (found === text) return textKind(name, named, beginningOf(head))
  if (named === undefined) return found
  if (found === unknown && named.viewer === 'binary') return named
  if (found.word === named.word) return found
  if (containers[found.word]?.includes(named.word)) return named
  return { ...found, claimed: named.word }
}

function byBytes(head: Uint8Array, isWhole: boolean): Known {
  for (const [kind, offset, bytes] of signatures) if (startsWith(head, offset, bytes)) return checked(kind, head)
  if (isPickle(head)) return binary('Python pickle')
  return isText(head, isWhole) ? text : unknown
}

/** Two letters are little evidence: what begins with BM may be a text. */
function checked(kind: Known, head: Uint8Array): Known {
  if (kind.word === 'BMP' && (head[6] !== 0 || head[7] !== 0 || head[8] !== 0 || head[9] !== 0))
    return isText(head, false) ? text : unknown
  return kind
}

/** Protocol 2 to 5 of Python's pickle. */
const isPickle = (head: Uint8Array): boolean => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 9) <= 5

function textKind(name: string, named: Known | undefined, beginning: string): ArtifactKind {
  if (name === 'MLmodel') return model
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(beginning))
    return lying(svg, named)
  if (/^(?:<!--[^]*?-->\s*)*<(?:!doctype html|html|head|body)[\s>]/i.test(beginning)) return lying(html, named)
  if (named === undefined) return /^[[{]/.test(beginning) ? json : text
  // What is text is shown as text, whatever its name; of a picture or an archive that is worth a word.
  if (['image', 'parquet', 'pdf', 'binary'].includes(named.viewer)) {
    const shown = /^[[{]/.test(beginning) ? json : text
    return { ...shown, claimed: named.word }
  }
  if (named === svg || named === html) return named === html ? html : { ...text, claimed: svg.word }
  return named
}

/** Markup that calls itself XML or text tells no lie. */
const lying = (kind: Known, named: Known | undefined): ArtifactKind =>
  named === undefined || named.word === kind.word || named.viewer === 'text' ? kind : { ...kind, claimed: named.word }

function beginningOf(head: Uint8Array): string {
  let start = 0
  if (startsWith(head, 0, '\xef\xbb\xbf')) start = 3
  const bytes = head.subarray(start, start + 2048)
  return String.fromCharCode(...bytes.filter((byte) => byte !== 0)).trimStart()
}

function startsWith(head: Uint8Array, offset: number, bytes: string): boolean {
  for (let at = 0; at < bytes.length; at++) if (head[offset + at] !== bytes.charCodeAt(at)) return false
  return true
}

/** Control characters that no text has; ESC is in logs. */
const isControl = (byte: number): boolean => byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b

const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

function isText(head: Uint8Array, isWhole: boolean): boolean {
  if (startsWith(head, 0, '\xff\xfe') || startsWith(head, 0, '\xfe\xff')) return true // UTF-16
  if (utf16Without(head) !== undefined) return true
  if (head.some(isControl)) return false
  if (isUtf8(head, isWhole)) return true
  // A Latin text is nearly all ASCII, unless it is but a word or two, and never has what Windows-1252 has no character for.
  if (head.some((byte) => unassigned.has(byte))) return false
  const high = head.reduce((count, byte) => count + Number(byte >= 0x80), 0)
  return high < head.length * (head.length < 64 ? 0.5 : 0.3)
}

/** UTF-16 that doesn't say so: nearly every other byte of it is 0. */
function utf16Without(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const looked = Math.min(head.length, 1000) & ~1
  if (looked < 8) return undefined
  const zeros = [0, 0]
  for (let at = 0; at < looked; at++) if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (even === 0 && odd > looked * 0.35) return 'utf-16le'
  if (odd === 0 && even > looked * 0.35) return 'utf-16be'
  return undefined
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** The encoding of a text by its first bytes: what is no UTF is taken for Windows-1252, in which every byte is a character. */
export function encodingOf(head: Uint8Array, isWhole: boolean): Encoding {
  if (startsWith(head, 0, '\xff\xfe')) return 'utf-16le'
  if (startsWith(head, 0, '\xfe\xff')) return 'utf-16be'
  return utf16Without(head) ?? (isUtf8(head, isWhole) ? 'utf-8' : 'windows-1252')
}

/** Whether the bytes are UTF-8; what is not whole may end in the middle of a character. */
export function isUtf8(bytes: Uint8Array, isWhole: boolean): boolean {
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0
    const size =
      first < 0x80
        ? 1
        : first >= 0xc2 && first < 0xe0
          ? 2
          : first >= 0xe0 && first < 0xf0
            ? 3
            : first >= 0xf0 && first < 0xf5
              ? 4
              : 0
    if (size === 0) return false
    for (let next = 1; next < size; next++) {
      if (at + next >= bytes.length) return !isWhole
      if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return false
    }
    at += size
  }
  return true
}
