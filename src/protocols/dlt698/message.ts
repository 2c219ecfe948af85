/*
 * The messages of DL/T 698.45 as `decode` gives them and `encode` takes them: plain JSON.
 * Hex is lower case, OAD/OI/OMD upper case, 64-bit integers are decimal strings,
 * times `YYYY-MM-DDThh:mm:ss`, `unspecified` (all FF) or `raw:<hex>` when a field is out of range.
 */

export const addressTypes = ['single', 'wildcard', 'group', 'broadcast'] as const
export type AddressType = (typeof addressTypes)[number]

export interface Control {
  readonly raw: number
  /** 1 = from the server (terminal, meter). */
  readonly dir: number
  /** 1 = the client (master) started the exchange. */
  readonly prm: number
  readonly split: number
  readonly scrambled: number
  /** 1 link management, 3 user data. */
  readonly func: number
}

export interface ServerAddress {
  readonly type: AddressType
  /** Bytes on the wire, the extended logical address included. */
  readonly len: number
  /** Logical address of the 2017 text; absent where `extLogical` is there. */
  readonly logical?: number
  readonly extLogical?: number
  /** Digits in reading order. */
  readonly address: string
}

export const fragmentTypes = ['first', 'last', 'ack', 'middle'] as const
export type FragmentType = (typeof fragmentTypes)[number]

export interface Fragment {
  readonly type: FragmentType
  readonly seq: number
  /** A piece of an APDU. */
  readonly data: string
  /** Only when a sender set them; receivers ignore them. */
  readonly reservedBits?: number
}

export interface Link {
  readonly control: Control
  readonly sa: ServerAddress
  readonly ca: number
  readonly fragment?: Fragment
}

/** `apdu` is null in link fragments and in frames without user data. */
export interface Dlt698Message {
  readonly frame: Link
  readonly apdu: Apdu | null
}

export interface Piid {
  readonly raw: number
  readonly priority: number
  readonly seq: number
}
export interface PiidAcd extends Piid {
  /** 1 = the server has events waiting. */
  readonly acd: number
}

export interface Interval {
  /** 0 s, 1 min, 2 h, 3 day, 4 month, 5 year. */
  readonly unit: number
  readonly interval: number
}
export interface DateTime {
  readonly iso: string
  /** 0 = Sunday. */
  readonly dayOfWeek: number
}
export interface Tsa {
  readonly af: string
  readonly addr: string
}
export interface Road {
  readonly oad: string
  readonly oads: readonly string[]
}
/** Column: an OAD, or an OAD of a record table with the columns wanted from it. */
export type Csd = string | Road
export interface Region {
  /** 0 [start,end), 1 (start,end], 2 [start,end], 3 (start,end). */
  readonly boundary: number
  readonly start: Data
  readonly end: Data
}
export interface MeterSet {
  readonly choice: number
  readonly userTypes?: readonly number[]
  readonly addresses?: readonly Tsa[]
  readonly configNos?: readonly number[]
  readonly regions?: readonly Region[]
}
export interface SelectorRange {
  readonly oad: string
  readonly start: Data
  readonly end: Data
  readonly interval: Data
}
/** Row selection; `choice` tells which of the fields are there (chapter 6.1). */
export type RowSelector =
  | { readonly choice: 0 }
  | { readonly choice: 1; readonly oad: string; readonly value: Data }
  | ({ readonly choice: 2 } & SelectorRange)
  | { readonly choice: 3; readonly ranges: readonly SelectorRange[] }
  | { readonly choice: 4 | 5; readonly time: string; readonly ms: MeterSet }
  | { readonly choice: 6 | 7 | 8; readonly start: string; readonly end: string; readonly interval: Interval; readonly ms: MeterSet }
  | { readonly choice: 9; readonly n: number }
  | { readonly choice: 10; readonly n: number; readonly ms: MeterSet }
export interface Comdcb {
  readonly baud: number
  readonly parity: number
  readonly dataBits: number
  readonly stopBits: number
  readonly flow: number
}
export interface Sid {
  readonly id: string
  readonly attach: string
}

