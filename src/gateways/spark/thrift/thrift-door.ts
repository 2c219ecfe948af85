import { isStationError, StationError } from '../../../core/errors.ts'
import type { RunOptions, SessionDoor, SessionOptions } from '../session-shell.ts'
import { protocolError, sessionLost } from '../spark-error.ts'
import type { SparkPage, SparkThriftTarget, SparkValue } from '../spark-session.ts'
import { assertReadable, formatSparkType, parseSparkType, type SparkField } from '../spark-type.ts'
import type { SessionHandle } from './hive-protocol.ts'
import { createSparkUi, type SparkUi } from './spark-ui.ts'
import { openHiveSession, openThriftLink, type ThriftLink } from './thrift-link.ts'
import { assertSuccess, runOperation, uuidOf, type OperationOptions, type StatementPlace, type ThriftOperation } from './thrift-operation.ts'
import { readThriftRows } from './thrift-rows.ts'
import { readThriftFields } from './thrift-schema.ts'
import { needsWrapping, wrappedLinesBefore, wrapQuery } from './wrapped-query.ts'

/** HIVE_CLI_SERVICE_PROTOCOL_V10 as its number on the wire: the newest that Spark 3.5, Spark 4 and Kyuubi all speak. */
const askedProtocol = 9
/** V6 brought columns; before it results come in rows that hive-driver does not read. */
const oldestProtocol = 5
/**
 * A look at a running operation holds its connection on the server, five seconds by default, and with it every cancel
 * and every other statement of the session. It ends at once when the operation ends, so short looks cost nothing.
 */
const ownConfiguration = { 'hive.server2.long.polling.timeout': '100ms' }
/** Types of wide structs would be cut short in DESCRIBE, from which they are read. */
const ownSettings = { 'spark.sql.debug.maxToStringFields': '100000' }
const keyAndValue = textFields('key', 'value')
const description = textFields('col_name', 'data_type', 'comment')
const progressIntervalMs = 1_000
const closeTimeoutMs = 5_000

/** A door over HiveServer2's Thrift protocol. Opening throws GATEWAY_UNREACHABLE, GATEWAY_DENIED, GATEWAY_PROTOCOL, SQL_REJECTED (settings). */
export function createThriftDoor(target: SparkThriftTarget, options: SessionOptions): SessionDoor {
  return new ThriftDoor(target, options)
}

class ThriftDoor implements SessionDoor {
  readonly transport = 'thrift'
  readonly #target: SparkThriftTarget
  readonly #options: SessionOptions
  readonly #ui: SparkUi | null
  #link: ThriftLink | null = null
  #session: SessionHandle | null = null
  #version = ''

  constructor(target: SparkThriftTarget, options: SessionOptions) {
    this.#target = target
    this.#options = options
    this.#ui = target.uiUrl === undefined ? null : createSparkUi(target.uiUrl)
  }

