/**
 * R3, R4, R5: delay inside the system at 1,000 events/s, from the append of the deciding event to the append of the record that it decided, on the
 * engines of the profile; decisions by events and by timers apart, at-least-once and exactly-once. Simulated storm, sent as it happens.
 * `npx tsx test/bench/latency.ts [--seconds 60] [--runs 5] [--warmup 60] [--rate 1000] [--delivery at-least-once,exactly-once] [--areas 30000] [--density 250] [--seed latency]`
 */
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { resolveConfig, type Profile } from '../../src/core/config.ts'
import { createContext, type Context } from '../../src/core/context.ts'
import { usingEngines } from '../../src/engines/engines.ts'
import { readGridArchive } from '../../src/grid/archive/read-archive.ts'
import { openReplayFeed, type ReplayFeed } from '../../src/outage/replay/feed.ts'
import { defaultStartAtMs, simulateOutages } from '../../src/simulation/outage/simulate.ts'
import { firstRightSuspects, withdrawals, type Decision, type Withdrawals } from './support/decisions.ts'
import { distribution, spread, type Distribution, type Spread } from './support/distribution.ts'
import { runLatency, type LatencyRun } from './support/latency-run.ts'
import { chooseStretch, type LiveStretch } from './support/live-load.ts'
import { describeMachine, type Machine } from './support/processes.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    runs: { type: 'string', default: '5' },
    warmup: { type: 'string', default: '60' },
    rate: { type: 'string', default: '1000' },
    delivery: { type: 'string', default: 'at-least-once,exactly-once' },
    areas: { type: 'string', default: '30000' },
    density: { type: 'string', default: '250' },
    seed: { type: 'string', default: 'latency' },
    out: { type: 'string', default: 'docs/results/latency.json' },
  },
})
const seconds = Number(flags.seconds)
const runs = Number(flags.runs)
const warmupSeconds = Number(flags.warmup)
/** The simulated storm needs some minutes until its reports come evenly. */
const stormRampMs = 360_000

const deliveries = ['at-least-once', 'exactly-once'] as const
type Delivery = (typeof deliveries)[number]

/** Bars of measures.md, milliseconds. An at-least-once record counts when it is appended, an exactly-once one when it is committed. */
const bars: Readonly<Record<Delivery, { readonly p50Ms: number | null; readonly p99Ms: number }>> = { 'at-least-once': { p50Ms: 100, p99Ms: 400 }, 'exactly-once': { p50Ms: null, p99Ms: 1_600 } }

interface Group {
  readonly state: 'SUSPECT' | 'CONFIRMED'
  readonly by: Decision['by']
  readonly append: Distribution
  readonly visible: Distribution
  /** Of the runs: what stands above is over all of them together. */
  readonly appendP50: Spread | null
  readonly appendP99: Spread | null
  readonly visibleP99: Spread | null
}

interface Result {
  readonly delivery: Delivery
  readonly checkpointIntervalSeconds: number
  readonly groups: readonly Group[]
  /** What the bar speaks of: all SUSPECT and CONFIRMED versions of the runs. */
  readonly all: { readonly append: Distribution; readonly visible: Distribution }
  readonly firstRightSuspect: Distribution
  readonly withdrawals: Withdrawals
  readonly load: { readonly sent: number; readonly seconds: number; readonly eventsPerSecond: number; readonly lag: Distribution }
  readonly cpuSeconds: Readonly<Record<string, number>>
  readonly cpuSecondsPerMillionEvents: number
  readonly checkpoints: LatencyRun['checkpoints']
  readonly restarts: number
  readonly met: boolean
  readonly machine: Machine
}

