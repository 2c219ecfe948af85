import path from 'node:path'
import { areaLevel, type CutOff, type PlannedOrder } from './archive.ts'
import { type LoadContext, positive, whereOf } from './load-context.ts'
import type { DeviceLoader } from './load-devices.ts'
import type { NodeLoader } from './load-nodes.ts'
import { readTableRows } from './rows.ts'
import { gridTables } from './tables.ts'
import { parseInstantOrLocal, parseLocalMinute, sinceEver, stillValid } from './validity.ts'

interface Interval {
  readonly from: number
  readonly to: number
  readonly line: number
}

const farAheadMs = Date.UTC(2100, 0, 1)

/** Validity histories: known ids and values, from before to, no two values of one id at the same time. */
async function checkHistory(name: 'rated' | 'membership' | 'contract', context: LoadContext, nodes: NodeLoader, devices: DeviceLoader): Promise<void> {
  const { problems } = context
  const file = path.join(context.directory, gridTables[name].file)
  const intervals = new Map<string, Interval[]>()
  const isArea = (id: string): boolean => {
    const node = nodes.ids.find(id)
    return node >= 0 && nodes.level.at(node) === areaLevel
  }
  for await (const rows of readTableRows(context.directory, name, problems, context.options)) {
    for (const { values: [id = '', value = '', from = '', to = ''], line } of rows) {
      const where = whereOf(file, line)
      if (name === 'rated' ? !isArea(id) : devices.userIds.find(id) < 0) problems.add(`id '${id}' is not in ${name === 'rated' ? 'area.csv' : 'user.csv'}`, where)
      if (name === 'membership' ? !isArea(value) : positive(value) === null) problems.add(name === 'membership' ? `value '${value}' is not in area.csv` : `value '${value}' is not a capacity above 0`, where)
      const fromMinute = from === '' ? sinceEver : parseLocalMinute(from)
      const toMinute = to === '' ? stillValid : parseLocalMinute(to)
      if (fromMinute === null) problems.add(`from '${from}' is no date or YYYY-MM-DDThh:mm`, where)
      if (toMinute === null) problems.add(`to '${to}' is no date or YYYY-MM-DDThh:mm`, where)
      if (fromMinute === null || toMinute === null) continue
      if (fromMinute >= toMinute) problems.add(`from '${from}' is not before to '${to}'`, where)
      const list = intervals.get(id)
      const interval = { from: fromMinute, to: toMinute, line }
      if (list === undefined) intervals.set(id, [interval])
      else list.push(interval)
    }
  }
  for (const [id, list] of intervals) {
    list.sort((left, right) => left.from - right.from)
    for (const [index, interval] of list.entries()) {
      const next = list[index + 1]
      if (next !== undefined && next.from < interval.to) problems.add(`two values of '${id}' hold at the same time: lines ${interval.line} and ${next.line}`, whereOf(file, next.line))
    }
  }
}

async function checkApplications(context: LoadContext, nodes: NodeLoader): Promise<void> {
  const { problems } = context
  const file = path.join(context.directory, gridTables.application.file)
  for await (const rows of readTableRows(context.directory, 'application', problems, context.options)) {
    for (const { values: [applicationId = '', areaId = '', kva = ''], line } of rows) {
      const where = whereOf(file, line)
      if (areaId === '') problems.add(`application '${applicationId}' has no area_id`, where)
      nodes.resolve(areaId, areaLevel, 'area_id', where)
      if (positive(kva) === null) problems.add(`kva '${kva}' of application '${applicationId}' is not a capacity above 0`, where)
    }
  }
}

interface Span {
  readonly startAtMs: number
  readonly endAtMs: number
}

function spanOf(startAt: string, endAt: string, mayBeOpen: boolean, context: LoadContext, where: { readonly file: string; readonly line: number }): Span | null {
  const startAtMs = parseInstantOrLocal(startAt, context.zone)
  const endAtMs = endAt === '' && mayBeOpen ? farAheadMs : parseInstantOrLocal(endAt, context.zone)
  if (startAtMs === null) context.problems.add(`start_at '${startAt}' is no instant`, where, 'Write it as 2026-03-05T08:30:00.000+08:00.')
  if (endAtMs === null) context.problems.add(`end_at '${endAt}' is no instant`, where, 'Write it as 2026-03-05T08:30:00.000+08:00.')
  if (startAtMs === null || endAtMs === null) return null
  if (startAtMs >= endAtMs) {
    context.problems.add(`start_at '${startAt}' is not before end_at '${endAt}'`, where)
    return null
  }
  return { startAtMs, endAtMs }
}

export interface Orders {
  readonly planned: readonly PlannedOrder[]
  readonly controlled: readonly CutOff[]
}

/** Reads the files that name nodes, meters and users of the others. */
export async function loadHistories(context: LoadContext, nodes: NodeLoader, devices: DeviceLoader): Promise<Orders> {
  await checkHistory('rated', context, nodes, devices)
  await checkHistory('membership', context, nodes, devices)
  await checkHistory('contract', context, nodes, devices)
  await checkApplications(context, nodes)
  const planned: PlannedOrder[] = []
  const controlled: CutOff[] = []
  const plannedFile = path.join(context.directory, gridTables.planned.file)
  for await (const rows of readTableRows(context.directory, 'planned', context.problems, context.options)) {
    for (const { values: [orderId = '', nodeId = '', startAt = '', endAt = ''], line } of rows) {
      const where = { file: plannedFile, line }
      if (nodes.ids.find(nodeId) < 0 && devices.meterIds.find(nodeId) < 0) context.problems.add(`node_id '${nodeId}' of order '${orderId}' is no node of the archive`, where)
      const span = spanOf(startAt, endAt, false, context, where)
      if (span !== null) planned.push({ orderId, nodeId, ...span })
    }
  }
  const controlledFile = path.join(context.directory, gridTables.controlled.file)
  for await (const rows of readTableRows(context.directory, 'controlled', context.problems, context.options)) {
    for (const { values: [meterId = '', startAt = '', endAt = ''], line } of rows) {
      const where = { file: controlledFile, line }
      if (devices.meterIds.find(meterId) < 0) context.problems.add(`meter_id '${meterId}' is not in meter.csv`, where)
      const span = spanOf(startAt, endAt, true, context, where)
      if (span !== null) controlled.push({ meterId, ...span })
    }
  }
  return { planned, controlled }
}
