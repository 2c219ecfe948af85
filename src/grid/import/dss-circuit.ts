import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Where } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import type { ProblemList } from '../archive/problem-list.ts'
import { splitElement } from './dss-file.ts'
import { dssFlag, type DssWord, readDssWords } from './dss-language.ts'
import { isNetworkClass, propertyAfter, propertyName } from './dss-properties.ts'

export interface DssElement {
  readonly className: string
  readonly name: string
  readonly where: Where
  /** In the order they were set: of windings each property belongs to the `wdg` before it. The last one of a name holds. */
  readonly properties: { readonly name: string; readonly value: string }[]
}

export interface DssCircuit {
  readonly name: string
  /** Elements that are not disabled, in the order they were made. */
  elements(className: string): readonly DssElement[]
  /** Null when there is none, or it is disabled. */
  find(className: string, name: string): DssElement | null
  /** `class.name` in lower case of elements with an open terminal. */
  readonly open: ReadonlySet<string>
}

export interface DssReading {
  readonly signal?: AbortSignal
  readonly problems: ProblemList
  /** What was left out without harm to the network, such as a file of line codes that is not there. */
  readonly warnings: ProblemList
}

/** Commands that calculate, show or set up a calculation: they do not change which elements there are. */
const otherCommands = new Set(
  ('set get solve calcvoltagebases calcv buscoords latlongcoords loadshape plot show export reset sample save init allocateloads allocate estimate setkvbase setloadandgenkv setbusxy interpolate ' +
    'aligonfile alignfile totals capacity classes userclasses about help quit exit doscmd cd fileedit rotate vdiff summary distribute di_plot comparecases yearlycurves visualize closedi relcalc var ' +
    'buildy select formedit dump cktlosses losses phaselosses voltages currents powers seqvoltages seqcurrents seqpowers variable varnames varvalues variables makebuslist makeposseq reduce nodelist ' +
    'nodediff zsc zsc10 zscrefresh ysc puvoltages interpolate newactor wait solveall calcincmatrix calcincmatrix_o tear_circuit abort clone uuids cim100 exportoverloads exportvviolations ' +
    'zsc012 cvrt updatestorage obfuscate fncspublish pstcalc valvar replicate lossesreport giscoords wait').split(' '),
)

/** Reads a circuit with all files it redirects to. Throws FILE_MISSING for the first file; everything else that is wrong becomes a problem. */
export async function readDssCircuit(file: string, reading: DssReading): Promise<DssCircuit> {
  const reader = new CircuitReader(reading)
  await reader.read(file, [])
  return reader.circuit(file)
}

class CircuitReader {
  readonly #reading: DssReading
  readonly #elements = new Map<string, DssElement>()
  readonly #disabled = new Set<string>()
  readonly #open = new Set<string>()
  #circuitName: string | null = null
  #active: DssElement | null = null

  constructor(reading: DssReading) {
    this.#reading = reading
  }

  circuit(file: string): DssCircuit {
    if (this.#circuitName === null) this.#reading.problems.add('there is no New Circuit', { file })
    for (const element of this.#elements.values()) if (element.className === 'swtcontrol') this.#readSwitchControl(element)
    const isEnabled = (key: string, { properties }: DssElement): boolean => !this.#disabled.has(key) && dssFlag(lastValue(properties, 'enabled') ?? 'yes')
    const byClass = new Map<string, DssElement[]>()
    for (const [key, element] of this.#elements) {
      if (!isEnabled(key, element)) this.#elements.delete(key)
      else if (byClass.has(element.className)) byClass.get(element.className)?.push(element)
      else byClass.set(element.className, [element])
    }
    return {
      name: this.#circuitName ?? '',
      elements: (className) => byClass.get(className) ?? [],
      find: (className, name) => this.#elements.get(`${className}.${name.toLowerCase()}`) ?? null,
      open: this.#open,
    }
  }

  async read(file: string, above: readonly string[]): Promise<void> {
    const { problems, signal } = this.#reading
    let inComment = false
    for await (const batch of readLines(file, signal === undefined ? {} : { signal })) {
      for (const [index, raw] of batch.lines.entries()) {
        const where = { file, line: batch.firstLine + index }
        if (inComment || /^\s*\/\*/.test(raw)) {
          inComment = !raw.includes('*/')
          continue
        }
        const continues = /^\s*~/.test(raw)
        const read = readDssWords(continues ? raw.replace('~', ' ') : raw)
        if (!read.ok) problems.add(read.problem, where)
        else if (read.words.some(({ name, value }) => name?.startsWith('@') === true || (value.startsWith('@') && value.length > 1))) problems.add('variables (@name) are not understood', where, 'Write the values where they are used.')
        else if (continues) this.#continue(read.words, where)
        else await this.#command(read.words, where, [...above, file])
      }
    }
  }

  async #command(words: readonly DssWord[], where: Where, files: readonly string[]): Promise<void> {
    const [first, ...others] = words
    if (first === undefined) return
    if (first.name !== null) {
      this.#setProperty(first, others, where)
      return
    }
    switch (first.value.toLowerCase()) {
      case 'new':
        return this.#create(others, where)
      case 'edit':
        return this.#edit(others, where)
      case 'batchedit':
        return this.#batchEdit(others, where)
      case 'more':
      case 'm':
        return this.#continue(others, where)
      case 'redirect':
      case 'compile':
        return this.#redirect(others[0]?.value ?? '', where, files)
      case 'clear':
      case 'clearall':
        this.#elements.clear()
        this.#active = null
        this.#circuitName = null
        return
      case 'open':
      case 'close':
      case 'enable':
      case 'disable':
        return this.#switch(first.value.toLowerCase(), others[0]?.value ?? '', where)
      default:
        if (!otherCommands.has(first.value.toLowerCase())) this.#reading.problems.add(`'${first.value.slice(0, 40)}' is no command of OpenDSS`, where)
    }
  }

  async #redirect(name: string, where: Where, files: readonly string[]): Promise<void> {
    const file = await findFile(path.dirname(where.file ?? '.'), name)
    if (file === null) this.#reading.warnings.add(`there is no file ${name}; what it would define is left out`, where)
    else if (files.includes(file)) this.#reading.problems.add(`${name} is being read already`, where)
    else await this.read(file, files)
  }

