import { fragmentTypes, type ActionItem, type Apdu, type Control, type Csd, type Data, type DateTime, type Dlt698Message, type FollowReport, type Interval, type MeterSet, type NormalResult, type RecordRequest, type RecordResult, type Region, type RowSelector, type ServerAddress, type SetItem, type Sid, type TimeTag, type Tsa, type Verify } from '../../../src/protocols/dlt698/message.ts'
import { encodeApdu } from '../../../src/protocols/dlt698/apdu.ts'
import type { Random } from '../random.ts'

/** Lists of up to three items: structure is what matters, not size. */
const list = <Item>(draw: Random, make: () => Item, atLeast = 0): Item[] => Array.from({ length: atLeast + draw.below(4 - atLeast) }, make)
const two = (value: number): string => String(value).padStart(2, '0')

export const drawOad = (draw: Random): string => (draw.flip() ? draw.pick(['00100200', '20000200', '20210200', '202A0200', '33090206', '30110200', '60120300', '00100401']) : draw.hex(4).toUpperCase())

const date = (draw: Random): string => `${String(1 + draw.below(9999)).padStart(4, '0')}-${two(1 + draw.below(12))}-${two(1 + draw.below(28))}`
const clock = (draw: Random): string => `${two(draw.below(24))}:${two(draw.below(60))}:${two(draw.below(60))}`
function drawTime(draw: Random): string {
  const kind = draw.below(8)
  if (kind === 0) return 'unspecified'
  return kind === 1 ? `raw:${'00'.repeat(7)}` : `${date(draw)}T${clock(draw)}`
}
function drawDateTime(draw: Random): DateTime {
  if (draw.below(8) === 0) return { iso: 'unspecified', dayOfWeek: 255 }
  if (draw.below(8) === 0) return { iso: 'raw:07e20d01000000000000', dayOfWeek: 0 }
  return { iso: `${date(draw)}T${clock(draw)}.${String(draw.below(1000)).padStart(3, '0')}`, dayOfWeek: draw.below(7) }
}
const drawTi = (draw: Random): Interval => ({ unit: draw.below(6), interval: draw.below(65536) })
function drawTsa(draw: Random): Tsa {
  const addr = draw.hex(draw.below(17))
  return { af: draw.hex(1), addr }
}
const drawSid = (draw: Random): Sid => ({ id: draw.hex(4), attach: draw.hex(draw.below(5)) })
const drawCsd = (draw: Random): Csd => (draw.flip() ? drawOad(draw) : { oad: drawOad(draw), oads: list(draw, () => drawOad(draw)) })
const drawRegion = (draw: Random, depth: number): Region => ({ boundary: draw.below(4), start: drawData(draw, depth + 1), end: drawData(draw, depth + 1) })

function drawMeterSet(draw: Random, depth: number): MeterSet {
  const choice = draw.below(8)
  if (choice < 2) return { choice }
  if (choice === 2) return { choice, userTypes: list(draw, () => draw.below(256)) }
  if (choice === 3) return { choice, addresses: list(draw, () => drawTsa(draw)) }
  if (choice === 4) return { choice, configNos: list(draw, () => draw.below(65536)) }
  return { choice, regions: list(draw, () => drawRegion(draw, depth)) }
}

export function drawSelector(draw: Random, depth = 0): RowSelector {
  const choice = draw.below(11)
  const range = (): { oad: string; start: Data; end: Data; interval: Data } => ({
    oad: drawOad(draw), start: drawData(draw, depth + 1), end: drawData(draw, depth + 1), interval: draw.flip() ? { type: 'NULL' } : { type: 'TI', value: drawTi(draw) },
  })
  switch (choice) {
    case 1:
      return { choice, oad: drawOad(draw), value: drawData(draw, depth + 1) }
    case 2:
      return { choice, ...range() }
    case 3:
      return { choice, ranges: list(draw, range) }
    case 4:
    case 5:
      return { choice, time: drawTime(draw), ms: drawMeterSet(draw, depth) }
    case 6:
    case 7:
    case 8:
      return { choice, start: drawTime(draw), end: drawTime(draw), interval: drawTi(draw), ms: drawMeterSet(draw, depth) }
    case 9:
      return { choice, n: draw.below(256) }
    case 10:
      return { choice, n: draw.below(256), ms: drawMeterSet(draw, depth) }
    default:
      return { choice: 0 }
  }
}

