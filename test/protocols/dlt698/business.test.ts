import { describe, expect, it } from 'vitest'
import { answerLink, answerReport, broadcastClock, collectedRecord, dateTime, eventRecord, getCollected, getNextBlock, getRecord, getRequest, getResponse, masterRequest, meterOutageRecord, proxyGet, proxyTransparent, setRequest, terminalLink, terminalOutageRecord, terminalReport, terminalResponse, time, tsa } from '../../../src/protocols/dlt698/build.ts'
import { decodeApdu } from '../../../src/protocols/dlt698/apdu.ts'
import { dlt698Codec } from '../../../src/protocols/dlt698/codec.ts'
import type { Data, Dlt698Message } from '../../../src/protocols/dlt698/message.ts'
import { findQuantity } from '../../../src/protocols/dlt698/objects.ts'
import { vectorsOf } from '../vector-files.ts'

const terminal = { address: '330100112233' }
const hexOf = (message: Dlt698Message): string => Buffer.from(dlt698Codec.encode(message)).toString('hex')
const publicHex = (id: string): string => vectorsOf('dlt698-constructed').find((vector) => vector.id === id)?.hex ?? vectorsOf('dlt698').find((vector) => vector.id === id)?.hex ?? ''
function read(hex: string): Dlt698Message {
  const decoded = dlt698Codec.decode(Buffer.from(hex, 'hex'))
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.message
}
const sent = (message: Dlt698Message): Dlt698Message => read(hexOf(message))
const normal = (message: Dlt698Message): ReturnType<typeof dlt698Codec.normalize> => dlt698Codec.normalize(sent(message))
const off = { meter: '000000112233', startedAt: '2026-10-08T14:03:25', endedAt: null, sequence: 7, reportedAt: '2026-10-08T14:03:25' }

describe('what a terminal sends', () => {
  it('logs out with the bytes of the public example', () => {
    expect(hexOf(terminalLink(terminal, { type: 'logout', seq: 3, heartbeatS: 0, at: '2026-10-08T14:41:00' }))).toBe(publicHex('c-logout'))
  })

  it('reports two meters without supply with the bytes of the public example', () => {
    expect(hexOf(terminalReport(terminal, 5, [meterOutageRecord([off, { ...off, meter: '000000112234', sequence: 0 }])]))).toBe(publicHex('c-hplc-outage-2meters'))
  })

  it('reports a meter that is back, with and without its start', () => {
    const back = { ...off, endedAt: '2026-10-08T14:41:02', reportedAt: '2026-10-08T14:41:02' }
    expect(hexOf(terminalReport(terminal, 6, [meterOutageRecord([back])]))).toBe(publicHex('c-hplc-restore'))
    expect(normal(terminalReport(terminal, 7, [meterOutageRecord([{ ...back, startedAt: null }])]))).toEqual([{ kind: 'event', deviceKind: 'METER', device: '000000112233', event: 'ON', name: 'power down', occurredAt: null, endedAt: '2026-10-08T14:41:02', normal: null, valid: null }])
  })

  it('reports its own power off and on with the bytes of the public examples', () => {
    const outage = { sequence: 24, startedAt: '2026-10-08T14:03:25', endedAt: null, normal: true, valid: true }
    expect(hexOf(terminalReport(terminal, 11, [terminalOutageRecord(outage)]))).toBe(publicHex('c-3106-off'))
    expect(hexOf(terminalReport(terminal, 12, [terminalOutageRecord({ ...outage, sequence: 25, endedAt: '2026-10-08T14:41:00' })]))).toBe(publicHex('c-3106-on'))
  })

  it('answers a list in the order of the request, with its addresses and function', () => {
    const request = masterRequest({ ...terminal, client: 16 }, getRequest(6, ['20000200', '20300200']))
    const voltage: Data = { type: 'array', value: [2417, 2408, 2421].map((value) => ({ type: 'long-unsigned', value })) }
    expect(hexOf(terminalResponse(request, getResponse(6, [{ oad: '20000200', data: voltage }, { oad: '20300200', dar: 6 }])))).toBe(publicHex('c-get-mixed-dar'))
  })

  it('sends daily freezes whose readings carry the meter, the freeze time and exact values', () => {
    const energy: Data = { type: 'array', value: [123456, 23456].map((value) => ({ type: 'double-long-unsigned', value })) }
    const report = terminalReport(terminal, 1, [collectedRecord('50040200', ['20210200', '00100200'], [{ meter: '000000112233', collectedAt: '2026-10-09T00:05:00', values: [time('2026-10-09T00:00:00'), energy] }])])
    expect(normal(report)).toEqual([
      { kind: 'reading', meter: '000000112233', item: 'forwardActiveEnergy', unit: 'kWh', value: '1234.56', time: '2026-10-09T00:00:00', quality: 'GOOD' },
      { kind: 'reading', meter: '000000112233', item: 'forwardActiveEnergyT1', unit: 'kWh', value: '234.56', time: '2026-10-09T00:00:00', quality: 'GOOD' },
    ])
  })
})

