import { describe, expect, test } from 'vitest'
import { dlt645Codec } from '../../../src/protocols/dlt645/codec.ts'
import { assembleDlt645, followRequest } from '../../../src/protocols/dlt645/follow.ts'
import type { Dlt645Message } from '../../../src/protocols/dlt645/message.ts'
import { fromHex, toHex } from '../../../src/protocols/hex.ts'
import type { LayoutRecord } from '../../../src/protocols/layout/layout.ts'

const decode = (hex: string): Dlt645Message => {
  const decoded = dlt645Codec.decode(fromHex(hex) as Uint8Array)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.message
}
/** A frame around data without 33H, for values that no public frame shows. */
const frame = (control: number, data: string, edition: 1997 | 2007 = 2007): Dlt645Message => {
  const bytes = dlt645Codec.encode({ preamble: 0, address: '000000000161', control, fn: '', edition, body: { data: data.replace(/ /g, '') } })
  const decoded = dlt645Codec.decode(bytes, { edition })
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.message
}
const value = (data: string): unknown => frame(0x91, data).body['value']

describe('worked examples of the standard', () => {
  test.each([
    ['read address', 'fe fe fe fe 68 aa aa aa aa aa aa 68 13 00 df 16', 'read-address', {}],
    ['demand with its time', '68 61 01 00 00 00 00 68 91 0C 33 33 34 34 89 67 45 48 3B 38 39 57 1D 16', 'read-answer', { di: '01010000', value: { value: 12.3456, time: '2024-06-05 08:15' } }],
    ['broadcast clock', '68 99 99 99 99 99 99 68 08 06 84 3B 55 38 39 57 50 16', 'broadcast-clock', { time: '2024-06-05 22:08:51' }],
    ['freeze now', '68 99 99 99 99 99 99 68 16 04 CC CC CC CC B0 16', 'freeze', { at: '99-99 99:99' }],
    ['write the time', '68 61 01 00 00 00 00 68 14 0F 35 34 33 37 35 33 33 33 34 33 33 33 63 78 43 E1 16', 'write', { di: '04000102', password: '02000000', operator: '01000000', value: { time: '10:45:30' } }],
    ['request of a load record', '68 61 01 00 00 00 00 68 11 0A 34 33 34 39 34 48 33 38 39 57 98 16', 'read', { di: '06010001', count: 1, from: '2024-06-05 00:15' }],
    ['daily freeze', '68 61 01 00 00 00 00 68 91 18 34 34 39 38 33 33 34 33 33 43 33 33 33 53 33 33 33 63 33 33 33 73 33 33 51 16', 'read-answer', { di: '05060101', value: [100, 10, 20, 30, 40] }],
    ['negative current (three decimals: the sign, 005, 000)', '68 61 01 00 00 00 00 68 91 07 33 34 35 35 33 83 B3 04 16', 'read-answer', { di: '02020100', value: -5 }],
    ['read of 1997', '68 54 07 13 00 80 13 68 01 02 43 C3 DA 16', 'read-1997', { di: '9010' }],
  ])('%s', (_, hex, fn, body) => {
    const message = decode(hex.replace(/ /g, ''))
    expect([message.fn, message.body]).toEqual([fn, body])
    expect(toHex(dlt645Codec.encode(message))).toBe(hex.replace(/ /g, '').toLowerCase())
  })
})

