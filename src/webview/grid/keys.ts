/** What the keys of a grid mean, wherever its focus is. */

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export type GridAction =
  | { readonly do: 'move'; readonly rows: number; readonly columns: number; readonly select: boolean }
  | { readonly do: 'page'; readonly by: 1 | -1; readonly select: boolean }
  /** To an end of the row, or of the table. */
  | { readonly do: 'end'; readonly of: 'row' | 'table' | 'column'; readonly last: boolean; readonly select: boolean }
  | { readonly do: 'right' | 'left' }
  | { readonly do: 'toggle' | 'selectAll' | 'clear' | 'activate' | 'menu' | 'whole' | 'copy' | 'header' }
  | { readonly do: 'moveColumn' | 'resizeColumn'; readonly by: 1 | -1 }

/** `undefined` where the key is none of the grid's. */
export function actionOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): GridAction | undefined {
  const command = ctrlKey || metaKey
  const name = key.length === 1 ? key.toLowerCase() : key
  const chord = `${command ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${name}`
  return chords[chord]
}

const chords: Readonly<Record<string, GridAction>> = {
  ArrowDown: { do: 'move', rows: 1, columns: 0, select: false },
  ArrowUp: { do: 'move', rows: -1, columns: 0, select: false },
  'Shift+ArrowDown': { do: 'move', rows: 1, columns: 0, select: true },
  'Shift+ArrowUp': { do: 'move', rows: -1, columns: 0, select: true },
  ArrowRight: { do: 'right' },
  ArrowLeft: { do: 'left' },
  PageDown: { do: 'page', by: 1, select: false },
  PageUp: { do: 'page', by: -1, select: false },
  'Shift+PageDown': { do: 'page', by: 1, select: true },
  'Shift+PageUp': { do: 'page', by: -1, select: true },
  Home: { do: 'end', of: 'row', last: false, select: false },
  End: { do: 'end', of: 'row', last: true, select: false },
  'Ctrl+Home': { do: 'end', of: 'table', last: false, select: false },
  'Ctrl+End': { do: 'end', of: 'table', last: true, select: false },
  'Ctrl+Shift+Home': { do: 'end', of: 'column', last: false, select: true },
  'Ctrl+Shift+End': { do: 'end', of: 'column', last: true, select: true },
  'Ctrl+ArrowDown': { do: 'end', of: 'column', last: true, select: false },
  'Ctrl+ArrowUp': { do: 'header' },
  ' ': { do: 'toggle' },
  'Ctrl+ ': { do: 'toggle' },
  'Ctrl+a': { do: 'selectAll' },
  Escape: { do: 'clear' },
  Enter: { do: 'activate' },
  'Shift+Enter': { do: 'activate' },
  'Shift+F10': { do: 'menu' },
  ContextMenu: { do: 'menu' },
  'Alt+Enter': { do: 'whole' },
  'Ctrl+c': { do: 'copy' },
  'Alt+ArrowRight': { do: 'moveColumn', by: 1 },
  'Alt+ArrowLeft': { do: 'moveColumn', by: -1 },
  'Alt+Shift+ArrowRight': { do: 'resizeColumn', by: 1 },
  'Alt+Shift+ArrowLeft': { do: 'resizeColumn', by: -1 },
}
