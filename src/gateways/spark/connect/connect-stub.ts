import path from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader'
import { StationError } from '../../../core/errors.ts'
import type { SparkConnectTarget } from '../spark-session.ts'
import type { ConnectDataType } from './connect-schema.ts'

/** The messages of Spark Connect as `protocol/spark-connect.proto` describes them: what this client reads and writes. */
export interface ConnectIdentity {
  readonly sessionId: string
  readonly userContext: { readonly userId: string; readonly userName: string }
  readonly clientType: string
  readonly clientObservedServerSideSessionId?: string
}

export type Relation =
  | { readonly sql: { readonly query: string } }
  | { readonly limit: { readonly input: Relation; readonly limit: number } }
  | (Readonly<Record<string, unknown>> & { readonly relType?: string })

export type Plan = { readonly root: Relation } | { readonly command: { readonly sqlCommand: { readonly input: Relation } } }

export interface ExecutePlanRequest extends ConnectIdentity {
  readonly operationId: string
  readonly plan: Plan
  readonly requestOptions: readonly { readonly reattachOptions: { readonly reattachable: boolean } }[]
}

export interface ReattachRequest extends ConnectIdentity {
  readonly operationId: string
  readonly lastResponseId?: string
}

export interface StageInfo {
  readonly numTasks?: string
  readonly numCompletedTasks?: string
}

export interface ExecutePlanResponse {
  readonly responseId?: string
  readonly serverSideSessionId?: string
  readonly responseType?: string
  readonly schema?: ConnectDataType
  readonly arrowBatch?: { readonly rowCount?: string; readonly data?: Uint8Array }
  readonly sqlCommandResult?: { readonly relation: Relation & { readonly relType?: string } }
  readonly executionProgress?: { readonly stages?: readonly StageInfo[]; readonly numInflightTasks?: string }
}

export interface ErrorDetails {
  readonly rootErrorIdx?: number
  readonly errors?: readonly {
    readonly errorTypeHierarchy?: readonly string[]
    readonly message?: string
    readonly causeIdx?: number
    readonly sparkThrowable?: { readonly errorClass?: string; readonly sqlState?: string }
  }[]
}

type Answer<T> = (error: grpc.ServiceError | null, response?: T) => void
type Unary<Request, Response> = (request: Request, metadata: grpc.Metadata, options: grpc.CallOptions, callback: Answer<Response>) => grpc.ClientUnaryCall
type Streaming<Request, Response> = (request: Request, metadata: grpc.Metadata) => grpc.ClientReadableStream<Response>

interface UnaryCalls {
  releaseExecute: Unary<ConnectIdentity & { readonly operationId: string; readonly releaseAll: object }, unknown>
  interrupt: Unary<ConnectIdentity & { readonly interruptType: string; readonly operationId: string }, unknown>
  analyzePlan: Unary<ConnectIdentity & { readonly sparkVersion: object }, { readonly serverSideSessionId?: string; readonly sparkVersion?: { readonly version?: string } }>
  config: Unary<ConnectIdentity & { readonly operation: object }, unknown>
  releaseSession: Unary<ConnectIdentity, unknown>
  fetchErrorDetails: Unary<ConnectIdentity & { readonly errorId: string }, ErrorDetails>
}

export interface ConnectStub extends UnaryCalls {
  executePlan: Streaming<ExecutePlanRequest, ExecutePlanResponse>
  reattachExecute: Streaming<ReattachRequest, ExecutePlanResponse>
  close(): void
}

export interface StatusReader {
  /** Metadata of the ErrorInfo inside a `grpc-status-details-bin`; null when there is none. */
  errorInfo(bytes: Uint8Array): Readonly<Record<string, string>> | null
}

export interface ConnectProtocol {
  readonly status: StatusReader
  createStub(target: SparkConnectTarget): ConnectStub
  readonly metadata: (target: SparkConnectTarget) => grpc.Metadata
}

const loaded = new Map<string, ConnectProtocol>()

