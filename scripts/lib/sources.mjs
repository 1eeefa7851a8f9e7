// What the source code registers, reads and says, found in its syntax trees.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { root } from './toolchain.mjs'

/** Every call in src/: the called function's last name, what it is called on, and its arguments (undefined where not a literal). */
/** @returns {{ name: string, on: string, args: (string | undefined)[], file: string }[]} */
export function callsInSources() {
  const calls = []
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest)
    const visit = (node) => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const callee = node.expression
        const name = ts.isPropertyAccessExpression(callee)
          ? callee.name.text
          : ts.isIdentifier(callee)
            ? callee.text
            : ''
        const on = ts.isPropertyAccessExpression(callee) ? callee.expression.getText(source) : ''
        calls.push({ file: file.replaceAll('\\', '/'), name, on, args: (node.arguments ?? []).map(literalOf) })
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return calls
}

function literalOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literalOf(node.left), literalOf(node.right)]
    return left !== undefined && right !== undefined ? left + right : undefined
  }
  return undefined
}

/** The sentences that `t()` is called with, sorted.
 * @returns {string[]} */
export function sentencesInSources() {
  const sentences = callsInSources().filter((call) => call.name === 't' && call.args[0] !== undefined)
  return [...new Set(sentences.map((call) => call.args[0]))].sort()
}

/** Every string literal in src/extension, sorted and distinct.
 * @returns {string[]} */
export function stringsInSources() {
  const strings = new Set()
  for (const file of globSync('src/extension/**/*.ts', { cwd: root })) {
    const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest)
    const visit = (node) => {
      if (ts.isStringLiteralLike(node)) strings.add(node.text)
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return [...strings].sort()
}