describe('values at their edges', () => {
  test.each([
    ['digits A to F are missing, not a number', '00 01 01 02 1a 22', null],
    ['all FF is missing', '00 01 01 02 ff ff', null],
    ['all EE is missing', '00 00 01 00 ee ee ee ee', null],
    ['a register at its end', '00 00 01 00 99 99 99 99', 999999.99],
    ['zeros stay zero', '00 00 01 00 00 00 00 00', 0],
    ['the sign is the top bit', '00 00 00 00 26 01 00 80', -1.26],
    ['the sign leaves three bits', '00 00 03 02 99 99 f9', -79.9999],
    ['minus zero is zero', '00 00 03 02 00 00 80', 0],
    ['a power factor above one', '00 00 06 02 00 12', 1.2],
    ['a negative temperature', '07 00 80 02 35 81', -13.5],
    ['the 29th of February', '01 01 00 04 04 29 02 24', { weekday: 4, date: '2024-02-29' }],
    ['the year 2099', '01 00 11 03 59 59 23 31 12 99 00 00 00 00 00 00', { off: '2099-12-31 23:59:59', on: '2000-00-00 00:00:00' }],
    ['25:61 o\'clock is repeated as told', '02 01 00 04 00 61 25', { time: '25:61:00' }],
    ['text that travels last character first', '04 04 00 04 00 00 56 30 32 32', '220V'],
    ['six status words and a seventh', 'ff 05 00 04 04 00 00 00 10 00 80 00 00 00 00 00 20 00', { word1: 4, word2: 0, word3: 16, word4: 128, word5: 0, word6: 0, word7: 32 }],
    ['a block shorter than usual', '00 ff 01 00 29 01 00 00', [1.29]],
    ['an active report with its counts', `01 15 00 04 ${'00 '.repeat(8)}20 04 00 00 aa 02 01 aa`, { flags: [69, 74], counts: [2, 1] }],
    ['hourly freeze without separators', '01 ff 04 05 00 08 05 06 24 45 23 01 00 00 00 00 00', { freezeTime: '2024-06-05 08:00', forwardActive: 123.45, reverseActive: 0 }],
    ['hourly freeze with separators', '01 ff 04 05 00 08 05 06 24 aa 45 23 01 00 aa 00 00 00 00 aa', { freezeTime: '2024-06-05 08:00', separator: null, forwardActive: 123.45, reverseActive: 0 }],
    ['a point curve from its start', '01 01 10 06 15 00 05 06 24 01 22 ff ff', { start: '2024-06-05 00:15', values: [220.1, null] }],
  ])('%s', (_, data, expected) => {
    expect(value(data)).toEqual(expected)
  })

  test('1997 voltages are whole volts, its powers have no sign', () => {
    expect(frame(0x81, '11 b6 21 02', 1997).body['value']).toBe(221)
    expect(frame(0x81, '30 b6 00 50 82', 1997).body['value']).toBe(82.5)
  })

  test('a 1997 block may be closed with AA, which comes back', () => {
    const message = frame(0x81, '1f 90 00 01 00 00 00 02 00 00 aa', 1997)
    expect(message.body).toEqual({ di: '901F', value: [1, 2], blockEnd: true })
    expect(dlt645Codec.decode(dlt645Codec.encode(message))).toEqual({ ok: true, message })
  })

  test('a value that does not fit its identifier stays as bytes', () => {
    expect(frame(0x91, '00 01 01 02 01').body).toEqual({ di: '02010100', data: '01' })
    expect(frame(0x91, '78 56 34 f2 01 02').body).toEqual({ di: 'F2345678', data: '0102' })
  })

  test('03H is a security command, or a re-read when the meter is of 1997', () => {
    expect(frame(0x03, '01 02 03 04 05').fn).toBe('security')
    expect(frame(0x03, '', 1997).fn).toBe('re-read-1997')
  })
})

describe('load records', () => {
  const body = (data: string): LayoutRecord => (value(data) as { records: readonly LayoutRecord[] }).records[0] as LayoutRecord
  const published = 'a0 a0 1c 05 00 01 01 17 99 23 10 24 07 24 00 00 00 00 00 00 00 00 00 00 50 aa aa aa aa aa aa'

  test('the published record reads as published, absent classes have no field', () => {
    expect(body(`02 00 00 06 ${published} e1 e5`)).toEqual({ time: '2017-01-01 00:05', class1: { u: [239.9, 241, 240.7], i: [0, 0, 0], frequency: 50 } })
  })

  test('a wrong sum of the device is kept', () => {
    expect(body(`02 00 00 06 ${published} e2 e5`)['check']).toBe(0xe2)
  })

  test('two records follow one another', () => {
    expect((value(`00 00 00 06 ${published} e1 e5 ${published} e1 e5`) as { records: unknown[] }).records).toHaveLength(2)
  })

  test('a record that is cut, or lacks its end, stays as bytes', () => {
    expect(frame(0x91, `02 00 00 06 ${published} e1 e4`).body['value']).toBeUndefined()
    expect(frame(0x91, `02 00 00 06 ${published}`).body['value']).toBeUndefined()
  })

  test('class 6 may have four values', () => {
    expect(body('02 00 00 06 a0 a0 17 05 00 01 01 17 aa aa aa aa aa 01 00 00 02 00 00 03 00 00 04 00 00 aa 4c e5')['class6']).toEqual([0.0001, 0.0002, 0.0003, 0.0004])
  })

  test('one class alone comes framed or bare', () => {
    expect(value('02 00 03 06 00 10 00 09 00 08 00 07')).toEqual({ values: [{ pf: [1, 0.9, 0.8, 0.7] }] })
  })
})

