import type { Where } from '../../core/errors.ts'
import type { ProblemList } from '../archive/problem-list.ts'
import type { DssCircuit, DssElement } from './dss-circuit.ts'
import { type DssBus, dssBus, dssList, dssNumber } from './dss-language.ts'

export interface DssTransformer {
  readonly name: string
  readonly where: Where
  readonly phases: number
  readonly windings: readonly DssWinding[]
}

export interface DssWinding {
  readonly bus: DssBus
  readonly kv: number
  readonly kva: number
  readonly isDelta: boolean
}

/** The winding of the highest voltage, as they stand: all of a transformer are written between phases or all to ground. */
export function highestWinding(transformer: DssTransformer): DssWinding {
  return transformer.windings.reduce((high, winding) => (winding.kv > high.kv ? winding : high))
}

/** None after a problem with its place. Codes hold where they stand among the properties; what comes later wins. */
export function readTransformer(element: DssElement, circuit: DssCircuit, problems: ProblemList): readonly DssTransformer[] {
  const { name, where } = element
  const windings: { bus: DssBus | null; kv: number; kva: number; isDelta: boolean }[] = []
  const winding = (index: number): (typeof windings)[number] => (windings[index] ??= { bus: null, kv: 12.47, kva: 1_000, isDelta: false }) // what OpenDSS takes when nothing is said
  let phases = 3
  let at = 0
  const set = (property: { readonly name: string; readonly value: string }): void => {
    const list = (apply: (one: (typeof windings)[number], value: string) => void): void => dssList(property.value).forEach((value, index) => apply(winding(index), value))
    const isDelta = (value: string): boolean => /^(d|ll)/i.test(value)
    switch (property.name) {
      case 'phases':
        phases = dssNumber(property.value)
        break
      case 'wdg':
        at = Math.max(0, Math.min(9, dssNumber(property.value) - 1 || 0))
        break
      case 'bus':
        winding(at).bus = dssBus(property.value)
        break
      case 'kv':
        winding(at).kv = dssNumber(property.value)
        break
      case 'kva':
        winding(at).kva = dssNumber(property.value)
        break
      case 'conn':
        winding(at).isDelta = isDelta(property.value)
        break
      case 'buses':
        list((one, value) => void (one.bus = dssBus(value)))
        break
      case 'kvs':
        list((one, value) => void (one.kv = dssNumber(value)))
        break
      case 'kvas':
        list((one, value) => void (one.kva = dssNumber(value)))
        break
      case 'conns':
        list((one, value) => void (one.isDelta = isDelta(value)))
        break
      case 'xfmrcode': {
        const code = circuit.find('xfmrcode', property.value)
        if (code === null) problems.add(`xfmrcode ${property.value} of transformer ${name} is not defined`, where)
        else code.properties.forEach(set)
        at = 0
      }
    }
  }
  element.properties.forEach(set)
  const complete = windings.flatMap((one) => (one === undefined || one.bus === null ? [] : [{ ...one, bus: one.bus }]))
  if (complete.length < 2) problems.add(`transformer ${name} has ${complete.length} buses, not 2 at least`, where)
  else if (complete.some(({ kv, kva }) => !(kv > 0 && kva > 0))) problems.add(`kV and kVA of transformer ${name} are not numbers above 0`, where)
  else if (!(phases >= 1)) problems.add(`phases of transformer ${name} is not a number above 0`, where)
  else return [{ name, where, phases, windings: complete }]
  return []
}
