import { readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startEngines, stopEngines, usingEngines } from '../../src/engines/engines.ts'
import { isListening, isPortFree } from '../../src/engines/ports.ts'
import { isSameProcessAlive } from '../../src/engines/process-identity.ts'
import { readState, writeState } from '../../src/engines/state.ts'
import { createFakeMachine, dying, fakeEngine, listening, type FakeMachine } from './fake-engine.ts'

let machine: FakeMachine
afterEach(async () => {
  await stopEngines(machine.profile, { context: machine.context, force: true })
  await machine.remove()
})

const state = () => readState(machine.profile.stateDirectory, 'kafka')
const kafka = (definition: ReturnType<typeof fakeEngine>) => ({ context: machine.context, definitions: { kafka: definition } })

test('an engine is configured, started, found again, and taken down completely', async () => {
  machine = createFakeMachine()
  const { kafka: address } = await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  const port = Number(address.brokers[0]?.split(':')[1])
  expect(await isListening('127.0.0.1', port, 1_000)).toBe(true)
  expect(readFileSync(path.join(machine.profile.stateDirectory, 'kafka/conf/fake.conf'), 'utf8')).toBe(`port=${port}\n`)

  const first = await state()
  await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  expect((await state())?.processes).toEqual(first?.processes)

  expect(await stopEngines(machine.profile, { context: machine.context })).toEqual(['kafka'])
  expect(await isPortFree(port)).toBe(true)
  expect(first?.processes.some(isSameProcessAlive)).toBe(false)
  expect(await state()).toBeNull()
})

test('an engine that was started again keeps its port', async () => {
  machine = createFakeMachine()
  const start = () => startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  const first = (await start()).kafka.brokers
  await stopEngines(machine.profile, { context: machine.context })
  expect((await start()).kafka.brokers).toEqual(first)
})

test('an engine that dies while starting is reported with its last words, and nothing of it is left', async () => {
  machine = createFakeMachine()
  const failure = startEngines(machine.profile, ['kafka'], kafka(fakeEngine(dying)))
  await expect(failure).rejects.toMatchObject({ code: 'ENGINE_START_FAILED', exitCode: 10, message: 'Fake Kafka died while starting' })
  const error = (await failure.catch((caught: unknown) => caught)) as { problems: { message: string }[]; facts: { log: string } }
  expect(error.problems.map(({ message }) => message).join()).toMatch(/cannot live on port \d+/)
  expect(error.facts.log).toContain(path.join('kafka', 'log', 'kafka.out'))
  expect(await state()).toBeNull()
})

test('the last words of an earlier start are not taken for those of this one', async () => {
  machine = createFakeMachine()
  machine.file('state/local/kafka/log/fake.log', 'words of yesterday\n')
  const logging = fakeEngine('require("node:fs").appendFileSync(process.argv[2], "words of today\\n"); process.exit(1)')
  const error: unknown = await startEngines(machine.profile, ['kafka'], kafka({ ...logging, processes: (run) => logging.processes(run).map((plan) => ({ ...plan, args: [...plan.args, plan.logFile] })) })).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ENGINE_START_FAILED', problems: [{ message: 'words of today' }] })
})

test('a supervised process that ends while starting is a failure, not a loop', async () => {
  machine = createFakeMachine()
  const base = fakeEngine(dying)
  const supervised = fakeEngine(dying, { processes: (run) => base.processes(run).map((plan) => ({ ...plan, supervised: true })) })
  await expect(startEngines(machine.profile, ['kafka'], kafka(supervised))).rejects.toMatchObject({ code: 'ENGINE_START_FAILED' })
  expect(await state()).toBeNull()
})

test('a port that somebody took between choosing and listening is replaced by another', async () => {
  machine = createFakeMachine()
  // the first port is refused as if it were in use, the later ones work
  const marker = JSON.stringify(path.join(machine.root, 'refused'))
  const program = `const fs = require("node:fs"); if (!fs.existsSync(${marker})) { fs.writeFileSync(${marker}, ""); console.error("java.net.BindException: Address already in use"); process.exit(1) } ${listening}`
  const { kafka: address } = await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(program)))
  expect(await isListening('127.0.0.1', Number(address.brokers[0]?.split(':')[1]), 1_000)).toBe(true)
})

test('a fixed port that is taken is an error that names it', async () => {
  const other = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as net.AddressInfo
  try {
    machine = createFakeMachine({ ports: `{ kafka: ${port} }` })
    await expect(startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))).rejects.toMatchObject({ code: 'PORT_TAKEN', exitCode: 2, message: `port ${port} (kafka) of profile 'local' is taken` })
  } finally {
    other.close()
  }
})

test('a Java that is too old is refused before anything is started', async () => {
  machine = createFakeMachine({ javaVersion: '11.0.22' })
  await expect(startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))).rejects.toMatchObject({ code: 'JAVA_MISSING', exitCode: 2, message: expect.stringContaining('is Java 11.0.22, 17 or newer is needed') as string })
  expect(await state()).toBeNull()
})

