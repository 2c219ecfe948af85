import path from 'node:path'
import type { Where } from '../../core/errors.ts'
import { skeletonLevels } from '../../records/topology.ts'
import { GrowingColumn } from '../growing.ts'
import { StringTable } from '../string-table.ts'
import { ancestorAt, areaLevel, boxLevel, branchLevel, feederLevel, lineLevel } from './archive.ts'
import { type LoadContext, positive, whereOf } from './load-context.ts'
import { readTableRows } from './rows.ts'
import { gridTables } from './tables.ts'

const levelTables = ['feeder', 'branch', 'area', 'line', 'box'] as const

/** Nodes while they are read: ids of all levels in one table, so that an id on two levels is noticed. */
export class NodeLoader {
  readonly ids = new StringTable()
  readonly level = new GrowingColumn((length) => new Uint8Array(length))
  readonly parent = new GrowingColumn((length) => new Int32Array(length))
  readonly line = new GrowingColumn((length) => new Int32Array(length))
  readonly ratedKva = new GrowingColumn((length) => new Float64Array(length))
  /** Terminal named by an area; resolved when the terminals are read. */
  readonly terminalNames: { readonly node: number; readonly terminalId: string; readonly where: Where }[] = []
  readonly #context: LoadContext
  /** The last id found on each level: rows of one area or box stand together. */
  readonly #last = Array.from({ length: boxLevel + 1 }, () => ({ id: '', node: -1 }))

  constructor(context: LoadContext) {
    this.#context = context
  }

  /** Node of the id when it stands on the wanted level, else −1 after a problem. Empty ids give −1 without one. */
  resolve(id: string, level: number, column: string, where: Where): number {
    if (id === '') return -1
    const last = this.#last[level]
    if (last?.id === id) return last.node
    const node = this.ids.find(id)
    if (node >= 0 && this.level.at(node) === level) {
      this.#last[level] = { id, node }
      return node
    }
    const wanted = gridTables[levelTables[level] ?? 'feeder'].file
    this.#context.problems.add(
      node < 0 ? `${column} '${id}' is not in ${wanted}` : `${column} '${id}' is ${named(this.level.at(node))}, not ${named(level)}`,
      where,
    )
    return -1
  }

  describe(node: number): string {
    const level = this.level.at(node)
    return `${skeletonLevels[level] ?? ''} in ${gridTables[levelTables[level] ?? 'feeder'].file}:${this.line.at(node)}`
  }

  async load(): Promise<void> {
    await this.#table('feeder', feederLevel, () => -1)
    await this.#table('branch', branchLevel, (values, where) => this.#required(values[1], feederLevel, 'feeder_id', where))
    await this.#table('area', areaLevel, (values, where) => this.#areaParent(values, where))
    await this.#table('line', lineLevel, (values, where) => this.#required(values[1], areaLevel, 'area_id', where))
    await this.#table('box', boxLevel, (values, where) => this.#boxParent(values, where))
  }

  async #table(name: (typeof levelTables)[number], level: number, parentOf: (values: readonly string[], where: Where) => number): Promise<void> {
    const file = path.join(this.#context.directory, gridTables[name].file)
    for await (const rows of readTableRows(this.#context.directory, name, this.#context.problems, this.#context.options)) {
      for (const { values, line } of rows) {
        const where = whereOf(file, line)
        const id = values[0] ?? ''
        if (id === '') {
          this.#context.problems.add(`${gridTables[name].columns[0]} is empty`, where)
          continue
        }
        const parent = parentOf(values, where)
        const node = this.ids.add(id)
        if (node < 0) {
          const other = this.ids.find(id)
          const same = this.level.at(other) === level
          this.#context.problems.add(
            same ? `${gridTables[name].columns[0]} '${id}' occurs twice, first in line ${this.line.at(other)}` : `id '${id}' is used on two levels: ${skeletonLevels[level] ?? ''} here, ${this.describe(other)}`,
            where,
            same ? undefined : 'Node ids must be unique over all levels.',
          )
          continue
        }
        this.level.push(level)
        this.parent.push(parent)
        this.line.push(line)
        this.ratedKva.push(name === 'area' ? this.#areaFields(values, node, where) : Number.NaN)
      }
    }
  }

  #required(id: string | undefined, level: number, column: string, where: Where): number {
    if (id === undefined || id === '') {
      this.#context.problems.add(`${column} is empty: the row hangs on nothing`, where)
      return -1
    }
    return this.resolve(id, level, column, where)
  }

  #areaParent(values: readonly string[], where: Where): number {
    const [areaId = '', feederId = '', branchId = ''] = values
    const feeder = this.#required(feederId, feederLevel, 'feeder_id', where)
    const branch = this.resolve(branchId, branchLevel, 'branch_id', where)
    if (branch < 0) return feeder
    const owner = this.parent.at(branch)
    if (feeder >= 0 && owner >= 0 && owner !== feeder) {
      this.#context.problems.add(`area '${areaId}' belongs to feeder '${feederId}', but its branch '${branchId}' belongs to feeder '${this.ids.get(owner)}' (branch.csv:${this.line.at(branch)})`, where)
    }
    return branch
  }

  #areaFields(values: readonly string[], node: number, where: Where): number {
    const [areaId = '', , , , ratedKva = '', connection = '', isPublic = '', terminalId = ''] = values
    const { problems, warnings } = this.#context
    const rated = positive(ratedKva)
    if (rated === null) problems.add(`rated_kva ${ratedKva === '' ? 'is missing' : `'${ratedKva}' is not a capacity above 0`} (area '${areaId}')`, where)
    if (connection !== 'Yyn0' && connection !== 'Dyn11') problems.add(`connection '${connection}' is neither Yyn0 nor Dyn11 (area '${areaId}')`, where)
    if (isPublic !== '01' && isPublic !== '02') warnings.add(`public '${isPublic}' is neither 01 nor 02 (area '${areaId}')`, where)
    if (terminalId !== '') this.terminalNames.push({ node, terminalId, where })
    return rated ?? Number.NaN
  }

  #boxParent(values: readonly string[], where: Where): number {
    const [boxId = '', areaId = '', lineId = ''] = values
    const area = this.#required(areaId, areaLevel, 'area_id', where)
    const line = this.resolve(lineId, lineLevel, 'line_id', where)
    if (line < 0) return area
    const owner = ancestorAt({ ids: this.ids, level: this.level.values(), parent: this.parent.values() }, line, areaLevel)
    if (area >= 0 && owner >= 0 && owner !== area) {
      this.#context.problems.add(`box '${boxId}' belongs to area '${areaId}', but its line '${lineId}' belongs to area '${this.ids.get(owner)}' (line.csv:${this.line.at(line)})`, where)
    }
    return line
  }
}

function named(level: number): string {
  const name = (skeletonLevels[level] ?? '').toLowerCase()
  return `${name === 'area' ? 'an' : 'a'} ${name}`
}