export function drawData(draw: Random, depth = 0): Data {
  const limit = depth > 4 ? 26 : 31
  switch (draw.below(limit)) {
    case 0:
      return { type: 'NULL' }
    case 1:
      return { type: 'bool', value: draw.flip() }
    case 2: {
      const bits = draw.below(40)
      return { type: 'bit-string', bits, value: draw.hex(Math.ceil(bits / 8)) }
    }
    case 3:
      return { type: 'double-long', value: draw.below(2 ** 32) - 2 ** 31 }
    case 4:
      return { type: 'double-long-unsigned', value: draw.pick([0, 1, 0xffffffff, draw.below(2 ** 32)]) }
    case 5:
      return { type: 'octet-string', value: draw.hex(draw.pick([0, 1, 6, 127, 128, 300])) }
    case 6:
      return { type: 'visible-string', value: Buffer.from(draw.bytes(draw.below(9))).toString('latin1') }
    case 7:
      return { type: 'UTF8-string', value: draw.pick(['', 'Strom', '电表', 'a\u0000b', 'raw:ff', 'raw:c3']) }
    case 8:
      return { type: 'integer', value: draw.below(256) - 128 }
    case 9:
      return { type: 'long', value: draw.below(65536) - 32768 }
    case 10:
      return { type: draw.pick(['unsigned', 'enum'] as const), value: draw.below(256) }
    case 11:
      return { type: 'long-unsigned', value: draw.below(65536) }
    case 12:
      return { type: 'long64', value: draw.pick(['-9223372036854775808', '9223372036854775807', '0', String(draw.below(2 ** 31))]) }
    case 13:
      return { type: 'long64-unsigned', value: draw.pick(['18446744073709551615', '0', String(draw.below(2 ** 31))]) }
    case 14:
      return { type: 'float32', value: draw.pick([0, 1.5, -0.25, Math.fround(230.1), 'raw:7f800000', 'raw:7fc00000']) }
    case 15:
      return { type: 'float64', value: draw.pick([0, 1e300, -0.1, 'raw:fff0000000000000']) }
    case 16:
      return { type: 'date_time', value: drawDateTime(draw) }
    case 17:
      return draw.flip() ? { type: 'date', value: { iso: date(draw), dayOfWeek: draw.below(7) } } : { type: 'time', value: draw.pick([clock(draw), 'unspecified', 'raw:180000']) }
    case 18:
      return { type: 'date_time_s', value: drawTime(draw) }
    case 19:
      return draw.flip() ? { type: 'OI', value: draw.hex(2).toUpperCase() } : { type: draw.pick(['OAD', 'OMD'] as const), value: drawOad(draw) }
    case 20:
      return draw.flip() ? { type: 'ROAD', value: { oad: drawOad(draw), oads: list(draw, () => drawOad(draw)) } } : { type: 'TI', value: drawTi(draw) }
    case 21:
      return { type: 'TSA', value: drawTsa(draw) }
    case 22:
      return { type: draw.pick(['MAC', 'RN'] as const), value: draw.hex(draw.below(17)) }
    case 23:
      return draw.flip() ? { type: 'Scaler_Unit', value: { exponent: draw.below(256) - 128, unit: draw.below(256) } } : { type: 'COMDCB', value: drawComdcb(draw) }
    case 24:
      return draw.flip() ? { type: 'SID', value: drawSid(draw) } : { type: 'SID_MAC', value: { sid: drawSid(draw), mac: draw.hex(4) } }
    case 25:
      return draw.flip() ? { type: 'CSD', value: drawCsd(draw) } : { type: 'RCSD', value: list(draw, () => drawCsd(draw)) }
    case 26:
      return { type: 'Region', value: drawRegion(draw, depth) }
    case 27:
      return { type: 'RSD', value: drawSelector(draw, depth) }
    case 28:
      return { type: 'MS', value: drawMeterSet(draw, depth) }
    default:
      return { type: draw.pick(['array', 'structure'] as const), value: list(draw, () => drawData(draw, depth + 1)) }
  }
}

const drawComdcb = (draw: Random): { baud: number; parity: number; dataBits: number; stopBits: number; flow: number } => ({ baud: draw.below(11), parity: draw.below(3), dataBits: 5 + draw.below(4), stopBits: 1 + draw.below(2), flow: draw.below(3) })

