import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { replayOutages } from '../../src/outage/replay/replay.ts'
import { compareOutages, parseOutageLine, type OutageRecord } from '../../src/records/outage.ts'
import { simulateOutages } from '../../src/simulation/outage/simulate.ts'
import { testProfile } from './engines.ts'

const { context, profile: shared } = testProfile()
const profile = { ...shared, kafka: { brokers: [...inject('engines').kafka.brokers] } }
const directory = mkdtempSync(path.join(os.tmpdir(), 'station-calls-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const outagesOf = (file: string): readonly OutageRecord[] =>
  readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => {
    const parsed = parseOutageLine(line)
    if (!parsed.ok) throw new Error(parsed.problems.join('; '))
    return parsed.value
  }).sort(compareOutages)

test('a replay with calls gets its answers, and the engine judges as the rehearsal in virtual time', async () => {
  await simulateOutages({ areas: 60, hours: 24, density: 6, noise: 'default', seed: 'calls', out: directory }, context)
  const outFile = path.join(directory, 'outages.ndjson')
  const rehearsed = path.join(directory, 'rehearsed.ndjson')
  const replay = (callsCommand?: string) =>
    replayOutages({ profile, gridDirectory: directory, eventsFile: path.join(directory, 'events.ndjson'), outFile, keep: true, ...(callsCommand === undefined ? {} : { callsCommand, rehearsal: { outFile: rehearsed, memory: '512m' } }) }, context)

  const bin = path.join(context.packageRoot, 'cli/bin.ts')
  const report = await replay(`npx tsx '${bin}' simulate answer --dir '${directory}'`)
  expect(report.calls).toBeGreaterThan(0)
  const outages = outagesOf(outFile)
  expect(outages).toEqual(outagesOf(rehearsed))
  const asked = outages.filter(({ state, evidence }) => state === 'CONFIRMED' && (evidence?.pings ?? 0) > 0)
  expect(asked.length).toBeGreaterThan(0)
  // single users are confirmed by calls only
  expect(outages.some(({ state, level }) => state === 'CONFIRMED' && level === 'USER')).toBe(true)
})

test('an answering program that fails ends the replay before the engine is asked', async () => {
  await expect(
    replayOutages({ profile, gridDirectory: directory, eventsFile: path.join(directory, 'events.ndjson'), outFile: path.join(directory, 'none.ndjson'), keep: true, callsCommand: 'read line; exit 3' }, context),
  ).rejects.toMatchObject({ code: 'CALLS_FAILED' })
})
