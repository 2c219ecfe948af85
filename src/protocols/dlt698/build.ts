import type { Apdu, Csd, Data, DateTime, Dlt698Message, Link, MeterSet, NormalResult, RecordResult, RowSelector, ServerAddress, Tsa, Verify } from './message.ts'
import { readControl } from './frame.ts'

/*
 * Messages that a master station and a terminal send, ready for `encode`. Control bytes as in chapter 1.3:
 * 43 request, C3 response, 83 report, 03 its answer, 81 link request, 01 link response.
 */

export interface Peer {
  /** Digits in reading order. */
  readonly address: string
  /** Client address: masters keep one constant, terminals repeat that of the request or send 0. */
  readonly client?: number
  readonly logical?: number
}

function link(control: number, peer: Peer): Link {
  return { control: readControl(control), sa: serverAddress(peer), ca: peer.client ?? 0 }
}

function serverAddress(peer: Peer): ServerAddress {
  const even = peer.address.length % 2 === 0 ? peer.address : `f${peer.address}`
  return { type: 'single', len: even.length / 2, logical: peer.logical ?? 0, address: even.toLowerCase() }
}

const piid = (seq: number): { readonly raw: number; readonly priority: number; readonly seq: number } => ({ raw: seq & 0x3f, priority: 0, seq: seq & 0x3f })
const piidAcd = (seq: number): ReturnType<typeof piid> & { readonly acd: number } => ({ ...piid(seq), acd: 0 })
const serverTail = { followReport: null, timeTag: null } as const

/** date_time of a local `YYYY-MM-DDThh:mm:ss[.mmm]`, weekday included. */
export function dateTime(local: string): DateTime {
  const iso = local.length === 19 ? `${local}.000` : local
  return { iso, dayOfWeek: new Date(`${iso}Z`).getUTCDay() }
}

export const tsa = (address: string): Tsa => ({ af: (address.length / 2 - 1).toString(16).padStart(2, '0'), addr: address })
export const time = (local: string | null): Data => (local === null ? { type: 'NULL' } : { type: 'date_time_s', value: local })

// ---- master

/** A request in C = 43. */
export function masterRequest(peer: Peer, apdu: Apdu): Dlt698Message {
  return { frame: link(0x43, peer), apdu }
}

export const getRequest = (seq: number, oads: readonly string[]): Apdu =>
  oads.length === 1 ? { tag: '0x05', service: 'GET-Request', choice: 1, piid: piid(seq), oad: oads[0] as string, timeTag: null } : { tag: '0x05', service: 'GET-Request', choice: 2, piid: piid(seq), oads, timeTag: null }

export const getRecord = (seq: number, record: { readonly oad: string; readonly rsd: RowSelector; readonly rcsd: readonly Csd[] }): Apdu => ({ tag: '0x05', service: 'GET-Request', choice: 3, piid: piid(seq), record, timeTag: null })

/** Collected results of many meters by store time (chapter 6.4): the usual way to fetch a day or a curve again. */
export function getCollected(seq: number, wanted: { readonly start: string; readonly end: string; readonly minutes: number; readonly meters: MeterSet; readonly table: string; readonly oads: readonly string[] }): Apdu {
  return getRecord(seq, {
    oad: '60120300',
    rsd: { choice: 7, start: wanted.start, end: wanted.end, interval: { unit: 1, interval: wanted.minutes }, ms: wanted.meters },
    rcsd: ['202A0200', '60400200', '60410200', '60420200', { oad: wanted.table, oads: wanted.oads }],
  })
}

export const getNextBlock = (seq: number, lastBlock: number): Apdu => ({ tag: '0x05', service: 'GET-Request', choice: 5, piid: piid(seq), lastBlock, timeTag: null })

export function setRequest(seq: number, items: readonly { readonly oad: string; readonly data: Data }[]): Apdu {
  return { tag: '0x06', service: 'SET-Request', choice: items.length === 1 ? 1 : 2, piid: piid(seq), items, timeTag: null }
}

export function actionRequest(seq: number, items: readonly { readonly omd: string; readonly data: Data }[]): Apdu {
  return { tag: '0x07', service: 'ACTION-Request', choice: items.length === 1 ? 1 : 2, piid: piid(seq), items, timeTag: null }
}

/** Sets the clock by method 127 of object 4000 (chapter 9). */
export const setClock = (seq: number, local: string): Apdu => actionRequest(seq, [{ omd: '40007F00', data: { type: 'date_time_s', value: local } }])

