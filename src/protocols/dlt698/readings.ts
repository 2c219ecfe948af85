import { decimalText } from '../items.ts'
import type { Apdu, Csd, Data, NormalResult, RecordResult } from './message.ts'
import { findQuantity } from './objects.ts'

/** Scaled numbers behind one OAD, flat, in the order of the wire; null where the device had no value. */
export interface EngineeringReading {
  readonly oad: string
  readonly values: readonly (number | null)[]
  readonly unit: string
}

/** An exact integer of a Data, or null when it is none. */
export function integerOf(data: Data): bigint | null {
  switch (data.type) {
    case 'double-long':
    case 'double-long-unsigned':
    case 'integer':
    case 'long':
    case 'unsigned':
    case 'long-unsigned':
    case 'enum':
      return BigInt(data.value)
    case 'long64':
    case 'long64-unsigned':
      return BigInt(data.value)
    default:
      return null
  }
}

/** The APDU that carries the data: the inner one of a security envelope, else the APDU itself. */
export function plainApdu(apdu: Apdu): Apdu {
  return (apdu.service === 'SECURITY-Request' || apdu.service === 'SECURITY-Response') && apdu.innerApdu !== undefined ? plainApdu(apdu.innerApdu) : apdu
}

/** Engineering values of everything in a response or report whose scale the catalogue knows. */
export function engineeringReadings(apdu: Apdu): readonly EngineeringReading[] {
  const { normals, records } = reported(plainApdu(apdu))
  return [...normals.flatMap(({ oad, data }) => (data === undefined ? [] : reading(oad, [data]))), ...records.flatMap(columns)]
}

/** Every A-ResultNormal and A-ResultRecord of an APDU, follow reports included. */
export function reported(apdu: Apdu): { readonly normals: readonly NormalResult[]; readonly records: readonly RecordResult[] } {
  const normals: NormalResult[] = []
  const records: RecordResult[] = []
  if (apdu.service === 'GET-Response' || apdu.service === 'REPORT-Notification') {
    normals.push(...(apdu.results ?? []))
    records.push(...(apdu.records ?? []))
  } else if (apdu.service === 'SET-Response' || apdu.service === 'ACTION-Response') {
    for (const item of apdu.items) if (item.get !== undefined) normals.push(item.get)
  } else if (apdu.service === 'PROXY-Response') {
    for (const item of (apdu.targets ?? []).flatMap((target) => target.items)) {
      if ('get' in item && item.get !== undefined) normals.push(item.get)
      else if ('oad' in item) normals.push(item)
    }
    if (apdu.record !== undefined) records.push(apdu.record)
  }
  if ('followReport' in apdu && apdu.followReport !== undefined && apdu.followReport !== null) {
    if ('normals' in apdu.followReport) normals.push(...apdu.followReport.normals)
    else records.push(...apdu.followReport.records)
  }
  return { normals, records }
}

function columns(record: RecordResult): readonly EngineeringReading[] {
  const rows = record.rows ?? []
  return record.rcsd.flatMap((column, index) => {
    const cells = rows.flatMap((row) => row[index] ?? [])
    if (typeof column === 'string') return reading(column, cells)
    return column.oads.flatMap((oad, member) => reading(oad, cells.flatMap((cell) => memberOf(cell, column, member) ?? [])))
  })
}

/** Value of one related column in the cell of a ROAD column; structures are accepted for arrays. */
export function memberOf(cell: Data, column: Exclude<Csd, string>, member: number): Data | undefined {
  if (cell.type !== 'array' && cell.type !== 'structure') return undefined
  return cell.value.length === column.oads.length ? cell.value[member] : undefined
}

function reading(oad: string, cells: readonly Data[]): readonly EngineeringReading[] {
  const quantity = findQuantity(oad)
  if (quantity === undefined || cells.length === 0) return []
  const values = cells.flatMap((cell) => numbers(cell, quantity.scale))
  return [{ oad, values, unit: quantity.unit }]
}

function numbers(data: Data, scale: number): readonly (number | null)[] {
  if (data.type === 'NULL') return [null]
  if (data.type === 'array') return data.value.flatMap((member) => numbers(member, scale))
  // a demand is {value, time of occurrence}
  if (data.type === 'structure') return data.value.slice(0, 1).flatMap((member) => numbers(member, scale))
  const whole = integerOf(data)
  return whole === null ? [] : [Number(decimalText(whole, -scale))]
}
