/** Bytes as text. */
import { encodingOf, type Encoding } from '../../shared/artifacts/kind'
import { t } from '../../shared/l10n'
import type { Head } from './source'

export interface Decoded {
  readonly text: string
  readonly encoding: Encoding
}

export function decodeHead({ bytes, isWhole }: Head): Decoded {
  const encoding = encodingOf(bytes, isWhole)
  return { text: new TextDecoder(encoding).decode(bytes, { stream: !isWhole }), encoding }
}

/** For people; what is not said by the file is said to be our reading. */
export function encodingWord(encoding: Encoding): string {
  switch (encoding) {
    case 'utf-8':
      return 'UTF-8'
    case 'utf-16le':
      return 'UTF-16 LE'
    case 'utf-16be':
      return 'UTF-16 BE'
    case 'windows-1252':
      return t('not UTF-8; read as Windows-1252')
  }
}