/** The clock command of everybody: broadcast address, no answer is expected. */
export function broadcastClock(seq: number, local: string): Dlt698Message {
  return { frame: { control: readControl(0x43), sa: { type: 'broadcast', len: 1, logical: 0, address: 'aa' }, ca: 0 }, apdu: setClock(seq, local) }
}

/** Reads meters through the terminal. */
export function proxyGet(seq: number, wanted: { readonly timeoutS: number; readonly meterTimeoutS: number; readonly meters: readonly string[]; readonly oads: readonly string[] }): Apdu {
  return { tag: '0x09', service: 'PROXY-Request', choice: 1, piid: piid(seq), timeoutS: wanted.timeoutS, targets: wanted.meters.map((meter) => ({ tsa: tsa(meter), timeoutS: wanted.meterTimeoutS, items: wanted.oads })), timeTag: null }
}

/** Sends a frame as it is by a port of the terminal; 2400 baud, even parity, 8 data bits, 1 stop bit unless told otherwise. */
export function proxyTransparent(seq: number, wanted: { readonly port: string; readonly frameHex: string; readonly waitFrameS: number; readonly waitByteMs: number; readonly baud?: number }): Apdu {
  return {
    tag: '0x09', service: 'PROXY-Request', choice: 7, piid: piid(seq), port: wanted.port,
    comdcb: { baud: wanted.baud ?? 3, parity: 2, dataBits: 8, stopBits: 1, flow: 0 },
    waitFrameS: wanted.waitFrameS, waitByteMs: wanted.waitByteMs, command: wanted.frameHex, timeTag: null,
  }
}

/** Answer to a login, heartbeat or logout. The three times serve the terminal's clock, so they must be honest (chapter 5.1). */
export function answerLink(request: Dlt698Message, times: { readonly receivedAt: string; readonly answeredAt: string; readonly clockTrusted: boolean; readonly code?: number }): Dlt698Message | null {
  const { apdu, frame } = request
  if (apdu?.service !== 'LINK-Request') return null
  const code = times.code ?? 0
  return {
    frame: answerFrame(frame, 0x01),
    apdu: {
      tag: '0x81', service: 'LINK-Response', piid: piid(apdu.piid.seq), result: (times.clockTrusted ? 0x80 : 0) | code, clockTrusted: times.clockTrusted, code,
      requestTime: apdu.requestTime, receiveTime: dateTime(times.receivedAt), responseTime: dateTime(times.answeredAt),
    },
  }
}

/** Same addresses; scrambled requests are answered scrambled. */
const answerFrame = (frame: Link, control: number): Link => ({ control: readControl(control | (frame.control.scrambled << 3)), sa: frame.sa, ca: frame.ca })

/**
 * Acknowledgement of a report (chapter 5.5), to be sent once it is durably accepted; null for anything that is no report.
 * A report in a security envelope is answered in one, with the MAC that a security module gives.
 */
export function answerReport(report: Dlt698Message, verify: Verify | null = null): Dlt698Message | null {
  const { apdu } = report
  if (apdu === null) return null
  const frame = answerFrame(report.frame, 0x03)
  if (apdu.service === 'SECURITY-Request') {
    const innerApdu = apdu.innerApdu === undefined ? null : reportResponse(apdu.innerApdu)
    return innerApdu === null ? null : { frame, apdu: { tag: '0x90', service: 'SECURITY-Response', encrypted: false, innerApdu, verify } as Apdu }
  }
  const answer = reportResponse(apdu)
  return answer === null ? null : { frame, apdu: answer }
}

function reportResponse(apdu: Apdu): Apdu | null {
  if (apdu.service !== 'REPORT-Notification') return null
  const head = { tag: '0x08', service: 'REPORT-Response', piid: piid(apdu.piid.raw), timeTag: null } as const
  if (apdu.choice === 1) return { ...head, choice: 1, oads: (apdu.results ?? []).map((result) => result.oad) }
  if (apdu.choice === 2) return { ...head, choice: 2, oads: (apdu.records ?? []).map((record) => record.oad) }
  // the form of 08 06 is not known: acknowledged as a record list (chapter 6.6)
  if (apdu.choice === 6) return { ...head, choice: 2, oads: [(apdu.content ?? '').slice(0, 8).toUpperCase().padEnd(8, '0')] }
  return { ...head, choice: 3 }
}

// ---- terminal

