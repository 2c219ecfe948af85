import { describe, expect, it } from 'vitest'
import { alarmNames, readAlarm } from '../../../src/protocols/dlms/alarms.ts'
import { decodeApdu, encodeApdu } from '../../../src/protocols/dlms/apdu.ts'
import { createSegmentAssembler } from '../../../src/protocols/dlms/assemble.ts'
import { ciphered, cosemDateTime, dataNotification, getRequest, hdlcFrames, lastGasp, selfDescribedList, smrAlarm, wrapped } from '../../../src/protocols/dlms/build.ts'
import { seal } from '../../../src/protocols/dlms/cipher.ts'
import { dlmsCodec } from '../../../src/protocols/dlms/codec.ts'
import { localText, utcText } from '../../../src/protocols/dlms/date-time.ts'
import { unstuff } from '../../../src/protocols/dlms/hdlc.ts'
import type { CosemData, DlmsApdu, DlmsMessage } from '../../../src/protocols/dlms/message.ts'
import { findObis } from '../../../src/protocols/dlms/obis.ts'
import { readProfile } from '../../../src/protocols/dlms/profile.ts'
import { createStreamDecoder } from '../../../src/protocols/stream.ts'
import { vectorsOf } from '../vector-files.ts'

const hexFor = (id: string): string => vectorsOf('dlms').find((vector) => vector.id === id)?.hex ?? ''
function read(hex: string): DlmsMessage {
  const decoded = dlmsCodec.decode(Buffer.from(hex, 'hex'))
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.message
}
const key = (hex: string): Uint8Array => Buffer.from(hex, 'hex')

describe('suite 0', () => {
  // the worked example of the DLMS security chapter: a get-request for the clock
  const encryption = key('000102030405060708090a0b0c0d0e0f')
  const authentication = key('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf')
  const plain = key('c0010000080000010000ff0200')
  const options = { systemTitle: '4d4d4d0000bc614e', frameCounter: 0x01234567, keys: { encryption, authentication } }

  it('gives the cipher text and tag of the published example', () => {
    expect(seal(plain, { ...options, authenticated: true, encrypted: true })).toMatchObject({ securityControl: { raw: 0x30 }, cipherText: '411312ff935a47566827c467bc', authTag: '7d825c3be4a77c3fcc056b6b' })
    expect(seal(plain, { ...options, authenticated: true, encrypted: false })).toMatchObject({ securityControl: { raw: 0x10 }, cipherText: 'c0010000080000010000ff0200', authTag: '06725d910f9221d263877516' })
    expect(seal(plain, { ...options, authenticated: false, encrypted: true })).toMatchObject({ securityControl: { raw: 0x20 }, cipherText: '411312ff935a47566827c467bc', authTag: null })
  })

  const push = dataNotification(selfDescribedList([{ obis: '0.0.96.1.0.255', data: { type: 'visible-string', value: 'M1' } }, { obis: '1.0.1.7.0.255', data: { type: 'double-long-unsigned', value: 1661 }, scaler: 0, unit: 27 }]), cosemDateTime('2026-10-08T15:00:00', -120))
  const frameFor = (authenticated: boolean, encrypted: boolean): Uint8Array => dlmsCodec.encode(wrapped(ciphered(push, { ...options, authenticated, encrypted })))

  it.each([[true, true], [true, false], [false, true]])('opens a push that is authenticated %s and encrypted %s', (authenticated, encrypted) => {
    const decoded = dlmsCodec.decode(frameFor(authenticated, encrypted), { keys: { encryption, authentication } })
    expect(decoded).toMatchObject({ ok: true, message: { wrapper: { apdu: { service: 'general-glo-ciphering', apdu: push } } } })
    if (decoded.ok) expect(dlmsCodec.normalize(decoded.message)).toMatchObject([{ meter: 'M1', item: 'activePower', value: '1.661', unit: 'kW', time: '2026-10-08T15:00:00' }])
  })

  it('keeps a ciphered push as it is when no key was given', () => {
    const decoded = dlmsCodec.decode(frameFor(true, true))
    expect(decoded.ok && 'wrapper' in decoded.message ? decoded.message.wrapper.apdu : null).not.toHaveProperty('apdu')
    if (decoded.ok) expect(dlmsCodec.encode(decoded.message)).toEqual(frameFor(true, true))
  })

  it('refuses a wrong key, a changed byte and a missing key as DECRYPTION_FAILED, and tells no key', () => {
    const frame = frameFor(true, true)
    const changed = Uint8Array.from(frame, (byte, at) => (at === frame.length - 20 ? byte ^ 1 : byte))
    const attempts = [
      dlmsCodec.decode(frame, { keys: { encryption: authentication, authentication } }),
      dlmsCodec.decode(frame, { keys: { encryption, authentication: encryption } }),
      dlmsCodec.decode(changed, { keys: { encryption, authentication } }),
      dlmsCodec.decode(frame, { keys: { encryption } }),
      dlmsCodec.decode(frame, { keys: { authentication } }),
      dlmsCodec.decode(frame, { keys: { encryption: key('00'), authentication } }),
      dlmsCodec.decode(frameFor(false, true), { keys: { encryption: authentication } }),
    ]
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ ok: false, code: 'DECRYPTION_FAILED' })
      expect(JSON.stringify(attempt)).not.toMatch(/00010203|d0d1d2d3/)
    }
  })

  it('does not pretend to know other suites', () => {
    const other = { ...seal(plain, { ...options, authenticated: true, encrypted: true }), securityControl: { raw: 0x31, suite: 1, authenticated: true, encrypted: true, broadcastKey: false, compressed: false } }
    expect(decodeApdu(encodeApdu(other), { keys: { encryption, authentication } })).toMatchObject({ ok: false, code: 'UNSUPPORTED' })
  })
})

