import path from 'node:path'

/** Whether `place` is `folder` or lies below it, by their texts: links are not followed. */
export function isWithin(place: string, folder: string): boolean {
  const relative = path.relative(folder, place)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}