export const linkTypes = ['login', 'heartbeat', 'logout'] as const
export function terminalLink(peer: Peer, request: { readonly type: (typeof linkTypes)[number]; readonly seq: number; readonly heartbeatS: number; readonly at: string }): Dlt698Message {
  return { frame: link(0x81, peer), apdu: { tag: '0x01', service: 'LINK-Request', piid: piidAcd(request.seq), requestType: linkTypes.indexOf(request.type), heartbeat: request.heartbeatS, requestTime: dateTime(request.at) } }
}

/** A response in C = C3 to a request, with its addresses. */
export function terminalResponse(request: Dlt698Message, apdu: Apdu): Dlt698Message {
  return { frame: answerFrame(request.frame, 0xc3), apdu }
}

/** What a terminal answers to GET 1 and 2: one result per OAD, in the order of the request. */
export function getResponse(seq: number, results: readonly NormalResult[]): Apdu {
  return { tag: '0x85', service: 'GET-Response', choice: results.length === 1 ? 1 : 2, piid: piidAcd(seq), results, ...serverTail }
}

/** A report of records in C = 83. */
export function terminalReport(peer: Peer, seq: number, records: readonly RecordResult[]): Dlt698Message {
  return { frame: link(0x83, peer), apdu: { tag: '0x88', service: 'REPORT-Notification', choice: 2, piid: piidAcd(seq), records, ...serverTail } }
}

export interface CollectedRow {
  readonly meter: string
  readonly collectedAt: string
  readonly values: readonly Data[]
}

/** Collected freezes or curve points of meters: object 60120300 with one record-table column. Values stand in the order of `oads`. */
export function collectedRecord(table: string, oads: readonly string[], rows: readonly CollectedRow[]): RecordResult {
  return {
    oad: '60120300',
    rcsd: ['202A0200', '60400200', '60410200', '60420200', { oad: table, oads }],
    rows: rows.map((row) => [{ type: 'TSA', value: tsa(row.meter) }, time(row.collectedAt), time(row.collectedAt), time(row.collectedAt), { type: 'array', value: row.values }]),
  }
}

/** One meter behind a module that lost its supply (`endedAt` null) or has it again (chapter 10.3). */
export interface MeterOutage {
  readonly meter: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly sequence: number
  /** Clock of the concentrator. */
  readonly reportedAt: string
}

const localModule = 'F2090201'

export function meterOutageRecord(outages: readonly MeterOutage[]): RecordResult {
  return collectedRecord(
    '30110200',
    ['201E0200', '20200200', '20220200', '20240200', '33000200'],
    outages.map((outage) => ({
      meter: outage.meter,
      collectedAt: outage.reportedAt,
      values: [time(outage.startedAt), time(outage.endedAt), { type: 'double-long-unsigned', value: outage.sequence }, { type: 'OAD', value: localModule }, reportStatus(localModule, outage.endedAt === null ? 1 : 5)],
    })),
  )
}

const reportStatus = (channel: string, state: number): Data => ({ type: 'array', value: [{ type: 'structure', value: [{ type: 'OAD', value: channel }, { type: 'unsigned', value: state }] }] })

/** Power off (`endedAt` null) or on of the terminal itself (chapter 10.2). */
export function terminalOutageRecord(outage: { readonly sequence: number; readonly startedAt: string; readonly endedAt: string | null; readonly normal: boolean; readonly valid: boolean; readonly channel?: string }): RecordResult {
  const flags = (outage.normal ? 0x80 : 0) | (outage.valid ? 0x40 : 0)
  return {
    oad: '31060200',
    rcsd: ['20220200', '201E0200', '20200200', '20240200', '33000200', '33090206'],
    rows: [
      [
        { type: 'double-long-unsigned', value: outage.sequence },
        time(outage.startedAt),
        time(outage.endedAt),
        { type: 'enum', value: outage.endedAt === null ? 0 : 1 },
        reportStatus(outage.channel ?? '45000200', 1),
        { type: 'bit-string', bits: 8, value: flags.toString(16).padStart(2, '0') },
      ],
    ],
  }
}

/** Any other event record by its standard unit (chapter 8.1). */
export function eventRecord(oad: string, event: { readonly sequence: number; readonly startedAt: string | null; readonly endedAt: string | null; readonly source: Data }): RecordResult {
  return { oad, rcsd: ['20220200', '201E0200', '20200200', '20240200'], rows: [[{ type: 'double-long-unsigned', value: event.sequence }, time(event.startedAt), time(event.endedAt), event.source]] }
}
