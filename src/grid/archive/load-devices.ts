import path from 'node:path'
import type { Where } from '../../core/errors.ts'
import { meterPhases, type MeterPhase } from '../../records/levels.ts'
import { GrowingColumn } from '../growing.ts'
import { StringTable } from '../string-table.ts'
import { ancestorAt, areaLevel, boxLevel, gatewayFlag, type NodeTable, onlineFlag } from './archive.ts'
import { type LoadContext, positive, whereOf } from './load-context.ts'
import type { NodeLoader } from './load-nodes.ts'
import { readTableRows } from './rows.ts'
import { gridTables } from './tables.ts'
import { parseLocalMinute, sinceEver, stillValid } from './validity.ts'

const protocols = ['dlt698', 'gdw1376', 'dlms']

/** Terminals, users and meters while they are read. */
export class DeviceLoader {
  readonly terminalIds = new StringTable()
  readonly terminalArea = new GrowingColumn((length) => new Int32Array(length))
  readonly userIds = new StringTable()
  readonly meterIds = new StringTable()
  readonly node = new GrowingColumn((length) => new Int32Array(length))
  readonly phase = new GrowingColumn((length) => new Uint8Array(length))
  readonly flags = new GrowingColumn((length) => new Uint8Array(length))
  readonly from = new GrowingColumn((length) => new Int32Array(length))
  readonly to = new GrowingColumn((length) => new Int32Array(length))
  readonly #meterLine = new GrowingColumn((length) => new Int32Array(length))
  readonly #context: LoadContext
  readonly #nodes: NodeLoader
  /** The node columns are complete when devices are read, so their arrays no longer move. */
  readonly #table: NodeTable

  constructor(context: LoadContext, nodes: NodeLoader) {
    this.#context = context
    this.#nodes = nodes
    this.#table = { ids: nodes.ids, level: nodes.level.values(), parent: nodes.parent.values() }
  }

  async load(): Promise<Int32Array> {
    await this.#each('terminal', (values, where) => { this.#terminal(values, where) })
    const terminalOfNode = this.#terminalsOfAreas()
    await this.#each('user', (values, where) => { this.#user(values, where) })
    await this.#each('meter', (values, where) => { this.#meter(values, where) })
    return terminalOfNode
  }

  async #each(name: 'terminal' | 'user' | 'meter', take: (values: readonly string[], where: Where) => void): Promise<void> {
    const file = path.join(this.#context.directory, gridTables[name].file)
    for await (const rows of readTableRows(this.#context.directory, name, this.#context.problems, this.#context.options)) {
      for (const { values, line } of rows) {
        if (values[0] === '') this.#context.problems.add(`${gridTables[name].columns[0]} is empty`, whereOf(file, line))
        else take(values, whereOf(file, line))
      }
    }
  }

  #terminal(values: readonly string[], where: Where): void {
    const [terminalId = '', address = '', areaId = '', protocol = ''] = values
    const { problems, warnings } = this.#context
    if (areaId === '') problems.add(`terminal '${terminalId}' has no area_id`, where)
    const area = this.#nodes.resolve(areaId, areaLevel, 'area_id', where)
    if (address === '') warnings.add(`terminal '${terminalId}' has no address`, where)
    if (!protocols.includes(protocol)) warnings.add(`protocol '${protocol}' of terminal '${terminalId}' is not one of ${protocols.join(', ')}`, where)
    if (this.terminalIds.add(terminalId) < 0) problems.add(`terminal_id '${terminalId}' occurs twice`, where)
    else this.terminalArea.push(area)
  }

  /** The terminal that an area names; an area that names none takes the first terminal that names the area. */
  #terminalsOfAreas(): Int32Array {
    const { problems } = this.#context
    const terminalOfNode = new Int32Array(this.#table.level.length).fill(-1)
    for (const { node, terminalId, where } of this.#nodes.terminalNames) {
      const terminal = this.terminalIds.find(terminalId)
      if (terminal < 0) {
        problems.add(`terminal_id '${terminalId}' is not in terminal.csv`, where)
        continue
      }
      const area = this.terminalArea.at(terminal)
      if (area >= 0 && area !== node) problems.add(`terminal '${terminalId}' of area '${this.#table.ids.get(node)}' stands under area '${this.#table.ids.get(area)}' in terminal.csv`, where)
      terminalOfNode[node] = terminal
    }
    for (let terminal = 0; terminal < this.terminalIds.size; terminal++) {
      const area = this.terminalArea.at(terminal)
      if (area >= 0 && terminalOfNode[area] === -1) terminalOfNode[area] = terminal
    }
    return terminalOfNode
  }

