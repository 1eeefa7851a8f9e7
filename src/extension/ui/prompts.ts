/** Questions in the quick input: steps with numbers and a way back. */
import * as vscode from 'vscode'
import { Dismissed } from '../commands'

/** The user pressed the Back button. */
export class WentBack extends Error {
  override readonly name = 'WentBack'
}

export interface Step {
  readonly title: string
  readonly step?: number
  readonly totalSteps?: number
  /** Shows a Back button, which throws `WentBack`. */
  readonly back?: boolean
}

export interface TextQuestion extends Step {
  readonly prompt: string
  readonly value?: string
  readonly placeholder?: string
  readonly password?: boolean
  /** Shown at once, as what was wrong with the last answer. */
  readonly problem?: string
  /** What is wrong with the text so far; asked as the user types. */
  readonly validate?: (text: string) => string | undefined
  /** What is wrong with the answer, found out by trying it; the question stays open until this resolves to undefined. */
  readonly accept?: (text: string, signal: AbortSignal) => Promise<string | undefined>
}

/** Asks for a line of text. @throws Dismissed, WentBack */
export async function askText(question: TextQuestion): Promise<string> {
  const input = vscode.window.createInputBox()
  const abort = new AbortController()
  input.title = question.title
  input.step = question.step
  input.totalSteps = question.totalSteps
  input.prompt = question.prompt
  input.value = question.value ?? ''
  input.placeholder = question.placeholder
  input.password = question.password ?? false
  input.ignoreFocusOut = true
  input.buttons = question.back ? [vscode.QuickInputButtons.Back] : []
  if (question.problem !== undefined) input.validationMessage = question.problem
  const answered = Promise.withResolvers<string>()
  const tryAnswer = async (): Promise<void> => {
    const text = input.value
    const problem = question.validate?.(text)
    if (problem === undefined && question.accept) {
      input.busy = true
      input.enabled = false
      const refusal = await question.accept(text, abort.signal)
      input.busy = false
      input.enabled = true
      if (refusal === undefined) answered.resolve(text)
      else input.validationMessage = refusal
    } else if (problem === undefined) answered.resolve(text)
    else input.validationMessage = problem
  }
  const listeners = [
    input.onDidChangeValue((text) => (input.validationMessage = text === '' ? undefined : question.validate?.(text))),
    input.onDidAccept(() => void tryAnswer().catch(answered.reject)),
    input.onDidTriggerButton(() => answered.reject(new WentBack())),
    input.onDidHide(() => answered.reject(new Dismissed())),
  ]
  input.show()
  try {
    return await answered.promise
  } finally {
    abort.abort()
    vscode.Disposable.from(...listeners, input).dispose()
  }
}

export interface ChoiceQuestion<T extends vscode.QuickPickItem> extends Step {
  readonly placeholder: string
  readonly items: readonly T[]
  readonly active?: T | undefined
}

/** Asks for one of several. @throws Dismissed, WentBack */
export async function askChoice<T extends vscode.QuickPickItem>(question: ChoiceQuestion<T>): Promise<T> {
  const pick = vscode.window.createQuickPick<T>()
  pick.title = question.title
  pick.step = question.step
  pick.totalSteps = question.totalSteps
  pick.placeholder = question.placeholder
  pick.items = question.items
  pick.matchOnDescription = true
  pick.matchOnDetail = true
  pick.ignoreFocusOut = true
  pick.buttons = question.back ? [vscode.QuickInputButtons.Back] : []
  if (question.active) pick.activeItems = [question.active]
  const answered = Promise.withResolvers<T>()
  const listeners = [
    pick.onDidAccept(() => {
      const [choice] = pick.selectedItems
      if (choice) answered.resolve(choice)
    }),
    pick.onDidTriggerButton(() => answered.reject(new WentBack())),
    pick.onDidHide(() => answered.reject(new Dismissed())),
  ]
  pick.show()
  try {
    return await answered.promise
  } finally {
    vscode.Disposable.from(...listeners, pick).dispose()
  }
}