  async open(): Promise<void> {
    this.#link?.close()
    const { context, signal } = this.#options
    const link = await openThriftLink(this.#target, { context, signal })
    this.#link = link
    const request = {
      client_protocol: askedProtocol,
      username: this.#target.username ?? 'station',
      password: this.#target.password ?? 'station',
      configuration: ownConfiguration,
    }
    const answer = await openHiveSession(link, request, { context, signal, auth: this.#target.auth ?? 'plain' })
    assertSuccess(answer.status, link, { signal })
    if (answer.serverProtocolVersion < oldestProtocol) {
      throw protocolError(link.address, `it speaks version ${answer.serverProtocolVersion + 1} of the protocol, version 6 is needed`)
    }
    this.#session = answer.sessionHandle
    for (const [key, value] of Object.entries({ ...ownSettings, ...this.#options.settings })) {
      // Spark takes no notice of the settings in OpenSession
      await this.#rowsOf(`SET ${quoteName(key)}=${quoteName(value)}`, keyAndValue, { signal })
    }
    const version = await this.#rowsOf('SELECT version()', textFields('version'), { signal })
    this.#version = textOf(version[0]?.[0]).split(' ')[0] ?? ''
  }

  serverVersion(): string {
    return this.#version
  }

  async *run(sql: string, options: RunOptions): AsyncGenerator<SparkPage> {
    const fields = await this.#describe(sql, options)
    const wrapped = fields !== null && (options.limit !== undefined || fields.some((field) => needsWrapping(field.type)))
    const statement = wrapped ? wrapQuery(sql, fields, options.limit) : sql
    const operation = await runOperation(this.#place(), statement, {
      signal: options.signal,
      ...(options.origin === undefined ? {} : { origin: options.origin }),
      ...(wrapped ? { linesBefore: wrappedLinesBefore } : {}),
      onWaiting: this.#progressReporter(options),
    })
    try {
      if (fields === null) options.onCommand?.()
      yield* this.#fetch(operation, fields ?? commandFields(readThriftFields(await operation.columns())))
    } finally {
      await operation.end()
    }
  }

  sessionId(): string {
    return this.#session === null ? '' : uuidOf(this.#session.sessionId.guid)
  }

  async close(): Promise<void> {
    const link = this.#link
    const session = this.#session
    if (link === null) return
    if (session !== null && !link.isLost()) {
      const bound = new AbortController()
      const stopper = new AbortController()
      this.#options.context.clock.sleep(closeTimeoutMs, stopper.signal).then(() => bound.abort(), () => undefined)
      try {
        await link.call((calls) => calls.closeSession({ sessionHandle: session }), bound.signal)
      } catch {
        // the server closes a session whose connection has gone
      } finally {
        stopper.abort()
      }
    }
    link.close()
    this.#link = null
    this.#session = null
  }

  /** Names and types of a query's columns; null for everything that is no query, or none that the engine accepts. */
  async #describe(sql: string, options: RunOptions): Promise<SparkField[] | null> {
    let rows
    try {
      rows = await this.#rowsOf(`DESCRIBE QUERY\n${sql}`, description, { signal: options.signal })
    } catch (error) {
      // running the statement itself tells the user what is wrong, with the right place
      if (isStationError(error, 'SQL_REJECTED')) return null
      throw error
    }
    const fields = rows.map(([name, type]) => describedField(textOf(name), textOf(type)))
    assertReadable(fields)
    return fields
  }

  async *#fetch(operation: ThriftOperation, fields: readonly SparkField[]): AsyncGenerator<SparkPage> {
    const columns = fields.map(({ name, type }) => ({ name, type: formatSparkType(type), sparkType: type }))
    let pages = 0
    for await (const page of operation.pages()) {
      pages++
      try {
        yield { columns, rows: readThriftRows(page, fields) }
      } catch (error) {
        throw isStationError(error) ? error : protocolError(this.#place().link.address, error instanceof Error ? error.message : 'a page of rows cannot be read', error)
      }
    }
    if (pages === 0) yield { columns, rows: [] }
  }

  async #rowsOf(sql: string, fields: readonly SparkField[], options: OperationOptions): Promise<SparkPage['rows']> {
    const operation = await runOperation(this.#place(), sql, options)
    try {
      const rows = []
      for await (const page of operation.pages()) rows.push(...readThriftRows(page, fields))
      return rows
    } finally {
      await operation.end()
    }
  }

  #place(): StatementPlace {
    const link = this.#link
    const session = this.#session
    const address = `${this.#target.host}:${this.#target.port}`
    if (link === null || session === null || link.isLost()) throw sessionLost(address, new Error('the connection was closed'))
    return { link, session, context: this.#options.context }
  }

  /** Looks at the Spark UI once a second while a statement runs; tells at least that it runs. */
  #progressReporter(options: RunOptions): (operation: string) => Promise<void> {
    const { clock } = this.#options.context
    let nextAtMs = clock.now() + progressIntervalMs / 2
    return async (operation) => {
      if (options.onProgress === undefined || clock.now() < nextAtMs) return
      nextAtMs = clock.now() + progressIntervalMs
      options.onProgress((await this.#ui?.progress(operation, options.signal)) ?? { fraction: null, text: 'running' })
    }
  }
}

function textFields(...names: readonly string[]): SparkField[] {
  return names.map((name) => ({ name, type: { kind: 'string' } }))
}

/** The server invents a column for commands that give nothing. */
function commandFields(fields: readonly SparkField[]): readonly SparkField[] {
  return fields.length === 1 && fields[0]?.name === 'Result' ? [] : fields
}

function quoteName(text: string): string {
  return `\`${text.replaceAll('`', '``')}\``
}

function textOf(value: SparkValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function describedField(name: string, text: string): SparkField {
  const type = parseSparkType(text)
  if (type !== null) return { name, type }
  throw new StationError('SQL_REJECTED', `the type of column ${name} cannot be told over thrift: ${text}`, {
    hint: 'Give the fields of its structs names of letters, digits and underscores, or use Spark Connect.',
    facts: { engine: 'spark', column: name },
  })
}
