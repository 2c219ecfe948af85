import { StationError } from '../../core/errors.ts'
import { createConnectDoor } from './connect/connect-door.ts'
import { openSession, type SessionDoor, type SessionOptions } from './session-shell.ts'
import type { SparkSession, SparkTarget } from './spark-session.ts'
import { createThriftDoor } from './thrift/thrift-door.ts'

/**
 * Opens a session, runs `body` with it and closes it, whatever happens.
 *
 * Throws GATEWAY_UNREACHABLE or GATEWAY_DENIED when it cannot be opened, SQL_REJECTED when a setting or an init statement
 * is refused, CONFIG_INVALID when the target has no address for its transport.
 *
 * @example
 * const areas = await usingSparkSession(target, { name: 'areas', context, signal }, async (spark) =>
 *   (await spark.execute('SELECT count(*) FROM area', { signal })).rows[0]?.[0]) // 2000n
 */
export async function usingSparkSession<T>(target: SparkTarget, options: SessionOptions, body: (session: SparkSession) => Promise<T>): Promise<T> {
  options.signal.throwIfAborted()
  const session = await openSession(createDoor(target, options), options)
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

function createDoor(target: SparkTarget, options: SessionOptions): SessionDoor {
  const { connect, thrift } = target
  if (target.transport === 'connect' && connect !== undefined) return createConnectDoor(connect, options)
  if (target.transport === 'thrift' && thrift !== undefined) return createThriftDoor(thrift, options)
  throw new StationError('CONFIG_INVALID', `no address of spark for the transport ${target.transport}`, { hint: `Give spark.${target.transport} a host and a port.` })
}
