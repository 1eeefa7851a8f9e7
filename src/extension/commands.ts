import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../shared/l10n'
import type { Log } from './log'
import { messageOf } from './messageOf'

export { messageOf } from './messageOf'

/** What a command resolves to: plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * One command. Commands are an API: `options` answers prompts beforehand; what is missing is asked for, and with nothing
 * missing no UI is shown.
 */
export interface CommandDefinition {
  readonly id: string
  /** @param given the caller's options object, not yet validated. */
  execute(given: unknown): Promise<Json>
}

/** Options that several commands share: which connection (its id or name; the active one when left out). */
export const connectionOption = { connection: v.optional(v.string()) }

/** Defines a command whose options object is checked against `schema` before `run` sees it. */
export function defineCommand<Schema extends v.GenericSchema>(
  id: string,
  schema: Schema,
  run: (options: v.InferOutput<Schema>) => Promise<Json>,
): CommandDefinition {
  return {
    id,
    execute(given) {
      const result = v.safeParse(schema, given ?? {})
      if (result.success) return run(result.output)
      const issue = result.issues[0]
      const where = v.getDotPath(issue) ?? t('the options object')
      throw new Error(t('Wrong options for the command {0}: {1}: {2}', id, where, issue.message))
    },
  }
}

/** Something in a view that stands for an object: its menus run commands with these options. */
export interface HasCommandOptions {
  readonly commandOptions: Readonly<Record<string, unknown>>
}

const hasCommandOptions = (value: unknown): value is HasCommandOptions =>
  typeof value === 'object' && value !== null && 'commandOptions' in value

/** Asked for and not given: the user closed a prompt. A command that throws this ends quietly with `null`. */
export class Dismissed extends Error {
  override readonly name = 'Dismissed'
}

/** A failure (its `cause`) that the user already sees where it matters: only code that called learns of it. */
export class AlreadyShown extends Error {
  override readonly name = 'AlreadyShown'

  constructor(override readonly cause: unknown) {
    super(messageOf(cause))
  }
}

/** A failure that something can be done about: offered as a button where it is shown. */
export class Remediable extends Error {
  override readonly name = 'Remediable'

  constructor(
    override readonly cause: unknown,
    readonly remedy: { readonly label: string; readonly act: () => void },
  ) {
    super(messageOf(cause))
  }
}

/**
 * Registers commands. Called from a menu or with nothing, a failure is shown to the user; called with an options object by
 * code, it is the caller's to handle.
 */
export function registerCommands(log: Log, definitions: readonly CommandDefinition[]): vscode.Disposable {
  const registrations = definitions.map((definition) =>
    vscode.commands.registerCommand(definition.id, async (first?: unknown, selected?: unknown): Promise<Json> => {
      const byCode = first !== undefined && !hasCommandOptions(first)
      try {
        return await definition.execute(optionsOf(first, selected))
      } catch (thrown) {
        if (thrown instanceof Dismissed) return null
        const error = thrown instanceof AlreadyShown ? thrown.cause : thrown
        log.error(definition.id, error)
        if (byCode) throw error
        if (error === thrown) void showError(error)
        return null
      }
    }),
  )
  return vscode.Disposable.from(...registrations)
}

/** A tree passes the clicked item and, with several selected, all of them: these arrive as `selection`. */
function optionsOf(first: unknown, selected: unknown): unknown {
  if (!hasCommandOptions(first)) return first
  const selection = Array.isArray(selected) ? selected.filter(hasCommandOptions).map((item) => item.commandOptions) : []
  return selection.length > 1 ? { ...first.commandOptions, selection } : { ...first.commandOptions }
}

/** Tells the user of a failure, with the way to the log and what can be done about it. */
export async function showError(error: unknown): Promise<void> {
  const showLog = t('Show Log')
  const remedy = error instanceof Remediable ? error.remedy : undefined
  const choice = await vscode.window.showErrorMessage(messageOf(error), ...(remedy ? [remedy.label] : []), showLog)
  if (choice !== undefined && choice === remedy?.label) remedy.act()
  if (choice === showLog) await vscode.commands.executeCommand('mlflow.showLog')
}
