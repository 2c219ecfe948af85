import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readSecret, type KafkaCluster } from '../../core/config.ts'
import { StationError } from '../../core/errors.ts'
import type { Context } from '../../core/context.ts'

/** Where a Kafka answers and how it is entered. Holds secrets: never logged, never part of an error. */
export interface KafkaConnection {
  readonly brokers: readonly string[]
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string }
}

/** The connection of a cluster from `station.yaml`; certificates and the password are read now. */
export function kafkaConnection(cluster: KafkaCluster, context: Context): KafkaConnection {
  const { brokers, tls, sasl } = cluster
  const read = (file: string): string => {
    const full = path.resolve(context.cwd, file)
    try {
      return readFileSync(full, 'utf8')
    } catch (cause) {
      throw new StationError('FILE_MISSING', `cannot read ${full}`, { where: { file: full }, cause })
    }
  }
  return {
    brokers,
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.caFile === undefined ? {} : { ca: read(tls.caFile) }),
            ...(tls.certFile === undefined ? {} : { cert: read(tls.certFile) }),
            ...(tls.keyFile === undefined ? {} : { key: read(tls.keyFile) }),
          },
        }),
    ...(sasl === undefined ? {} : { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: readSecret(sasl.password, context) } }),
  }
}
