import { writeFile } from 'node:fs/promises'
import { bucketCount } from '../../../src/capacity/tables.ts'
import type { DatasetSize, Measured } from './capacity-run.ts'
import { spread, type Spread } from './distribution.ts'
import type { Machine } from './processes.ts'

/* docs/capacity.md: what the results of the benches of the nightly job say, beside their bars and beside the paper. */

export interface Spent {
  readonly seconds: Spread
  readonly cpuSeconds: Spread
}

export interface FixedCost {
  readonly running?: Spent
  readonly fromNothing?: { readonly seconds: number }
}

/** One run of the job, and one scan of the same files beside it. */
export interface Round {
  readonly job: Measured
  readonly scan: Measured
}

export interface MeasuredSize extends DatasetSize {
  readonly areas: number
  /** In their order; the same place in two sizes is the same round. */
  readonly rounds: readonly Round[]
  /** Of the last round. */
  readonly steps: Readonly<Record<string, Measured>>
  /** Of the engine since its start, after the first round. */
  readonly peakMemoryMiB: number | null
}

export interface Rival {
  readonly measuredAt: string
  readonly loadAverage: readonly number[]
  readonly areas: number
  readonly userPowerRows: number
  readonly runs: number
  readonly job: Spent
  readonly duckDb: Spent & { readonly fileBytes: number }
  readonly ratio: Measured
  readonly differences: number
}

export interface CapacityResults {
  readonly measuredAt: string
  readonly machine: Machine
  readonly note: string
  readonly fixed: FixedCost
  readonly sizes: readonly MeasuredSize[]
  readonly foldBytesPerArea: number
  readonly rival?: Rival
}

/** Cores that computed in the paper, and its cases: rows, seconds. */
const paperCores = 144
const paperCases = [
  { name: 'old system, 73 M', rows: 73e6, seconds: 2_100 },
  { name: 'new system, 73 M', rows: 73e6, seconds: 180 },
  { name: 'old system, 730 M', rows: 730e6, seconds: 10_800 },
  { name: 'new system, 730 M', rows: 730e6, seconds: 564 },
  { name: 'new system, 7.3 G (20 million meters, a year)', rows: 7.3e9, seconds: 1_710 },
] as const
const provinceAreas = 180_000
const provinceRows = 7.3e9

interface Bar {
  readonly must: number
  readonly good: number
  readonly better: 'more' | 'less'
}

/** Writes the page and returns its figures as text for the terminal. */
export async function writeCapacityPage(results: CapacityResults, file: string): Promise<string> {
  const page = capacityPage(results)
  await writeFile(file, page)
  return page
}

