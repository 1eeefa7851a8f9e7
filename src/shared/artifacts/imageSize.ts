/** Width and height of a picture by its first bytes, before anything decodes it. */

export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** Undefined where the head doesn't tell. */
export function imageSize(head: Uint8Array): ImageSize | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  try {
    switch (view.getUint32(0)) {
      case 0x89504e47:
        return { width: view.getUint32(16), height: view.getUint32(20) }
      case 0x47494638:
        return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
      case 0x52494646:
        return webpSize(view)
    }
    switch (view.getUint16(0)) {
      case 0xffd8:
        return jpegSize(view)
      case 0x424d:
        return bmpSize(view)
    }
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined // the head ends too early
    throw error
  }
}

/** A height below zero means rows from the top; the oldest form has shorter numbers. */
function bmpSize(view: DataView): ImageSize {
  if (view.getUint32(14, true) === 12) return { width: view.getUint16(18, true), height: view.getUint16(20, true) }
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }
}

function webpSize(view: DataView): ImageSize | undefined {
  const uint24 = (at: number): number => view.getUint16(at, true) + (view.getUint8(at + 2) << 16)
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return { width: uint24(24) + 1, height: uint24(27) + 1 }
    case 0x5650384c: {
      const bits = view.getUint32(21, true) // VP8L
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 0x56503820: // VP8
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  return undefined
}

/** From segment to segment, to the first that begins a frame. */
function jpegSize(view: DataView): ImageSize | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}
