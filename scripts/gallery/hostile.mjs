// What nobody would log, and somebody does.
const long = (length) => 'a very long value that goes on and on; '.repeat(length / 39 + 1).slice(0, length)

const names = [
  '<img src=x onerror="alert(1)"><b>bold</b> & <script>alert(2)</script>',
  `name of ten thousand characters ${long(10_000)}`.slice(0, 10_000),
  'two\nlines\tand\r\nmore 🦊👩‍👩‍👧‍👦 ‮right to left',
  'x'.repeat(3000),
]

const note = `# Note <b>bold</b>
<script>alert('script')</script> <img src="https://example.com/raw.png" onerror="alert('img')"> <iframe src="https://example.com"></iframe>

[javascript](javascript:alert('link')) [data](data:text/html,<script>alert(1)</script>) [command](command:workbench.action.quit)
[file](file:///etc/passwd) [good](https://example.com/good) <https://example.com/auto>

![remote](https://example.com/remote.png) ![data](data:image/png;base64,iVBORw0KGgo=)

<a href="javascript:alert('raw')" style="position:fixed;inset:0">raw</a>

| a | b |
| :--- | ---: |
| ${'wide'.repeat(200)} | 1 |

\`\`\`
${'code '.repeat(200)}
\`\`\`
`

/** A run made hostile; `n` is its number. */
export function hostileRun(run, n) {
  return {
    ...run,
    info: { ...run.info, runName: names[n % names.length], userId: '<i>user</i>'.repeat(20) },
    params: new Map([
      ...run.params,
      ['prompt', long(6000)],
      ['Prompt', 'differs by case'],
      ['k'.repeat(250), 'value of a long key'],
      ['__proto__', 'polluted?'],
      ['html', '<img src=x onerror=alert(1)>'],
      ['lines', Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')],
      ['emoji 🦊', '👩‍👩‍👧‍👦'],
      ['empty', ''],
    ]),
    tags: new Map([
      ...run.tags,
      ['mlflow.note.content', note],
      ['mlflow.source.git.repoURL', 'javascript:alert(1)'],
      ['mlflow.source.name', '/very/long/path'.repeat(40)],
      ['mlflow.source.git.branch', 'feature/'.repeat(40)],
      ['tag\nwith\nlines', '<script>alert(1)</script>'],
    ]),
    metrics: new Map([
      ...run.metrics,
      ...Object.keys(hostileSeries).map((key) => [
        key,
        {
          value: hostileSeries[key](99),
          step: key.toLowerCase() === 'single point' ? 0 : 99,
          timestamp: run.info.startTime,
        },
      ]),
    ]),
  }
}

/** Values by step. */
export const hostileSeries = {
  'all NaN': () => NaN,
  'all +inf': () => Infinity,
  'Single Point': () => 43,
  constant: () => 3,
  'constant zero': () => 0,
  'greatest and least doubles': (step) => (step % 2 ? Number.MAX_VALUE : -Number.MAX_VALUE / 2),
  'one finite among NaN': (step) => (step === 50 ? 1 : NaN),
  'single point': () => 42,
  'tiny <b>denormal</b>': (step) => 5e-324 * step,
  'huge 1e300': (step) => 1e300 * (1 + step),
  ['metric name without an end '.repeat(30)]: (step) => step,
}
