import { Input } from '../input.ts'
import { Writer } from '../writer.ts'
import { encodeApdu } from './apdu.ts'
import { seal, type SealOptions } from './cipher.ts'
import { writeDateTime } from './date-time.ts'
import { llcBytes } from './hdlc.ts'
import type { CosemData, CosemDateTime, DataNotification, DlmsApdu, DlmsMessage, EventNotification, GetRequest } from './message.ts'
import { obisBytes } from './obis.ts'

/** date-time of a local `YYYY-MM-DDThh:mm:ss`. `deviationMin` is UTC minus local, null when the meter does not tell it. */
export function cosemDateTime(local: string, deviationMin: number | null = null, clockStatus = 0): CosemDateTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = local.split(/[-T:]/).map(Number)
  const weekday = new Date(`${local}Z`).getUTCDay()
  return { year, month, day, dayOfWeek: weekday === 0 ? 7 : weekday, hour, minute, second, hundredths: null, deviationMin, clockStatus }
}

function rawOf(at: CosemDateTime): string {
  const writer = new Writer()
  writeDateTime(writer, new Input(at, 'dateTime'))
  return Buffer.from(writer.finish()).toString('hex')
}

const octets = (hex: string): CosemData => ({ type: 'octet-string', value: hex })
const obisData = (obis: string): CosemData => octets(Buffer.from(obisBytes(new Input(obis, 'obis'))).toString('hex'))
const ascii = (text: string): CosemData => octets(Buffer.from(text, 'latin1').toString('hex'))

/** A push of a meter in the form of the standard; without a time when `at` is null. */
export function dataNotification(body: CosemData, at: CosemDateTime | null, invokeId = 0x40000000): DataNotification {
  const longInvokeId = (invokeId >>> 0).toString(16).padStart(8, '0')
  return { tag: '0x0f', service: 'data-notification', longInvokeId, ...(at === null ? { dateTime: null } : { dateTimeEncoding: 'length-prefixed', dateTime: at, dateTimeRaw: rawOf(at) }), body }
}

/** A list that describes itself: OBIS, value, scaler and COSEM unit of each. */
export function selfDescribedList(values: readonly { readonly obis: string; readonly data: CosemData; readonly scaler?: number; readonly unit?: number }[]): CosemData {
  return {
    type: 'array',
    value: values.map(({ obis, data, scaler, unit }) => ({
      type: 'structure',
      value: [obisData(obis), data, ...(scaler === undefined || unit === undefined ? [] : [{ type: 'structure', value: [{ type: 'integer', value: scaler }, { type: 'enum', value: unit }] } as const])],
    })),
  }
}

/** Last gasp as MX382 meters send it (chapter 6). */
export function lastGasp(equipmentId: string, at: CosemDateTime | null): EventNotification {
  return { tag: '0xc2', service: 'event-notification-request', timeFlag: at === null ? '0x00' : '0x09', time: at, ...(at === null ? {} : { timeRaw: rawOf(at) }), classId: 1, obis: '128.128.128.128.128.0', attribute: 2, value: ascii(equipmentId) }
}

/** SMR 5 alarm push (chapter 7): channel 1 alarm registers 1 and 2, channel 3 register 3 with the last gasp. */
export function smrAlarm(equipmentId: string, channel: 0 | 1 | 2 | 3, registers: readonly number[]): DataNotification {
  return dataNotification({ type: 'structure', value: [ascii(equipmentId), obisData(`0.${channel}.25.9.0.255`), ...registers.map((value) => ({ type: 'double-long-unsigned', value }) as const)] }, null)
}

/** Reads one attribute; `range` selects rows of a profile from and to local times (selector 1). */
export function getRequest(invokeId: number, wanted: { readonly classId: number; readonly obis: string; readonly attribute: number; readonly range?: { readonly from: CosemDateTime; readonly to: CosemDateTime } }): GetRequest {
  const { classId, obis, attribute, range } = wanted
  const clock: CosemData = { type: 'structure', value: [{ type: 'long-unsigned', value: 8 }, obisData('0.0.1.0.0.255'), { type: 'integer', value: 2 }, { type: 'long-unsigned', value: 0 }] }
  const parameters: CosemData | null = range === undefined ? null : { type: 'structure', value: [clock, octets(rawOf(range.from)), octets(rawOf(range.to)), { type: 'array', value: [] }] }
  return { tag: '0xc0', service: 'get-request', choice: 1, invokeId, classId, obis, attribute, selectiveAccess: parameters === null ? null : { selector: 1, parameters } }
}

export function wrapped(apdu: DlmsApdu, ports: { readonly source: number; readonly destination: number } = { source: 1, destination: 16 }): DlmsMessage {
  return { layer: 'wrapper', wrapper: { version: 1, srcWPort: ports.source, dstWPort: ports.destination, apdu } }
}

/** Ciphers an APDU with suite 0. */
export const ciphered = (apdu: DlmsApdu, options: SealOptions): DlmsApdu => seal(encodeApdu(apdu), options)

export interface HdlcPeer {
  readonly destination: readonly number[]
  readonly source: readonly number[]
  readonly control?: string
}

/** An APDU in HDLC frames; in segments where its information is longer than `pieceBytes`. */
export function hdlcFrames(apdu: DlmsApdu, peer: HdlcPeer, pieceBytes = 1024): readonly DlmsMessage[] {
  const llc = apdu.service.endsWith('-request') && !apdu.service.startsWith('event') ? 'e6e600' : 'e6e700'
  const head = { flags: 'both', destination: peer.destination, source: peer.source, control: peer.control ?? '0x13' } as const
  const information = `${llc}${Buffer.from(encodeApdu(apdu)).toString('hex')}`
  const digits = Math.max(pieceBytes, llcBytes + 1) * 2
  const count = Math.ceil(information.length / digits)
  if (count < 2) return [{ layer: 'hdlc', hdlc: { ...head, segmented: false, llc, apdu } }]
  return Array.from({ length: count }, (_, index) => ({ layer: 'hdlc', hdlc: { ...head, segmented: index < count - 1, info: information.slice(index * digits, (index + 1) * digits) } }) as const)
}