describe('notifications', () => {
  it('take the date-time in its three encodings and none other', () => {
    const at = '07e4020f06011922ff800000'
    const body = '0000'.slice(2)
    expect(decodeApdu(Buffer.from(`0f4000000000${body}`, 'hex'))).toMatchObject({ ok: true, message: { dateTime: null } })
    expect(decodeApdu(Buffer.from(`0f400000000c${at}${body}`, 'hex'))).toMatchObject({ ok: true, message: { dateTimeEncoding: 'length-prefixed', dateTime: { year: 2020, hundredths: null, deviationMin: null } } })
    expect(decodeApdu(Buffer.from(`0f40000000090c${at}${body}`, 'hex'))).toMatchObject({ ok: true, message: { dateTimeEncoding: 'tagged-octet-string' } })
    expect(decodeApdu(Buffer.from(`0f400000000b${at}${body}`, 'hex'))).toMatchObject({ ok: false, code: 'FIELD_INVALID', offset: 5 })
  })

  it('take the time of an event in its four encodings', () => {
    const at = '07e70706040a362600ff8880'
    const rest = '00018080808080000209024b41'
    for (const [head, flag] of [['00', '0x00'], [`010c${at}`, '0x01'], [`090c${at}`, '0x09'], [`0c${at}`, '0x0c']]) {
      const hex = `c2${head}${rest}`
      const decoded = decodeApdu(Buffer.from(hex, 'hex'))
      expect(decoded).toMatchObject({ ok: true, message: { timeFlag: flag, obis: '128.128.128.128.128.0' } })
      if (decoded.ok) expect(Buffer.from(encodeApdu(decoded.message)).toString('hex')).toBe(hex)
    }
  })

  it('count UTC as local plus deviation', () => {
    const at = cosemDateTime('2023-07-06T10:54:38', -120, 0x80)
    expect(localText(at)).toBe('2023-07-06T10:54:38')
    expect(utcText(at)).toBe('2023-07-06T08:54:38Z')
    expect(utcText({ ...at, deviationMin: null })).toBeNull()
    expect(localText({ ...at, month: 13 })).toBeNull()
  })
})

