/** Code that is not at hand. `command`: what would bring it, for a terminal in `folder`. */
export class CodeMissing extends Error {
  override readonly name = 'CodeMissing'

  constructor(
    message: string,
    readonly remedy?: { readonly command: string; readonly folder: string | undefined },
  ) {
    super(message)
  }
}
