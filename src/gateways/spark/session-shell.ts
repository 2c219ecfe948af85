import type { Context } from '../../core/context.ts'
import { isStationError } from '../../core/errors.ts'
import { collectPages, limitPages } from './collect-pages.ts'
import type { SparkPage, SparkResult, SparkSession, SparkStatementOptions, SparkTransport } from './spark-session.ts'
import { createStatementGuard } from './statement-guard.ts'

export interface SessionOptions {
  /** Shown by the server beside the session, where it shows one. */
  readonly name: string
  /** Session settings, `spark.sql.…`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Statements that every session starts with; run again when a lost session is replaced. */
  readonly init?: readonly string[]
  readonly context: Context
  readonly signal: AbortSignal
}

export type RunOptions = Pick<SparkStatementOptions, 'onProgress' | 'origin'> & {
  /** Its reason is what to throw. */
  readonly signal: AbortSignal
  /** Rows after which the engine need not go on. */
  readonly limit?: number
  /** Called when the statement turns out to be no plain query: settings, views or variables may now depend on this very session. */
  readonly onCommand?: () => void
}

/** What a transport has to bring: the rest is the same for both. */
export interface SessionDoor {
  readonly transport: SparkTransport
  serverVersion(): string
  sessionId(): string
  /** Opens a fresh session with settings; also in place of one that was lost. */
  open(): Promise<void>
  /** Throws SESSION_LOST only when the statement has certainly not run. */
  run(sql: string, options: RunOptions): AsyncIterable<SparkPage>
  close(): Promise<void>
}

/** A session over a door: opens it with its init statements, watches deadlines, replaces it when it was lost without harm. */
export async function openSession(door: SessionDoor, options: SessionOptions): Promise<SparkSession> {
  try {
    await openWithInit(door, options)
    return createSession(door, options)
  } catch (error) {
    await door.close()
    throw error
  }
}

async function openWithInit(door: SessionDoor, options: SessionOptions): Promise<void> {
  await door.open()
  for (const sql of options.init ?? []) await collectPages(door.run(sql, { signal: options.signal }), undefined)
}

function createSession(door: SessionDoor, options: SessionOptions): SparkSession {
  const { context, name } = options
  // what init statements made is no loss: they run again
  let stateful = false

  async function* guarded(sql: string, statement: SparkStatementOptions, limit: number | undefined): AsyncGenerator<SparkPage> {
    const guard = createStatementGuard({ clock: context.clock, signals: [options.signal, statement.signal], deadlineAtMs: statement.deadlineAtMs })
    const run: RunOptions = {
      signal: guard.signal,
      onCommand: () => {
        stateful = true
      },
      ...(statement.onProgress === undefined ? {} : { onProgress: statement.onProgress }),
      ...(statement.origin === undefined ? {} : { origin: statement.origin }),
      ...(limit === undefined ? {} : { limit }),
    }
    try {
      guard.signal.throwIfAborted()
      try {
        yield* door.run(sql, run)
      } catch (error) {
        if (!isStationError(error, 'SESSION_LOST') || stateful) throw error
        context.log.write('info', 'spark: the session was lost before the statement ran, opening another', { session: name })
        await openWithInit(door, options)
        yield* door.run(sql, run)
      }
    } finally {
      guard.stop()
    }
  }

  return {
    transport: door.transport,
    get serverVersion() {
      return door.serverVersion()
    },
    get id() {
      return door.sessionId()
    },
    async execute(sql, statement): Promise<SparkResult> {
      // one row more than wanted tells whether there are more
      const limit = statement.maximumRows === undefined ? undefined : statement.maximumRows + 1
      return await collectPages(guarded(sql, statement, limit), statement.maximumRows)
    },
    stream: (sql, statement) => limitPages(guarded(sql, statement, statement.maximumRows), statement.maximumRows),
    close: () => door.close(),
  }
}