describe('follow-up frames', () => {
  const first = frame(0xb1, '00 ff 01 00 29 01 00 00 62')
  const second = frame(0xb2, '00 ff 01 00 00 00 00 60 00 01')
  const third = frame(0x92, '00 ff 01 00 00 00 02')

  test('are glued in their order and read as one answer', () => {
    expect(assembleDlt645(first, [second, third])).toMatchObject({ control: 0x91, body: { di: '0001FF00', value: [1.29, 0.62, 0.6] } })
  })
  test('refuse a gap, another identifier and an end that is missing', () => {
    expect(assembleDlt645(first, [third])).toBeNull()
    expect(assembleDlt645(first, [second])).toBeNull()
    expect(assembleDlt645(first, [frame(0x92, '01 15 00 04 00 01')])).toBeNull()
  })
  test('are asked for with the identifier and the next number', () => {
    expect(toHex(dlt645Codec.encode(followRequest(decode('68129078563412689108333334338967453354 16'.replace(' ', '')), 1)))).toMatch(/^681290785634126812053333343334/)
  })
})

describe('the normal form', () => {
  const normal = (data: string, control = 0x91): unknown => dlt645Codec.normalize(frame(control, data))
  const reading = { kind: 'reading', meter: '000000000161', time: null, quality: 'GOOD' }
  test.each([
    ['one phase', '00 02 01 02 01 22', [{ ...reading, item: 'voltageB', unit: 'V', value: '220.1' }]],
    ['a block of phases with one missing', '00 ff 01 02 01 22 ff ff', [{ ...reading, item: 'voltageA', unit: 'V', value: '220.1' }, { ...reading, item: 'voltageB', unit: 'V', value: null, quality: 'MISSING' }]],
    ['a tariff', '00 02 01 00 26 00 00 00', [{ ...reading, item: 'forwardActiveEnergyT2', unit: 'kWh', value: '0.26' }]],
    ['a settlement day', '01 00 01 00 26 00 00 00', [{ ...reading, item: 'forwardActiveEnergySettlement1', unit: 'kWh', value: '0.26' }]],
    ['the newest daily freeze', '01 01 06 05 26 00 00 00', [{ ...reading, item: 'forwardActiveEnergyDay1', unit: 'kWh', value: '0.26' }]],
    ['a maximum demand', '00 00 01 01 56 34 12 15 08 05 06 24', [{ ...reading, item: 'forwardActiveDemand', unit: 'kW', value: '12.3456', time: '2024-06-05T08:15:00' }]],
    ['a power-off counter', '00 00 11 03 12 00 00', [{ ...reading, item: 'powerOffCount', unit: '', value: '12' }]],
    ['never any power off', '01 00 11 03 00 00 00 00 00 00 00 00 00 00 00 00', []],
  ])('%s', (_, data, expected) => {
    expect(normal(data)).toEqual(expected)
  })

  test('a power-off record is OFF while it runs and ON when it has ended', () => {
    expect(normal('01 00 11 03 00 05 14 05 06 24 00 00 00 00 00 00')).toMatchObject([{ kind: 'event', deviceKind: 'METER', event: 'OFF', occurredAt: '2024-06-05T14:05:00', endedAt: null }])
    expect(normal('01 00 11 03 00 05 14 05 06 24 30 45 16 05 06 24')).toMatchObject([{ event: 'ON', occurredAt: '2024-06-05T14:05:00', endedAt: '2024-06-05T16:45:30' }])
  })
  test('requests and errors have none', () => {
    expect(normal('00 00 01 00', 0x11)).toEqual([])
    expect(normal('02', 0xd1)).toEqual([])
  })
})

describe('messages that cannot be encoded name their field', () => {
  const good: Dlt645Message = { preamble: 0, address: '000000000161', control: 0x91, fn: 'read-answer', edition: 2007, body: { di: '02010100', value: 220.1 } }
  test.each([
    ['body.value', { body: { di: '02010100', value: 2200 } }], ['body.value', { body: { di: 'F2345678', value: 1 } }], ['body.di', { body: { di: '02' } }], ['address', { address: '12345678901234' }], ['control', { control: 300 }], ['body.password', { control: 0x14, body: { di: '04000102' } }],
  ])('%s', (field, change) => {
    expect(() => dlt645Codec.encode({ ...good, ...change })).toThrow(`message field ${field}`)
  })
})
