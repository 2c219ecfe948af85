import type { SparkType } from './spark-type.ts'

/** Where a Spark answers and by which of its two doors. Presence of `tls` turns TLS on; certificates are always verified. */
export interface SparkTarget {
  readonly transport: SparkTransport
  readonly connect?: SparkConnectTarget
  readonly thrift?: SparkThriftTarget
}

export const sparkTransports = ['connect', 'thrift'] as const
export type SparkTransport = (typeof sparkTransports)[number]

export interface SparkTls {
  /** Certificates to trust, PEM; default: those of Node. */
  readonly ca?: string
  /** Name to expect in the certificate when it is not the host's. */
  readonly serverName?: string
}

export interface SparkConnectTarget {
  readonly host: string
  readonly port: number
  /** Name that the server files the session under. Default `station`. */
  readonly username?: string
  /** Bearer token; travels over TLS or to this machine only. */
  readonly token?: string
  readonly tls?: SparkTls
}

export const sparkThriftAuths = ['plain', 'nosasl'] as const
export type SparkThriftAuth = (typeof sparkThriftAuths)[number]

export interface SparkThriftTarget {
  readonly host: string
  readonly port: number
  /** `plain` = SASL PLAIN (server settings NONE, LDAP, CUSTOM), `nosasl` = raw. Default `plain`. */
  readonly auth?: SparkThriftAuth
  readonly username?: string
  readonly password?: string
  readonly tls?: SparkTls
  /** Base address of the Spark UI, for progress; without it progress has no fraction. */
  readonly uiUrl?: string
}

export interface SparkColumn {
  /** As the query names it; two columns may have one name. */
  readonly name: string
  /** Spark SQL type text, for example `decimal(38,18)` or `array<struct<a:int>>`. */
  readonly type: string
  readonly sparkType: SparkType
}

/**
 * A value of any SQL type, exact:
 * - `boolean`; `number` for tinyint, smallint, int, float (the very float widened to double) and double with NaN, infinities and -0
 * - `bigint` for bigint
 * - `string` for string, char, varchar; decimal as plain digits at its scale (`1.50`); date `YYYY-MM-DD`;
 *   timestamp as UTC instant `YYYY-MM-DDTHH:MM:SS.ffffffZ`; timestamp_ntz the same without `Z`; time `HH:MM:SS.ffffff`;
 *   year-month interval `Y-M`; day-time interval `D HH:MM:SS.ffffff`; the old interval `1 years 2 months 3 days 4 hours`
 * - `Uint8Array` for binary; arrays; maps and structs as below; `null` for NULL and void
 */
export type SparkValue = null | boolean | number | bigint | string | Uint8Array | readonly SparkValue[] | SparkMap | SparkStruct

/** Entries in the order in which the engine gave them; keys may be of any type. */
export interface SparkMap {
  readonly kind: 'map'
  readonly entries: readonly (readonly [key: SparkValue, value: SparkValue])[]
}

/** Fields in declared order; two fields may have one name. */
export interface SparkStruct {
  readonly kind: 'struct'
  readonly fields: readonly (readonly [name: string, value: SparkValue])[]
}

export type SparkRow = readonly SparkValue[]

export interface SparkPage {
  readonly columns: readonly SparkColumn[]
  readonly rows: readonly SparkRow[]
}

export interface SparkResult extends SparkPage {
  /** More rows existed than `maximumRows`. */
  readonly truncated: boolean
}

export interface SparkProgress {
  /** 0…1 of the tasks known so far (more may come while the query adapts), null where the gateway tells nothing. */
  readonly fraction: number | null
  readonly text: string
}

export interface SparkStatementOptions {
  readonly signal: AbortSignal
  /** Epoch milliseconds by the context's clock. When it passes, the statement is interrupted and WAIT_TIMED_OUT thrown. */
  readonly deadlineAtMs?: number
  readonly onProgress?: (progress: SparkProgress) => void
  /** Rows beyond are neither fetched nor kept. */
  readonly maximumRows?: number
  /** Where the statement's first character stands in its file; errors then tell the place in the file. Lines and columns from 1. */
  readonly origin?: SparkStatementOrigin
}

export interface SparkStatementOrigin {
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

export interface SparkSession {
  readonly transport: SparkTransport
  /** UUID under which the server knows the session; another one after a lost session was replaced. */
  readonly id: string
  /** Version text of the server, for example `4.1.4`. */
  readonly serverVersion: string
  /**
   * Runs one statement to its end and returns all its rows.
   * Throws SQL_REJECTED (with condition, SQLSTATE and place), GATEWAY_UNREACHABLE, GATEWAY_GONE, GATEWAY_DENIED,
   * SESSION_LOST, WAIT_TIMED_OUT, or the reason of the signal.
   */
  execute(sql: string, options: SparkStatementOptions): Promise<SparkResult>
  /** The same, page by page: at least one page, possibly without rows. Leaving the loop early interrupts the statement. */
  stream(sql: string, options: SparkStatementOptions): AsyncIterable<SparkPage>
  close(): Promise<void>
}
