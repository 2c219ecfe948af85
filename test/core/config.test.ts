import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSecret, resolveConfig } from '../../src/core/config.ts'
import { createContext } from '../../src/core/context.ts'
import { StationError } from '../../src/core/errors.ts'

function folderWith(text: string | null): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'station-config-'))
  if (text !== null) writeFileSync(path.join(folder, 'station.yaml'), text)
  return folder
}

function failure(text: string, flags = {}): StationError {
  try {
    resolveConfig(flags, createContext({ cwd: folderWith(text), env: { HOME: '/home/x' } }))
  } catch (error) {
    if (error instanceof StationError) return error
    throw error
  }
  throw new Error('the file was accepted')
}

describe('station.yaml', () => {
  it('is not needed: the profile local owns its engines', () => {
    const { profile, file } = resolveConfig({}, createContext({ cwd: folderWith(null), env: { HOME: '/home/x' } }))
    expect(file).toBeNull()
    expect(profile).toMatchObject({ name: 'local', zone: 'Asia/Shanghai', stateDirectory: '/home/x/.local/state/cloud-master-station/local' })
    expect(profile.local?.ports).toEqual({})
  })

  it('reports every problem at once, each with its line, and the nearest known key', () => {
    const error = failure('profiles:\n  local:\n    engine: local\n    zone: Mars/Olympus\n    delivery: twice\n')
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.exitCode).toBe(2)
    expect(error.problems.map((problem) => [problem.where?.line, problem.message.split(':')[0]])).toEqual(
      expect.arrayContaining([
        [4, 'profiles.local.zone'],
        [5, 'profiles.local.delivery'],
        [3, "unknown key 'profiles.local.engine'"],
      ]),
    )
    expect(error.problems.find((problem) => problem.message.includes('engine'))?.hint).toBe("Did you mean 'engines'?")
  })

  it('points at a key that is unknown deep inside local engines', () => {
    const error = failure('profiles:\n  local:\n    engines:\n      local:\n        ports:\n          kafk: 9092\n')
    expect(error.problems).toHaveLength(1)
    expect(error.problems[0]).toMatchObject({ message: "unknown key 'profiles.local.engines.local.ports.kafk'", where: { line: 6 } })
  })

  it('refuses a file that is not YAML with its line', () => {
    expect(failure('profiles:\n  local: [\n').problems[0]?.where?.line).toBeGreaterThanOrEqual(2)
  })

  it('refuses a profile that the file does not name', () => {
    const error = failure('profiles:\n  production:\n    engines: local\n', { profile: 'producton' })
    expect(error.hint).toBe("Did you mean 'production'?")
  })

  it('knows where each value came from', () => {
    const cwd = folderWith('defaultProfile: cluster\nprofiles:\n  cluster:\n    zone: Europe/Berlin\n    kafka:\n      brokers: [broker-1:9092]\n')
    const { profile, origins } = resolveConfig({}, createContext({ cwd, env: { HOME: '/h', STATION_STATE: '/s' } }))
    expect(profile.local).toBeNull()
    expect(profile.stateDirectory).toBe('/s/cluster')
    expect(origins.get('profiles.cluster.zone')).toBe(`${path.join(cwd, 'station.yaml')}:4`)
    expect(origins.get('STATION_STATE')).toBe('environment STATION_STATE')
    expect(origins.get('STATION_CACHE')).toBe('built-in default')
  })

  it('never holds a secret: only where it is to be found', () => {
    const cwd = folderWith('profiles:\n  local:\n    kafka:\n      brokers: [b:1]\n      sasl: { mechanism: plain, username: u, password: { env: KAFKA_PASSWORD } }\n')
    const context = createContext({ cwd, env: { HOME: '/h', KAFKA_PASSWORD: 's3cret' } })
    const { profile } = resolveConfig({}, context)
    expect(JSON.stringify(profile)).not.toContain('s3cret')
    expect(readSecret(profile.kafka!.sasl!.password, context)).toBe('s3cret')
    expect(failure('profiles:\n  local:\n    kafka:\n      brokers: [b:1]\n      sasl: { mechanism: plain, username: u, password: plain }\n').code).toBe('CONFIG_INVALID')
  })
})