export function capacityPage(results: CapacityResults): string {
  const { machine, sizes, fixed, rival } = results
  const size = (areas: number): MeasuredSize | undefined => sizes.find((one) => one.areas === areas)
  const [small, middle, large] = [size(180), size(540), size(1_800)]
  const marginal = byRound(small, middle, (less, more) => Math.round((middle!.userPowerRows - small!.userPowerRows) / (more.job.cpuSeconds - less.job.cpuSeconds)))
  const largeMarginal = byRound(middle, large, (less, more) => Math.round((large!.userPowerRows - middle!.userPowerRows) / (more.job.cpuSeconds - less.job.cpuSeconds)))
  const growth = (of: keyof Measured): Spread | null => byRound(small, large, (less, more) => ratio(more.job[of], less.job[of]))
  const work = byRound(small, small, ({ job, scan }) => ratio(job.cpuSeconds, scan.cpuSeconds))
  const rows = [
    row('P1', 'rows/s and core, 7.3 M rows', small === undefined ? null : rowsPerCpuSecond(small), { must: 100_000, good: 200_000, better: 'more' }),
    row('P1m', `further rows per further CPU second, 7.3 → 21.9 M${range(marginal)}`, marginal?.median ?? null, { must: 150_000, good: 300_000, better: 'more' }),
    row('P2', 'fixed cost on a running engine, s', fixed.running?.seconds.median ?? null, { must: 10, good: 4, better: 'less' }),
    row('P2', 'engine start and first run from nothing, s', fixed.fromNothing?.seconds ?? null, { must: 25, good: 15, better: 'less' }),
    row('P3', `time of 73 M ÷ time of 7.3 M${range(growth('seconds'))}`, growth('seconds')?.median ?? null, { must: 10.5, good: 9.5, better: 'less' }),
    row('P3', `the same by CPU seconds${range(growth('cpuSeconds'))}`, growth('cpuSeconds')?.median ?? null, { must: 10.5, good: 9.5, better: 'less' }),
    row('P4', 'job ÷ DuckDB, time, 7.3 M', rival?.ratio.seconds ?? null, { must: 3, good: 1.5, better: 'less' }),
    row('P5', 'peak memory at 73 M, GiB', large?.peakMemoryMiB == null ? null : Math.round(large.peakMemoryMiB / 10.24) / 100, { must: 8, good: 4, better: 'less' }),
    row('P6', `CPU of the job ÷ CPU of only scanning its files, 7.3 M${range(work)}`, work?.median ?? null, { must: 4, good: 2.5, better: 'less' }),
  ]
  const best = (largeMarginal ?? marginal)?.median ?? null
  return `# The nightly job, measured

Written by \`make bench-capacity\` (\`test/bench/capacity.ts\`, \`test/bench/capacity-rival.ts\`) from \`docs/results/capacity.json\`; edits are lost. Measured ${results.measuredAt} on ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB; ${results.note}. With more runnable tasks than cores, seconds say more about the neighbours than about the job; CPU seconds are the figure to compare, though a shared core inflates them too. All sizes ran in turn, round after round; a figure is the median of the rounds, a ratio between sizes that of the ratios within a round, in brackets the least and the most.

A row is one P day of one user, 96 points, as in the paper. Beside it the job reads Q, currents, voltages and gateway curves: about 2.4 curves a row.

| | what | measured | must | good | |
|---|---|---:|---:|---:|---|
${rows.join('\n')}

## By size

| areas | rows | curves | bytes of points | job, s | job, CPU s | scan, CPU s | rows/s and core | peak memory | rounds |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${sizes.map((one) => `| ${one.areas.toLocaleString('en')} | ${million(one.userPowerRows)} | ${million(one.curveRows)} | ${(one.bytes / 2 ** 30).toFixed(2)} GiB | ${median(one, ({ job }) => job.seconds)} | ${median(one, ({ job }) => job.cpuSeconds)} | ${median(one, ({ scan }) => scan.cpuSeconds)} | ${rowsPerCpuSecond(one).toLocaleString('en')} | ${one.peakMemoryMiB ?? '–'} MiB | ${one.rounds.length} |`).join('\n')}

${rival === undefined ? 'The comparison with DuckDB is not measured yet.' : rivalText(rival)}

## Beside the paper

| case | rows | seconds | cores | rows/s and core |
|---|---:|---:|---:|---:|
${paperCases.map(({ name, rows: count, seconds }) => `| paper: ${name} | ${million(count)} | ${seconds.toLocaleString('en')} | ${paperCores} | ${Math.round(count / seconds / paperCores).toLocaleString('en')} |`).join('\n')}
${sizes.map((one) => `| this job | ${million(one.userPowerRows)} | ${median(one, ({ job }) => job.seconds)} | ${machine.cores} | ${rowsPerCpuSecond(one).toLocaleString('en')} (by CPU seconds) |`).join('\n')}

The paper's rows/s and core are rows ÷ seconds ÷ ${paperCores} cores; ours are rows ÷ CPU seconds of the whole engine.
${best === null ? '' : extrapolation(best)}
## Memory of a task

A task folds the areas of one bucket. An area's fold holds at most ${(results.foldBytesPerArea / 2 ** 20).toFixed(2)} MiB (${results.foldBytesPerArea.toLocaleString('en')} bytes with 111 users and 365 days, printed by \`java -cp jobs/udf/dist/curve-functions.jar station.curve.FoldMemory\`). Buckets grow with the areas (a power of two near one for 125 areas), so the bound does not: ${provinceAreas.toLocaleString('en')} areas lie in ${bucketCount(provinceAreas)} buckets of ${Math.ceil(provinceAreas / bucketCount(provinceAreas))} areas, ${Math.round((provinceAreas / bucketCount(provinceAreas)) * (results.foldBytesPerArea / 2 ** 20))} MiB a task, at most twice that while Spark hands its partial aggregates to the final one. 540 areas lie in ${bucketCount(540)} buckets of ${Math.ceil(540 / bucketCount(540))}, 1,800 in ${bucketCount(1_800)} of ${Math.ceil(1_800 / bucketCount(1_800))}.
`
}

