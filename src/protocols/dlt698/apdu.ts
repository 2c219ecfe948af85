import { isDeepStrictEqual } from 'node:util'
import { success } from '../reader.ts'
import type { Decoded } from '../codec.ts'
import { byteHex } from '../hex.ts'
import { Input } from '../input.ts'
import { Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import type { Apdu } from './message.ts'
import { readGetRequest, readGetResponse, writeGetRequest, writeGetResponse } from './services/get.ts'
import { readClientError, readConnectRequest, readConnectResponse, readLinkRequest, readLinkResponse, readReleaseNotification, readReleaseRequest, readReleaseResponse, readServerError, writeClientError, writeConnectRequest, writeConnectResponse, writeLinkRequest, writeLinkResponse, writeReleaseNotification, writeReleaseRequest, writeReleaseResponse, writeServerError } from './services/link.ts'
import { readProxyRequest, readProxyResponse, writeProxyRequest, writeProxyResponse } from './services/proxy.ts'
import { readReportNotification, readReportResponse, writeReportNotification, writeReportResponse } from './services/report.ts'
import { readSecurityRequest, readSecurityResponse, writeSecurityRequest, writeSecurityResponse } from './services/security.ts'
import { readActionRequest, readActionResponse, readSetRequest, readSetResponse, writeActionRequest, writeActionResponse, writeSetRequest, writeSetResponse } from './services/set-action.ts'

/** A secured APDU holds a plain one; more layers than this are an attack. */
const maxSecurityLayers = 3

/*
 * APDU (chapter 4): tag, then the service. The tag decides, not the direction bits of the frame: wrong ones occur in the field.
 *   client   02 CONNECT  03 RELEASE  05 GET  06 SET  07 ACTION  08 REPORT-Response  09 PROXY  10 SECURITY  6E ERROR  81 LINK-Response
 *   server   82 83 84 85 86 87 88 89 90 EE, 01 LINK-Request
 *   45 C5 46 C6 49 C9: compact services of the 2021 revision, whose layout is not known
 */
function readService(reader: Reader, layer: number): Apdu | null {
  const at = reader.offset
  const tag = reader.u8('APDU tag')
  switch (tag) {
    case 0x01:
      return readLinkRequest(reader)
    case 0x02:
      return readConnectRequest(reader)
    case 0x03:
      return readReleaseRequest(reader)
    case 0x05:
      return readGetRequest(reader)
    case 0x06:
      return readSetRequest(reader)
    case 0x07:
      return readActionRequest(reader)
    case 0x08:
      return readReportResponse(reader)
    case 0x09:
      return readProxyRequest(reader)
    case 0x10:
      return readSecurityRequest(reader, (inner) => readInner(inner, layer))
    case 0x6e:
      return readClientError(reader)
    case 0x81:
      return readLinkResponse(reader)
    case 0x82:
      return readConnectResponse(reader)
    case 0x83:
      return readReleaseResponse(reader)
    case 0x84:
      return readReleaseNotification(reader)
    case 0x85:
      return readGetResponse(reader)
    case 0x86:
      return readSetResponse(reader)
    case 0x87:
      return readActionResponse(reader)
    case 0x88:
      return readReportNotification(reader)
    case 0x89:
      return readProxyResponse(reader)
    case 0x90:
      return readSecurityResponse(reader, (inner) => readInner(inner, layer))
    case 0xee:
      return readServerError(reader)
    case 0x45:
    case 0xc5:
    case 0x46:
    case 0xc6:
    case 0x49:
    case 0xc9:
      reader.fail('UNSUPPORTED', `compact service ${byteHex(tag)} of the 2021 revision`, at)
      return null
    default:
      reader.fail('FIELD_INVALID', `APDU tag ${byteHex(tag)} is not known`, at)
      return null
  }
}

function readInner(reader: Reader, layer: number): Apdu | null {
  if (layer >= maxSecurityLayers) return null
  const apdu = readService(reader, layer + 1)
  return reader.finish(apdu).ok ? apdu : null
}

/** Reads the APDU that fills [reader.offset, reader.end). */
export function readApdu(reader: Reader): Decoded<Apdu> {
  const apdu = readService(reader, 0)
  if (reader.failure === null && apdu !== null && reader.offset === reader.end) return success(apdu)
  return reader.finish(apdu as Apdu)
}

/**
 * Decodes an APDU without a frame.
 *
 * @param options.lenient accepts an APDU that ends before its tail flags, as some devices send it
 */
export function decodeApdu(bytes: Uint8Array, options: { readonly lenient?: boolean } = {}): Decoded<Apdu> {
  const decoded = readApdu(new Reader(bytes))
  if (decoded.ok || options.lenient !== true || decoded.offset !== bytes.length) return decoded
  for (const missing of [1, 2]) {
    const longer = new Uint8Array(bytes.length + missing)
    longer.set(bytes)
    const again = readApdu(new Reader(longer))
    if (again.ok) return again
  }
  return decoded
}

interface Service {
  readonly tag: number
  readonly name: Apdu['service']
  readonly write: (writer: Writer, input: Input) => void
}
const services: readonly Service[] = [
  { tag: 0x01, name: 'LINK-Request', write: writeLinkRequest },
  { tag: 0x81, name: 'LINK-Response', write: writeLinkResponse },
  { tag: 0x02, name: 'CONNECT-Request', write: writeConnectRequest },
  { tag: 0x82, name: 'CONNECT-Response', write: writeConnectResponse },
  { tag: 0x03, name: 'RELEASE-Request', write: writeReleaseRequest },
  { tag: 0x83, name: 'RELEASE-Response', write: writeReleaseResponse },
  { tag: 0x84, name: 'RELEASE-Notification', write: writeReleaseNotification },
  { tag: 0x05, name: 'GET-Request', write: writeGetRequest },
  { tag: 0x85, name: 'GET-Response', write: writeGetResponse },
  { tag: 0x06, name: 'SET-Request', write: writeSetRequest },
  { tag: 0x86, name: 'SET-Response', write: writeSetResponse },
  { tag: 0x07, name: 'ACTION-Request', write: writeActionRequest },
  { tag: 0x87, name: 'ACTION-Response', write: writeActionResponse },
  { tag: 0x88, name: 'REPORT-Notification', write: writeReportNotification },
  { tag: 0x08, name: 'REPORT-Response', write: writeReportResponse },
  { tag: 0x09, name: 'PROXY-Request', write: writeProxyRequest },
  { tag: 0x89, name: 'PROXY-Response', write: writeProxyResponse },
  { tag: 0x10, name: 'SECURITY-Request', write: (writer, input) => { writeSecurityRequest(writer, input, innerBytes) } },
  { tag: 0x90, name: 'SECURITY-Response', write: (writer, input) => { writeSecurityResponse(writer, input, innerBytes) } },
  { tag: 0xee, name: 'ERROR-Response', write: writeServerError },
  { tag: 0x6e, name: 'ERROR-Response', write: writeClientError },
]
const serviceNames = [...new Set(services.map((service) => service.name))]

export function writeApdu(writer: Writer, input: Input): void {
  const name = input.get('service').oneOf(serviceNames)
  const tag = input.get('tag')
  const wanted = tag.absent ? null : tag.text().toLowerCase()
  const service = services.find((entry) => entry.name === name && (wanted === null || wanted === `0x${byteHex(entry.tag)}`))
  if (service === undefined) return tag.fail(`does not belong to ${name}`)
  writer.u8(service.tag)
  service.write(writer, input)
}

/** Inverse of decodeApdu. Throws StationError INPUT_INVALID naming the field. */
export function encodeApdu(apdu: Apdu): Uint8Array {
  return apduBytes(new Input(apdu, 'apdu'))
}

function apduBytes(input: Input): Uint8Array {
  const writer = new Writer()
  writeApdu(writer, input)
  return writer.finish()
}

/** From `inner`, from `innerApdu`, or from both when they say the same. */
function innerBytes(input: Input): Uint8Array {
  const apdu = input.get('innerApdu')
  if (apdu.absent) return input.get('inner').hex()
  const bytes = apduBytes(apdu)
  if (!input.has('inner')) return bytes
  const inner = input.get('inner').hex()
  if (inner.equals(bytes)) return inner
  const decoded = decodeApdu(inner)
  if (!decoded.ok || !isDeepStrictEqual(decoded.message, apdu.value)) apdu.fail('does not agree with inner')
  return inner
}
