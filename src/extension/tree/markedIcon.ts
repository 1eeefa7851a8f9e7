/** Icons of runs that are open: their state as a shape, and a dot in the colour that their curves have. Pure. */
import { colorOf, type ThemeKind } from '../../shared/runColor'

/** Lines in a box of 16 × 16, by the names that VS Code's icons of the same shape have. */
const shapes: Readonly<Record<string, string>> = {
  'play-circle': '<circle cx="8" cy="8" r="6"/><path d="m6.7 5.5 3.8 2.5-3.8 2.5z"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.3 1.6"/>',
  pass: '<circle cx="8" cy="8" r="6"/><path d="m5.5 8.2 1.8 1.8 3.4-4"/>',
  error: '<circle cx="8" cy="8" r="6"/><path d="m6 6 4 4m0-4-4 4"/>',
  'circle-slash': '<circle cx="8" cy="8" r="6"/><path d="m3.8 12.2 8.4-8.4"/>',
  warning: '<path d="M8 2.2 14.3 13H1.7z"/><path d="M8 6.3v3.2m0 1.6v.2"/>',
}

/** VS Code's own, of icons that say nothing by their colour. */
const lines: Readonly<Record<'light' | 'dark', string>> = { light: '#424242', dark: '#c5c5c5' }

/** @param shape name of the icon @param color index of the run's @returns a picture, as the text of an SVG */
export function markedIcon(shape: string, color: number, theme: Extract<ThemeKind, 'light' | 'dark'>): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">' +
    '<mask id="m"><path d="M0 0h16v16H0z" fill="#fff"/><circle cx="12.5" cy="12.5" r="4.5"/></mask>' +
    `<g mask="url(#m)" fill="none" stroke="${lines[theme]}" stroke-linecap="round" stroke-linejoin="round">${shapes[shape] ?? ''}</g>` +
    `<circle cx="12.5" cy="12.5" r="3.5" fill="${colorOf(color, theme)}"/></svg>`
  )
}
