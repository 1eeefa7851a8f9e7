/** Which paths lie in a repository. Pure. */

/** Not absolute, and without a way out of the repository or into its `.git`. */
export function isInside(path: string): boolean {
  const parts = path.split('/')
  return (
    !path.includes('\0') &&
    !/^[a-z]:/i.test(path) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\')) &&
    parts[0]?.toLowerCase() !== '.git'
  )
}

/** Whether two absolute paths are one: git writes `C:/` where others write `c:\`. */
export const isSamePlace = (one: string, other: string): boolean => plain(one) === plain(other)

const plain = (place: string): string =>
  /^[a-z]:/i.test(place) ? place.replaceAll('\\', '/').replace(/^[A-Z]/, (drive) => drive.toLowerCase()) : place
