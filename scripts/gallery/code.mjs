// What differs between the code of two runs, made up: with a name that is anybody's, a file that is no text, and long lines.
export const codeChanges = {
  left: 'able-fox-3 (3f2a1b0)',
  right: 'brave-hare-7 (9c8d7e6 + uncommitted changes)',
  says: [
    'able-fox-3: MLflow noted the commit alone: whether the working tree had changes, the run does not say.',
    'brave-hare-7: With the uncommitted changes that the run logged, to 1 file. Files that git did not track are not among them.',
  ],
  files: [
    {
      kind: 'changed',
      path: 'src/train.py',
      oldPath: null,
      lines: [
        '@@ -10,7 +10,8 @@',
        ' def train(model, data):',
        '     for batch in data:',
        '-        loss = model(batch)',
        '+        loss = model(batch, smoothing=0.1)',
        '+        loss = loss / len(batch)',
        '         loss.backward()',
        `+        ${'long_name_'.repeat(30)}(<img src=x onerror=alert(1)>)`,
        '\\ No newline at end of file',
      ],
      note: '',
    },
    {
      kind: 'renamed',
      path: 'src/models/<b>net</b>.py',
      oldPath: 'src/net.py',
      lines: ['@@ -1,2 +1,2 @@', '-LAYERS = 4', '+LAYERS = 6', ' '],
      note: '312 more lines',
    },
    { kind: 'added', path: 'weights.bin', oldPath: null, lines: [], note: 'Not a text.' },
  ],
  more: 3,
}
