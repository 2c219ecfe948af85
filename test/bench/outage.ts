/**
 * R1, R2, R6, R7: the paper's real-time table with its empty columns filled: accuracy, recall and speed of the outage job on simulated sets of
 * 5,000 (pooled), 500,000 and 5,000,000 reports, without and with calls, on the engines of the profile; beside it the same judge in virtual
 * time, record by record.
 * `npx tsx test/bench/outage.ts [--sizes 5000,500000,5000000] [--keep-data] [--without-calls-only | --calls-in-virtual-time] [--scale 1] [--noise default] [--out FILE]`
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { resolveConfig } from '../../src/core/config.ts'
import { createContext } from '../../src/core/context.ts'
import { usingEngines } from '../../src/engines/engines.ts'
import { functionJarDirectory } from '../../src/engines/function-jars.ts'
import { findJava } from '../../src/engines/java.ts'
import { readGridArchive } from '../../src/grid/archive/read-archive.ts'
import { parseOutageLine } from '../../src/records/outage.ts'
import { openReplayFeed } from '../../src/outage/replay/feed.ts'
import { replayOutages, type ReplayOptions } from '../../src/outage/replay/replay.ts'
import { rehearseCalls } from '../../src/outage/replay/rehearsal.ts'
import { runVirtualReplay, type VirtualReplayReport } from '../../src/outage/replay/virtual.ts'
import { scoreOutageFiles } from '../../src/outage/score/score-files.ts'
import type { OutageScore } from '../../src/outage/score/score.ts'
import { simulateOutages } from '../../src/simulation/outage/simulate.ts'
import { cpuBetween, cpuSeconds, describeMachine, peakMemoryMiB } from './support/processes.ts'
import { outagePage, type OutageResults } from './support/outage-page.ts'
import { poolSimulations } from './support/pool.ts'

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '5000,500000,5000000' },
    scale: { type: 'string', default: '1' },
    noise: { type: 'string', default: 'default' },
    'without-calls-only': { type: 'boolean', default: false },
    'calls-in-virtual-time': { type: 'boolean', default: false },
    'keep-data': { type: 'boolean', default: false },
    out: { type: 'string', default: 'docs/results/outage.json' },
  },
})
const scale = Number(flags.scale)
/** Heap of the judge in virtual time: the state of all feeders of five million reports. */
const memory = '6g'
const noise = flags.noise as 'mild' | 'default' | 'harsh'

interface SetPlan {
  readonly size: number
  readonly areas: number
  readonly hours: number
  readonly density: number
  readonly pools: number
  readonly paper: { readonly accuracy: number; readonly seconds: number }
}
/** Sizes of docs/domain.md 3.10, 1; the paper's old system beside them. */
const plans: readonly SetPlan[] = [
  // about 1,000 faults: with the 400 that the domain page asks for, the interval is three points wide
  { size: 5_000, areas: 333, hours: 24, density: 1, pools: 240, paper: { accuracy: 93.4, seconds: 180 } },
  { size: 500_000, areas: 35_000, hours: 24, density: 1, pools: 1, paper: { accuracy: 92.1, seconds: 600 } },
  { size: 5_000_000, areas: 60_000, hours: 24, density: 6, pools: 1, paper: { accuracy: 89.1, seconds: 1_200 } },
]

const controller = new AbortController()
process.once('SIGINT', () => controller.abort(new Error('interrupted')))
const context = createContext({
  env: { STATION_CONFIG: path.resolve('test/bench/station.yaml'), ...process.env }, pid: process.pid, cwd: process.cwd(), signal: controller.signal,
  progress: { start: (text) => ({ update: () => undefined, done: (more) => console.error(`✓ ${text}${more === undefined ? '' : ` ${more}`}`), fail: () => console.error(`✗ ${text}`) }) },
})
const { profile } = resolveConfig({}, context)
const root = path.resolve('out/bench-outage')