function drawNormal(draw: Random): NormalResult {
  return draw.below(4) === 0 ? { oad: drawOad(draw), dar: draw.below(256) } : { oad: drawOad(draw), data: drawData(draw) }
}
function drawRecord(draw: Random): RecordResult {
  const rcsd = list(draw, () => drawCsd(draw))
  if (draw.below(4) === 0) return { oad: drawOad(draw), rcsd, dar: draw.below(256) }
  return { oad: drawOad(draw), rcsd, rows: rcsd.length === 0 ? [] : list(draw, () => rcsd.map(() => drawData(draw, 2))) }
}
const drawRequest = (draw: Random): RecordRequest => ({ oad: drawOad(draw), rsd: drawSelector(draw), rcsd: list(draw, () => drawCsd(draw)) })
const drawFollow = (draw: Random): FollowReport | null => (draw.below(4) !== 0 ? null : draw.flip() ? { normals: list(draw, () => drawNormal(draw), 1) } : { records: list(draw, () => drawRecord(draw), 1) })
const drawTimeTag = (draw: Random): TimeTag | null => (draw.below(4) === 0 ? { sent: drawTime(draw), delay: drawTi(draw) } : null)

function piid(draw: Random): { raw: number; priority: number; seq: number } {
  const raw = draw.below(256)
  return { raw, priority: raw >> 7, seq: raw & 63 }
}
function piidAcd(draw: Random): { raw: number; priority: number; acd: number; seq: number } {
  const raw = draw.below(256)
  return { raw, priority: raw >> 7, acd: (raw >> 6) & 1, seq: raw & 63 }
}
const drawSizes = (draw: Random): { version: number; protocolConformance: string; functionConformance: string; maxSend: number; maxRecv: number; window: number; maxApdu: number; timeoutS: number } => ({
  version: draw.below(65536), protocolConformance: draw.hex(8), functionConformance: draw.hex(16), maxSend: draw.below(65536), maxRecv: draw.below(65536), window: draw.below(256), maxApdu: draw.below(65536), timeoutS: draw.below(2 ** 32),
})
function drawVerify(draw: Random): Verify {
  return draw.pick<Verify>([{ kind: 'SID_MAC', sid: drawSid(draw), mac: draw.hex(4) }, { kind: 'RN', rn: draw.hex(16) }, { kind: 'RN_MAC', rn: draw.hex(16), mac: draw.hex(4) }, { kind: 'SID', sid: drawSid(draw) }])
}

const drawSet = (draw: Random): SetItem => ({ oad: drawOad(draw), data: drawData(draw) })
const drawAction = (draw: Random): ActionItem => ({ omd: drawOad(draw), data: drawData(draw) })
const thenGet = <Item>(draw: Random, item: Item): Item & { getOad: string; delay: number } => ({ ...item, getOad: drawOad(draw), delay: draw.below(256) })
const drawSetResult = (draw: Random): { oad: string; dar: number } => ({ oad: drawOad(draw), dar: draw.below(256) })
const drawActionResult = (draw: Random): { omd: string; dar: number; data: Data | null } => ({ omd: drawOad(draw), dar: draw.below(256), data: draw.flip() ? drawData(draw) : null })
const items = <Item>(draw: Random, choice: number, plain: () => Item, then: () => Item): Item[] => (choice === 1 ? [plain()] : list(draw, choice === 2 ? plain : then))
const text = (draw: Random, length: number): string => Buffer.from(draw.bytes(length)).toString('latin1')

