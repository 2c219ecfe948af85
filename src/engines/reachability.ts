import axios from 'axios'
import type { Context } from '../core/context.ts'
import type { Profile } from '../core/config.ts'
import { createKafkaClient } from '../stores/kafka/client.ts'
import { kafkaConnection } from '../stores/kafka/connection.ts'
import type { EngineName } from './addresses.ts'
import { isListening } from './ports.ts'

export interface Reachability {
  readonly endpoints: Readonly<Record<string, string>>
  /** null when every endpoint answers. */
  readonly lack: string | null
}

const timeoutMs = 5_000

/** Whether an existing cluster of the profile answers at its addresses. */
export async function probeAddress(engine: EngineName, profile: Profile, context: Context): Promise<Reachability> {
  if (engine === 'kafka' && profile.kafka !== undefined) return probeKafka(profile.kafka, context)
  if (engine === 'flink' && profile.flink !== undefined) {
    const { gatewayUrl, jobManagerUrl } = profile.flink
    return combine({ gateway: gatewayUrl, jobManager: jobManagerUrl }, await Promise.all([probeHttp(gatewayUrl, '/info', context), probeHttp(jobManagerUrl, '/overview', context)]))
  }
  const { connect, thrift } = profile.spark ?? {}
  const named = Object.entries({ connect, thrift }).flatMap(([name, place]) => (place === undefined ? [] : [{ name, ...place }]))
  const answers = await Promise.all(named.map(async ({ host, port }) => ((await isListening(host, port, timeoutMs)) ? null : `nothing accepts connections at ${host}:${port}`)))
  return combine(Object.fromEntries(named.map(({ name, host, port }) => [name, `${host}:${port}`])), answers)
}

async function probeKafka(cluster: NonNullable<Profile['kafka']>, context: Context): Promise<Reachability> {
  const endpoints = { brokers: cluster.brokers.join(',') }
  const client = createKafkaClient(kafkaConnection(cluster, context), context, { connectTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs, attempts: 1 })
  try {
    await client.listTopics()
    return { endpoints, lack: null }
  } catch (error) {
    return { endpoints, lack: error instanceof Error ? error.message : 'unknown' }
  } finally {
    await client.close()
  }
}

async function probeHttp(base: string, path: string, context: Context): Promise<string | null> {
  try {
    // any answer of the server, also a refusal for want of credentials, shows that it is reachable
    await axios.get(`${base.replace(/\/$/, '')}${path}`, { timeout: timeoutMs, signal: context.signal, proxy: false, validateStatus: () => true })
    return null
  } catch (error) {
    return `${base} does not answer: ${error instanceof Error ? error.message : 'unknown'}`
  }
}

function combine(endpoints: Readonly<Record<string, string>>, answers: readonly (string | null)[]): Reachability {
  const lacks = answers.filter((answer) => answer !== null)
  return { endpoints, lack: lacks.length === 0 ? null : lacks.join('; ') }
}