describe('alarms', () => {
  it('tells a last gasp with the bytes of the real frame', () => {
    const frame = dlmsCodec.encode(wrapped({ ...lastGasp('KA6P005039021110', { ...cosemDateTime('2023-07-06T10:54:38', -120, 0x80), hundredths: 0 }), timeRaw: '07e70706040a362600ff8880' }, { source: 103, destination: 102 }))
    expect(Buffer.from(frame).toString('hex')).toBe(hexFor('osgp-mx382-last-gasp'))
    expect(dlmsCodec.normalize(read(Buffer.from(frame).toString('hex')))).toEqual([{ kind: 'event', deviceKind: 'METER', device: 'KA6P005039021110', event: 'OFF', name: 'last gasp', occurredAt: '2023-07-06T10:54:38', endedAt: null, normal: null, valid: null }])
  })

  it('takes a wake-up of the same meter for a sign of life, not for an alarm', () => {
    const wake = hexFor('osgp-mx382-last-gasp').replace('0001808080808000', '00010000600101ff')
    expect(dlmsCodec.judgeVector({ id: 'x', layer: 'wrapper', hex: wake })).toMatchObject({ alarm: null, equipmentId: 'KA6P005039021110', wrapper: { apdu: { obis: '0.0.96.1.1.255' } } })
    expect(dlmsCodec.normalize(read(wake))).toMatchObject([{ event: 'ALIVE' }])
  })

  it('reads SMR 5 pushes by their push setup: register 3 of the UDP push is the last gasp', () => {
    const events = (apdu: DlmsApdu): readonly object[] => dlmsCodec.normalize({ layer: 'apdu', apdu })
    expect(events(smrAlarm('E0026000000000001', 3, [1]))).toMatchObject([{ device: 'E0026000000000001', event: 'OFF', name: 'last gasp' }])
    expect(events(smrAlarm('E0026000000000001', 3, [2]))).toMatchObject([{ event: 'OTHER', name: 'last gasp test' }])
    expect(events(smrAlarm('E0026000000000001', 1, [0x1000_0004, 1]))).toMatchObject([{ event: 'ON', name: 'power up' }, { event: 'OTHER', name: 'phase outage L1' }, { event: 'OTHER', name: 'voltage sag L1' }])
    expect(events(smrAlarm('E0026000000000001', 0, []))).toEqual([])
    expect(events(smrAlarm('E0026000000000001', 2, []))).toMatchObject([{ event: 'ALIVE' }])
    expect(alarmNames(1, 0x8000_0000)).toEqual(['phase outage test'])
  })

  it('reads the plain text alarms of DSMR 4 with a register and with an OBIS', () => {
    const id = Buffer.from('KA6P0050390211105', 'latin1').toString('hex')
    expect(read(`${id}2c00000002`)).toEqual({ layer: 'dsmr4', equipmentId: 'KA6P0050390211105', register: 2 })
    expect(readAlarm(read(`${id}2c00000002`))).toMatchObject({ events: [{ name: 'replace battery' }] })
    expect(read(`${id}2c00006001ffff`)).toEqual({ layer: 'dsmr4', equipmentId: 'KA6P0050390211105', obis: '0.0.96.1.255.255' })
  })
})

