import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createContext, type Context } from '../../src/core/context.ts'
import { resolveConfig, type Profile } from '../../src/core/config.ts'
import type { EngineDefinition } from '../../src/engines/definition.ts'
import { isListening } from '../../src/engines/ports.ts'

/*
  A machine in a temporary folder: a package whose engine "kafka" consists of nothing, a Java that only tells its version, and tools that are
  shell scripts. The engine's process is a small Node program.
*/

export interface FakeMachine {
  readonly root: string
  readonly context: Context
  readonly profile: Profile
  script(name: string, text: string): void
  file(name: string, text: string): void
  remove(): Promise<void>
}

export function createFakeMachine(options: { readonly javaVersion?: string; readonly ports?: string; readonly memory?: string } = {}): FakeMachine {
  const root = mkdtempSync(path.join(os.tmpdir(), 'station-engines-'))
  const file = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  const script = (name: string, text: string): void => {
    file(`bin/${name}`, `#!/bin/sh\n${text}\n`)
    chmodSync(path.join(root, 'bin', name), 0o755)
  }
  file('package.json', '{"name":"cloud-master-station","version":"0.0.0"}')
  file('infra/engines/kafka.yaml', 'name: kafka\ntitle: Fake Kafka\nversion: 1.0.0\ntemplates:\n  - { from: fake.template, to: fake.conf }\n')
  file('infra/engines/fake.template', 'port={{kafka}}\n')
  file('station.yaml', `profiles:\n  local:\n    engines:\n      local:\n        startTimeoutSeconds: 20\n        ports: ${options.ports ?? '{}'}\n`)
  script('java', `echo 'openjdk version "${options.javaVersion ?? '17.0.9'}"' >&2`)
  const env = { PATH: `${path.join(root, 'bin')}:/usr/bin:/bin`, STATION_STATE: path.join(root, 'state'), STATION_CACHE: path.join(root, 'cache') }
  const context = createContext({ env, cwd: root, packageRoot: root, version: '0.0.0', pid: process.pid })
  return { root, context, profile: resolveConfig({}, context).profile, script, file, remove: () => rm(root, { recursive: true, force: true }) }
}

/** Listens until it is told to end. */
export const listening = 'require("node:net").createServer().listen(Number(process.argv[1]), "127.0.0.1")'
/** Says something and ends with a fault. */
export const dying = 'console.error("cannot live on port " + process.argv[1]); process.exit(3)'

/** An engine of one process that runs `program` with its port as argument. */
export function fakeEngine(program: string, extra: Partial<EngineDefinition> = {}): EngineDefinition {
  return {
    name: 'kafka',
    ports: ['kafka'],
    templateValues: ({ ports }) => ({ ...ports }),
    processes: ({ ports, logDirectory }) => [{ name: 'kafka', command: process.execPath, args: ['-e', program, String(ports['kafka'])], env: {}, logFile: path.join(logDirectory, 'fake.log') }],
    probe: async ({ ports }) => ((await isListening('127.0.0.1', ports['kafka']!, 500)) ? null : 'it does not listen yet'),
    ...extra,
  }
}