describe('what a master sends', () => {
  it('answers a logout with the bytes of the public example', () => {
    const answer = answerLink(read(publicHex('c-logout')), { receivedAt: '2026-10-08T14:41:00.200', answeredAt: '2026-10-08T14:41:00.201', clockTrusted: true })
    expect(answer === null ? '' : hexOf(answer)).toBe(publicHex('c-link-resp'))
  })

  it.each([['c-hplc-outage-2meters', 'c-report-ack-60120300'], ['c-3106-on', 'c-report-ack-3106'], ['c-meter-3011-off-in-trans', 'c-report-ack-trans']])('acknowledges %s as %s', (report, acknowledgement) => {
    const answer = answerReport(read(publicHex(report)))
    expect(answer === null ? '' : hexOf(answer)).toBe(publicHex(acknowledgement))
  })

  it('acknowledges a scrambled report scrambled, and a secured one in a SECURITY-Response', () => {
    const scrambled = answerReport(read(publicHex('c-3106-on-scrambled')))
    expect(scrambled?.frame.control).toMatchObject({ raw: 0x0b, scrambled: 1 })
    const secured = answerReport(read(publicHex('c-meter-3011-on-secure')), { kind: 'MAC', mac: '01020304' })
    expect(secured === null ? null : sent(secured).apdu).toMatchObject({ service: 'SECURITY-Response', encrypted: false, innerApdu: { service: 'REPORT-Response', choice: 2, oads: ['30110201'], piid: { seq: 2 } }, verify: { kind: 'MAC', mac: '01020304' } })
  })

  it('answers nothing to what is no report and no link request', () => {
    const get = masterRequest(terminal, getRequest(1, ['40010200']))
    expect(answerReport(get)).toBeNull()
    expect(answerLink(get, { receivedAt: '2026-10-08T14:41:00', answeredAt: '2026-10-08T14:41:00', clockTrusted: false })).toBeNull()
  })

  it('builds reads, records, sets, clock commands and forwarding that come back as they were', () => {
    const messages = [
      masterRequest({ ...terminal, client: 10 }, getRequest(1, ['40010200'])),
      masterRequest(terminal, getRequest(2, ['20000200', '20010200'])),
      masterRequest(terminal, getRecord(3, { oad: '50040200', rsd: { choice: 9, n: 1 }, rcsd: [] })),
      masterRequest(terminal, getCollected(4, { start: '2026-10-08T00:00:00', end: '2026-10-09T00:00:00', minutes: 15, meters: { choice: 3, addresses: [tsa('000000112233')] }, table: '50020200', oads: ['20210200', '00100200'] })),
      masterRequest(terminal, getNextBlock(5, 1)),
      masterRequest(terminal, setRequest(6, [{ oad: '4500020C', data: { type: 'long-unsigned', value: 300 } }])),
      masterRequest(terminal, proxyGet(7, { timeoutS: 100, meterTimeoutS: 30, meters: ['000000112233'], oads: ['00100201'] })),
      masterRequest(terminal, proxyTransparent(8, { port: 'F2010201', frameHex: '68010203040506681104333334331416', waitFrameS: 10, waitByteMs: 100 })),
    ]
    for (const message of messages) expect(sent(message)).toEqual(message)
    expect(hexOf(broadcastClock(0, '2017-06-05T10:24:12'))).toBe(publicHex('nuc-broadcast-time'))
  })

  it('refuses a message that is none, naming the field', () => {
    const message = masterRequest(terminal, getRequest(1, ['4001']))
    expect(() => dlt698Codec.encode(message)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining('message.apdu.oad') as string }) as Error)
    const piid = { ...message, apdu: { ...message.apdu, oad: '40010200', piid: { raw: 5, priority: 0, seq: 6 } } } as Dlt698Message
    expect(() => dlt698Codec.encode(piid)).toThrow('message.apdu.piid.seq: does not agree with raw 5')
  })
})

