import { noChange } from 'lit'
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js'

/** Lengths that are known only while the page runs: CSS pixels, by property. */
type Box = Readonly<Partial<Record<'left' | 'top' | 'width' | 'height' | 'maxWidth' | 'maxHeight', number>>>

/** Sets them on its element; through its style object, since a policy without `unsafe-inline` refuses style attributes. */
class Place extends Directive {
  constructor(info: PartInfo) {
    super(info)
    if (info.type !== PartType.ELEMENT) throw new Error('place() stands in a tag')
  }

  render(_box: Box): typeof noChange {
    return noChange
  }

  override update(part: ElementPart, [box]: [Box]): typeof noChange {
    const { style } = part.element as HTMLElement
    for (const [property, length] of Object.entries(box)) style[property as keyof Box] = `${length}px`
    return noChange
  }
}

export const place = directive(Place)
