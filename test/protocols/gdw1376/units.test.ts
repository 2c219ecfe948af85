import { describe, expect, test } from 'vitest'
import { gdw1376Codec } from '../../../src/protocols/gdw1376/codec.ts'
import { followAnswer } from '../../../src/protocols/gdw1376/answer.ts'
import type { Gdw1376Message, Gdw1376Unit } from '../../../src/protocols/gdw1376/message.ts'
import { isPlausibleUnitId, readUnitId } from '../../../src/protocols/gdw1376/unit-id.ts'
import { fromHex, toHex } from '../../../src/protocols/hex.ts'
import { Reader } from '../../../src/protocols/reader.ts'

const decode = (hex: string): Gdw1376Message => {
  const decoded = gdw1376Codec.decode(fromHex(hex.replace(/ /g, '')) as Uint8Array)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.message
}
const seq = { tpv: false, fir: true, fin: true, con: false, no: 1 } as const
/** A frame around application bytes, for layouts that no public frame shows. */
const frame = (control: number, afn: number, app: string): Gdw1376Message => decode(toHex(gdw1376Codec.encode({ preamble: 0, protocolId: 2, control, a1: '9612', a2: 0x3456, a3: 2, afn, seq, units: [], trailing: app.replace(/ /g, '') })))
const data = (message: Gdw1376Message): Gdw1376Unit['data'] => message.units[0]?.data

describe('data unit identifiers', () => {
  test.each([
    ['00000100', [0], [1]], ['01010400', [1], [3]], ['02018000', [2], [8]], ['80010101', [8], [9]], ['01020201', [9], [10]], ['01050103', [33], [25]],
    ['8008010b', [64], [89]], ['080d100c', [100], [101]], ['80ff0110', [2040], [129]], ['0701070b', [1, 2, 3], [89, 90, 91]], ['ff000100', 'all', [1]], ['01000100', '0100', [1]],
  ] as const)('%s names points %s and classes %s', (hex, pn, fn) => {
    const reader = new Reader(fromHex(hex) as Uint8Array)
    expect(isPlausibleUnitId(reader)).toBe(true)
    expect(readUnitId(reader)).toEqual({ pn, fn })
  })

  test('several points and classes are followed by the data of every combination, points first', () => {
    const message = frame(0x88, 0x0c, '03 01 80 00  01 02 03 04 05 06 07 08  11 12 13 14 15 16 17 18')
    expect(message.units.map(({ pn, fn }) => [pn, fn])).toEqual([[[1], [8]], [[2], [8]]])
    expect(message.units[1]?.data).toEqual({ flags: '1112131415161718' })
  })

  test('a request of class 2 may carry one time scale for all its classes, or one for each', () => {
    const scale = '15 00 05 06 24 01 04'
    expect(frame(0x4b, 0x0d, `01 01 07 0b ${scale}`).units).toEqual([{ pn: [1], fn: [89, 90, 91], data: { start: '2024-06-05 00:15', m: 1, n: 4 } }])
    expect(frame(0x4b, 0x0d, `01 01 03 0b ${scale} ${scale}`).units.map(({ fn }) => fn)).toEqual([[89], [90]])
  })

  test('an unknown class keeps the rest raw and says so', () => {
    const message = frame(0x88, 0x0c, '00 00 02 00 49 48 11 15 52 15 00 00 01 1e 11 22')
    expect(message.units).toHaveLength(1)
    expect(message).toMatchObject({ trailing: '0000011e1122', unparsed: 'AFN 12 F241 has no known layout' })
  })
})

test('leftovers that look like an identifier are no unit of an answer', () => {
  expect(frame(0x98, 0x0c, '00 00 02 00 49 48 11 15 52 15 01 01 01 10')).toMatchObject({ units: [{ fn: [2] }], trailing: '01010110' })
})

describe('editions', () => {
  const clock = '00 00 40 03 30 15 08 05 A6 24'
  test('PW has 16 bytes, or 2 where only that fits', () => {
    expect(frame(0x4a, 0x05, `${clock} ${'00'.repeat(16)}`)).toMatchObject({ aux: { pw: '00'.repeat(16) }, units: [{ data: { clock: '2024-06-05 08:15:30 (week 5)' } }] })
    expect(frame(0x4a, 0x05, `${clock} 1234`)).toMatchObject({ aux: { pw: '1234' }, units: [{ data: { clock: '2024-06-05 08:15:30 (week 5)' } }] })
  })

  const times = '05 18 09 12'
  const failures = (count: string): string => `00 08 05 06 24 ${count.repeat(4)} ${'01 00 00'.repeat(4)} ${times.repeat(4)} ${times.repeat(4)}`
  test.each([['12 00', 'counts'], ['12 00 00', 'wideCounts']])('phase-failure counters of %s are told by their length, at the end and between other units', (count, field) => {
    expect(data(frame(0x88, 0x0c, `01 01 02 03 ${failures(count)}`))).toMatchObject({ [field]: [12, 12, 12, 12] })
    expect(data(frame(0x88, 0x0c, `01 01 02 03 ${failures(count)} 00 00 02 00 49 48 11 15 52 15`))).toMatchObject({ [field]: [12, 12, 12, 12] })
  })

  test('a heartbeat comes with or without the clock', () => {
    expect(frame(0xc9, 0x02, '00 00 04 00').units).toEqual([{ pn: [0], fn: [3] }])
    expect(data(frame(0xc9, 0x02, '00 00 04 00 30 15 08 05 A6 24'))).toEqual({ clock: '2024-06-05 08:15:30 (week 5)' })
  })

  test('forwarding F10 is a trip in 2009 and a list of readings in 2013', () => {
    const target = '61 10 01 30 12 15'
    const pw = '00'.repeat(16)
    expect(data(frame(0x4a, 0x10, `00 00 02 01 1f 00 ${target} aa 04 11 22 33 44 ${pw}`))).toMatchObject({ target: '151230011061', action: 0xaa, password: '11223344' })
    expect(data(frame(0x4a, 0x10, `00 00 02 01 1f 00 ${target} 01 02 00 00 01 00 01 00 11 03 ${pw}`))).toMatchObject({ count: 2, identifiers: ['00000100', '01001103'] })
  })
})

