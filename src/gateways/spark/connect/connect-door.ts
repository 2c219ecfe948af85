import { randomUUID } from 'node:crypto'
import type { Metadata } from '@grpc/grpc-js'
import type { Context } from '../../../core/context.ts'
import type { RunOptions, SessionDoor, SessionOptions } from '../session-shell.ts'
import { denied, gone, protocolError, sqlError, unreachable } from '../spark-error.ts'
import type { SparkColumn, SparkConnectTarget, SparkPage, SparkRow } from '../spark-session.ts'
import { assertReadable, formatSparkType, type SparkField } from '../spark-type.ts'
import { readArrowRows } from './arrow-rows.ts'
import { executePlan } from './connect-execution.ts'
import { readLinkFailure, type ConnectLink } from './connect-link.ts'
import { readConnectFields } from './connect-schema.ts'
import { loadConnectProtocol, callUnary, type ConnectIdentity, type ConnectProtocol, type ConnectStub, type Relation, type RequestOf, type ResponseOf, type UnaryName } from './connect-stub.ts'

const controlTimeoutMs = 30_000

/** A door over Spark Connect. Opening throws GATEWAY_UNREACHABLE, GATEWAY_DENIED, SQL_REJECTED (settings). */
export function createConnectDoor(target: SparkConnectTarget, options: SessionOptions): SessionDoor {
  const protocol = loadConnectProtocol(options.context.packageRoot)
  const metadata = protocol.metadata(target)
  return new ConnectDoor(target, options, { protocol, stub: protocol.createStub(target), metadata })
}

class ConnectDoor implements SessionDoor, ConnectLink {
  readonly transport = 'connect'
  readonly stub: ConnectStub
  readonly metadata: Metadata
  readonly status
  readonly context: Context
  readonly address: string
  readonly #target: SparkConnectTarget
  readonly #options: SessionOptions
  #sessionId = randomUUID()
  #serverSideSessionId: string | null = null
  #version = ''
  #opened = false

  constructor(target: SparkConnectTarget, options: SessionOptions, parts: { readonly protocol: ConnectProtocol; readonly stub: ConnectStub; readonly metadata: Metadata }) {
    this.#target = target
    this.#options = options
    this.stub = parts.stub
    this.metadata = parts.metadata
    this.status = parts.protocol.status
    this.context = options.context
    this.address = `${target.host}:${target.port}`
  }

  identity(): ConnectIdentity {
    const user = this.#target.username ?? 'station'
    return {
      sessionId: this.#sessionId,
      userContext: { userId: user, userName: user },
      clientType: `station/${this.context.version} ${this.#options.name}`,
      ...(this.#serverSideSessionId === null ? {} : { clientObservedServerSideSessionId: this.#serverSideSessionId }),
    }
  }

  async open(): Promise<void> {
    this.#sessionId = randomUUID()
    this.#serverSideSessionId = null
    const answer = await this.#control('analyzePlan', { ...this.identity(), sparkVersion: {} })
    this.#serverSideSessionId = answer.serverSideSessionId ?? null
    this.#version = answer.sparkVersion?.version ?? ''
    this.#opened = true
    const pairs = Object.entries(this.#options.settings ?? {}).map(([key, value]) => ({ key, value }))
    if (pairs.length > 0) {
      await this.#control('config', { ...this.identity(), operation: { set: { pairs } } })
    }
  }

  sessionId(): string {
    return this.#sessionId
  }

  serverVersion(): string {
    return this.#version
  }

  async close(): Promise<void> {
    if (this.#opened) {
      this.#opened = false
      try {
        await callUnary(this.stub, 'releaseSession', this.identity(), { metadata: this.metadata, deadlineAtMs: this.context.clock.now() + controlTimeoutMs })
      } catch {
        // the server ends an abandoned session by itself after its idle time
      }
    }
    this.stub.close()
  }

  /** A statement runs in two steps: the SQL command runs what has effects and gives a relation, whose rows are then fetched. */
  async *run(sql: string, options: RunOptions): AsyncGenerator<SparkPage> {
    let relation: Relation | null = null
    for await (const response of executePlan(this, { command: { sqlCommand: { input: { sql: { query: sql } } } } }, options)) {
      relation = response.sqlCommandResult?.relation ?? relation
    }
    if (relation === null) throw protocolError(this.address, 'a statement ended without a result')
    const kind = (relation as { relType?: string }).relType
    if (kind === undefined) throw protocolError(this.address, 'a statement gave a relation that protocol/spark-connect.proto does not know')
    if (kind !== 'sql') options.onCommand?.()
    yield* this.#fetch(options.limit === undefined ? relation : { limit: { input: relation, limit: options.limit } }, options)
  }

  async *#fetch(root: Relation, execution: RunOptions): AsyncGenerator<SparkPage> {
    let fields: readonly SparkField[] = []
    let columns: readonly SparkColumn[] = []
    let pages = 0
    for await (const response of executePlan(this, { root }, execution)) {
      if (response.schema !== undefined) {
        fields = readConnectFields(response.schema)
        assertReadable(fields)
        columns = fields.map((field) => ({ name: field.name, type: formatSparkType(field.type), sparkType: field.type }))
      }
      if (response.arrowBatch === undefined) continue
      pages++
      yield { columns, rows: this.#rows(response.arrowBatch.data ?? new Uint8Array(), fields) }
    }
    if (pages === 0) yield { columns, rows: [] }
  }

  #rows(bytes: Uint8Array, fields: readonly SparkField[]): SparkRow[] {
    try {
      return readArrowRows(bytes, fields)
    } catch (error) {
      throw protocolError(this.address, error instanceof Error ? error.message : 'a page of rows cannot be read', error)
    }
  }

  async #control<Name extends UnaryName>(name: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>> {
    const { signal } = this.#options
    try {
      return await callUnary(this.stub, name, request, { metadata: this.metadata, signal, deadlineAtMs: this.context.clock.now() + controlTimeoutMs })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const failure = readLinkFailure(error, this.status)
      if (failure.kind === 'denied') throw denied(this.address, failure.detail, error)
      if (failure.kind === 'engine') throw sqlError(failure.failure, { cause: error })
      throw this.#opened ? gone(this.address, failure.detail, error) : unreachable(this.address, failure.detail, error)
    }
  }
}
