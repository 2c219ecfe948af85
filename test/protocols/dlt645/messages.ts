import { commandOf, controlOf } from '../../../src/protocols/dlt645/control.ts'
import { dataItems, findDataItem } from '../../../src/protocols/dlt645/lookup.ts'
import type { Dlt645Message } from '../../../src/protocols/dlt645/message.ts'
import type { Layout, LayoutRecord, LayoutValue } from '../../../src/protocols/layout/layout.ts'
import { generate } from '../generate.ts'
import type { Random } from '../random.ts'


/** A concrete identifier of a table row, now and then its block. */
function drawDi(draw: Random, pattern: string): string {
  const tokens = pattern.split(' ')
  let blocked = false
  return tokens.map((token) => {
    const [low = '', high = low] = token.replace('*', '').split('-')
    const from = parseInt(low, 16)
    const to = parseInt(high, 16)
    if (token.endsWith('*') && !blocked && draw.below(4) === 0) {
      blocked = true
      return tokens.length === 2 ? ((to & 0xf0) | 0x0f).toString(16).padStart(2, '0') : 'ff'
    }
    return (from + draw.below(to - from + 1)).toString(16).padStart(2, '0')
  }).join('').toUpperCase()
}

/** The two identifiers whose values are made by hand: an active report and load records. */
function customs(): ReadonlyMap<Layout, (draw: Random) => LayoutValue> {
  const map = new Map<Layout, (draw: Random) => LayoutValue>()
  const put = (di: string, make: (draw: Random) => LayoutValue): void => {
    const layout = findDataItem(di)?.layout
    if (layout !== undefined) map.set(layout, make)
  }
  put('04001501', (draw) => {
    const flags = Array.from({ length: 96 }, (_, flag) => flag).filter(() => draw.below(12) === 0)
    return { flags, counts: flags.map(() => draw.below(256)) }
  })
  const n = (draw: Random, limit: number, scale: number): number => draw.below(limit) / scale
  const groups: readonly ((draw: Random) => LayoutValue)[] = [
    (draw) => ({ u: [n(draw, 10000, 10), null, n(draw, 10000, 10)], i: [n(draw, 8e5, 1000), n(draw, 8e5, 1000), null], frequency: n(draw, 10000, 100) }),
    (draw) => ({ p: [1, 2, 3, 4].map(() => n(draw, 8e5, 10000)), q: [1, 2, 3, 4].map(() => n(draw, 8e5, 10000)) }),
    (draw) => ({ pf: [1, 2, 3, 4].map(() => n(draw, 8000, 1000)) }),
    (draw) => ({ forwardActive: n(draw, 1e8, 100), reverseActive: n(draw, 1e8, 100), combinedReactive1: n(draw, 8e7, 100), combinedReactive2: n(draw, 8e7, 100) }),
    (draw) => ({ quadrants: [1, 2, 3, 4].map(() => n(draw, 1e8, 100)) }),
    (draw) => [1, 2, 3, 4].slice(0, 2 + 2 * draw.below(2)).map(() => n(draw, 8e5, 10000)),
  ]
  const time = (draw: Random): LayoutValue => `20${10 + draw.below(80)}-0${1 + draw.below(9)}-${10 + draw.below(19)} ${10 + draw.below(14)}:${10 + draw.below(50)}`
  put('06000000', (draw) => ({ records: [{ time: time(draw), ...Object.fromEntries(groups.flatMap((make, index) => (draw.below(3) === 0 ? [] : [[`class${index + 1}`, make(draw)]]))) }] }))
  groups.forEach((make, index) => {
    put(`060${index + 1}0000`, (draw) => (index < 5 && draw.below(2) === 0 ? { values: [make(draw)] } : { records: [{ time: time(draw), [`class${index + 1}`]: make(draw) }] }))
  })
  return map
}
const handMade = customs()

const fixedCommands = ['broadcast-clock', 'read-address', 'read-address-answer', 'write-answer', 'write-address', 'freeze', 'change-speed', 'change-password', 'change-password-answer', 'clear-demand', 'clear-meter', 'clear-events', 'relay-control', 'relay-control-answer', 'read-error', 'write-error', 'read-follow', 'security-error', 'multi-function-output', 'read-error-1997', 'write-error-1997', 'write-answer-1997', 'clear-demand-1997', 'change-password-1997']

/** Any message of the protocol's tables. Null where the drawn value is longer than a frame may be. */
export function drawDlt645(draw: Random): Dlt645Message {
  const address = draw.below(6) === 0 ? draw.pick(['AAAAAAAAAAAA', '999999999999']) : draw.below(1e12).toString().padStart(12, '0')
  const preamble = draw.below(5)
  if (draw.below(4) === 0) {
    const fn = fixedCommands[draw.below(fixedCommands.length)] as string
    const control = controlOf(fn) as number
    const command = commandOf(control, fn.endsWith('1997') ? 1997 : 2007)
    const { body: spec } = command
    const body: Record<string, LayoutValue> = {}
    if (spec.di > 0) body['di'] = draw.hex(spec.di).toUpperCase()
    for (const field of [...spec.before, ...spec.after]) body[field.name] = generate(field.layout, draw)
    return { preamble, address, control, fn: command.fn, edition: command.edition, body }
  }
  const edition = draw.below(4) === 0 ? 1997 : 2007
  const rows = dataItems[edition]
  const row = rows[draw.below(rows.length)] as (typeof rows)[number]
  const di = drawDi(draw, row.di)
  const found = findDataItem(di)
  const isRequest = draw.below(4) === 0
  const isWrite = draw.below(5) === 0
  const suffix = edition === 1997 ? '-1997' : ''
  const fn = isRequest ? `read${suffix}` : isWrite ? `write${suffix}` : `read-answer${suffix}`
  const control = controlOf(fn) as number
  const value = found === null ? null : generate(found.layout, draw, handMade)
  const login: LayoutRecord = isWrite && !isRequest ? { password: '02000000', ...(edition === 2007 ? { operator: '78563412' } : {}) } : {}
  return { preamble, address, control, fn, edition, body: isRequest ? { di } : { di, ...login, value } }
}
