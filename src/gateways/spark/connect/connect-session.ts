import { randomUUID } from 'node:crypto'
import type { Metadata } from '@grpc/grpc-js'
import type { Context } from '../../../core/context.ts'
import { isStationError } from '../../../core/errors.ts'
import { collectPages, limitPages } from '../collect-pages.ts'
import { denied, gone, protocolError, sqlError, unreachable } from '../spark-error.ts'
import type { SparkColumn, SparkConnectTarget, SparkPage, SparkResult, SparkRow, SparkSession, SparkStatementOptions } from '../spark-session.ts'
import { assertReadable, formatSparkType, type SparkField } from '../spark-type.ts'
import { createStatementGuard } from '../statement-guard.ts'
import { readArrowRows } from './arrow-rows.ts'
import { executePlan, type ExecutionOptions } from './connect-execution.ts'
import { readLinkFailure, type ConnectLink } from './connect-link.ts'
import { readConnectFields } from './connect-schema.ts'
import { loadConnectProtocol, callUnary, type ConnectIdentity, type ConnectProtocol, type ConnectStub, type Relation, type RequestOf, type ResponseOf, type UnaryName } from './connect-stub.ts'

export interface SessionOptions {
  /** Shown by the server beside the session. */
  readonly name: string
  /** Session settings, `spark.sql.…`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Statements that every session starts with; run again when a lost session is replaced. */
  readonly init?: readonly string[]
  readonly context: Context
  readonly signal: AbortSignal
}

const controlTimeoutMs = 30_000

/** Opens a session over Spark Connect. Throws GATEWAY_UNREACHABLE, GATEWAY_DENIED, SQL_REJECTED (settings, init). */
export async function openConnectSession(target: SparkConnectTarget, options: SessionOptions): Promise<SparkSession> {
  const protocol = loadConnectProtocol(options.context.packageRoot)
  const metadata = protocol.metadata(target)
  const session = new ConnectSession(target, options, { protocol, stub: protocol.createStub(target), metadata })
  try {
    await session.open()
  } catch (error) {
    await session.close()
    throw error
  }
  return session
}

class ConnectSession implements SparkSession, ConnectLink {
  readonly transport = 'connect'
  readonly stub: ConnectStub
  readonly metadata: Metadata
  readonly status
  readonly context: Context
  readonly address: string
  serverVersion = ''
  readonly #target: SparkConnectTarget
  readonly #options: SessionOptions
  #sessionId = randomUUID()
  #serverSideSessionId: string | null = null
  /** A statement that was no plain query ran: settings, views or tables may depend on this very session. */
  #hasState = false
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
    this.serverVersion = answer.sparkVersion?.version ?? ''
    this.#opened = true
    const pairs = Object.entries(this.#options.settings ?? {}).map(([key, value]) => ({ key, value }))
    if (pairs.length > 0) {
      await this.#control('config', { ...this.identity(), operation: { set: { pairs } } })
    }
    for (const sql of this.#options.init ?? []) {
      await collectPages(this.#pages(sql, { signal: this.#options.signal }, this.#options.signal), undefined)
    }
    this.#hasState = false
  }

  async execute(sql: string, options: SparkStatementOptions): Promise<SparkResult> {
    // one row more than wanted tells whether there are more
    return await collectPages(this.#guarded(sql, options, options.maximumRows === undefined ? undefined : options.maximumRows + 1), options.maximumRows)
  }

  stream(sql: string, options: SparkStatementOptions): AsyncIterable<SparkPage> {
    return limitPages(this.#guarded(sql, options, options.maximumRows), options.maximumRows)
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

  async *#guarded(sql: string, options: SparkStatementOptions, limit: number | undefined): AsyncGenerator<SparkPage> {
    const guard = createStatementGuard({ clock: this.context.clock, signals: [this.#options.signal, options.signal], deadlineAtMs: options.deadlineAtMs })
    try {
      let delivered = false
      try {
        for await (const page of this.#pages(sql, options, guard.signal, limit)) {
          delivered = true
          yield page
        }
      } catch (error) {
        if (!isStationError(error, 'SESSION_LOST') || delivered || this.#hasState) throw error
        this.context.log.write('info', 'spark connect: the session was lost before the statement ran, opening another', { session: this.#options.name })
        await this.open()
        yield* this.#pages(sql, options, guard.signal, limit)
      }
    } finally {
      guard.stop()
    }
  }

  /** A statement runs in two steps: the SQL command runs what has effects and gives a relation, whose rows are then fetched. */
  async *#pages(sql: string, options: SparkStatementOptions, signal: AbortSignal, limit?: number): AsyncGenerator<SparkPage> {
    const execution: ExecutionOptions = {
      signal,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(options.origin === undefined ? {} : { origin: options.origin }),
    }
    let relation: Relation | null = null
    for await (const response of executePlan(this, { command: { sqlCommand: { input: { sql: { query: sql } } } } }, execution)) {
      relation = response.sqlCommandResult?.relation ?? relation
    }
    if (relation === null) throw protocolError(this.address, 'a statement ended without a result')
    if ((relation as { relType?: string }).relType !== 'sql') this.#hasState = true
    yield* this.#fetch(limit === undefined ? relation : { limit: { input: relation, limit } }, execution)
  }

  async *#fetch(root: Relation, execution: ExecutionOptions): AsyncGenerator<SparkPage> {
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
