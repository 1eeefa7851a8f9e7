/** The terminal in which a launch is seen: shows what it prints, and ends it when closed or on Ctrl+C. */
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'

export interface LaunchTerminal {
  /** Text of the process. */
  write(text: string): void
  /** A line of ours, told apart from the output. */
  note(text: string, kind?: 'plain' | 'good' | 'bad'): void
  /** The process has ended: from now on any key closes the terminal. */
  finished(): void
  show(): void
}

const mostBuffered = 1_000_000 // characters that wait for a terminal which is not open yet
const colours = { plain: '\x1b[2m', good: '\x1b[32m', bad: '\x1b[31m' }
const ctrlC = '\x03'

/** @param onInterrupt called once or more, on Ctrl+C and when the terminal is closed */
export function openLaunchTerminal(name: string, onInterrupt: () => void): LaunchTerminal {
  const written = new vscode.EventEmitter<string>()
  const closed = new vscode.EventEmitter<undefined>()
  let waiting: string | undefined = ''
  let ended = false
  const write = (text: string): void => {
    const lines = text.replaceAll(/\r?\n/g, '\r\n')
    if (waiting === undefined) written.fire(lines)
    else waiting = (waiting + lines).slice(-mostBuffered)
  }
  const terminal = vscode.window.createTerminal({
    name,
    iconPath: new vscode.ThemeIcon('beaker'),
    pty: {
      onDidWrite: written.event,
      onDidClose: closed.event,
      open() {
        const before = waiting
        waiting = undefined
        if (before) written.fire(before)
      },
      close: () => onInterrupt(),
      handleInput(typed: string) {
        if (ended) closed.fire(undefined)
        else if (typed.includes(ctrlC)) {
          write('^C\n')
          onInterrupt()
        }
      },
    },
  })
  return {
    write,
    note: (text, kind = 'plain') => write(`${colours[kind]}${text.replaceAll('\x1b', '␛')}\x1b[0m\n`),
    finished() {
      ended = true
      write(`\x1b[2m${t('Press any key to close this terminal.')}\x1b[0m\n`)
    },
    show: () => terminal.show(true),
  }
}