async function makeSet(plan: SetPlan): Promise<{ readonly directory: string; readonly answers: string }> {
  const directory = path.join(root, String(plan.size))
  const areas = Math.max(20, Math.round((plan.pools > 1 ? plan.areas : plan.areas * scale)))
  const base = { areas, hours: plan.hours, density: plan.density, noise }
  if (plan.pools === 1) {
    if (!existsSync(path.join(directory, 'truth.ndjson'))) await simulateOutages({ ...base, seed: `bench-${plan.size}`, out: directory }, context)
    return { directory, answers: `npx tsx cli/bin.ts simulate answer --dir '${directory}'` }
  }
  const pools = Array.from({ length: Math.max(2, Math.round(plan.pools * scale)) }, (_, index) => path.join(`${directory}-pools`, `s${index + 1}`))
  for (const [index, out] of pools.entries()) if (!existsSync(path.join(out, 'truth.ndjson'))) await simulateOutages({ ...base, seed: `bench-${plan.size}-${index + 1}`, out, prefix: `s${index + 1}-` }, context)
  if (!existsSync(path.join(directory, 'events.ndjson'))) await poolSimulations(pools, directory)
  return { directory, answers: `npx tsx test/bench/support/answer-pool.ts ${pools.map((pool) => `'${pool}'`).join(' ')}` }
}

/** 95 % interval of a share (Wilson), in percent. */
function interval(hits: number, all: number): readonly [number, number] | null {
  if (all === 0) return null
  const z = 1.96
  const p = hits / all
  const middle = (p + (z * z) / (2 * all)) / (1 + (z * z) / all)
  const half = (z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all)
  return [Math.round((middle - half) * 10_000) / 100, Math.round((middle + half) * 10_000) / 100]
}

const shown = ({ faults, judged, matched, neutral, accuracy, recall, recallReported, strict, areaAndAbove, byLevel, delayMs, nested }: OutageScore) => ({ faults, judged, matched, accuracy, accuracyInterval: interval(matched, judged - neutral), recall, recallReported, strict, areaAndAbove, byLevel, delayMs, nested })

/** Records of two files of outages that differ in anything. */
async function differences(left: string, right: string): Promise<number> {
  const read = async (file: string): Promise<Map<string, string>> => {
    const records = new Map<string, string>()
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      if (line === '') continue
      const parsed = parseOutageLine(line)
      if (!parsed.ok) throw new Error(parsed.problems.join('; '))
      records.set(`${parsed.value.outageId}/${parsed.value.version}`, JSON.stringify(parsed.value))
    }
    return records
  }
  const [a, b] = await Promise.all([read(left), read(right)])
  let count = 0
  for (const [key, value] of a) if (b.get(key) !== value) count++
  for (const key of b.keys()) if (!a.has(key)) count++
  return count
}

/** Bytes of state per meter and per open outage, and what a province of 20 million meters would need at this density of outages: worked out, not measured. */
function provinceState(state: VirtualReplayReport['state'], meters: number) {
  const perMeter = state.topologyBytes / meters
  const perOpenOutage = state.episodeBytesAtMost / Math.max(1, state.openOutagesThen)
  return {
    meters, ...state, topologyBytesPerMeter: Math.round(perMeter * 10) / 10, episodeBytesPerOpenOutage: Math.round(perOpenOutage),
    extrapolatedTo20MillionMetersMiB: Math.round((20e6 * (perMeter + state.episodeBytesAtMost / meters)) / 2 ** 20),
  }
}

/** R1: the judge alone, per event, on a feeder of 500 and one of 10,000 meters. */
async function costPerEvent(): Promise<OutageResults['feederSize']> {
  const { command } = await findJava(context)
  const { stdout } = await promisify(execFile)(command, ['-Xmx512m', '-cp', path.join(functionJarDirectory(context.packageRoot), 'outage-judge.jar'), 'station.outage.CostPerEvent'])
  return JSON.parse(stdout) as OutageResults['feederSize']
}

/** Sets of this run beside those that an earlier run left. */
async function writeResults(): Promise<string> {
  const earlier = existsSync(flags.out) ? (JSON.parse(await readFile(flags.out, 'utf8')) as OutageResults).sets.filter(({ size, state }) => state !== undefined && !results.some((set) => set.size === size)) : []
  const result: OutageResults = { machine: describeMachine(), feederSize: cost, sets: [...earlier, ...results].sort((left, right) => left.size - right.size) }
  const page = outagePage(result)
  await mkdir(path.dirname(flags.out), { recursive: true })
  await writeFile(flags.out, `${JSON.stringify(result, null, 2)}\n`)
  await writeFile(flags.out.replace(/\.json$/, '.md'), page)
  return page
}

