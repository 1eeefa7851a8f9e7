import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { callsInSources, sentencesInSources, stringsInSources } from '../../scripts/lib/sources.mjs'

interface Menu {
  readonly command: string
  readonly when?: string
}

interface Manifest {
  readonly activationEvents: string[]
  readonly contributes: {
    readonly commands: { readonly command: string; readonly enablement?: string }[]
    readonly menus: Record<string, Menu[]>
    readonly views: Record<string, { readonly id: string; readonly when?: string }[]>
    readonly viewsWelcome: { readonly view: string; readonly when?: string }[]
    readonly configuration: { readonly properties: Record<string, unknown> }
  }
}

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const manifestText = read('package.json')
const manifest = JSON.parse(manifestText) as Manifest
const { commands, menus, views, viewsWelcome, configuration } = manifest.contributes
const calls = callsInSources()
const strings = stringsInSources()

/** Distinct literal arguments number `index` of the calls that `keep` chooses, sorted. */
function literals(keep: (call: (typeof calls)[number]) => boolean, index = 0): string[] {
  const found = calls.filter(keep).flatMap((call) => call.args[index] ?? [])
  return [...new Set<string>(found)].sort()
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort()
const declaredCommands = sorted(commands.map(({ command }) => command))
const whens = [...Object.values(menus).flat(), ...Object.values(views).flat(), ...viewsWelcome].flatMap(
  ({ when }) => when ?? [],
)

// Commands are compared inside VS Code, where they are registered: test/host/manifest.test.ts.
describe('what the manifest declares is what the code registers', () => {
  test('commands of menus', () => {
    const used = Object.values(menus).flatMap((items) => items.map(({ command }) => command))
    expect(sorted(used).filter((command) => !declaredCommands.includes(command))).toEqual([])
  })

  test('settings', () => {
    const configurations = calls.filter((call) => call.name === 'getConfiguration')
    expect(sorted(configurations.map((call) => call.file))).toEqual(['src/extension/settings.ts'])
    const read = literals(
      (call) => call.name === 'readSetting' || (call.name === 'inspect' && call.on.includes('getConfiguration(')),
    )
    expect(read.map((key) => `mlflow.${key}`)).toEqual(sorted(Object.keys(configuration.properties)))
    const watched = literals((call) => call.name === 'onDidChangeSetting')
    expect(watched.filter((key) => !read.includes(key))).toEqual([])
  })

  test('views', () => {
    const declared = sorted(
      Object.values(views)
        .flat()
        .map(({ id }) => id),
    )
    const viewIds = literalsMatching(/^mlflow\.(experiments|models|connections)$/)
    expect(viewIds).toEqual(declared)
    expect(viewsWelcome.map(({ view }) => view).filter((view) => !declared.includes(view))).toEqual([])
  })

  test('context keys', () => {
    const used = sorted(
      whens.flatMap((when) => when.match(/(?<![\w=]|= )\bmlflow\.\w+/g) ?? []).filter((key) => !isViewTest(key)),
    )
    const set = literals((call) => call.name === 'executeCommand' && call.args[0] === 'setContext', 1)
    expect(set).toEqual(used)
  })

  test('words that menus look for in a tree item', () => {
    const words = sorted(
      whens.flatMap((when) =>
        [...when.matchAll(/viewItem =~ \/\\b\(?([\w|]+)\)?\\b\//g)].flatMap((match) => match[1]?.split('|') ?? []),
      ),
    )
    const said = new Set(strings.flatMap((text) => text.split(/\W+/)))
    expect(words.length).toBeGreaterThan(5)
    expect(words.filter((word) => !said.has(word))).toEqual([])
  })

  test('panels and file systems that activate the extension', () => {
    const panels = manifest.activationEvents
      .filter((event) => event.startsWith('onWebviewPanel:'))
      .map((event) => event.split(':')[1] ?? '')
    for (const panel of panels) expect(literalsMatching(new RegExp(`^${panel}$`))).toEqual([panel])
    expect(panels.length).toBeGreaterThan(0)
  })

  test('sentences of the manifest', () => {
    const used = sorted([...manifestText.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? ''))
    expect(used).toEqual(sorted(Object.keys(JSON.parse(read('package.nls.json')) as object)))
  })

  test('sentences of the code (npm run l10n collects them)', () => {
    expect(Object.keys(JSON.parse(read('l10n/bundle.l10n.json')) as object)).toEqual(sentencesInSources())
    const computed = calls.filter((call) => call.name === 't' && call.on === '' && call.args[0] === undefined)
    expect(computed.map((call) => call.file)).toEqual([])
  })
})

function isViewTest(key: string): boolean {
  return Object.values(views)
    .flat()
    .some(({ id }) => id === key)
}

/** Distinct string literals anywhere in the extension's sources. */
function literalsMatching(pattern: RegExp): string[] {
  return strings.filter((text) => pattern.test(text))
}
