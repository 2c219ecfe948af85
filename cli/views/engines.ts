import type { EngineCondition, EngineStatus } from '../../src/index.ts'
import { table, type Terminal } from './terminal.ts'

const good: readonly EngineCondition[] = ['running', 'reachable']

/** One line per engine, then one for each that is not well. */
export function engineTable(engines: readonly EngineStatus[], terminal: Terminal): string {
  const rows = engines.map((status) => [
    status.engine,
    status.version ?? '–',
    status.condition,
    Object.entries(status.endpoints).map(([name, place]) => `${name} ${place}`).join(', ') || '–',
    memory(status),
    status.processes.map(({ pid }) => pid).join(' ') || '–',
  ])
  const lines = [table(['engine', 'version', 'state', 'endpoints', 'memory', 'pids'], rows, terminal)]
  for (const status of engines) {
    if (status.lack !== null && !good.includes(status.condition)) lines.push(terminal.color.yellow(`${status.engine}: ${status.lack}`))
    const restarts = status.processes.reduce((sum, process) => sum + process.restarts, 0)
    if (restarts > 0) lines.push(terminal.color.yellow(`${status.engine}: ${restarts} restart${restarts === 1 ? '' : 's'} of a supervised process since it was started`))
  }
  return lines.join('\n')
}

function memory(status: EngineStatus): string {
  const known = status.processes.flatMap(({ memoryBytes }) => (memoryBytes === null ? [] : [memoryBytes]))
  return known.length === 0 ? '–' : `${Math.round(known.reduce((sum, bytes) => sum + bytes, 0) / 1_048_576)} MiB`
}
