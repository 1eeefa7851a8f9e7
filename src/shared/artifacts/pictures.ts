import { loggedImages, type LoggedImage } from './loggedImages'

/** What several runs can be compared by: pictures logged under a key, step by step, or a picture at one path. */
export type PictureName = { readonly key: string } | { readonly path: string }

const isPicture = (path: string): boolean => /\.(?:png|jpe?g|gif|webp|bmp|svg)$/i.test(path)
/** MLflow keeps what `log_image` is given with a key in this folder. */
export const loggedFolder = 'images'

/** The pictures among artifacts, keys first, each once and in order. */
export function picturesOf(paths: readonly string[]): PictureName[] {
  const series = loggedImages(paths.filter((path) => path.startsWith(`${loggedFolder}/`)))
  const stepped = new Set([...series.values()].flatMap((images) => images.map(({ path }) => path)))
  const single = paths.filter((path) => isPicture(path) && !stepped.has(path) && !path.includes('%compressed'))
  return [...[...series.keys()].map((key) => ({ key })), ...[...new Set(single)].sort().map((path) => ({ path }))]
}

export const pictureId = (name: PictureName): string => ('key' in name ? `key:${name.key}` : `path:${name.path}`)

/** The last picture that a run had logged at a step; undefined before its first. @param images by step */
export const pictureAt = (images: readonly LoggedImage[], step: number): LoggedImage | undefined =>
  images.findLast((image) => image.step <= step)
