/*
 * DLMS/COSEM messages as `decode` gives them and `encode` takes them: plain JSON, hex in lower case, OBIS with dots.
 */

export interface CosemDateTime {
  /** null = not specified; month and day may also be FDH or FEH (daylight saving, last day). */
  readonly year: number | null
  readonly month: number | null
  readonly day: number | null
  /** 1 = Monday. */
  readonly dayOfWeek: number | null
  readonly hour: number | null
  readonly minute: number | null
  readonly second: number | null
  readonly hundredths: number | null
  /** UTC = local + deviation. */
  readonly deviationMin: number | null
  readonly clockStatus: number
}
export type CosemDate = Pick<CosemDateTime, 'year' | 'month' | 'day' | 'dayOfWeek'>
export type CosemTime = Pick<CosemDateTime, 'hour' | 'minute' | 'second' | 'hundredths'>

/** Type of the packed values of a compact array. */
export type TypeDescription =
  | { readonly type: Exclude<CosemData['type'], 'array' | 'structure' | 'compact-array' | 'null-data' | 'dont-care'> }
  | { readonly type: 'structure'; readonly members: readonly TypeDescription[] }
  | { readonly type: 'array'; readonly count: number; readonly member: TypeDescription }

export type CosemData =
  | { readonly type: 'null-data' | 'dont-care' }
  | { readonly type: 'array' | 'structure'; readonly value: readonly CosemData[] }
  | { readonly type: 'compact-array'; readonly description: TypeDescription; readonly value: readonly CosemData[] }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'bit-string'; readonly bits: number; readonly value: string }
  | { readonly type: 'double-long' | 'double-long-unsigned' | 'bcd' | 'integer' | 'long' | 'unsigned' | 'long-unsigned' | 'enum'; readonly value: number }
  | { readonly type: 'long64' | 'long64-unsigned'; readonly value: string }
  /** Not-a-number and the infinities are `raw:<hex>`. */
  | { readonly type: 'float32' | 'float64'; readonly value: number | string }
  | { readonly type: 'octet-string' | 'visible-string' | 'utf8-string'; readonly value: string }
  | { readonly type: 'date-time'; readonly value: CosemDateTime }
  | { readonly type: 'date'; readonly value: CosemDate }
  | { readonly type: 'time'; readonly value: CosemTime }

export const dateTimeEncodings = ['length-prefixed', 'tagged-octet-string'] as const

export interface DataNotification {
  readonly tag: '0x0f'
  readonly service: 'data-notification'
  readonly longInvokeId: string
  /** How the date-time was put on the wire; absent with it. */
  readonly dateTimeEncoding?: (typeof dateTimeEncodings)[number]
  readonly dateTime: CosemDateTime | null
  readonly dateTimeRaw?: string
  readonly body: CosemData
}

export interface EventNotification {
  readonly tag: '0xc2'
  readonly service: 'event-notification-request'
  /** First byte of the time on the wire: 0x00 absent, 0x01 or 0x09 before a length, 0x0c a length itself. */
  readonly timeFlag: string
  readonly time: CosemDateTime | null
  readonly timeRaw?: string
  readonly classId: number
  readonly obis: string
  readonly attribute: number
  readonly value: CosemData
}

export interface AttributeDescriptor {
  readonly classId: number
  readonly obis: string
  readonly attribute: number
  readonly selectiveAccess: { readonly selector: number; readonly parameters: CosemData } | null
}
export interface GetRequest {
  readonly tag: '0xc0'
  readonly service: 'get-request'
  /** 1 normal, 2 next block, 3 list. */
  readonly choice: number
  readonly invokeId: number
  readonly classId?: number
  readonly obis?: string
  readonly attribute?: number
  readonly selectiveAccess?: AttributeDescriptor['selectiveAccess']
  readonly block?: number
  readonly list?: readonly AttributeDescriptor[]
}
/** Exactly one of `data` and `accessResult`. */
export interface GetResult {
  readonly data?: CosemData
  readonly accessResult?: number
}
export interface GetResponse extends GetResult {
  readonly tag: '0xc4'
  readonly service: 'get-response'
  readonly choice: number
  readonly invokeId: number
  readonly last?: boolean
  readonly block?: number
  readonly raw?: string
  readonly results?: readonly GetResult[]
}

export interface SecurityControl {
  readonly raw: number
  readonly suite: number
  readonly authenticated: boolean
  readonly encrypted: boolean
  readonly broadcastKey: boolean
  readonly compressed: boolean
}
export interface CipheredApdu {
  readonly tag: '0xdb'
  readonly service: 'general-glo-ciphering'
  readonly systemTitle: string
  readonly securityControl: SecurityControl
  readonly frameCounter: number
  readonly cipherText: string
  readonly authTag: string | null
  /** There when the keys were given. */
  readonly apdu?: DlmsApdu
}

/** Services that a head-end only recognises. */
export interface OtherApdu {
  readonly tag: string
  readonly service: string
  readonly contentHex: string
}

export type DlmsApdu = DataNotification | EventNotification | GetRequest | GetResponse | CipheredApdu | OtherApdu

export interface WrapperFrame {
  readonly version: number
  readonly srcWPort: number
  readonly dstWPort: number
  readonly apdu: DlmsApdu
}
export const hdlcFlags = ['none', 'opening', 'both'] as const
export interface HdlcFrame {
  readonly flags: (typeof hdlcFlags)[number]
  readonly segmented: boolean
  /** 7-bit values in the order of the wire. */
  readonly destination: readonly number[]
  readonly source: readonly number[]
  readonly control: string
  readonly llc?: string
  readonly apdu?: DlmsApdu
  /** Information that is no LLC with an APDU: a segment, negotiation parameters. Absent when there is none. */
  readonly info?: string
}

export type DlmsMessage =
  | { readonly layer: 'wrapper'; readonly wrapper: WrapperFrame }
  | { readonly layer: 'hdlc'; readonly hdlc: HdlcFrame }
  | { readonly layer: 'llc'; readonly llc: string; readonly apdu: DlmsApdu }
  | { readonly layer: 'apdu'; readonly apdu: DlmsApdu }
  /** DSMR 4 alarm: no APDU, equipment identifier, comma, alarm register or OBIS. */
  | { readonly layer: 'dsmr4'; readonly equipmentId: string; readonly register?: number; readonly obis?: string }