/** Any APDU of chapter 5, secured ones around plain ones included. */
export function drawApdu(draw: Random, layer = 0): Apdu {
  const client = { piid: piid(draw), timeTag: drawTimeTag(draw) }
  const server = { piid: piidAcd(draw), followReport: drawFollow(draw), timeTag: client.timeTag }
  const pickItem = 1 + draw.below(3)
  switch (draw.below(layer < 2 ? 21 : 19)) {
    case 0:
      return { tag: '0x01', service: 'LINK-Request', piid: server.piid, requestType: draw.below(3), heartbeat: draw.below(65536), requestTime: drawDateTime(draw) }
    case 1: {
      const clockTrusted = draw.flip()
      const code = draw.below(8)
      return { tag: '0x81', service: 'LINK-Response', piid: client.piid, result: (clockTrusted ? 128 : 0) | code, clockTrusted, code, requestTime: drawDateTime(draw), receiveTime: drawDateTime(draw), responseTime: drawDateTime(draw) }
    }
    case 2: {
      const mechanism = draw.below(4)
      return { tag: '0x02', service: 'CONNECT-Request', ...client, ...drawSizes(draw), mechanism, ...(mechanism === 1 ? { password: text(draw, 6) } : mechanism > 1 ? { cipher: draw.hex(32), signature: draw.hex(4) } : {}) }
    }
    case 3:
      return { tag: '0x82', service: 'CONNECT-Response', ...server, vendor: { code: text(draw, 4), swVer: text(draw, 4), swDate: text(draw, 6), hwVer: text(draw, 4), hwDate: text(draw, 6), ext: text(draw, 8) }, ...drawSizes(draw), result: draw.below(256), auth: draw.flip() ? { rn: draw.hex(48), signature: draw.hex(4) } : null }
    case 4:
      return { tag: '0x03', service: 'RELEASE-Request', ...client }
    case 5:
      return { tag: '0x83', service: 'RELEASE-Response', ...server, result: draw.below(256) }
    case 6:
      return { tag: '0x84', service: 'RELEASE-Notification', ...server, established: drawTime(draw), now: drawTime(draw) }
    case 7: {
      const head = { tag: '0x05', service: 'GET-Request', ...client } as const
      return draw.pick<Apdu>([{ ...head, choice: 1, oad: drawOad(draw) }, { ...head, choice: 2, oads: list(draw, () => drawOad(draw)) }, { ...head, choice: 3, record: drawRequest(draw) }, { ...head, choice: 4, records: list(draw, () => drawRequest(draw)) }, { ...head, choice: 5, lastBlock: draw.below(65536) }, { ...head, choice: 6, oad: drawOad(draw) }])
    }
    case 8:
    case 9:
    case 10: {
      const head = { tag: '0x85', service: 'GET-Response', ...server } as const
      const block = { ...head, choice: 5, last: draw.flip(), block: draw.below(65536) }
      return draw.pick<Apdu>([
        { ...head, choice: 1, results: [drawNormal(draw)] }, { ...head, choice: 2, results: list(draw, () => drawNormal(draw)) }, { ...head, choice: 3, records: [drawRecord(draw)] }, { ...head, choice: 4, records: list(draw, () => drawRecord(draw)) },
        { ...block, dar: draw.below(256) }, { ...block, results: list(draw, () => drawNormal(draw)) }, { ...block, records: list(draw, () => drawRecord(draw)) },
        { ...head, choice: 6, oad: drawOad(draw), md5: draw.hex(16) }, { ...head, choice: 6, oad: drawOad(draw), dar: draw.below(256) },
      ])
    }
    case 11:
      return draw.flip()
        ? { tag: '0x06', service: 'SET-Request', choice: pickItem, ...client, items: items(draw, pickItem, () => drawSet(draw), () => thenGet(draw, drawSet(draw))) }
        : { tag: '0x86', service: 'SET-Response', choice: pickItem, ...server, items: items<object>(draw, pickItem, () => drawSetResult(draw), () => ({ ...drawSetResult(draw), get: drawNormal(draw) })) as never }
    case 12:
      return draw.flip()
        ? { tag: '0x07', service: 'ACTION-Request', choice: pickItem, ...client, items: items(draw, pickItem, () => drawAction(draw), () => thenGet(draw, drawAction(draw))) }
        : { tag: '0x87', service: 'ACTION-Response', choice: pickItem, ...server, items: items<object>(draw, pickItem, () => drawActionResult(draw), () => ({ ...drawActionResult(draw), get: drawNormal(draw) })) as never }
    case 13:
    case 14: {
      const head = { tag: '0x88', service: 'REPORT-Notification', ...server } as const
      return draw.pick<Apdu>([
        { ...head, choice: 1, results: list(draw, () => drawNormal(draw), 1) }, { ...head, choice: 2, records: list(draw, () => drawRecord(draw), 1) }, { ...head, choice: 3, port: drawOad(draw), frames: list(draw, () => draw.hex(draw.below(20)), 1) },
        { ...head, choice: 4, data: draw.hex(1 + draw.below(20)) }, { ...head, choice: 6, content: draw.hex(draw.below(40)), followReport: null, timeTag: null },
      ])
    }
    case 15: {
      const head = { tag: '0x08', service: 'REPORT-Response', ...client } as const
      return draw.below(3) === 0 ? { ...head, choice: 3 } : { ...head, choice: 1 + draw.below(2), oads: list(draw, () => drawOad(draw), 1) }
    }
    case 16: {
      const head = { tag: '0x09', service: 'PROXY-Request', ...client } as const
      const target = <Item>(make: () => Item): { tsa: Tsa; timeoutS: number; items: Item[] } => ({ tsa: drawTsa(draw), timeoutS: draw.below(65536), items: list(draw, make) })
      const whole = { ...head, timeoutS: draw.below(65536) }
      return draw.pick<Apdu>([
        { ...whole, choice: 1, targets: list(draw, () => target(() => drawOad(draw))) }, { ...whole, choice: 2, tsa: drawTsa(draw), record: drawRequest(draw) }, { ...whole, choice: 3, targets: list(draw, () => target(() => drawSet(draw))) },
        { ...whole, choice: 4, targets: list(draw, () => target(() => thenGet(draw, drawSet(draw)))) }, { ...whole, choice: 5, targets: list(draw, () => target(() => drawAction(draw))) }, { ...whole, choice: 6, targets: list(draw, () => target(() => thenGet(draw, drawAction(draw)))) },
        { ...head, choice: 7, port: drawOad(draw), comdcb: drawComdcb(draw), waitFrameS: draw.below(65536), waitByteMs: draw.below(65536), command: draw.hex(draw.below(30)) },
      ])
    }
    case 17: {
      const head = { tag: '0x89', service: 'PROXY-Response', ...server } as const
      const target = (make: () => unknown): never => ({ tsa: drawTsa(draw), items: list(draw, make) }) as never
      return draw.pick<Apdu>([
        { ...head, choice: 1, targets: list(draw, () => target(() => drawNormal(draw))) }, { ...head, choice: 2, tsa: drawTsa(draw), record: drawRecord(draw) }, { ...head, choice: 3, targets: list(draw, () => target(() => drawSetResult(draw))) },
        { ...head, choice: 4, targets: list(draw, () => target(() => ({ ...drawSetResult(draw), get: drawNormal(draw) }))) }, { ...head, choice: 5, targets: list(draw, () => target(() => drawActionResult(draw))) },
        { ...head, choice: 6, targets: list(draw, () => target(() => ({ ...drawActionResult(draw), get: drawNormal(draw) }))) }, { ...head, choice: 7, port: drawOad(draw), data: draw.hex(draw.below(30)) }, { ...head, choice: 7, port: drawOad(draw), dar: draw.below(256) },
      ])
    }
    case 18:
      return draw.flip() ? { tag: '0xee', service: 'ERROR-Response', ...server, errorType: draw.below(256) } : { tag: '0x6e', service: 'ERROR-Response', ...client, errorType: draw.below(256) }
    case 19: {
      const verify = drawVerify(draw)
      if (draw.below(3) === 0) return { tag: '0x10', service: 'SECURITY-Request', encrypted: true, inner: draw.hex(draw.below(40)), verify }
      const innerApdu = drawApdu(draw, layer + 1)
      return { tag: '0x10', service: 'SECURITY-Request', encrypted: false, inner: Buffer.from(encodeApdu(innerApdu)).toString('hex'), verify, innerApdu }
    }
    default: {
      const verify = draw.pick<Verify | null>([null, { kind: 'MAC', mac: draw.hex(4) }, { kind: 'SID_MAC', sid: drawSid(draw), mac: draw.hex(4) }])
      const head = { tag: '0x90', service: 'SECURITY-Response', verify } as const
      if (draw.below(4) === 0) return { ...head, dar: draw.below(256) }
      if (draw.below(3) === 0) return { ...head, encrypted: true, inner: draw.hex(draw.below(40)) }
      const innerApdu = drawApdu(draw, layer + 1)
      return { ...head, encrypted: false, inner: Buffer.from(encodeApdu(innerApdu)).toString('hex'), innerApdu }
    }
  }
}

