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