describe('lists of values', () => {
  it('give exact values in the units of the normal form, from scaler and unit on the wire', () => {
    const list = selfDescribedList([
      { obis: '1.0.1.8.0.255', data: { type: 'double-long-unsigned', value: 2272138 }, scaler: 1, unit: 30 },
      { obis: '1.0.1.8.2.255', data: { type: 'double-long-unsigned', value: 5 }, scaler: -2, unit: 30 },
      { obis: '1.0.52.7.0.255', data: { type: 'long-unsigned', value: 2301 }, scaler: -1, unit: 35 },
      { obis: '1.0.61.7.0.255', data: { type: 'null-data' }, scaler: 0, unit: 27 },
      { obis: '1.0.31.7.0.255', data: { type: 'long', value: -7 } },
    ])
    expect(dlmsCodec.normalize({ layer: 'apdu', apdu: dataNotification(list, null) })).toMatchObject([
      { item: 'forwardActiveEnergy', value: '22721.38', unit: 'kWh' }, { item: 'forwardActiveEnergyT2', value: '0.00005', unit: 'kWh' },
      { item: 'voltageB', value: '230.1', unit: 'V' }, { item: 'activePowerC', value: null, quality: 'MISSING' },
      // nobody told the scale, so nobody guesses it
      { item: 'currentA', value: null, quality: 'INVALID' },
    ])
  })

  it('leave positional structures of an unknown maker alone', () => {
    const list: CosemData = { type: 'structure', value: Array.from({ length: 13 }, () => ({ type: 'unsigned', value: 1 }) as const) }
    expect(dlmsCodec.normalize({ layer: 'apdu', apdu: dataNotification(list, null) })).toEqual([])
  })

  it.each([['1.0.1.7.0.255', 'activePower'], ['1.0.42.7.0.255', 'reverseActivePowerB'], ['1.0.72.7.0.255', 'voltageC'], ['1.0.31.7.0.255', 'currentA'], ['1.0.3.8.0.255', 'forwardReactiveEnergy'], ['1.0.2.8.1.255', 'reverseActiveEnergyT1'], ['1.1.32.7.0.255', 'voltageA']])('knows %s as %s', (obis, item) => {
    expect(findObis(obis)?.item).toBe(item)
  })
})

describe('load profiles', () => {
  it('give a row without a clock the time before plus the period, and tell missing from repeated values', () => {
    const buffer = decodeApdu(Buffer.from('c40181000102' + '0203090c07ea0a08040f000000ff888011000600' + '01e240' + '020300110006' + '0001e308', 'hex'))
    const objects = [{ classId: 8, obis: '0.0.1.0.0.255', attribute: 2 }, { classId: 1, obis: '0.0.96.10.2.255', attribute: 2 }, { classId: 3, obis: '1.0.1.8.0.255', attribute: 2 }]
    const data = buffer.ok && 'data' in buffer.message ? (buffer.message.data) : ({ type: 'null-data' } as const)
    expect(readProfile(data, { objects, periodS: 900 })).toMatchObject([{ time: '2026-10-08T15:00:00', values: [{}, { value: 0 }, { value: 123456 }] }, { time: '2026-10-08T15:15:00', values: [{ type: 'null-data' }, { value: 0 }, { value: 123656 }] }])
    const sparse: CosemData = { type: 'array', value: [{ type: 'structure', value: [{ type: 'octet-string', value: '07ea0a08040f000000ff8880' }, { type: 'unsigned', value: 1 }, { type: 'unsigned', value: 9 }] }, { type: 'structure', value: [{ type: 'null-data' }, { type: 'null-data' }, { type: 'unsigned', value: 10 }] }] }
    expect(readProfile(sparse, { objects, periodS: 900 })[1]?.values[1]).toEqual({ type: 'null-data' })
    expect(readProfile(sparse, { objects, periodS: 900, compressed: true })[1]?.values[1]).toEqual({ type: 'unsigned', value: 1 })
  })

  it('are asked for by range', () => {
    const request = getRequest(0xc1, { classId: 7, obis: '1.0.99.1.0.255', attribute: 2, range: { from: cosemDateTime('2026-10-08T00:00:00'), to: cosemDateTime('2026-10-09T00:00:00') } })
    expect(decodeApdu(encodeApdu(request))).toEqual({ ok: true, message: request })
  })
})

