import type { CosemData, CosemDateTime, DlmsApdu, DlmsMessage, GetResult, TypeDescription } from '../../../src/protocols/dlms/message.ts'
import type { Random } from '../random.ts'

const list = <Item>(draw: Random, make: () => Item, atLeast = 0): Item[] => Array.from({ length: atLeast + draw.below(4 - atLeast) }, make)
const maybe = (draw: Random, limit: number): number | null => (draw.below(6) === 0 ? null : draw.below(limit))
export const drawObis = (draw: Random): string => (draw.flip() ? draw.pick(['1.0.1.7.0.255', '0.0.96.1.0.255', '1.0.32.7.0.255', '1.0.1.8.0.255']) : Array.from(draw.bytes(6)).join('.'))

const drawDate = (draw: Random): Pick<CosemDateTime, 'year' | 'month' | 'day' | 'dayOfWeek'> => ({ year: maybe(draw, 0xffff), month: maybe(draw, 255), day: maybe(draw, 255), dayOfWeek: maybe(draw, 255) })
const drawClock = (draw: Random): Pick<CosemDateTime, 'hour' | 'minute' | 'second' | 'hundredths'> => ({ hour: maybe(draw, 255), minute: maybe(draw, 255), second: maybe(draw, 255), hundredths: maybe(draw, 255) })
export function drawDateTime(draw: Random): CosemDateTime {
  return { ...drawDate(draw), ...drawClock(draw), deviationMin: draw.below(5) === 0 ? null : draw.below(0xffff) - 0x7fff, clockStatus: draw.below(256) }
}
export function rawDateTime(at: CosemDateTime): string {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16BE(at.year ?? 0xffff, 0)
  ;[at.month, at.day, at.dayOfWeek, at.hour, at.minute, at.second, at.hundredths].forEach((value, index) => bytes.writeUInt8(value ?? 0xff, 2 + index))
  bytes.writeInt16BE(at.deviationMin ?? -0x8000, 9)
  bytes.writeUInt8(at.clockStatus, 11)
  return bytes.toString('hex')
}

function drawScalar(draw: Random, type: CosemData['type']): CosemData {
  switch (type) {
    case 'boolean':
      return { type, value: draw.flip() }
    case 'bit-string': {
      const bits = draw.below(30)
      return { type, bits, value: draw.hex(Math.ceil(bits / 8)) }
    }
    case 'double-long':
      return { type, value: draw.below(2 ** 32) - 2 ** 31 }
    case 'double-long-unsigned':
      return { type, value: draw.below(2 ** 32) }
    case 'octet-string':
      return { type, value: draw.hex(draw.pick([0, 5, 6, 12, 130])) }
    case 'visible-string':
      return { type, value: Buffer.from(draw.bytes(draw.below(8))).toString('latin1') }
    case 'utf8-string':
      return { type, value: draw.pick(['', 'Zähler', '电', 'raw:ff']) }
    case 'bcd':
    case 'integer':
      return { type, value: draw.below(256) - 128 }
    case 'long':
      return { type, value: draw.below(65536) - 32768 }
    case 'unsigned':
    case 'enum':
      return { type, value: draw.below(256) }
    case 'long-unsigned':
      return { type, value: draw.below(65536) }
    case 'long64':
      return { type, value: draw.pick(['-9223372036854775808', '17']) }
    case 'long64-unsigned':
      return { type, value: draw.pick(['18446744073709551615', '17']) }
    case 'float32':
      return { type, value: draw.pick([0.5, -2, 'raw:7f800000']) }
    case 'float64':
      return { type, value: draw.pick([0.1, 1e200, 'raw:7ff8000000000000']) }
    case 'date-time':
      return { type, value: drawDateTime(draw) }
    case 'date':
      return { type, value: drawDate(draw) }
    case 'time':
      return { type, value: drawClock(draw) }
    default:
      return { type: 'null-data' }
  }
}
const packable = ['boolean', 'bit-string', 'double-long', 'double-long-unsigned', 'octet-string', 'visible-string', 'utf8-string', 'bcd', 'integer', 'long', 'unsigned', 'enum', 'long-unsigned', 'long64', 'long64-unsigned', 'float32', 'float64', 'date-time', 'date', 'time'] as const

function drawDescription(draw: Random, depth: number): TypeDescription {
  const kind = draw.below(depth > 2 ? 1 : 4)
  if (kind === 2) return { type: 'structure', members: list(draw, () => drawDescription(draw, depth + 1), 1) }
  if (kind === 3) return { type: 'array', count: 1 + draw.below(3), member: drawDescription(draw, depth + 1) }
  return { type: draw.pick(packable) }
}
function drawPacked(draw: Random, description: TypeDescription): CosemData {
  if (description.type === 'structure') return { type: 'structure', value: description.members.map((member) => drawPacked(draw, member)) }
  if (description.type === 'array') return { type: 'array', value: Array.from({ length: description.count }, () => drawPacked(draw, description.member)) }
  return drawScalar(draw, description.type)
}

export function drawCosem(draw: Random, depth = 0): CosemData {
  const kind = draw.below(depth > 3 ? 20 : 24)
  if (kind < 18) return drawScalar(draw, draw.pick(packable))
  if (kind < 20) return { type: draw.pick(['null-data', 'dont-care'] as const) }
  if (kind === 20) {
    const description = drawDescription(draw, 0)
    return { type: 'compact-array', description, value: list(draw, () => drawPacked(draw, description)) }
  }
  return { type: draw.pick(['array', 'structure'] as const), value: list(draw, () => drawCosem(draw, depth + 1)) }
}