async function main(): Promise<void> {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort(new Error(`ended by ${signal}`)))
  const context = createContext({ env: process.env, cwd: process.cwd(), pid: process.pid, signal: interrupt.signal })
  const { profile } = resolveConfig({}, context)
  const wanted = flags.delivery.split(',').map((name) => {
    const known = deliveries.find((delivery) => delivery === name.trim())
    if (known === undefined) throw new Error(`--delivery is one or both of ${deliveries.join(', ')}`)
    return known
  })
  const directory = await simulate(context, profile.zone)
  say('reading the grid')
  const archive = await readGridArchive(directory, { signal: context.signal, zone: profile.zone })
  const feed = await openReplayFeed(archive, path.join(directory, 'events.ndjson'), { signal: context.signal, zone: profile.zone })
  const live = await chooseStretch(feed, { fromMs: defaultStartAtMs + stormRampMs, durationMs: (warmupSeconds + runs * seconds) * 1_000, ratePerSecond: Number(flags.rate) })
  const results: Result[] = []
  await usingEngines(
    ['kafka', 'flink'],
    { profile },
    context,
    async (addresses) => {
      for (const delivery of wanted) {
        const interval = delivery === 'exactly-once' ? 1 : profile.checkpointIntervalSeconds
        // opened anew: a feed remembers its first batch only
        const again: ReplayFeed = await openReplayFeed(archive, path.join(directory, 'events.ndjson'), { signal: context.signal, zone: profile.zone })
        const measured: Profile = { ...profile, delivery, checkpointIntervalSeconds: interval }
        const run = await runLatency({ profile: measured, addresses, feed: again, live, onProgress: (text) => say(`${delivery}: ${text}`, 10_000) }, context)
        const result = judge(delivery, interval, live, run)
        results.push(result)
        print(result)
        await write(results, live)
      }
    },
    { keep: context.env['KEEP'] === '1' },
  )
  if (results.some(({ met }) => !met)) say('a bar was missed: see above')
}

