import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readSecret, type Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { StationError } from '../core/errors.ts'
import type { FlinkTarget } from '../gateways/flink/target.ts'
import type { SparkTarget, SparkTls } from '../gateways/spark/spark-session.ts'
import type { FlinkAddress, SparkAddress } from './addresses.ts'

/** What the Spark client needs: the address, and the profile's transport, credentials and certificates, read now. */
export function sparkTarget(profile: Profile, address: SparkAddress, context: Context): SparkTarget {
  const cluster = profile.spark
  const transport = profile.sparkTransport ?? cluster?.transport ?? 'connect'
  const missing = (): StationError => new StationError('CONFIG_INVALID', `profile '${profile.name}' has no Spark address for ${transport}`, { hint: `Add spark.${transport} to the profile, or choose the other transport.` })
  if (transport === 'connect') {
    if (address.connect === null) throw missing()
    const { token, tls } = cluster?.connect ?? {}
    return { transport, connect: { ...address.connect, ...(token === undefined ? {} : { token: readSecret(token, context) }), ...tlsOf(tls, context) } }
  }
  if (address.thrift === null) throw missing()
  const { auth, username, password, tls } = cluster?.thrift ?? {}
  return {
    transport,
    thrift: {
      ...address.thrift,
      ...(auth === undefined ? {} : { auth }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: readSecret(password, context) }),
      ...(address.uiUrl === undefined ? {} : { uiUrl: address.uiUrl }),
      ...tlsOf(tls, context),
    },
  }
}

/** What the Flink clients need. The credentials are read at each request, so that a renewed token is used at once. */
export function flinkTarget(profile: Profile, address: FlinkAddress, context: Context): FlinkTarget {
  const { gatewayUrl, jobManagerUrl } = address
  const { authorization, tls } = profile.flink ?? {}
  const pem = (file: string | undefined, name: string): Record<string, string> => (file === undefined ? {} : { [name]: readFileSync(path.resolve(context.cwd, file), 'utf8') })
  return {
    gatewayUrl,
    jobManagerUrl,
    ...(authorization === undefined ? {} : { authorization: () => readSecret(authorization, context) }),
    ...(tls === undefined ? {} : { tls: { ...pem(tls.caFile, 'ca'), ...pem(tls.certFile, 'cert'), ...pem(tls.keyFile, 'key') } }),
  }
}

function tlsOf(tls: { readonly caFile?: string | undefined } | undefined, context: Context): { readonly tls?: SparkTls } {
  if (tls === undefined) return {}
  return { tls: tls.caFile === undefined ? {} : { ca: readFileSync(path.resolve(context.cwd, tls.caFile), 'utf8') } }
}