describe('events', () => {
  const event = (record: string): unknown => (data(frame(0xc4, 0x0e, `00 00 01 00 05 00 04 05 ${record}`))?.['records'] as readonly unknown[])[0]
  test.each([
    ['2009, running', '0e 0a 30 14 05 06 24 ee ee ee ee ee', { erc: 14, le: 10, off: '2024-06-05 14:30', on: null }],
    ['2013, ended and confirmed', '0e 0b 03 30 14 05 06 24 10 16 05 06 24', { erc: 14, le: 11, attr: 3, off: '2024-06-05 14:30', on: '2024-06-05 16:10' }],
    ['2013, begin unknown', '0e 0b 01 ee ee ee ee ee 10 16 05 06 24', { erc: 14, le: 11, attr: 1, off: null, on: '2024-06-05 16:10' }],
    ['a meter fault', '0d 08 30 14 05 06 24 05 80 08', { erc: 13, le: 8, time: '2024-06-05 14:30', point: { pn: 5, starts: true }, flags: 8 }],
    ['a vendor event', '2e 03 01 02 03', { erc: 46, le: 3, raw: '010203' }],
    ['a length that no layout fills', '24 09 01 02 03 04 05 06 07 08 09', { erc: 36, le: 9, raw: '010203040506070809' }],
    ['a record longer than its layout', '0c 08 30 14 05 06 24 05 80 99', { erc: 12, le: 8, time: '2024-06-05 14:30', point: { pn: 5, starts: true }, rest: '99' }],
  ])('%s', (_, hex, expected) => {
    expect(event(hex)).toEqual(expected)
  })

  test('an outage becomes OFF while it runs and ON with both times when it ends, with its two flags', () => {
    const records = (record: string): unknown => gdw1376Codec.normalize(frame(0xc4, 0x0e, `00 00 01 00 05 00 04 05 ${record}`))[0]
    const base = { kind: 'event', deviceKind: 'TERMINAL', device: '96123456', name: 'terminal power off or on' }
    expect(records('0e 0a 30 14 05 06 24 ee ee ee ee ee')).toEqual({ ...base, event: 'OFF', occurredAt: '2024-06-05T14:30:00', endedAt: null, normal: null, valid: null })
    expect(records('0e 0b 03 30 14 05 06 24 10 16 05 06 24')).toEqual({ ...base, event: 'ON', occurredAt: '2024-06-05T14:30:00', endedAt: '2024-06-05T16:10:00', normal: true, valid: true })
    expect(records('0e 0b 01 30 14 05 06 24 10 16 05 06 24')).toMatchObject({ event: 'ON', normal: true, valid: false })
    expect(records('0e 0b 00 30 14 05 06 24 10 16 05 06 24')).toMatchObject({ event: 'ON', normal: false, valid: false })
  })
})