export type Data =
  | { readonly type: 'NULL' }
  | { readonly type: 'array' | 'structure'; readonly value: readonly Data[] }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'bit-string'; readonly bits: number; readonly value: string }
  | { readonly type: 'double-long' | 'double-long-unsigned' | 'integer' | 'long' | 'unsigned' | 'long-unsigned' | 'enum'; readonly value: number }
  | { readonly type: 'long64' | 'long64-unsigned'; readonly value: string }
  /** Not-a-number and the infinities are `raw:<hex>`. */
  | { readonly type: 'float32' | 'float64'; readonly value: number | string }
  | { readonly type: 'octet-string' | 'visible-string' | 'UTF8-string' | 'MAC' | 'RN' | 'OI' | 'OAD' | 'OMD' | 'date_time_s' | 'time'; readonly value: string }
  | { readonly type: 'date_time' | 'date'; readonly value: DateTime }
  | { readonly type: 'ROAD'; readonly value: Road }
  | { readonly type: 'TI'; readonly value: Interval }
  | { readonly type: 'TSA'; readonly value: Tsa }
  | { readonly type: 'Region'; readonly value: Region }
  | { readonly type: 'Scaler_Unit'; readonly value: { readonly exponent: number; readonly unit: number } }
  | { readonly type: 'RSD'; readonly value: RowSelector }
  | { readonly type: 'CSD'; readonly value: Csd }
  | { readonly type: 'MS'; readonly value: MeterSet }
  | { readonly type: 'SID'; readonly value: Sid }
  | { readonly type: 'SID_MAC'; readonly value: { readonly sid: Sid; readonly mac: string } }
  | { readonly type: 'COMDCB'; readonly value: Comdcb }
  | { readonly type: 'RCSD'; readonly value: readonly Csd[] }

export interface TimeTag {
  readonly sent: string
  readonly delay: Interval
}
/** A-ResultNormal: exactly one of `dar` and `data`. */
export interface NormalResult {
  readonly oad: string
  readonly dar?: number
  readonly data?: Data
}
/** A-ResultRecord: exactly one of `dar` and `rows`; a row has as many cells as `rcsd` has columns. */
export interface RecordResult {
  readonly oad: string
  readonly rcsd: readonly Csd[]
  readonly dar?: number
  readonly rows?: readonly (readonly Data[])[]
}
export type FollowReport = { readonly normals: readonly NormalResult[] } | { readonly records: readonly RecordResult[] }
export interface RecordRequest {
  readonly oad: string
  readonly rsd: RowSelector
  readonly rcsd: readonly Csd[]
}

interface ClientTail {
  readonly timeTag: TimeTag | null
}
interface ServerTail extends ClientTail {
  readonly followReport: FollowReport | null
}
interface Client extends ClientTail {
  readonly piid: Piid
}
interface Server extends ServerTail {
  readonly piid: PiidAcd
}

export interface LinkRequest {
  readonly tag: '0x01'
  readonly service: 'LINK-Request'
  readonly piid: PiidAcd
  /** 0 login, 1 heartbeat, 2 logout. */
  readonly requestType: number
  /** Heartbeat period in seconds. */
  readonly heartbeat: number
  readonly requestTime: DateTime
}
export interface LinkResponse {
  readonly tag: '0x81'
  readonly service: 'LINK-Response'
  readonly piid: Piid
  readonly result: number
  readonly clockTrusted: boolean
  /** 0 ok, 1 address twice, 2 illegal device, 3 capacity exceeded. */
  readonly code: number
  readonly requestTime: DateTime
  readonly receiveTime: DateTime
  readonly responseTime: DateTime
}
export interface ConnectSizes {
  readonly version: number
  readonly protocolConformance: string
  readonly functionConformance: string
  readonly maxSend: number
  readonly maxRecv: number
  readonly window: number
  readonly maxApdu: number
  readonly timeoutS: number
}
export interface ConnectRequest extends Client, ConnectSizes {
  readonly tag: '0x02'
  readonly service: 'CONNECT-Request'
  /** 0 none, 1 password, 2 symmetric, 3 signature. */
  readonly mechanism: number
  readonly password?: string
  readonly cipher?: string
  readonly signature?: string
}
export interface Vendor {
  readonly code: string
  readonly swVer: string
  readonly swDate: string
  readonly hwVer: string
  readonly hwDate: string
  readonly ext: string
}
export interface ConnectResponse extends Server, ConnectSizes {
  readonly tag: '0x82'
  readonly service: 'CONNECT-Response'
  readonly vendor: Vendor
  readonly result: number
  readonly auth: { readonly rn: string; readonly signature: string } | null
}
export interface ReleaseRequest extends Client {
  readonly tag: '0x03'
  readonly service: 'RELEASE-Request'
}
export interface ReleaseResponse extends Server {
  readonly tag: '0x83'
  readonly service: 'RELEASE-Response'
  readonly result: number
}
export interface ReleaseNotification extends Server {
  readonly tag: '0x84'
  readonly service: 'RELEASE-Notification'
  readonly established: string
  readonly now: string
}

export interface GetRequest extends Client {
  readonly tag: '0x05'
  readonly service: 'GET-Request'
  readonly choice: number
  readonly oad?: string
  readonly oads?: readonly string[]
  readonly record?: RecordRequest
  readonly records?: readonly RecordRequest[]
  readonly lastBlock?: number
}
export interface GetResponse extends Server {
  readonly tag: '0x85'
  readonly service: 'GET-Response'
  readonly choice: number
  readonly results?: readonly NormalResult[]
  readonly records?: readonly RecordResult[]
  readonly last?: boolean
  readonly block?: number
  readonly oad?: string
  readonly md5?: string
  readonly dar?: number
}