  #user(values: readonly string[], where: Where): void {
    const [userId = '', , contractKva = '', , secondAreaId = ''] = values
    if (this.userIds.add(userId) < 0) this.#context.problems.add(`user_id '${userId}' occurs twice`, where)
    if (positive(contractKva) === null) this.#context.warnings.add(`contract_kva ${contractKva === '' ? 'is missing' : `'${contractKva}' is not a capacity above 0`} (user '${userId}')`, where)
    this.#nodes.resolve(secondAreaId, areaLevel, 'second_area_id', where)
  }

  #meter(values: readonly string[], where: Where): void {
    const [meterId = '', , , role = '', userId = '', areaId = '', boxId = '', phaseText = '', wiring = '', ct = '', pt = '', online = '', from = '', to = ''] = values
    const { problems, warnings } = this.#context
    if (role !== 'USER' && role !== 'GATEWAY') problems.add(`role '${role}' of meter '${meterId}' is neither USER nor GATEWAY`, where)
    if (areaId === '') problems.add(`meter '${meterId}' has no area_id: it hangs on nothing`, where)
    const area = this.#nodes.resolve(areaId, areaLevel, 'area_id', where)
    const node = this.#placeOf(meterId, area, areaId, boxId, where)
    if (role === 'USER') {
      if (userId === '') problems.add(`meter '${meterId}' of role USER has no user_id`, where)
      else if (this.userIds.find(userId) < 0) problems.add(`user_id '${userId}' is not in user.csv`, where)
    } else if (role === 'GATEWAY' && (userId !== '' || boxId !== '')) {
      problems.add(`gateway meter '${meterId}' has a ${userId === '' ? 'box_id' : 'user_id'}`, where)
    }
    const phase = meterPhases.indexOf(phaseText as MeterPhase)
    if (phase < 0) problems.add(`phase '${phaseText}' of meter '${meterId}' is not A, B, C or ABC`, where)
    if (wiring !== '1P' && wiring !== '3P4W') problems.add(`wiring '${wiring}' of meter '${meterId}' is neither 1P nor 3P4W`, where)
    else if (phase >= 0 && (phaseText === 'ABC') !== (wiring === '3P4W')) warnings.add(`meter '${meterId}' is wired ${wiring} on phase ${phaseText}`, where)
    if (ct !== '' && positive(ct) === null) problems.add(`ct '${ct}' of meter '${meterId}' is not a ratio above 0`, where)
    if (pt !== '' && positive(pt) === null) problems.add(`pt '${pt}' of meter '${meterId}' is not a ratio above 0`, where)
    if (online !== '0' && online !== '1') problems.add(`online '${online}' of meter '${meterId}' is neither 0 nor 1`, where)
    const [fromMinute, toMinute] = this.#validity(meterId, from, to, where)
    this.#add(meterId, where)
    if (this.node.length === this.meterIds.size) return // the id was refused: its columns stay out
    this.node.push(node)
    this.phase.push(Math.max(phase, 0))
    this.flags.push((online === '1' ? onlineFlag : 0) | (role === 'GATEWAY' ? gatewayFlag : 0))
    this.from.push(fromMinute)
    this.to.push(toMinute)
    this.#meterLine.push(where.line ?? 0)
  }

  /** Which box a meter is in is typed in on site and often wrong, its area is known well (docs/domain.md 2.4): a box of another area is left out. */
  #placeOf(meterId: string, area: number, areaId: string, boxId: string, where: Where): number {
    const box = this.#nodes.resolve(boxId, boxLevel, 'box_id', where)
    if (box < 0) return area
    const owner = ancestorAt(this.#table, box, areaLevel)
    if (area < 0 || owner < 0 || owner === area) return box
    this.#context.warnings.add(`meter '${meterId}' belongs to area '${areaId}', but its box '${boxId}' to area '${this.#table.ids.get(owner)}' (box.csv:${this.#nodes.line.at(box)}): taken as a meter without a box`, where)
    return area
  }

  #validity(meterId: string, from: string, to: string, where: Where): readonly [number, number] {
    const fromMinute = from === '' ? sinceEver : parseLocalMinute(from)
    const toMinute = to === '' ? stillValid : parseLocalMinute(to)
    const { problems } = this.#context
    if (fromMinute === null) problems.add(`from '${from}' of meter '${meterId}' is no date or YYYY-MM-DDThh:mm`, where)
    if (toMinute === null) problems.add(`to '${to}' of meter '${meterId}' is no date or YYYY-MM-DDThh:mm`, where)
    if (fromMinute !== null && toMinute !== null && fromMinute >= toMinute) problems.add(`from '${from}' of meter '${meterId}' is not before to '${to}'`, where)
    return [fromMinute ?? sinceEver, toMinute ?? stillValid]
  }

  #add(meterId: string, where: Where): void {
    const { problems } = this.#context
    const other = this.#table.ids.find(meterId)
    if (other >= 0) problems.add(`id '${meterId}' is used on two levels: USER here, ${this.#nodes.describe(other)}`, where, 'Node ids must be unique over all levels.')
    if (this.terminalIds.find(meterId) >= 0) problems.add(`id '${meterId}' is a meter here and a terminal in terminal.csv`, where)
    if (this.meterIds.add(meterId) < 0) problems.add(`meter_id '${meterId}' occurs twice, first in line ${this.#meterLine.at(this.meterIds.find(meterId))}`, where)
  }
}