describe('outage decisions', () => {
  const event = (rcsd: readonly string[], row: readonly Data[], oad = '31060200'): object | undefined => normal(terminalReport(terminal, 1, [{ oad, rcsd, rows: [row] }]))[0]
  const start = time('2026-10-08T14:03:25')
  const end = time('2026-10-08T14:41:00')

  it('takes off and on of a terminal from the source, not from the end time', () => {
    expect(event(['201E0200', '20200200', '20240200'], [start, end, { type: 'enum', value: 0 }])).toMatchObject({ event: 'OFF', occurredAt: '2026-10-08T14:03:25', endedAt: null })
    expect(event(['20240200', '20200200', '201E0200'], [{ type: 'enum', value: 1 }, end, start])).toMatchObject({ event: 'ON', occurredAt: '2026-10-08T14:03:25', endedAt: '2026-10-08T14:41:00' })
  })

  it('reads the two flags of a terminal from the most significant bits', () => {
    const flags = (value: string): Data => ({ type: 'bit-string', bits: 8, value })
    const columns = ['201E0200', '20200200', '20240200', '33090206']
    const source: Data = { type: 'enum', value: 0 }
    expect(event(columns, [start, { type: 'NULL' }, source, flags('80')])).toMatchObject({ normal: true, valid: false })
    expect(event(columns, [start, { type: 'NULL' }, source, flags('40')])).toMatchObject({ normal: false, valid: true })
    expect(event(columns.slice(0, 3), [start, { type: 'NULL' }, source])).toMatchObject({ normal: null, valid: null })
  })

  it('takes an end of all FF as none', () => {
    expect(event(['201E0200', '20200200'], [start, time('unspecified')], '30110201')).toMatchObject({ event: 'OFF', deviceKind: 'METER', device: '330100112233', endedAt: null })
  })

  it('finds the record whatever the order of its columns, and as a structure of one record read by index', () => {
    const unit: Data = { type: 'structure', value: [{ type: 'double-long-unsigned', value: 12 }, start, { type: 'NULL' }, { type: 'NULL' }, { type: 'NULL' }] }
    const answer = terminalResponse(masterRequest({ address: '000000112233' }, getRequest(1, ['30110201'])), getResponse(1, [{ oad: '30110201', data: unit }]))
    expect(normal(answer)).toEqual([{ kind: 'event', deviceKind: 'METER', device: '000000112233', event: 'OFF', name: 'power down', occurredAt: '2026-10-08T14:03:25', endedAt: null, normal: null, valid: null }])
  })

  it.each([
    ['35030200', 'TRIP', 'SWITCH'], ['3E200200', 'TRIP', 'SWITCH'], ['35040200', 'TRIP', 'SWITCH'], ['301F0200', 'TRIP', 'METER'],
    ['30300200', 'MODULE_CHANGED', 'METER'], ['30120200', 'OTHER', 'METER'], ['31120200', 'OTHER', 'TERMINAL'], ['30000700', 'OTHER', 'METER'],
  ] as const)('names %s a %s of a %s', (oad, kind, deviceKind) => {
    expect(normal(terminalReport(terminal, 1, [eventRecord(oad, { sequence: 1, startedAt: '2026-10-08T14:03:25', endedAt: null, source: { type: 'NULL' } })]))).toMatchObject([{ event: kind, deviceKind }])
  })

  it('gives an event about a meter to the meter that its source names', () => {
    expect(normal(terminalReport(terminal, 1, [eventRecord('31050200', { sequence: 1, startedAt: '2026-10-08T14:03:25', endedAt: null, source: { type: 'TSA', value: tsa('000000112299') } })]))).toMatchObject([{ deviceKind: 'METER', device: '000000112299', name: 'meter clock deviation' }])
  })
})

