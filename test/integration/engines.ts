import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { resolveConfig, type Profile } from '../../src/core/config.ts'
import { createContext, type Context } from '../../src/core/context.ts'
import { engineNames, type EngineAddresses } from '../../src/engines/addresses.ts'
import { startEngines, stopEngines } from '../../src/engines/engines.ts'

/*
  One set of engines for the whole run of integration tests, started through the product itself in a state folder of its own.
  Tests take the addresses by `inject('engines')` and keep to topics, tables and databases with names of their own.
*/

declare module 'vitest' {
  export interface ProvidedContext {
    engines: EngineAddresses
    /** Environment under which the product's own commands find these engines. */
    engineEnvironment: Readonly<Record<string, string>>
  }
}

export default async function startTestEngines(project: TestProject): Promise<() => Promise<void>> { // eslint-disable-line no-restricted-syntax -- vitest calls the default export
  const { context, profile, environment } = testProfile()
  // what an earlier run left behind belongs to this profile only
  const { kafka, flink, spark } = await startEngines(profile, engineNames, { context })
  project.provide('engines', { kafka, flink, spark })
  project.provide('engineEnvironment', environment)
  return async () => {
    if (process.env['KEEP'] !== '1') await stopEngines(profile, { context, force: true })
  }
}

/** STATION_STATE and STATION_CACHE are honoured; by default the state lies in the checkout and the cache is the user's. */
export function testProfile(): { readonly context: Context; readonly profile: Profile; readonly environment: Readonly<Record<string, string>> } {
  const start = createContext()
  const state = process.env['STATION_STATE'] ?? path.join(start.packageRoot, 'out', 'test-state')
  const environment = { STATION_STATE: state, STATION_PROFILE: 'local', STATION_CONFIG: path.join(start.packageRoot, 'test', 'integration', 'station.yaml') }
  const context = createContext({ env: { ...process.env, ...environment }, pid: process.pid, signal: AbortSignal.timeout(1_800_000) })
  return { context, environment, profile: resolveConfig({}, context).profile }
}