/** Reads the .proto files of the package once. */
export function loadConnectProtocol(packageRoot: string): ConnectProtocol {
  const known = loaded.get(packageRoot)
  if (known !== undefined) return known
  const folder = path.join(packageRoot, 'src/gateways/spark/connect/protocol')
  const definition = loadSync(['spark-connect.proto', 'status.proto'], { includeDirs: [folder], longs: String, enums: String, oneofs: true })
  const protocol: ConnectProtocol = { status: statusReader(definition), createStub: (target) => createStub(definition, target), metadata: metadataOf }
  loaded.set(packageRoot, protocol)
  return protocol
}

function statusReader(definition: PackageDefinition): StatusReader {
  const message = (name: string): MessageTypeDefinition<object, object> => definition[`station.status.${name}`] as MessageTypeDefinition<object, object>
  return {
    errorInfo(bytes) {
      try {
        const status = message('Status').deserialize(Buffer.from(bytes)) as { details?: { typeUrl?: string; value?: Uint8Array }[] }
        const detail = (status.details ?? []).find((each) => each.typeUrl?.endsWith('/google.rpc.ErrorInfo') === true)
        if (detail?.value === undefined) return null
        return (message('ErrorInfo').deserialize(Buffer.from(detail.value)) as { metadata?: Record<string, string> }).metadata ?? {}
      } catch {
        return null // bytes of some other server: the plain status remains
      }
    },
  }
}

function createStub(definition: PackageDefinition, target: SparkConnectTarget): ConnectStub {
  const service = (grpc.loadPackageDefinition(definition) as unknown as {
    spark: { connect: { SparkConnectService: new (address: string, credentials: grpc.ChannelCredentials, options: grpc.ChannelOptions) => ConnectStub } }
  }).spark.connect.SparkConnectService
  const host = target.host.includes(':') ? `[${target.host}]` : target.host
  return new service(`${host}:${target.port}`, credentialsOf(target), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.enable_http_proxy': 0,
    ...(target.tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': target.tls.serverName, 'grpc.default_authority': target.tls.serverName }),
  })
}

function credentialsOf(target: SparkConnectTarget): grpc.ChannelCredentials {
  if (target.tls !== undefined) return grpc.credentials.createSsl(target.tls.ca === undefined ? null : Buffer.from(target.tls.ca))
  return grpc.credentials.createInsecure()
}

function metadataOf(target: SparkConnectTarget): grpc.Metadata {
  const metadata = new grpc.Metadata()
  if (target.token === undefined) return metadata
  if (target.tls === undefined && !['127.0.0.1', '::1', 'localhost'].includes(target.host)) {
    throw new StationError('CONFIG_INVALID', `a token for spark at ${target.host} needs TLS`, { hint: 'Set tls for the Spark Connect address, or leave the token out.' })
  }
  metadata.set('authorization', `Bearer ${target.token}`)
  return metadata
}

export type UnaryName = keyof UnaryCalls
export type RequestOf<Name extends UnaryName> = Parameters<UnaryCalls[Name]>[0]
export type ResponseOf<Name extends UnaryName> = UnaryCalls[Name] extends Unary<never, infer Response> ? Response : never

export interface UnaryOptions {
  readonly metadata: grpc.Metadata
  readonly deadlineAtMs: number
  readonly signal?: AbortSignal
}

/** A unary call as a promise. Aborting the signal cancels it. Rejects with the gRPC error or the signal's reason. */
export function callUnary<Name extends UnaryName>(stub: ConnectStub, name: Name, request: RequestOf<Name>, options: UnaryOptions): Promise<ResponseOf<Name>> {
  return new Promise((resolve, reject) => {
    const { signal } = options
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const method = stub[name].bind(stub) as Unary<RequestOf<Name>, ResponseOf<Name>>
    const running = method(request, options.metadata, { deadline: options.deadlineAtMs }, (error, response) => {
      signal?.removeEventListener('abort', cancel)
      if (signal?.aborted === true) reject(signal.reason)
      else if (error !== null) reject(error)
      else resolve(response as ResponseOf<Name>)
    })
    const cancel = (): void => running.cancel()
    signal?.addEventListener('abort', cancel, { once: true })
  })
}
