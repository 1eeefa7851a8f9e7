/** Several questions in a row: numbered, with a way back. The questions themselves are those of prompts.ts. */
import * as vscode from 'vscode'
import { Dismissed } from '../commands'
import { type Step, WentBack } from './prompts'

/** Asks one question and keeps the answer, so that it is there again when the user comes back. @throws Dismissed, WentBack */
export type Ask = (step: Step) => Promise<void>

/**
 * Asks all questions in turn; Back leads to the one before.
 * @param questions called anew after each answer, since an answer may change what is to be asked next
 * @throws Dismissed when a question is closed
 */
export async function askInSteps(title: string, questions: () => readonly Ask[]): Promise<void> {
  for (let index = 0; ;) {
    const all = questions()
    const ask = all[index]
    if (!ask) return
    try {
      await ask({ title, step: index + 1, totalSteps: all.length, back: index > 0 })
      index++
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
      index = Math.max(0, index - 1)
    }
  }
}

/** Asks in a modal dialog whether to go on. @throws Dismissed unless `action` is chosen */
export async function confirm(message: string, detail: string, action: string): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, action)
  if (chosen !== action) throw new Dismissed()
}