function row(id: string, what: string, value: number | null, { must, good, better }: Bar): string {
  const reaches = (bar: number): boolean => value !== null && (better === 'more' ? value >= bar : value <= bar)
  const verdict = value === null ? 'not measured' : reaches(good) ? 'good' : reaches(must) ? 'must is met, good is missed' : '**missed**'
  const sign = better === 'more' ? '≥' : '≤'
  return `| ${id} | ${what} | ${value === null ? '–' : value.toLocaleString('en')} | ${sign} ${must.toLocaleString('en')} | ${sign} ${good.toLocaleString('en')} | ${verdict} |`
}

function rivalText(rival: Rival): string {
  return `## Beside DuckDB

The best DuckDB job that we could write for all 15 indicators (\`test/bench/support/rival\`), in its own file of ${(rival.duckDb.fileBytes / 2 ** 30).toFixed(2)} GiB with one column a point, integer ids and sorted rows, both cores, in turn with the job, ${rival.runs} runs each, ${million(rival.userPowerRows)} rows; load ${rival.loadAverage[0]}. DuckDB may take for granted what the job may not (one gateway meter an area that is never replaced, one metering point a user).

| | median s | least s | median CPU s |
|---|---:|---:|---:|
| this job | ${rival.job.seconds.median} | ${rival.job.seconds.minimum} | ${rival.job.cpuSeconds.median} |
| DuckDB | ${rival.duckDb.seconds.median} | ${rival.duckDb.seconds.minimum} | ${rival.duckDb.cpuSeconds.median} |
| job ÷ DuckDB | ${rival.ratio.seconds} | ${ratio(rival.job.seconds.minimum, rival.duckDb.seconds.minimum)} | ${rival.ratio.cpuSeconds} |

Every figure of every area was compared: ${rival.differences} differ.`
}

function extrapolation(rowsPerCpuSecond: number): string {
  const cpu = provinceRows / rowsPerCpuSecond
  return `
**Extrapolated, not measured:** 7.3 G rows at ${rowsPerCpuSecond.toLocaleString('en')} rows per CPU second (the marginal rate between the two largest sizes measured) are ${Math.round(cpu).toLocaleString('en')} CPU seconds; on ${paperCores} cores of this kind that keep busy, ${Math.round(cpu / paperCores).toLocaleString('en')} s, against 1,710 s in the paper. Reading 3.3 TB from disks, the network and stragglers are not in it.
`
}

/** What a figure of two sizes is in each round. */
function byRound(less: MeasuredSize | undefined, more: MeasuredSize | undefined, figure: (less: Round, more: Round) => number | null): Spread | null {
  if (less === undefined || more === undefined) return null
  return spread(less.rounds.map((round, index) => (more.rounds[index] === undefined ? null : figure(round, more.rounds[index]))))
}

function median(size: MeasuredSize, figure: (round: Round) => number): number {
  return spread(size.rounds.map(figure))?.median ?? 0
}

function rowsPerCpuSecond(size: MeasuredSize): number {
  return Math.round(size.userPowerRows / median(size, ({ job }) => job.cpuSeconds))
}

function range(of: Spread | null): string {
  return of === null ? '' : ` (${of.minimum.toLocaleString('en')} to ${of.maximum.toLocaleString('en')})`
}

function ratio(above: number | undefined, below: number | undefined): number | null {
  return above === undefined || below === undefined || below === 0 ? null : Math.round((above / below) * 100) / 100
}

function million(rows: number): string {
  return rows >= 1e9 ? `${(rows / 1e9).toFixed(1)} G` : `${(rows / 1e6).toFixed(rows < 1e7 ? 2 : 1)} M`
}
