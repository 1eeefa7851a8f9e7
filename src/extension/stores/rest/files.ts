import type { FileInfo } from '../../../shared/model'
import { fieldsOf, idOf, integerOf } from './shape'

/** One entry of a listing of artifacts. */
export function fileOf(value: unknown): FileInfo {
  const file = fieldsOf(value, 'files[…]')
  const isDir = file.is_dir === true
  return {
    path: idOf(file.path, 'files[…].path'),
    isDir,
    fileSize: isDir ? null : integerOf(file.file_size, 'files[…].file_size'),
  }
}
