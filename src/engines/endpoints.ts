import { readFileSync } from 'node:fs'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import type { Context } from '../core/context.ts'
import type { Profile } from '../core/config.ts'
import type { EngineAddresses, EngineName, FlinkAddress, KafkaAddress, SparkAddress } from './addresses.ts'
import { savepointDirectory } from './flink.ts'
import { functionJarDirectory, keepFunctionJars } from './function-jars.ts'
import { engineDirectory } from './state.ts'

const loopback = '127.0.0.1'

/** Addresses of the engines that were asked for; reading another one is a mistake of the caller and throws. */
export function resolveAddresses(profile: Profile, needs: readonly EngineName[], context: Context): EngineAddresses {
  const resolved: Partial<{ kafka: KafkaAddress; flink: FlinkAddress; spark: SparkAddress }> = {}
  if (needs.includes('kafka')) resolved.kafka = kafkaAddress(profile)
  if (needs.includes('flink')) resolved.flink = flinkAddress(profile, context)
  if (needs.includes('spark')) resolved.spark = sparkAddress(profile)
  const take = <Name extends keyof EngineAddresses>(name: Name): EngineAddresses[Name] => {
    const address = resolved[name]
    if (address === undefined) throw new StationError('UNEXPECTED', `${name} was not asked for`)
    return address
  }
  return {
    get kafka() {
      return take('kafka')
    },
    get flink() {
      return take('flink')
    },
    get spark() {
      return take('spark')
    },
  }
}

function kafkaAddress(profile: Profile): KafkaAddress {
  if (profile.kafka !== undefined) return { brokers: profile.kafka.brokers }
  return { brokers: [`${loopback}:${localPorts(profile, 'kafka')['kafka']}`] }
}

function flinkAddress(profile: Profile, context: Context): FlinkAddress {
  const directory = engineDirectory(profile.stateDirectory, 'flink')
  if (profile.flink !== undefined) {
    const { gatewayUrl, jobManagerUrl } = profile.flink
    return { gatewayUrl, jobManagerUrl, jarDirectory: profile.flink.jarDirectory ?? functionJarDirectory(context.packageRoot), savepointDirectory: profile.flink.savepointDirectory ?? savepointDirectory(directory) }
  }
  const ports = localPorts(profile, 'flink')
  return { gatewayUrl: `http://${loopback}:${ports['flinkGateway']}`, jobManagerUrl: `http://${loopback}:${ports['flinkRest']}`, jarDirectory: keepFunctionJars(context.packageRoot, profile.stateDirectory), savepointDirectory: savepointDirectory(directory) }
}

function sparkAddress(profile: Profile): SparkAddress {
  if (profile.spark !== undefined) {
    const { connect, thrift } = profile.spark
    return { connect: connect === undefined ? null : { host: connect.host, port: connect.port }, thrift: thrift === undefined ? null : { host: thrift.host, port: thrift.port } }
  }
  const ports = localPorts(profile, 'spark')
  return { connect: { host: loopback, port: ports['sparkConnect']! }, thrift: { host: loopback, port: ports['sparkThrift']! }, uiUrl: `http://${loopback}:${ports['sparkUi']}` }
}

function localPorts(profile: Profile, engine: EngineName): Readonly<Record<string, number>> {
  const file = path.join(engineDirectory(profile.stateDirectory, engine), 'state.json')
  if (profile.local !== null) {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { ports: Record<string, number> }).ports
    } catch {
      throw new StationError('ENGINE_UNHEALTHY', `${engine} of profile '${profile.name}' does not run`, { hint: 'Start it with `station engines up`.', facts: { engine } })
    }
  }
  throw new StationError('CONFIG_INVALID', `profile '${profile.name}' has no address of ${engine} and no local engines`, { hint: `Add ${engine} or \`engines: local\` to the profile.` })
}
