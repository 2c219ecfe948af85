/** The messages of TCLIService as far as this client reads them, in the form that the generated code of hive-driver gives. */

export interface ThriftStatus {
  /** 0 success, 1 success with info, 2 still executing, 3 error, 4 invalid handle. */
  readonly statusCode: number
  readonly errorMessage?: string | null
  readonly sqlState?: string | null
}

export interface OperationHandle {
  readonly operationId: { readonly guid: Uint8Array }
  readonly hasResultSet: boolean
}

export interface SessionHandle {
  readonly sessionId: { readonly guid: Uint8Array }
}

export const operationStates = ['initialized', 'running', 'finished', 'canceled', 'closed', 'error', 'unknown', 'pending', 'timedOut'] as const
export type OperationState = (typeof operationStates)[number]

/** One column of a page. Exactly one member is set. `nulls` holds a bit per row, 1 = NULL, and may be shorter than the rows. */
export interface ThriftColumn {
  readonly boolVal?: ColumnPart<boolean> | null
  readonly byteVal?: ColumnPart<number> | null
  readonly i16Val?: ColumnPart<number> | null
  readonly i32Val?: ColumnPart<number> | null
  /** The library's 64-bit class holds the eight bytes, big endian: its own conversion to a number loses digits. */
  readonly i64Val?: ColumnPart<{ readonly buffer: Uint8Array; readonly offset: number }> | null
  readonly doubleVal?: ColumnPart<number> | null
  readonly stringVal?: ColumnPart<string> | null
  readonly binaryVal?: ColumnPart<Uint8Array> | null
}

export interface ColumnPart<T> {
  readonly values: readonly T[]
  readonly nulls: Uint8Array
}

export interface ColumnDescription {
  readonly columnName: string
  readonly typeDesc: { readonly types: readonly { readonly primitiveEntry?: PrimitiveEntry | null }[] }
}

export interface PrimitiveEntry {
  readonly type: number
  readonly typeQualifiers?: { readonly qualifiers?: Readonly<Record<string, { readonly i32Value?: number | null }>> | null } | null
}

/** The low-level calls of hive-driver, without its sessions and operations, which lose digits and names. */
export interface HiveCalls {
  openSession(request: object): Promise<{ readonly status: ThriftStatus; readonly serverProtocolVersion: number; readonly sessionHandle: SessionHandle }>
  closeSession(request: { readonly sessionHandle: SessionHandle }): Promise<{ readonly status: ThriftStatus }>
  executeStatement(request: { readonly sessionHandle: SessionHandle; readonly statement: string; readonly runAsync: boolean }): Promise<{ readonly status: ThriftStatus; readonly operationHandle: OperationHandle }>
  getOperationStatus(request: { readonly operationHandle: OperationHandle }): Promise<{
    readonly status: ThriftStatus
    readonly operationState: number
    readonly errorMessage?: string | null
    readonly sqlState?: string | null
    readonly hasResultSet?: boolean | null
  }>
  getResultSetMetadata(request: { readonly operationHandle: OperationHandle }): Promise<{ readonly status: ThriftStatus; readonly schema?: { readonly columns: readonly ColumnDescription[] } | null }>
  fetchResults(request: { readonly operationHandle: OperationHandle; readonly orientation: number; readonly maxRows: number; readonly fetchType: number }): Promise<{
    readonly status: ThriftStatus
    readonly results?: { readonly columns?: readonly ThriftColumn[] | null } | null
  }>
  cancelOperation(request: { readonly operationHandle: OperationHandle }): Promise<{ readonly status: ThriftStatus }>
  closeOperation(request: { readonly operationHandle: OperationHandle }): Promise<{ readonly status: ThriftStatus }>
}
