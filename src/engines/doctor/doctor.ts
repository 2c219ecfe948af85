import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../../core/context.ts'
import type { LocalEngines, Profile } from '../../core/config.ts'
import type { EngineName } from '../addresses.ts'
import { loadDescription } from '../description.ts'
import { localEngineNames } from '../engines.ts'
import { isInstalled } from '../install.ts'
import { isPortFree } from '../ports.ts'
import { engineDefinitions } from '../registry.ts'
import { engineStatus, type EngineStatus } from '../status.ts'
import { checkClock } from './clock.ts'
import { bad, ok, warn, type Finding } from './finding.ts'
import { checkFolder, checkInstaller, checkJava, checkMemory, checkNode, checkProcessors, checkShell, parseMemory } from './machine.ts'

const gib = 1_073_741_824
/** Downloads and unpacked home together, while installing. */
const installBytes = 2 * gib
const stateBytes = gib

/** Everything that can be told about this machine and the profile before a command fails on it. Changes nothing. */
export async function examine(profile: Profile, context: Context): Promise<readonly Finding[]> {
  const local = localEngineNames(profile)
  const statuses = await engineStatus(profile, context)
  const missing = await notInstalled(local, profile, context)
  return [
    checkNode(),
    ...(local.length === 0 ? [] : await localMachine(profile, local, missing, statuses, context)),
    ...(await fixedPorts(profile, statuses)),
    ...statuses.map((status) => engineFinding(status, missing)),
    ...(await leftovers(profile)),
    await checkClock(clockUrls(profile), context),
  ]
}

async function localMachine(profile: Profile, local: readonly EngineName[], missing: readonly EngineName[], statuses: readonly EngineStatus[], context: Context): Promise<readonly Finding[]> {
  const stopped = local.filter((name) => statuses.some(({ engine, condition }) => engine === name && condition !== 'running'))
  const [java, pip, maven, cache, state] = await Promise.all([
    checkJava(context),
    checkInstaller('pip', missing.includes('flink') || missing.includes('spark'), context),
    checkInstaller('mvn', missing.includes('kafka') || missing.includes('flink'), context),
    checkFolder('cache', profile.cacheDirectory, missing.length > 0 ? installBytes : 0),
    checkFolder('state', profile.stateDirectory, stateBytes),
  ])
  return [java, checkShell(context), pip, maven, checkProcessors(), checkMemory(profile.local === null ? 0 : memoryOf(stopped, profile.local)), cache, state]
}

function memoryOf(engines: readonly EngineName[], { memory }: LocalEngines): number {
  const parts: Readonly<Record<EngineName, readonly string[]>> = {
    kafka: [memory.kafka],
    flink: [memory.flinkJobManager, memory.flinkTaskManager, memory.flinkGateway],
    spark: [memory.spark],
  }
  return engines.flatMap((name) => parts[name]).reduce((sum, size) => sum + parseMemory(size), 0)
}

async function notInstalled(local: readonly EngineName[], profile: Profile, context: Context): Promise<readonly EngineName[]> {
  const descriptions = await Promise.all(local.map((name) => loadDescription(name, context)))
  return local.filter((_, index) => !isInstalled(descriptions[index]!, profile.cacheDirectory))
}

/** A fixed port that is in use while its engine does not run. */
async function fixedPorts(profile: Profile, statuses: readonly EngineStatus[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { engine, source, condition } of statuses) {
    if (source !== 'local' || profile.local === null || condition === 'running') continue
    for (const name of engineDefinitions[engine].ports) {
      const port = (profile.local.ports as Readonly<Record<string, number | undefined>>)[name]
      if (port === undefined) continue
      const check = `port ${name}`
      findings.push((await isPortFree(port)) ? ok(check, `${port} is free`) : bad(check, `${port} is taken`, `Stop the program that listens on it (ss -ltnp 'sport = :${port}' shows it), or remove ports.${name} from station.yaml to use any free one.`))
    }
  }
  return findings
}

function engineFinding(status: EngineStatus, missing: readonly EngineName[]): Finding {
  const { engine, title, condition } = status
  const lack = status.lack ?? 'unknown'
  if (condition === 'unreachable') return bad(engine, `${title}: ${lack}`, `Check the address in station.yaml and that the cluster runs.`)
  if (condition === 'reachable') return ok(engine, `${title} answers at ${Object.values(status.endpoints).join(', ')}`)
  if (condition === 'unhealthy') return bad(engine, `${title} runs but is not well: ${lack}`, 'Run `station engines down`, then `station engines up`; the logs are listed by `station engines status --output json`.')
  if (condition === 'stale') return warn(engine, `${title} was killed: ${lack}`, 'Nothing to do: the next start clears it away. `station engines down` does so now.')
  const restarts = status.processes.reduce((sum, process) => sum + process.restarts, 0)
  if (restarts > 0) return warn(engine, `${title}: a supervised process was started again ${restarts} times`, `Look at the end of ${status.processes.find((process) => process.restarts > 0)?.logFiles[0] ?? 'its log'}.`)
  if (condition === 'stopped') return ok(engine, missing.includes(engine) ? `${title} is not installed yet (the first use does it)` : `${title} is installed and not running`)
  return ok(engine, `${title} is ${condition}`)
}

/** What killed installs left in the cache; the next install removes it. */
async function leftovers(profile: Profile): Promise<readonly Finding[]> {
  const folder = path.join(profile.cacheDirectory, 'engines')
  if (!existsSync(folder)) return []
  const partial = (await readdir(folder)).filter((name) => name.endsWith('.partial'))
  return partial.length === 0 ? [] : [warn('cache', `an install is under way or was killed: ${partial.join(', ')}`, 'Nothing to do: the next install removes it.')]
}

function clockUrls(profile: Profile): readonly string[] {
  return profile.flink === undefined ? [] : [`${profile.flink.gatewayUrl.replace(/\/$/, '')}/info`, `${profile.flink.jobManagerUrl.replace(/\/$/, '')}/overview`]
}