describe('values', () => {
  const one = (oad: string, data: Data): object | undefined => normal(terminalResponse(masterRequest(terminal, getRequest(1, [oad])), getResponse(1, [{ oad, data }])))[0]

  it.each<[string, string, Data, string, string, string]>([
    ['energy', '00100201', { type: 'double-long-unsigned', value: 99999999 }, 'forwardActiveEnergy', '999999.99', 'kWh'],
    ['energy of four decimals', '00100401', { type: 'long64-unsigned', value: '12345678' }, 'forwardActiveEnergy', '1234.5678', 'kWh'],
    ['negative combined energy', '00000201', { type: 'double-long', value: -5 }, 'combinedActiveEnergy', '-0.05', 'kWh'],
    ['energy of tariff 2 by index', '00200203', { type: 'double-long-unsigned', value: 7 }, 'reverseActiveEnergyT2', '0.07', 'kWh'],
    ['energy of phase B', '00120201', { type: 'double-long-unsigned', value: 7 }, 'forwardActiveEnergyB', '0.07', 'kWh'],
    ['quadrant I', '00500201', { type: 'double-long-unsigned', value: 100 }, 'quadrant1ReactiveEnergy', '1.00', 'kvarh'],
    ['demand with its time', '10100201', { type: 'structure', value: [{ type: 'double-long-unsigned', value: 12345 }, time('2026-10-08T14:00:00')] }, 'forwardActiveDemand', '1.2345', 'kW'],
    ['voltage of phase C', '20000203', { type: 'long-unsigned', value: 2301 }, 'voltageC', '230.1', 'V'],
    ['negative current', '20010201', { type: 'double-long', value: -1 }, 'currentA', '-0.001', 'A'],
    ['neutral current', '20010400', { type: 'double-long', value: 250 }, 'neutralCurrent', '0.250', 'A'],
    ['active power in kW', '20040201', { type: 'double-long', value: -12345 }, 'activePower', '-1.2345', 'kW'],
    ['reactive power of phase A in kvar', '20050202', { type: 'double-long', value: 1 }, 'reactivePowerA', '0.0001', 'kvar'],
    ['power factor', '200A0201', { type: 'long', value: -987 }, 'powerFactor', '-0.987', ''],
    ['frequency', '200F0200', { type: 'long-unsigned', value: 4998 }, 'frequency', '49.98', 'Hz'],
    ['frequency of a wider type', '200F0200', { type: 'double-long-unsigned', value: 4998 }, 'frequency', '49.98', 'Hz'],
    ['temperature below zero', '20100200', { type: 'long', value: -35 }, 'temperature', '-3.5', '°C'],
  ])('reads %s', (_, oad, data, item, value, unit) => {
    expect(one(oad, data)).toMatchObject({ item, value, unit, quality: 'GOOD' })
  })

  it('marks NULL as missing, a text where a number belongs and a power factor above one as invalid', () => {
    expect(one('20000200', { type: 'NULL' })).toMatchObject({ item: 'voltageA', value: null, quality: 'MISSING' })
    expect(one('20000201', { type: 'visible-string', value: '230' })).toMatchObject({ value: null, quality: 'INVALID' })
    expect(one('200A0201', { type: 'long', value: 1001 })).toMatchObject({ value: '1.001', quality: 'INVALID' })
  })

  it('gives no reading for values whose scale nobody told', () => {
    expect(findQuantity('25000200')).toBeUndefined()
    expect(one('25000200', { type: 'double-long-unsigned', value: 1 })).toBeUndefined()
  })

  it('reads the frames that a terminal passes on, DL/T 645 among them', () => {
    // meter 000000112233 answers 00010000 with 123456.78 kWh
    const data = 'fefefefe6833221100000068910833333433ab8967457c16'
    const answer: Dlt698Message = { frame: masterRequest(terminal, getRequest(1, ['40010200'])).frame, apdu: { tag: '0x89', service: 'PROXY-Response', choice: 7, piid: { raw: 1, priority: 0, acd: 0, seq: 1 }, port: 'F2010201', data, followReport: null, timeTag: null } }
    expect(dlt698Codec.normalize(answer)).toMatchObject([{ kind: 'reading', meter: '000000112233', item: 'forwardActiveEnergy', value: '123456.78', unit: 'kWh' }])
  })

  it('keeps impossible and unspecified times and never fails for them', () => {
    for (const [hex, value] of [['ffffffffffffff', 'unspecified'], ['00000000000000', 'raw:00000000000000'], ['07ea0d01000000', 'raw:07ea0d01000000'], ['07ea021d000000', 'raw:07ea021d000000'], ['07e8021d000000', '2024-02-29T00:00:00'], ['083300001a3d00', 'raw:083300001a3d00'], ['07ea0101193d00', 'raw:07ea0101193d00'], ['08340c1f173b3b', '2100-12-31T23:59:59']] as const) {
      expect(decodeApdu(Buffer.from(`85010040000200011c${hex}0000`, 'hex'))).toMatchObject({ ok: true, message: { results: [{ data: { type: 'date_time_s', value } }] } })
    }
    expect(dateTime('2025-04-11T09:12:40')).toEqual({ iso: '2025-04-11T09:12:40.000', dayOfWeek: 5 })
  })

  it('reads a simplified record as one curve per meter and column', () => {
    // two meters, one column 20000201 (u16), three points each from 00:15 every 15 minutes, the last missing
    const content = `60120300 07 07ea0a08000f00 07ea0a08002d00 01 000f 03 02 0705000000112233 0705000000112234 50020200 01 20000201 01 12 06 08fc 08fd ffff 08fe 08ff 0900`.replace(/ /g, '')
    const decoded = decodeApdu(Buffer.from(`880601${content}`, 'hex'))
    expect(decoded.ok).toBe(true)
    const report = read(hexOf({ frame: terminalReport(terminal, 1, []).frame, apdu: decoded.ok ? decoded.message : null }))
    expect(dlt698Codec.normalize(report)).toEqual([
      { kind: 'curve', meter: '000000112233', item: 'voltageA', unit: 'V', startAt: '2026-10-08T00:15:00', intervalMinutes: 15, values: ['230.0', '230.1', null] },
      { kind: 'curve', meter: '000000112234', item: 'voltageA', unit: 'V', startAt: '2026-10-08T00:15:00', intervalMinutes: 15, values: ['230.2', '230.3', '230.4'] },
    ])
    expect(answerReport(report)?.apdu).toMatchObject({ choice: 2, oads: ['60120300'] })
  })
})
