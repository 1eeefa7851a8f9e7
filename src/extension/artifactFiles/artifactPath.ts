/** Run and artifact of a URI's path. Pure. */

/** Undefined for a path that names no run, or tries to leave it. */
export function parseArtifactPath(uriPath: string): { readonly runId: string; readonly path: string } | undefined {
  const [root, runId, ...parts] = uriPath.replace(/\/$/, '').split('/')
  if (root !== '' || !runId || [runId, ...parts].some(leavesItsFolder)) return undefined
  return { runId, path: parts.join('/') }
}

const leavesItsFolder = (part: string): boolean => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part)
