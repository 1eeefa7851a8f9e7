// `npm test`: sets up what is missing and runs every suite; `npm test -- unit stores` runs those named.
// Ends with a line `N passed, N failed` over all suites.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { underNode24 } from './lib/node24.mjs'
import { run } from './lib/run.mjs'
import { ensureChromium, ensureCodeServer, ensurePython, root, step } from './lib/toolchain.mjs'

/** Suites with the number of tests below which something did not run that should have. */
const suites = {
  unit: { atLeast: 2040, command: vitest('unit') },
  stores: {
    atLeast: 670,
    command: vitest('stores'),
    needs: [() => ensurePython('mlflow-3'), () => ensurePython('mlflow-2')],
  },
  host: {
    atLeast: 146,
    command: (results) => ['scripts/test-host.mjs', '--results', results], // which installs what the editor it finds needs
  },
  e2e: {
    atLeast: 253,
    command: vitest('e2e'),
    needs: [() => ensurePython('mlflow-3'), ensureCodeServer, ensureChromium],
  },
}

function vitest(project) {
  return (results) => [
    'node_modules/vitest/vitest.mjs',
    ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
  ]
}

const total = { passed: 0, failed: 0 }
const notes = []
const count = (name, passed, failed, note) => {
  total.passed += passed
  total.failed += failed
  notes.push(`${name}: ${passed} passed, ${failed} failed${note ? ` (${note})` : ''}`)
}

try {
  await underNode24()
  const asked = process.argv.slice(2)
  const unknown = asked.filter((name) => !(name in suites))
  if (unknown.length > 0) throw new Error(`no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`)
  step('building')
  await run(process.execPath, ['esbuild.mjs', '--tests'], { cwd: root })
  if (asked.length === 0) {
    step('types, lint rules and formatting')
    await run('npm', ['run', '--silent', 'lint'], { cwd: root }).then(
      () => count('lint', 1, 0),
      (error) => count('lint', 0, 1, error.message.split('\n')[0]),
    )
  }
  for (const name of asked.length > 0 ? asked : Object.keys(suites)) await runSuite(name, suites[name])
} catch (error) {
  console.error(error)
  count('set-up', 0, 1, error.message.split('\n')[0])
}
console.log(`\n${notes.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function runSuite(name, { atLeast, command, needs = [] }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-test-'))
  const results = path.join(folder, 'results.json')
  try {
    for (const need of needs) await need()
    step(`suite ${name}`)
    const started = performance.now()
    const code = await new Promise((resolve, reject) =>
      spawn(process.execPath, command(results), { cwd: root, stdio: 'inherit' })
        .once('error', reject)
        .once('exit', resolve),
    )
    const { passed, failed } = existsSync(results) ? read(results) : { passed: 0, failed: 1 }
    const note = `${((performance.now() - started) / 1000).toFixed(0)} s`
    if (failed === 0 && code !== 0) count(name, passed, 1, `${note}; it ended with exit code ${code}`)
    else if (failed === 0 && passed < atLeast)
      count(name, passed, 1, `${note}; at least ${atLeast} tests were expected to run`)
    else count(name, passed, failed, note)
  } catch (error) {
    console.error(error)
    count(name, 0, 1, error.message.split('\n')[0])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** vitest's JSON report or the host suite's own. */
function read(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  if ('numPassedTests' in report) {
    const brokenFiles = report.testResults.filter(
      (result) => result.status === 'failed' && result.assertionResults.length === 0,
    )
    return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length }
  }
  return { passed: report.passed, failed: report.failed }
}
