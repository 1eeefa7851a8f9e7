/** Every sentence a user reads goes through `t`; the host hands in VS Code's translator, a webview the host's bundle. */

export type Translate = (message: string, ...args: (string | number)[]) => string

const inEnglish: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder))

let translate: Translate = inEnglish

/** Replaces English by a translator; called once, when the host or a webview starts. */
export function setTranslator(translator: Translate): void {
  translate = translator
}

/** Makes a translator from a bundle of `l10n/`: English sentence → its translation. */
export function translatorOf(bundle: Readonly<Record<string, string>>): Translate {
  return (message, ...args) =>
    inEnglish(Object.hasOwn(bundle, message) ? (bundle[message] ?? message) : message, ...args)
}

/** `message` in the user's language with `{0}`, `{1}` … filled in. The message must be a literal, so that it can be collected. */
export function t(message: string, ...args: (string | number)[]): string {
  return translate(message, ...args)
}
