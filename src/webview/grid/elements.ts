/** Elements of rows, made by hand: a frame of scrolling changes a thousand cells, and touches nothing else of them. */

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.className = className
  return element
}

/** Rows of the header: what counts the table's rows counts them too. */
export const headRows = 2

/** The focus of a grid is its container's; the active cell is told by its id. */
export const activeId = (row: number, column: number): string => `cell-${row}-${column}`

export function nameElement(element: HTMLElement, id: string): void {
  if (element.id === id) return
  if (id === '') element.removeAttribute('id')
  else element.id = id
}
