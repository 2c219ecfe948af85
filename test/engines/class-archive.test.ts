import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { StationError } from '../../src/core/errors.ts'
import type { EngineDefinition, EngineRun } from '../../src/engines/definition.ts'
import { installEngines, startEngines, stopEngines } from '../../src/engines/engines.ts'
import { identifyProcess, isSameProcessAlive } from '../../src/engines/process-identity.ts'
import { writeState } from '../../src/engines/state.ts'
import { createFakeMachine, fakeEngine, listening, type FakeMachine } from './fake-engine.ts'

let machine: FakeMachine
let uses: string[]
afterEach(async () => {
  await stopEngines(machine.profile, { context: machine.context, force: true })
  await machine.remove()
})

/** As a JVM does: what it was told to write is written when it is told to end. */
const writing = `${listening}; process.on("SIGTERM", () => { if (process.argv[2] !== "") require("node:fs").writeFileSync(process.argv[2], "classes"); process.exit(0) })`

const nothing = (): Promise<void> => Promise.resolve()

function trained(train: (run: EngineRun, statements: string) => Promise<void>, program = writing): EngineDefinition {
  const base = fakeEngine(program)
  return {
    ...base,
    train,
    processes: (run) => {
      uses.push(run.classArchive?.use ?? 'none')
      return base.processes(run).map((plan) => ({ ...plan, args: [...plan.args, run.classArchive?.use === 'write' ? run.classArchive.file : ''] }))
    },
  }
}

function machineWithTraining(javaVersion = '17.0.9'): void {
  uses = []
  machine = createFakeMachine({ javaVersion })
  machine.file('infra/engines/kafka.yaml', 'name: kafka\ntitle: Fake Kafka\nversion: 1.0.0\ntraining: training.sql\ntemplates:\n  - { from: fake.template, to: fake.conf }\n')
  machine.file('infra/engines/training.sql', 'SELECT 1;\n')
}

const start = async (definition: EngineDefinition, signal = machine.context.signal): Promise<void> => {
  await startEngines(machine.profile, ['kafka'], { context: machine.context, signal, definitions: { kafka: definition } })
  await stopEngines(machine.profile, { context: machine.context })
}
const cached = (ending: string): string[] => readdirSync(path.join(machine.profile.cacheDirectory, 'engines')).filter((name) => name.endsWith(ending))
const cachedFile = (name: string): string => path.join(machine.profile.cacheDirectory, 'engines', name)

test('an engine is started once more to write its archive of classes, and reads it from then on', async () => {
  machineWithTraining()
  const statements: string[] = []
  const engine = trained((_, text) => Promise.resolve(void statements.push(text)))
  await start(engine)
  await start(engine)
  expect(uses).toEqual(['write', 'read', 'read'])
  expect(statements).toEqual(['SELECT 1;\n'])
  expect(readFileSync(cachedFile(cached('.jsa')[0]!), 'utf8')).toBe('classes')
  expect(readdirSync(path.join(machine.profile.cacheDirectory, 'engines')).filter((name) => name.includes('classes'))).toEqual([])
})

test('installing prepares the archive too', async () => {
  machineWithTraining()
  const engine = trained(nothing)
  await installEngines(machine.profile, ['kafka'], { context: machine.context, definitions: { kafka: engine } })
  expect(uses).toEqual(['write'])
  await start(engine)
  expect(uses).toEqual(['write', 'read'])
})

test('an engine whose training fails starts without an archive, and is not trained again until the note of it is deleted', async () => {
  machineWithTraining()
  const refused = trained(() => Promise.reject(new StationError('SQL_REJECTED', 'no such function')))
  await start(refused)
  await start(refused)
  expect(uses).toEqual(['write', 'none', 'none'])
  const [note] = cached('.failed')
  expect(readFileSync(cachedFile(note!), 'utf8')).toContain('no such function')
  await rm(cachedFile(note!))
  await start(trained(nothing))
  expect(uses.slice(3)).toEqual(['write', 'read'])
})

test('an engine that ends without writing its archive starts without one', async () => {
  machineWithTraining()
  await start(trained(nothing, listening))
  expect(uses).toEqual(['write', 'none'])
  expect(cached('.jsa')).toEqual([])
  expect(readFileSync(cachedFile(cached('.failed')[0]!), 'utf8')).toContain('wrote no archive')
})

test('another Java gets an archive of its own, and that of the former one goes', async () => {
  machineWithTraining()
  const engine = trained(nothing)
  await start(engine)
  const [former] = cached('.jsa')
  machine.script('java', `echo 'openjdk version "21.0.2"' >&2`)
  await start(engine)
  expect(uses).toEqual(['write', 'read', 'write', 'read'])
  expect(cached('.jsa')).toHaveLength(1)
  expect(cached('.jsa')).not.toEqual([former])
})

test('what a killed preparation left running is ended by the next one', async () => {
  machineWithTraining()
  const orphan = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  const folder = cachedFile('.kafka-classes')
  const record = { name: 'kafka', pid: orphan.pid!, startedAt: identifyProcess(orphan.pid!)!.startedAt, logFiles: [] }
  await writeState(folder, { schema: 1, engine: 'kafka', version: '1.0.0', home: '/', fingerprint: 'training', owner: 'run', startedAtMs: 0, ready: true, ports: {}, processes: [record] })
  await start(trained(nothing))
  expect(isSameProcessAlive(record)).toBe(false)
  expect(existsSync(folder)).toBe(false)
})

test('an interrupted training ends the engine and leaves nothing behind', async () => {
  machineWithTraining()
  const controller = new AbortController()
  let pid = 0
  const interrupted = trained(({ directory }) => {
    pid = (JSON.parse(readFileSync(path.join(directory, 'state.json'), 'utf8')) as { processes: { pid: number }[] }).processes[0]!.pid
    controller.abort(new StationError('INTERRUPTED', 'stop'))
    return Promise.resolve()
  })
  await expect(start(interrupted, controller.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(identifyProcess(pid)).toBeNull()
  expect(cached('.failed')).toEqual([])
  expect(existsSync(cachedFile('.kafka-classes'))).toBe(false)
  expect(uses).toEqual(['write'])
})