const results: OutageResults['sets'][number][] = []
const cost = await costPerEvent()
console.log(JSON.stringify(cost))
await mkdir(root, { recursive: true })
await usingEngines(['kafka', 'flink'], { profile }, context, async () => {
  for (const size of flags.sizes.split(',').map(Number)) {
    const plan = plans.find((known) => known.size === size)
    if (plan === undefined) throw new Error(`no set of ${size} reports; known: ${plans.map((known) => known.size).join(', ')}`)
    const { directory, answers } = await makeSet(plan)
    const events = path.join(directory, 'events.ndjson')
    const truth = path.join(directory, 'truth.ndjson')
    const flinkFile = path.join(directory, 'outages-flink.ndjson')
    const run = async (outFile: string, more: Partial<ReplayOptions>) => {
      const before = await cpuSeconds(profile)
      const replay = await replayOutages({ profile, gridDirectory: directory, eventsFile: events, outFile, ...more }, context)
      const cpu = cpuBetween(before, await cpuSeconds(profile))
      const perMillion = Object.fromEntries(Object.entries(cpu).map(([name, seconds]) => [name, Math.round((seconds / replay.events) * 1e7) / 10]))
      return {
        replay,
        shown: {
          ...shown(await scoreOutageFiles({ grid: directory, truth, outages: outFile })),
          seconds: replay.jobMs / 1_000, loadSeconds: replay.loadMs / 1_000, reportsPerSecond: Math.round((replay.reports / replay.jobMs) * 1_000), eventsPerSecond: Math.round((replay.events / replay.jobMs) * 1_000),
          cpuSeconds: cpu, cpuSecondsPerMillionEvents: perMillion, peakMemoryMiB: await peakMemoryMiB(profile),
        },
      }
    }
    const without = await run(flinkFile, {})
    const virtualFile = path.join(directory, 'outages-virtual.ndjson')
    const archive = await readGridArchive(directory)
    const feed = await openReplayFeed(archive, events, { signal: context.signal, zone: profile.zone })
    const virtualReport = await runVirtualReplay({ feed, outFile: virtualFile, settings: 'calls=false', memory }, context)
    const { reports, events: count, feeders } = without.replay
    const callFigures = async (file: string, calls: number) => {
      const suspected = new Set((await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('"state":"SUSPECT"')).map((line) => line.slice(14, line.indexOf('"', 14)))).size
      return { calls, callsPerEpisode: suspected === 0 ? null : Math.round((calls / suspected) * 100) / 100 }
    }
    const rehearsal = async () => {
      const outFile = path.join(directory, 'outages-calls-virtual.ndjson')
      const { requests } = await rehearseCalls({ archive, feed: await openReplayFeed(archive, events, { signal: context.signal, zone: profile.zone }), command: answers, settings: 'calls=true', zone: profile.zone, outFile, memory }, context)
      return { ...shown(await scoreOutageFiles({ grid: directory, truth, outages: outFile })), ...(await callFigures(outFile, requests.length)) }
    }
    const withCalls = async () => {
      const callsFile = path.join(directory, 'outages-calls.ndjson')
      const rehearsed = path.join(directory, 'outages-calls-virtual.ndjson')
      const { replay, shown: figures } = await run(callsFile, { callsCommand: answers, rehearsal: { outFile: rehearsed, memory } })
      return { ...figures, recordsDifferentInVirtualTime: await differences(callsFile, rehearsed), ...(await callFigures(callsFile, replay.calls)) }
    }
    const row: OutageResults['sets'][number] = {
      size, reports, events: count, feeders, noise, scale, paper: plan.paper, measuredAt: new Date().toISOString().slice(0, 10), cpu: describeMachine().cpu, loadAverage: describeMachine().loadAverage,
      withoutCalls: { ...without.shown, recordsDifferentInVirtualTime: await differences(flinkFile, virtualFile), judgeMicrosPerEvent: Math.round(((virtualReport.outputs['judgeMicros'] ?? 0) / count) * 100) / 100, counters: virtualReport.counters },
      ...(flags['calls-in-virtual-time'] ? { withCallsInVirtualTime: await rehearsal() } : flags['without-calls-only'] ? {} : { withCalls: await withCalls() }),
      state: provinceState(virtualReport.state, archive.meters.node.length),
    }
    results.push(row)
    console.log(JSON.stringify(row))
    await writeResults()
    if (!flags['keep-data']) await rm(directory, { recursive: true, force: true })
  }
}, { keep: process.env['KEEP'] === '1' })

console.log(await writeResults())