describe('HDLC', () => {
  const apdu = dataNotification({ type: 'octet-string', value: 'ab'.repeat(300) }, cosemDateTime('2026-10-08T15:00:00'))
  const peer = { destination: [16], source: [1, 17] }

  it('joins segments and takes the LLC off once', () => {
    const frames = hdlcFrames(apdu, peer, 100)
    expect(frames.length).toBe(4)
    const assembler = createSegmentAssembler()
    const steps = frames.map((frame) => assembler.push(read(Buffer.from(dlmsCodec.encode(frame)).toString('hex')), 0))
    expect(steps.slice(0, -1)).toEqual([{ state: 'pending' }, { state: 'pending' }, { state: 'pending' }])
    expect(steps.at(-1)).toMatchObject({ state: 'whole', message: { hdlc: { segmented: false, llc: 'e6e700', apdu } } })
    expect(assembler.push(hdlcFrames(dataNotification({ type: 'null-data' }, null), peer)[0] as DlmsMessage, 0)).toMatchObject({ state: 'whole' })
  })

  it('refuses segments that come to nothing and bounds what it keeps', () => {
    const segment = (info: string, segmented: boolean): DlmsMessage => ({ layer: 'hdlc', hdlc: { flags: 'both', segmented, destination: [16], source: [1], control: '0x13', info } })
    const assembler = createSegmentAssembler()
    assembler.push(segment('0102', true), 0)
    expect(assembler.push(segment('03', false), 0)).toMatchObject({ state: 'refused' })
    let state = 'pending'
    for (let count = 0; count < 100 && state === 'pending'; count++) state = assembler.push(segment('aa'.repeat(1000), true), 0).state
    expect(state).toBe('refused')
  })

  it('finds frames in a stream at every split point, between noise, sharing a flag, and 7E inside the data', () => {
    const inside = dlmsCodec.encode(hdlcFrames(dataNotification({ type: 'octet-string', value: '7e7ea07e' }, null), peer)[0] as DlmsMessage)
    const shared = Buffer.concat([Buffer.from('00ff7e', 'hex'), inside, inside.subarray(1), Buffer.from('a07e0001', 'hex'), Buffer.from(hexFor('osgp-mx382-last-gasp'), 'hex')])
    const run = (cut: number): object => {
      const decoder = createStreamDecoder(dlmsCodec)
      const found = [...decoder.push(shared.subarray(0, cut)), ...decoder.push(shared.subarray(cut))]
      return { found: found.map((frame) => (frame.decoded.ok ? frame.decoded.message.layer : 'bad')), counts: decoder.counts() }
    }
    const atOnce = run(0)
    expect(atOnce).toMatchObject({ found: ['hdlc', 'hdlc', 'wrapper'] })
    for (let cut = 1; cut < shared.length; cut++) expect(run(cut)).toEqual(atOnce)
  })

  it('takes byte stuffing off only when asked', () => {
    expect(Buffer.from(unstuff(Buffer.from('017d5e7d5d02', 'hex'))).toString('hex')).toBe('017e7d02')
  })

  it('never waits for a WRAPPER that is no DLMS or longer than any push', () => {
    expect(dlmsCodec.search(Buffer.from('0001000100100010ff', 'hex'), 0)).toMatchObject({ found: 'noise' })
    expect(dlmsCodec.search(Buffer.from('000100010010ffff0f', 'hex'), 0)).toMatchObject({ found: 'noise', reason: 'FRAME_LENGTH' })
    expect(dlmsCodec.search(Buffer.from('0001000100100020c2', 'hex'), 0)).toEqual({ found: 'partial', start: 0, need: 40 })
    // the APDU ends before its WRAPPER does
    expect(dlmsCodec.search(Buffer.from('00010001001000400f400000000000aa', 'hex'), 0)).toMatchObject({ found: 'noise', reason: 'FIELD_TRAILING' })
  })
})