function drawAddress(draw: Random): ServerAddress {
  const type = draw.pick(['single', 'wildcard', 'group', 'broadcast'] as const)
  const extended = draw.below(5) === 0
  const digits = draw.pick([1, 4, 6, 6, 6, 15])
  return extended ? { type, len: digits + 1, address: draw.hex(digits), extLogical: draw.below(256) } : { type, len: digits, logical: draw.below(2), address: draw.hex(digits) }
}

function controlFor(draw: Random, split: boolean): Control {
  const raw = (draw.below(256) & ~0x20) | (split ? 0x20 : 0)
  return { raw, dir: raw >> 7, prm: (raw >> 6) & 1, split: split ? 1 : 0, scrambled: (raw >> 3) & 1, func: raw & 7 }
}

/** Any message that fits one frame: APDUs, link fragments, frames without user data. */
export function drawDlt698(draw: Random): Dlt698Message {
  const kind = draw.below(12)
  const frame = { control: controlFor(draw, kind === 0), sa: drawAddress(draw), ca: draw.below(256) }
  if (kind === 0) {
    const reserved = draw.below(4)
    const type = draw.pick(fragmentTypes)
    return { frame: { ...frame, fragment: { type, seq: draw.below(4096), data: type === 'ack' ? '' : draw.hex(draw.below(60)), ...(reserved === 0 ? {} : { reservedBits: reserved }) } }, apdu: null }
  }
  return { frame, apdu: kind === 1 ? null : drawApdu(draw) }
}