export interface SetItem {
  readonly oad: string
  readonly data: Data
  readonly getOad?: string
  /** Seconds to wait before the read. */
  readonly delay?: number
}
export interface SetResult {
  readonly oad: string
  readonly dar: number
  readonly get?: NormalResult
}
export interface ActionItem {
  readonly omd: string
  readonly data: Data
  readonly getOad?: string
  readonly delay?: number
}
export interface ActionResult {
  readonly omd: string
  readonly dar: number
  readonly data: Data | null
  readonly get?: NormalResult
}
export interface SetRequest extends Client {
  readonly tag: '0x06'
  readonly service: 'SET-Request'
  readonly choice: number
  readonly items: readonly SetItem[]
}
export interface SetResponse extends Server {
  readonly tag: '0x86'
  readonly service: 'SET-Response'
  readonly choice: number
  readonly items: readonly SetResult[]
}
export interface ActionRequest extends Client {
  readonly tag: '0x07'
  readonly service: 'ACTION-Request'
  readonly choice: number
  readonly items: readonly ActionItem[]
}
export interface ActionResponse extends Server {
  readonly tag: '0x87'
  readonly service: 'ACTION-Response'
  readonly choice: number
  readonly items: readonly ActionResult[]
}

export interface ReportNotification extends Server {
  readonly tag: '0x88'
  readonly service: 'REPORT-Notification'
  readonly choice: number
  readonly results?: readonly NormalResult[]
  readonly records?: readonly RecordResult[]
  readonly port?: string
  /** Raw frames received on the port. */
  readonly frames?: readonly string[]
  readonly data?: string
  /** Choice 6: everything after the PIID-ACD, kept raw (`simplified.ts` reads it). */
  readonly content?: string
}
export interface ReportResponse extends Client {
  readonly tag: '0x08'
  readonly service: 'REPORT-Response'
  readonly choice: number
  readonly oads?: readonly string[]
}

export interface ProxyTarget<Item> {
  readonly tsa: Tsa
  readonly timeoutS?: number
  readonly items: readonly Item[]
}
export interface ProxyRequest extends Client {
  readonly tag: '0x09'
  readonly service: 'PROXY-Request'
  readonly choice: number
  readonly timeoutS?: number
  readonly targets?: readonly ProxyTarget<string | SetItem | ActionItem>[]
  readonly tsa?: Tsa
  readonly record?: RecordRequest
  readonly port?: string
  readonly comdcb?: Comdcb
  readonly waitFrameS?: number
  readonly waitByteMs?: number
  readonly command?: string
}
export interface ProxyResponse extends Server {
  readonly tag: '0x89'
  readonly service: 'PROXY-Response'
  readonly choice: number
  readonly targets?: readonly ProxyTarget<NormalResult | SetResult | ActionResult>[]
  readonly tsa?: Tsa
  readonly record?: RecordResult
  readonly port?: string
  readonly data?: string
  readonly dar?: number
}

export type Verify =
  | { readonly kind: 'SID_MAC'; readonly sid: Sid; readonly mac: string }
  | { readonly kind: 'RN'; readonly rn: string }
  | { readonly kind: 'RN_MAC'; readonly rn: string; readonly mac: string }
  | { readonly kind: 'SID'; readonly sid: Sid }
  | { readonly kind: 'MAC'; readonly mac: string }
export interface SecurityRequest {
  readonly tag: '0x10'
  readonly service: 'SECURITY-Request'
  readonly encrypted: boolean
  readonly inner: string
  readonly verify: Verify
  /** There when `inner` is plain text and a readable APDU. */
  readonly innerApdu?: Apdu
}
export interface SecurityResponse {
  readonly tag: '0x90'
  readonly service: 'SECURITY-Response'
  readonly encrypted?: boolean
  readonly inner?: string
  readonly innerApdu?: Apdu
  readonly dar?: number
  readonly verify: Verify | null
}
export interface ErrorResponse extends ClientTail {
  readonly tag: '0x6e' | '0xee'
  readonly service: 'ERROR-Response'
  readonly piid: Piid | PiidAcd
  /** 1 APDU cannot be parsed, 2 service not supported, 255 other. */
  readonly errorType: number
  /** Only from servers. */
  readonly followReport?: FollowReport | null
}

export type Apdu =
  | LinkRequest | LinkResponse | ConnectRequest | ConnectResponse | ReleaseRequest | ReleaseResponse | ReleaseNotification
  | GetRequest | GetResponse | SetRequest | SetResponse | ActionRequest | ActionResponse
  | ReportNotification | ReportResponse | ProxyRequest | ProxyResponse | SecurityRequest | SecurityResponse | ErrorResponse
