import path from 'node:path'
import { createContext, systemClock } from '../../src/core/context.ts'
import { resolveConfig } from '../../src/core/config.ts'
import { usingCapacitySession } from '../../src/capacity/using-capacity-session.ts'
import { testCases } from '../../src/capacity/cases/run.ts'
import type { Difference } from '../../src/capacity/cases/compare.ts'
import { randomCase } from '../capacity/reference/random-case.ts'

/*
  Random small cases through the real SQL and through a second, plain implementation (test/capacity/reference): every figure of every case.
  usage: npx tsx test/differential/capacity.ts [count] [first seed]
*/

const batch = 500
const count = Number(process.argv[2] ?? 2_000)
const firstSeed = Number(process.argv[3] ?? 1)

async function main(): Promise<void> {
  const context = createContext({ env: process.env, cwd: process.cwd(), pid: process.pid })
  const { profile } = resolveConfig({}, context)
  const differences: Difference[] = []
  let failed = 0
  await usingCapacitySession({ profile, name: 'differential', keep: process.env['KEEP'] === '1' }, context, async (session) => {
    for (let done = 0; done < count; done += batch) {
      const startedAtMs = systemClock.now()
      const cases = Array.from({ length: Math.min(batch, count - done) }, (_, index) => randomCase(firstSeed + done + index))
      const referenceMs = systemClock.now() - startedAtMs
      // every other batch lies in the tables as if no move of a user had been known: its rows take the branch of the strays
      const storedUnder = (done / batch) % 2 === 0 ? 'membership' : 'first stay'
      const report = await testCases(cases, { session, signal: context.signal, storedUnder }, context)
      differences.push(...report.differences)
      failed += report.failed
      console.error(`${done + cases.length} of ${count} cases, ${failed} differ (plain ${(referenceMs / 1000).toFixed(1)} s, job ${((systemClock.now() - startedAtMs - referenceMs) / 1000).toFixed(1)} s)`)
    }
  })
  for (const { caseId, figure, expected, actual } of differences.slice(0, 40)) console.log(`${caseId} ${figure}: plain ${JSON.stringify(expected)}, job ${JSON.stringify(actual)}`)
  console.log(`${count - failed} of ${count} random cases agree (${path.basename(import.meta.filename)})`)
  process.exitCode = failed === 0 ? 0 : 3
}

await main()