  #create([head, ...words]: readonly DssWord[], where: Where): void {
    const element = head === undefined || (head.name !== null && !/^object$/i.test(head.name)) ? null : splitElement(head.value)
    if (element === null) {
      this.#reading.problems.add(`New is not followed by Class.Name`, where)
      this.#active = null
      return
    }
    const { className, name } = element
    const isCircuit = className === 'circuit'
    if (isCircuit) this.#circuitName = name
    const key = isCircuit ? 'vsource.source' : `${className}.${name.toLowerCase()}`
    const before = this.#elements.get(key)
    const isTaken = before !== undefined && isNetworkClass(before.className) && !className.endsWith('code') // of codes the last one holds
    if (isTaken) this.#reading.problems.add(`${className} ${name} occurs twice, first in ${path.basename(before.where.file ?? '')}:${before.where.line ?? ''}`, where)
    this.#active = { className: isCircuit ? 'vsource' : className, name: isCircuit ? 'source' : name, where, properties: [] }
    if (!isTaken) this.#elements.set(key, this.#active)
    this.#set(this.#active, words, where)
  }

  #edit([head, ...words]: readonly DssWord[], where: Where): void {
    const element = this.#find(head?.value ?? '', where)
    if (element === null) return
    this.#active = element
    this.#set(element, words, where)
  }

  /** `BatchEdit Load..* Vminpu=0.85`: every element of the class whose name fits the regular expression. */
  #batchEdit([head, ...words]: readonly DssWord[], where: Where): void {
    const target = splitElement(head?.value ?? '')
    let pattern: RegExp
    try {
      pattern = new RegExp(target?.name ?? '', 'i')
    } catch {
      this.#reading.problems.add(`'${target?.name ?? ''}' is no pattern of names`, where)
      return
    }
    for (const element of this.#elements.values()) if (element.className === target?.className && pattern.test(element.name)) this.#set(element, words, where)
  }

  /** `Line.LN1.enabled=no`. */
  #setProperty(first: DssWord, others: readonly DssWord[], where: Where): void {
    const path = first.name ?? ''
    const dot = path.lastIndexOf('.')
    const element = dot < 0 ? this.#active : this.#find(path.slice(0, dot), where)
    if (element === null) {
      if (dot < 0) this.#reading.problems.add(`'${path}=' belongs to no element`, where)
      return
    }
    this.#active = element
    this.#set(element, [{ ...first, name: path.slice(dot + 1) }, ...others], where)
  }

  #continue(words: readonly DssWord[], where: Where): void {
    if (this.#active === null) this.#reading.problems.add('the line continues nothing', where)
    else this.#set(this.#active, words, where)
  }

  #set(element: DssElement, words: readonly DssWord[], where: Where): void {
    if (!isNetworkClass(element.className)) return
    let last: string | null = null
    for (const { name: written, value } of words) {
      const name: string | null = written === null ? propertyAfter(element.className, last) : propertyName(element.className, written)
      if (name === null) continue // a value behind the last property that matters
      last = name
      if (name !== 'like') {
        element.properties.push({ name, value })
        continue
      }
      const other = this.#elements.get(`${element.className}.${value.toLowerCase()}`)
      if (other === undefined) this.#reading.problems.add(`there is no ${element.className} ${value} to be like`, where)
      else element.properties.push(...other.properties)
    }
  }

  #switch(command: string, target: string, where: Where): void {
    const element = this.#find(target, where)
    if (element === null) return
    const key = `${element.className}.${element.name.toLowerCase()}`
    if (command === 'open') this.#open.add(key)
    else if (command === 'close') this.#open.delete(key)
    else if (command === 'disable') this.#disabled.add(key)
    else this.#disabled.delete(key)
  }

  #readSwitchControl({ properties, where }: DssElement): void {
    const position = properties.findLast(({ name }) => name === 'action' || name === 'normal' || name === 'state')?.value ?? 'close'
    if (/^o/i.test(position)) this.#switch('open', lastValue(properties, 'switchedobj') ?? '', where)
  }

  #find(text: string, where: Where): DssElement | null {
    const element = splitElement(text)
    const found = element === null ? undefined : this.#elements.get(element.className === 'circuit' ? 'vsource.source' : `${element.className}.${element.name.toLowerCase()}`)
    if (found === undefined) this.#reading.problems.add(`there is no element '${text}'`, where)
    return found ?? null
  }
}

export function lastValue(properties: DssElement['properties'], name: string): string | null {
  return properties.findLast((property) => property.name === name)?.value ?? null
}

/** OpenDSS comes from a system that ignores case and writes `\` in paths. Also finds the file packed as `.gz`. */
async function findFile(directory: string, name: string): Promise<string | null> {
  const wanted = path.resolve(directory, name.replaceAll('\\', '/'))
  for (const file of [wanted, `${wanted}.gz`]) if ((await stat(file).catch(() => null))?.isFile() === true) return file
  const names = await readdir(path.dirname(wanted)).catch(() => [])
  const base = path.basename(wanted).toLowerCase()
  const found = names.find((other) => other.toLowerCase() === base) ?? names.find((other) => other.toLowerCase() === `${base}.gz`)
  return found === undefined ? null : path.join(path.dirname(wanted), found)
}
