import { StationError } from '../../core/errors.ts'
import { openConnectSession, type SessionOptions } from './connect/connect-session.ts'
import type { SparkSession, SparkTarget } from './spark-session.ts'

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
  const session = await openSession(target, options)
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

async function openSession(target: SparkTarget, options: SessionOptions): Promise<SparkSession> {
  const address = target[target.transport]
  if (address === undefined) {
    throw new StationError('CONFIG_INVALID', `no address of spark for the transport ${target.transport}`, { hint: `Give spark.${target.transport} a host and a port.` })
  }
  if (target.transport === 'connect') return await openConnectSession(address, options)
  throw new StationError('NOT_BUILT', 'spark over thrift')
}
