import path from 'node:path'

/** PATH, under the name that it has here, with the interpreter's own folders first: what it installed is found there. */
export function searchPathWith(executable: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const name = Object.keys(env).find((each) => each.toUpperCase() === 'PATH') ?? 'PATH' // `Path` on Windows
  return { [name]: [...foldersOf(executable), ...(env[name] ? [env[name]] : [])].join(path.delimiter) }
}

function foldersOf(executable: string): string[] {
  if (!path.isAbsolute(executable)) return []
  const folder = path.dirname(executable)
  if (process.platform !== 'win32') return [folder]
  return [folder, path.join(folder, 'Scripts'), path.join(folder, 'Library', 'bin')] // conda's
}
