/** Names and values of anybody's, made fit for one row of a tree. */
import { shortLine } from '../../shared/markup'

/** Longest label or description; beyond it nobody reads, and VS Code lays out every character. */
const longest = 200

/** Of a row of a tree, where nothing else is said. */
export const oneLine = (text: string, most = longest): string => shortLine(text, most)

/** The parts that say something, with a dot between them. */
export const dotted = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join(' · ')

/** For labels in which VS Code would draw an icon for `$(name)`. */
export const withoutIcons = (text: string): string => text.replaceAll('$(', String.raw`\$(`)