async function simulate(context: Context, zone: string): Promise<string> {
  const directory = path.join(context.packageRoot, 'out', 'bench-latency', `${flags.seed}-${flags.areas}-${flags.density}-${runs * seconds + warmupSeconds}`)
  const done = path.join(directory, 'done')
  if (existsSync(done)) return directory
  say(`simulating a storm over ${flags.areas} areas`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const hours = (stormRampMs / 1_000 + warmupSeconds + runs * seconds) / 3_600 + 0.06
  await simulateOutages({ seed: flags.seed, areas: Number(flags.areas), hours, out: directory, noise: 'default', density: Number(flags.density), zone }, { signal: context.signal })
  await writeFile(done, '')
  return directory
}

function judge(delivery: Delivery, checkpointIntervalSeconds: number, live: LiveStretch, run: LatencyRun): Result {
  const { decisions, sending } = run
  const fromMs = sending.startedAtMs + warmupSeconds * 1_000
  const inRun = ({ causeAtMs }: Decision): number => Math.floor((causeAtMs - fromMs) / (seconds * 1_000))
  const measured = decisions.filter((decision) => inRun(decision) >= 0 && inRun(decision) < runs)
  const verdicts = measured.filter(({ outage }) => outage.state === 'SUSPECT' || outage.state === 'CONFIRMED')
  const groups = (['SUSPECT', 'CONFIRMED'] as const).flatMap((state) =>
    (['event', 'timer'] as const).map((by): Group => {
      const members = verdicts.filter((decision) => decision.outage.state === state && decision.by === by)
      const ofRuns = Array.from({ length: runs }, (_, index) => distribution(members.filter((decision) => inRun(decision) === index).map(({ appendMs }) => appendMs)))
      const seenOfRuns = Array.from({ length: runs }, (_, index) => distribution(members.filter((decision) => inRun(decision) === index).map(({ visibleMs }) => visibleMs)))
      return { state, by, append: distribution(members.map(({ appendMs }) => appendMs)), visible: distribution(members.map(({ visibleMs }) => visibleMs)), appendP50: spread(ofRuns.map(({ p50Ms }) => p50Ms)), appendP99: spread(ofRuns.map(({ p99Ms }) => p99Ms)), visibleP99: spread(seenOfRuns.map(({ p99Ms }) => p99Ms)) }
    }),
  )
  const all = { append: distribution(verdicts.map(({ appendMs }) => appendMs)), visible: distribution(verdicts.map(({ visibleMs }) => visibleMs)) }
  const relevant = delivery === 'exactly-once' ? all.visible : all.append
  const { p50Ms, p99Ms } = bars[delivery]
  const cpu = Object.values(run.cpuSeconds).reduce((sum, value) => sum + value, 0)
  const duration = (sending.endedAtMs - sending.startedAtMs) / 1_000
  return {
    delivery, checkpointIntervalSeconds, groups, all,
    firstRightSuspect: distribution(firstRightSuspects(decisions).filter((decision) => inRun(decision) >= 0 && inRun(decision) < runs).map(({ appendMs }) => appendMs)),
    withdrawals: withdrawals(decisions),
    load: { sent: sending.sent, seconds: Math.round(duration), eventsPerSecond: Math.round(sending.sent / duration), lag: distribution(sending.lagMs) },
    cpuSeconds: run.cpuSeconds,
    cpuSecondsPerMillionEvents: Math.round((cpu / live.events) * 1e6),
    checkpoints: run.checkpoints,
    restarts: run.restarts,
    met: (relevant.p99Ms ?? Infinity) <= p99Ms && (p50Ms === null || (relevant.p50Ms ?? Infinity) <= p50Ms),
    machine: describeMachine(),
  }
}

function print(result: Result): void {
  const ms = (value: number | null): string => String(value ?? '–').padStart(6)
  const row = (name: string, { count, meanMs, p50Ms, p99Ms, maximumMs }: Distribution, tail = ''): string => `  ${name.padEnd(34)}${String(count).padStart(6)}${ms(meanMs)}${ms(p50Ms)}${ms(p99Ms)}${ms(maximumMs)}${tail}`
  const range = (value: Spread | null): string => (value === null ? '–' : `${value.minimum}/${value.median}/${value.maximum}`)
  const { machine, load, delivery } = result
  const { p50Ms, p99Ms } = bars[delivery]
  console.log(`\n${delivery}, checkpoints every ${result.checkpointIntervalSeconds} s: ${load.eventsPerSecond} events/s for ${load.seconds} s (${load.sent} sent)`)
  console.log(`  machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, load average ${machine.loadAverage.join(' ')}`)
  console.log(`  ${'milliseconds'.padEnd(34)} count  mean   p50   p99   max   p50, p99 of ${runs} runs (min/median/max)`)
  for (const { state, by, append, appendP50, appendP99, visible, visibleP99 } of result.groups) {
    console.log(row(`${state} by ${by}, appended`, append, `   ${range(appendP50)}, ${range(appendP99)}`))
    if (delivery === 'exactly-once') console.log(row(`${state} by ${by}, committed`, visible, `   p99 ${range(visibleP99)}`))
  }
  console.log(row('all, appended', result.all.append))
  console.log(row(delivery === 'exactly-once' ? 'all, committed' : 'all, read by a consumer', result.all.visible))
  console.log(row('first SUSPECT with the right node', result.firstRightSuspect))
  const { withdrawals: w } = result
  console.log(`  suspects withdrawn: ${w.withdrawn} of ${w.decided} with a verdict (${w.sharePct ?? '–'} %): ${Object.entries(w.byState).map(([state, count]) => `${count} ${state.toLowerCase()}`).join(', ')}`)
  console.log(`  of those above a single user: ${w.aboveUser.withdrawn} of ${w.aboveUser.decided} (${w.aboveUser.sharePct ?? '–'} %); nobody answers calls here`)
  console.log(row('sender behind its schedule', load.lag))
  console.log(`  CPU seconds: ${Object.entries(result.cpuSeconds).map(([name, used]) => `${name} ${used}`).join(', ')}; ${result.cpuSecondsPerMillionEvents} per million events, this program included`)
  console.log(`  checkpoints: ${result.checkpoints.completed} completed, ${result.checkpoints.failed} failed, ${((result.checkpoints.sizeBytes ?? 0) / 1e6).toFixed(1)} MB, p50 ${result.checkpoints.durationMs.p50} ms, p99 ${result.checkpoints.durationMs.p99} ms, longest ${result.checkpoints.durationMs.maximum} ms; restarts ${result.restarts}`)
  console.log(`  bar ${p50Ms === null ? '' : `p50 ≤ ${p50Ms} ms, `}p99 ≤ ${p99Ms} ms ${delivery === 'exactly-once' ? 'committed' : 'appended'}: ${result.met ? 'met' : 'MISSED'}`)
}

async function write(results: readonly Result[], live: LiveStretch): Promise<void> {
  const file = path.resolve(flags.out)
  await mkdir(path.dirname(file), { recursive: true })
  const { events, reports, stretch } = live
  const input = { seed: flags.seed, areas: Number(flags.areas), density: Number(flags.density), ratePerSecond: Number(flags.rate), warmupSeconds, runs, secondsPerRun: seconds, events, reports, stretch: Math.round(stretch * 1_000) / 1_000 }
  await writeFile(file, `${JSON.stringify({ command: 'make bench-latency', measuredAt: new Date().toISOString(), input, bars, results }, null, 2)}\n`)
}

let lastSaidAtMs = 0
/** One line on standard error; `everyMs` keeps a running count from filling the screen. */
function say(text: string, everyMs = 0): void {
  const now = Date.now()
  if (now - lastSaidAtMs < everyMs) return
  lastSaidAtMs = now
  console.error(text)
}

await main()