test('a run stops what it started, also when its body fails', async () => {
  machine = createFakeMachine()
  const options = { definitions: { kafka: fakeEngine(listening) } }
  const seen = await usingEngines(['kafka'], machine, machine.context, async () => (await state())?.owner, options)
  expect(seen).toBe('run')
  expect(await state()).toBeNull()
  await expect(usingEngines(['kafka'], machine, machine.context, () => Promise.reject(new Error('body')), options)).rejects.toThrow('body')
  expect(await state()).toBeNull()
})

test('a run leaves engines alone that were up before it, and keeps its own when asked to', async () => {
  machine = createFakeMachine()
  const options = { definitions: { kafka: fakeEngine(listening) } }
  await usingEngines(['kafka'], machine, machine.context, () => Promise.resolve(), { ...options, keep: true })
  const kept = await state()
  expect(kept?.owner).toBe('up')
  await usingEngines(['kafka'], machine, machine.context, () => Promise.resolve(), options)
  expect(await state()).toEqual(kept)
})

test('two runs share an engine and the last one out stops it', async () => {
  machine = createFakeMachine()
  const options = { definitions: { kafka: fakeEngine(listening) } }
  let releaseSecond: () => void = () => undefined
  const held = new Promise<void>((resolve) => (releaseSecond = resolve))
  let entered: () => void = () => undefined
  const secondIsIn = new Promise<void>((resolve) => (entered = resolve))
  const first = usingEngines(['kafka'], machine, machine.context, async () => { await secondIsIn; return (await state())?.processes[0]?.pid }, options)
  const second = usingEngines(['kafka'], machine, machine.context, async () => { entered(); await held; return (await state())?.processes[0]?.pid }, options)
  const pid = await first
  expect((await state())?.processes[0]?.pid).toBe(pid)
  await expect(stopEngines(machine.profile, { context: machine.context })).rejects.toMatchObject({ code: 'ENGINE_LOCKED', exitCode: 6 })
  releaseSecond()
  expect(await second).toBe(pid)
  expect(await state()).toBeNull()
})

test('an engine whose processes are gone is cleared away and started anew', async () => {
  machine = createFakeMachine()
  await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  const before = (await state())!
  process.kill(-before.processes[0]!.pid, 'SIGKILL')
  await expect.poll(() => before.processes.some(isSameProcessAlive)).toBe(false)
  await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  const after = (await state())!
  expect(after.processes[0]!.pid).not.toBe(before.processes[0]!.pid)
  expect(after.processes.every(isSameProcessAlive)).toBe(true)
})

test('an engine left half started by a killed command is ended before a new one starts', async () => {
  machine = createFakeMachine()
  await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  const half = (await state())!
  await writeState(machine.profile.stateDirectory, { ...half, ready: false })
  await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  expect(half.processes.some(isSameProcessAlive)).toBe(false)
})

test('an engine whose functions changed is started again, and stays when it was up', async () => {
  machine = createFakeMachine()
  const withFunctions = (digest: string) => kafka(fakeEngine(listening, { fingerprint: () => Promise.resolve(digest) }))
  await startEngines(machine.profile, ['kafka'], withFunctions('one'))
  const before = await state()
  await usingEngines(['kafka'], machine, machine.context, () => Promise.resolve(), { definitions: withFunctions('two').definitions })
  const after = await state()
  expect(after?.processes[0]?.pid).not.toBe(before?.processes[0]?.pid)
  expect(after?.owner).toBe('up')
})

test('a lease of a killed run and a state nobody can read hold nothing', async () => {
  machine = createFakeMachine()
  await startEngines(machine.profile, ['kafka'], kafka(fakeEngine(listening)))
  machine.file('state/local/leases/1-dead.json', JSON.stringify({ pid: 999_999_999, startedAt: 'x', engines: ['kafka'] }))
  machine.file('state/local/leases/2-cut.json', '{"pid":')
  expect(await stopEngines(machine.profile, { context: machine.context })).toEqual(['kafka'])
  writeFileSync(path.join(machine.profile.stateDirectory, 'kafka', 'state.json'), '{"cut')
  expect(await stopEngines(machine.profile, { context: machine.context })).toEqual([])
})

test('a profile with addresses owns nothing: no engine is started and its addresses are used', async () => {
  machine = createFakeMachine()
  const { local: _, ...rest } = machine.profile
  const profile = { ...rest, local: null, kafka: { brokers: ['broker.example:9092'] } }
  const never = fakeEngine(dying)
  const brokers = await usingEngines(['kafka'], { profile }, machine.context, (addresses) => Promise.resolve(addresses.kafka.brokers), { definitions: { kafka: never } })
  expect(brokers).toEqual(['broker.example:9092'])
})
