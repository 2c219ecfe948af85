// Adds up what vitest and JUnit counted and prints the closing line; the exit code says whether everything passed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const [status, unit, integration, functions] = process.argv.slice(2)
let passed = 0
let failed = 0

for (const file of [unit, integration]) {
  if (!existsSync(file)) {
    failed += 1
    console.log(`no results in ${file}: the run did not finish`)
    continue
  }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests + report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length
}

for (const entry of readdirSync(functions, { recursive: true })) {
  if (!/surefire-reports[/\\]TEST-.*\.xml$/.test(entry)) continue
  const head = /<testsuite [^>]*>/.exec(readFileSync(path.join(functions, entry), 'utf8'))?.[0] ?? ''
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const bad = count('failures') + count('errors')
  failed += bad
  passed += count('tests') - bad - count('skipped')
}

if (Number(status) !== 0 && failed === 0) {
  failed = 1
  console.log('a step before the tests failed: see above')
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
