import type { Machine } from './processes.ts'

interface Accuracy {
  readonly faults: number
  readonly accuracy: number | null
  readonly accuracyInterval: readonly [number, number] | null
  readonly recall: number | null
  readonly recallReported: number | null
  readonly strict: number | null
  readonly areaAndAbove: { readonly accuracy: number | null; readonly recall: number | null }
}

interface Run extends Accuracy {
  readonly seconds: number
  readonly reportsPerSecond: number
  readonly eventsPerSecond: number
  readonly cpuSecondsPerMillionEvents: Readonly<Record<string, number>>
  readonly peakMemoryMiB: Readonly<Record<string, number>>
  readonly recordsDifferentInVirtualTime: number
}

interface Calls {
  readonly calls: number
  readonly callsPerEpisode: number | null
}

export interface OutageResults {
  readonly machine: Machine
  readonly feederSize: { readonly microsPerEvent: Readonly<Record<string, number>>; readonly ratio: number }
  readonly sets: readonly {
    readonly size: number
    readonly reports: number
    readonly events: number
    readonly feeders: number
    readonly noise: string
    readonly scale: number
    readonly measuredAt: string
    /** The processor that it was measured on. */
    readonly cpu: string
    readonly loadAverage: readonly number[]
    readonly paper: { readonly accuracy: number; readonly seconds: number }
    readonly withoutCalls: Run & { readonly judgeMicrosPerEvent: number; readonly counters: Readonly<Record<string, number>> }
    readonly withCalls?: Run & Calls
    /** By the judge without the engine. */
    readonly withCallsInVirtualTime?: Accuracy & Calls
    readonly state: { readonly meters: number; readonly topologyBytesPerMeter: number; readonly episodeBytesPerOpenOutage: number; readonly extrapolatedTo20MillionMetersMiB: number }
  }[]
}

const grouped = (value: number): string => value.toLocaleString('en-US')
const percent = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} %`)

/** The paper's real-time table with its empty columns filled, as a page of Markdown. */
export function outagePage({ machine, feederSize, sets }: OutageResults): string {
  const accuracyRow = (set: OutageResults['sets'][number], kind: string, run: Accuracy): string => {
    const interval = run.accuracyInterval === null ? '' : ` (${run.accuracyInterval[0]}–${run.accuracyInterval[1]})`
    return `| ${grouped(set.size)}${set.scale === 1 ? '' : ` × ${set.scale}`} | ${kind} | ${set.paper.accuracy.toFixed(2)} % in ${grouped(set.paper.seconds)} s | ${percent(run.accuracy)}${interval} | ${percent(run.areaAndAbove.accuracy)} | ${percent(run.recall)} | ${percent(run.recallReported)} | ${percent(run.strict)} | ${run.faults} |`
  }
  const speedRow = (set: OutageResults['sets'][number], kind: string, run: Run): string => {
    const cpu = Object.entries(run.cpuSecondsPerMillionEvents).map(([name, seconds]) => `${name} ${seconds}`).join(', ')
    const memory = Object.entries(run.peakMemoryMiB).map(([name, mebibytes]) => `${name} ${grouped(mebibytes)}`).join(', ')
    return `| ${grouped(set.size)} | ${kind} | ${grouped(set.reports)} | ${grouped(set.events)} | ${run.seconds.toFixed(1)} | ${grouped(run.reportsPerSecond)} | ${grouped(run.eventsPerSecond)} | ${cpu} | ${memory} | ${run.recordsDifferentInVirtualTime} |`
  }
  const engineRuns = sets.flatMap((set) => [{ set, kind: 'without', run: set.withoutCalls }, ...(set.withCalls === undefined ? [] : [{ set, kind: 'with', run: set.withCalls }])])
  const accuracies = sets.flatMap((set) => [
    accuracyRow(set, 'without', set.withoutCalls),
    ...(set.withCalls === undefined ? [] : [accuracyRow(set, 'with', set.withCalls)]),
    ...(set.withCallsInVirtualTime === undefined ? [] : [accuracyRow(set, 'with, in virtual time', set.withCallsInVirtualTime)]),
  ])
  const calls = sets.flatMap(({ size, withCalls, withCallsInVirtualTime }) => [withCalls, withCallsInVirtualTime].flatMap((run) => (run === undefined ? [] : [`${grouped(size)}: ${grouped(run.calls)} calls, ${run.callsPerEpisode ?? '–'} per episode`])))
  const state = sets.map(({ size, state: { meters, topologyBytesPerMeter, episodeBytesPerOpenOutage, extrapolatedTo20MillionMetersMiB } }) => `| ${grouped(size)} | ${grouped(meters)} | ${topologyBytesPerMeter} | ${grouped(episodeBytesPerOpenOutage)} | ${grouped(extrapolatedTo20MillionMetersMiB)} |`)
  return `# Outages: measured

Printed by \`make bench-outage\`; all figures in [outage.json](outage.json). ${machine.cores} cores, ${machine.memoryGiB} GiB; measured ${sets.map(({ size, measuredAt, cpu, loadAverage }) => `${grouped(size)} on ${measuredAt} (${cpu}, load average ${loadAverage.join(' ')} at the end)`).join(', ')}. Simulated sets with truth ([domain](../domain.md)), noise \`${sets[0]?.noise ?? 'default'}\`, seeds on which nothing was tuned; 5,000 is pooled over disjoint grids. Recall without calls is bounded: a lone report is never confirmed without one.

## Accuracy

| reports | calls | old system of the paper | accuracy (95 % interval) | area and above | recall | of reported faults | strict | faults |
|---|---|---|---|---|---|---|---|---|
${accuracies.join('\n')}

Calls: ${calls.length === 0 ? 'not measured' : calls.join('; ')}.

## Speed

From the submission of the job to its end, events preloaded in Kafka, everything on this machine. Reports are OFF, ON and TRIP rows; events have the signs of life on top. The last column counts the records of outages that differ from the same judge in virtual time.

| reports | calls | reports | events | seconds | reports/s | events/s | CPU seconds per million events | peak memory, MiB | different |
|---|---|---|---|---|---|---|---|---|---|
${engineRuns.map(({ set, kind, run }) => speedRow(set, kind, run)).join('\n')}

The judge alone (${machine.cpu}): ${feederSize.microsPerEvent['500']} µs per event on a feeder of 500 meters, ${feederSize.microsPerEvent['10000']} µs on one of 10,000 (ratio ${feederSize.ratio}).

## State

Bytes of the judge's own encoding; without the engine's overhead of keys and objects. The last column is worked out for 20 million meters at the density of outages of the set, not measured.

| reports | meters | bytes of topology per meter | all other bytes per open outage, at the largest instant | MiB for 20 million meters |
|---|---|---|---|---|
${state.join('\n')}
`
}