const drawResult = (draw: Random): GetResult => (draw.flip() ? { data: drawCosem(draw) } : { accessResult: draw.below(256) })

export function drawDlmsApdu(draw: Random): DlmsApdu {
  const at = draw.flip() ? drawDateTime(draw) : null
  const descriptor = (): { classId: number; obis: string; attribute: number; selectiveAccess: { selector: number; parameters: CosemData } | null } => ({ classId: draw.below(65536), obis: drawObis(draw), attribute: draw.below(256) - 128, selectiveAccess: draw.flip() ? null : { selector: draw.below(256), parameters: drawCosem(draw) } })
  const invokeId = draw.below(256)
  switch (draw.below(8)) {
    case 0:
    case 1:
    case 2:
      return { tag: '0x0f', service: 'data-notification', longInvokeId: draw.hex(4), ...(at === null ? { dateTime: null } : { dateTimeEncoding: draw.pick(['length-prefixed', 'tagged-octet-string'] as const), dateTime: at, dateTimeRaw: rawDateTime(at) }), body: drawCosem(draw) }
    case 3:
      return { tag: '0xc2', service: 'event-notification-request', timeFlag: at === null ? '0x00' : draw.pick(['0x01', '0x09', '0x0c']), time: at, ...(at === null ? {} : { timeRaw: rawDateTime(at) }), classId: draw.below(65536), obis: drawObis(draw), attribute: draw.below(256) - 128, value: drawCosem(draw) }
    case 4: {
      const head = { tag: '0xc0', service: 'get-request', invokeId } as const
      return draw.pick<DlmsApdu>([{ ...head, choice: 1, ...descriptor() }, { ...head, choice: 2, block: draw.below(2 ** 32) }, { ...head, choice: 3, list: list(draw, descriptor) }])
    }
    case 5: {
      const head = { tag: '0xc4', service: 'get-response', invokeId } as const
      return draw.pick<DlmsApdu>([{ ...head, choice: 1, ...drawResult(draw) }, { ...head, choice: 2, last: draw.flip(), block: draw.below(2 ** 32), raw: draw.hex(20) }, { ...head, choice: 2, last: draw.flip(), block: 7, accessResult: 3 }, { ...head, choice: 3, results: list(draw, () => drawResult(draw)) }])
    }
    case 6: {
      const raw = draw.below(256)
      const authenticated = (raw & 0x10) !== 0
      return { tag: '0xdb', service: 'general-glo-ciphering', systemTitle: draw.hex(8), securityControl: { raw, suite: raw & 15, authenticated, encrypted: (raw & 0x20) !== 0, broadcastKey: (raw & 0x40) !== 0, compressed: raw > 127 }, frameCounter: draw.below(2 ** 32), cipherText: draw.hex(draw.below(40)), authTag: authenticated ? draw.hex(12) : null }
    }
    default:
      return draw.pick([
        { tag: '0x60', service: 'AARQ', contentHex: draw.hex(draw.below(140)) },
        { tag: '0x61', service: 'AARE', contentHex: draw.hex(draw.below(140)) },
        { tag: '0xd8', service: 'exception-response', contentHex: draw.hex(2) },
        { tag: '0xca', service: 'glo-event-notification', contentHex: `20${draw.hex(32)}` },
        { tag: '0xdd', service: 'general-ciphering', contentHex: `00084142434445464748000000000a${draw.hex(10)}` },
        { tag: '0xe0', service: 'general-block-transfer', contentHex: `${draw.hex(5)}04${draw.hex(4)}` },
      ])
  }
}

export function drawDlms(draw: Random): DlmsMessage {
  const apdu = drawDlmsApdu(draw)
  switch (draw.below(5)) {
    case 0:
      // without a frame only services whose content is checked are taken for an APDU
      return { layer: 'apdu', apdu: 'contentHex' in apdu ? { tag: '0x60', service: 'AARQ', contentHex: apdu.contentHex } : apdu }
    case 1:
      return { layer: 'llc', llc: draw.pick(['e6e600', 'e6e700']), apdu }
    case 2:
      return draw.below(6) === 0 ? { layer: 'dsmr4', equipmentId: 'KA6P0050390211105', ...(draw.flip() ? { register: draw.below(2 ** 32) } : { obis: drawObis(draw) }) } : { layer: 'wrapper', wrapper: { version: 1, srcWPort: draw.below(65536), dstWPort: draw.below(65536), apdu } }
    default: {
      const address = (): number[] => Array.from({ length: draw.pick([1, 2, 4]) }, () => draw.below(128))
      const head = { flags: draw.pick(['none', 'opening', 'both'] as const), destination: address(), source: address(), control: `0x${draw.hex(1)}` }
      if (draw.below(4) === 0) return { layer: 'hdlc', hdlc: { ...head, segmented: draw.flip(), ...(draw.flip() ? { info: `00${draw.hex(draw.below(80))}` } : {}) } }
      return { layer: 'hdlc', hdlc: { ...head, segmented: false, llc: draw.pick(['e6e600', 'e6e700']), apdu } }
    }
  }
}
