import type { Metadata, ServiceError } from '@grpc/grpc-js'
import type { Context } from '../../../core/context.ts'
import { isStationError } from '../../../core/errors.ts'
import { parseSparkFailure, type SparkFailure } from '../spark-error.ts'
import { callUnary, type ConnectIdentity, type ConnectStub, type ErrorDetails, type StatusReader } from './connect-stub.ts'

/** What every call of one session needs. */
export interface ConnectLink {
  readonly stub: ConnectStub
  readonly metadata: Metadata
  readonly status: StatusReader
  readonly context: Context
  readonly address: string
  identity(): ConnectIdentity
}

export type LinkFailure =
  /** The engine judged: an error of SQL, of the session or of the operation. */
  | { readonly kind: 'engine'; readonly failure: SparkFailure; readonly errorId: string | null }
  | { readonly kind: 'denied'; readonly detail: string }
  /** The stream broke; the operation may still run. */
  | { readonly kind: 'broken'; readonly refused: boolean; readonly detail: string }

/** gRPC codes that only a server's own code sends for a request it understood and refused. */
const judgedCodes = [2, 3, 5, 6, 9, 11, 12, 13]
const deniedCodes = [7, 16]

/** Sorts a failed call. Anything that is not an error of gRPC is thrown on. */
export function readLinkFailure(error: unknown, status: StatusReader): LinkFailure {
  if (!isServiceError(error)) throw error
  const detail = error.details.trim() === '' ? error.message : error.details.trim()
  if (deniedCodes.includes(error.code)) return { kind: 'denied', detail: firstLine(detail) }
  const packed = error.metadata.get('grpc-status-details-bin')[0]
  const info = packed instanceof Uint8Array ? status.errorInfo(packed) : null
  const failure = parseSparkFailure(detail)
  if (info !== null || (judgedCodes.includes(error.code) && failure.condition !== null)) {
    const condition = info?.['errorClass'] ?? failure.condition
    const sqlState = info?.['sqlState'] ?? failure.sqlState
    return { kind: 'engine', failure: { ...failure, condition, sqlState }, errorId: info?.['errorId'] ?? null }
  }
  return { kind: 'broken', refused: /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|EAI_AGAIN|No connection established/.test(detail), detail: firstLine(detail) }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && !isStationError(error) && 'code' in error && typeof error.code === 'number' && 'details' in error && typeof error.details === 'string' && 'metadata' in error
}

function firstLine(text: string): string {
  // the library wraps the socket's own words, which say it best
  const inner = /Last error: (?:Error: )?(.*?)\.?(?: \([^)]*\))?\.? Resolution note:/.exec(text)?.[1]
  return inner ?? text.split('\n')[0]?.replace(/\.$/, '') ?? text
}

const detailsTimeoutMs = 5_000

/** The chain of causes as the server holds it for a minute; the plain gRPC error when it cannot be had. */
export async function fetchCause(link: ConnectLink, errorId: string | null, error: unknown): Promise<unknown> {
  if (errorId === null) return error
  try {
    const details = await callUnary(link.stub, 'fetchErrorDetails', { ...link.identity(), errorId }, { metadata: link.metadata, deadlineAtMs: link.context.clock.now() + detailsTimeoutMs })
    return chainOf(details, details.rootErrorIdx ?? 0, 0) ?? error
  } catch {
    return error // the details are only an addition
  }
}

const deepestCause = 16

function chainOf(details: ErrorDetails, index: number, depth: number): Error | undefined {
  const found = details.errors?.[index]
  if (found === undefined || depth > deepestCause) return undefined
  const cause = found.causeIdx === undefined ? undefined : chainOf(details, found.causeIdx, depth + 1)
  const type = found.errorTypeHierarchy?.[0]
  return new Error(`${type === undefined ? '' : `${type}: `}${found.message ?? ''}`, cause === undefined ? {} : { cause })
}
