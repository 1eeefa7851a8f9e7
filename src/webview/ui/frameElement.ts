import { LitElement } from 'lit'

/** Renders at most once a frame, however fast data arrives. */
export class FrameElement extends LitElement {
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise(requestAnimationFrame)
    await super.scheduleUpdate()
  }
}
