import { execFileSync } from 'node:child_process'

/** Runs git in a folder, as somebody whom no configuration names; gives what it says. @throws where git fails */
export const gitIn = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ann', '-c', 'user.email=a@b.c', ...args], { cwd: folder, encoding: 'utf8' })