describe('the normal form', () => {
  test('a login and a heartbeat are link events of the terminal', () => {
    expect(gdw1376Codec.normalize(frame(0xc9, 0x02, '00 00 01 00'))).toEqual([{ kind: 'link', terminal: '96123456', event: 'LOGIN' }])
    expect(gdw1376Codec.normalize(frame(0xc9, 0x02, '00 00 04 00'))).toEqual([{ kind: 'link', terminal: '96123456', event: 'HEARTBEAT' }])
  })

  test('a curve starts where its answer says and keeps missing points', () => {
    expect(gdw1376Codec.normalize(frame(0x88, 0x0d, '04 01 01 0b 15 00 05 06 24 01 04 01 22 98 21 ee ee 05 22'))).toEqual([
      { kind: 'curve', meter: '96123456/p3', item: 'voltageA', unit: 'V', startAt: '2024-06-05T00:15:00', intervalMinutes: 15, values: ['220.1', '219.8', null, '220.5'] },
    ])
  })

  test('a density that is not defined gives no curve', () => {
    expect(gdw1376Codec.normalize(frame(0x88, 0x0d, '04 01 01 0b 15 00 05 06 24 07 01 01 22'))).toEqual([])
  })

  test('a daily freeze is the state at the end of its day', () => {
    expect(gdw1376Codec.normalize(frame(0x88, 0x0d, '01 01 01 14 29 02 24 05 00 01 03 24 01 00 45 23 01 00 00 10 05 00 00'))).toEqual([
      { kind: 'reading', meter: '96123456/p1', item: 'forwardActiveEnergy', unit: 'kWh', value: '123.4500', time: '2024-03-01T00:00:00', quality: 'GOOD' },
      { kind: 'reading', meter: '96123456/p1', item: 'forwardActiveEnergyT1', unit: 'kWh', value: '5.1000', time: '2024-03-01T00:00:00', quality: 'GOOD' },
    ])
  })

  test('power factors per cent become fractions, three-phase values get their phase', () => {
    const hex = '68 3e 01 3e 01 68 98 12 96 56 34 04 0c 64 10 01 01 03 26 14 01 08 10 73 11 01 25 37 00 25 37 00 24 37 00 00 01 00 00 00 00 00 00 00 00 00 00 99 09 00 10 00 10 00 10 90 21 00 22 90 21 00 17 00 90 16 00 90 16 00 ef ef ef ef ef ef ef ef ef ef ef ef ef ef ef f9 16'
    const readings = gdw1376Codec.normalize(decode(hex))
    const valueOf = (item: string): unknown => readings.find((reading) => 'item' in reading && reading.item === item)
    expect(valueOf('activePower')).toMatchObject({ value: '1.1173', unit: 'kW', time: '2010-08-01T14:26:00' })
    expect(valueOf('powerFactor')).toMatchObject({ value: '0.999', unit: '' })
    expect(valueOf('voltageB')).toMatchObject({ value: '220.0' })
    expect(valueOf('apparentPower')).toMatchObject({ value: null, quality: 'MISSING' })
  })

  test('a forwarded meter answer is the meter\'s own reading', () => {
    expect(gdw1376Codec.normalize(decode('68ae00ae0068a8000234120410e0000001001f14006861100130121568910833333433ab39333349164f00000650232105ae16'))).toEqual([
      { kind: 'reading', meter: '151230011061', item: 'forwardActiveEnergy', unit: 'kWh', value: '6.78', time: null, quality: 'GOOD' },
    ])
  })

  test('a direct reading is told apart by what its identifier can be', () => {
    const target = '61 10 01 30 12 15'
    expect(gdw1376Codec.normalize(frame(0x88, 0x10, `00 00 01 01 1f ${target} 05 08 00 00 01 00 78 06 00 00`))).toMatchObject([{ meter: '151230011061', item: 'forwardActiveEnergy', value: '6.78' }])
    expect(gdw1376Codec.normalize(frame(0x88, 0x10, `00 00 01 01 1f ${target} 05 06 10 90 78 06 00 00`))).toMatchObject([{ item: 'forwardActiveEnergy', value: '6.78' }])
  })

  test('times that cannot be are null, never an error', () => {
    expect(gdw1376Codec.normalize(frame(0x88, 0x0d, '04 01 01 0b 61 25 31 02 24 01 01 01 22'))).toMatchObject([{ startAt: null, values: ['220.1'] }])
  })
})

describe('answers of several frames', () => {
  const first = decode('686e006e00688812965634020d4f0101100c1500050624010278563400805634008916')
  const last = decode('686e006e00688812965634020d200101100c450005062401028856340090563400aa16')
  test('are followed by their numbers, which wrap at 16', () => {
    expect(followAnswer(first, 15, true)).toEqual({ state: 'more', nextNumber: 0 })
    expect(followAnswer(last, 0, false)).toEqual({ state: 'complete', nextNumber: 1 })
  })
  test('tell a repeated frame from a lost one', () => {
    expect(followAnswer(first, 0, false).state).toBe('duplicate')
    expect(followAnswer(last, 2, false).state).toBe('gap')
    expect(followAnswer(last, 0, true).state).toBe('gap')
  })
})

describe('messages that cannot be encoded name their field', () => {
  const good: Gdw1376Message = { preamble: 0, protocolId: 2, control: 0x4b, a1: '9612', a2: 1, a3: 2, afn: 0x0c, seq, units: [{ pn: [0], fn: [2] }] }
  test.each([
    ['aux.ec', { control: 0xa8 }], ['aux.tp', { seq: { ...seq, tpv: true } }], ['aux.pw', { aux: { pw: '00'.repeat(16) } }], ['a1', { a1: '96' }], ['a2', { a2: 70000 }], ['seq.no', { seq: { ...seq, no: 16 } }],
    ['units[0].pn', { units: [{ pn: [1, 9], fn: [1] }] }], ['units[0].fn', { units: [{ pn: [1], fn: [249] }] }], ['units[0].data', { units: [{ pn: [0], fn: [2], data: { clock: null } }] }], ['protocolId', { protocolId: 3 }],
  ])('%s', (field, change) => {
    expect(() => gdw1376Codec.encode({ ...good, ...change })).toThrow(`message field ${field}`)
  })
})
