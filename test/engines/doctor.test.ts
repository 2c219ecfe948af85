import net from 'node:net'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { judgeClock } from '../../src/engines/doctor/clock.ts'
import { examine } from '../../src/engines/doctor/doctor.ts'
import { checkFolder, checkMemory, parseMemory } from '../../src/engines/doctor/machine.ts'
import { createFakeMachine, type FakeMachine } from './fake-engine.ts'

let machine: FakeMachine | undefined
afterEach(async () => {
  await machine?.remove()
  machine = undefined
})

/** The descriptions that the fake machine lacks. */
function createMachine(options: Parameters<typeof createFakeMachine>[0] = {}): FakeMachine {
  machine = createFakeMachine(options)
  for (const name of ['flink', 'spark']) machine.file(`infra/engines/${name}.yaml`, `name: ${name}\ntitle: Fake ${name}\nversion: 1.0.0\n`)
  machine.script('python3', 'echo "pip 23.0.1 from /usr/lib/python3 (python 3.11)"')
  machine.script('mvn', 'echo "Apache Maven 3.8.7"')
  return machine
}

const find = async (check: string) => (await examine(machine!.profile, machine!.context)).find((finding) => finding.check === check)

test('a machine with everything has nothing bad', async () => {
  createMachine()
  const findings = await examine(machine!.profile, machine!.context)
  expect(findings.filter(({ verdict }) => verdict === 'bad')).toEqual([])
  expect(findings.find(({ check }) => check === 'pip')).toMatchObject({ verdict: 'ok', message: 'pip 23.0.1' })
  expect(findings.find(({ check }) => check === 'kafka')?.message).toBe('Fake Kafka is not installed yet (the first use does it)')
})

test('a wrong Java is bad and says what to do', async () => {
  createMachine({ javaVersion: '11.0.2' })
  expect(await find('java')).toMatchObject({ verdict: 'bad', message: expect.stringContaining('11.0.2') as string, hint: expect.stringContaining('JDK 17') as string })
})

test('a missing package client is bad while something is to be installed with it', async () => {
  createMachine()
  machine!.script('mvn', 'exit 1')
  expect(await find('mvn')).toMatchObject({ verdict: 'bad', hint: expect.stringContaining('apt-get install maven') as string })
})

test('a fixed port in use is bad', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const { port } = server.address() as net.AddressInfo
    createMachine({ ports: `{ kafka: ${port} }` })
    expect(await find('port kafka')).toMatchObject({ verdict: 'bad', message: `${port} is taken` })
  } finally {
    server.close()
  }
})

test('an engine that was killed and an install that was killed are told', async () => {
  createMachine()
  machine!.file('state/local/kafka/state.json', JSON.stringify({ schema: 1, engine: 'kafka', version: '1.0.0', home: '/x', fingerprint: 'x', owner: 'run', startedAtMs: 0, ready: true, ports: {}, processes: [{ name: 'kafka', pid: 999_999_999, startedAt: 'x', logFiles: [] }] }))
  machine!.file('cache/engines/.spark-1.partial/x', '')
  expect(await find('kafka')).toMatchObject({ verdict: 'warn', message: 'Fake Kafka was killed: its processes are gone' })
  const findings = await examine(machine!.profile, machine!.context)
  expect(findings.find(({ message }) => message.includes('.spark-1.partial'))?.verdict).toBe('warn')
})

test('a cluster that does not answer is bad, and nothing local is looked at', async () => {
  createMachine()
  const nobody = { gatewayUrl: 'http://127.0.0.1:1', jobManagerUrl: 'http://127.0.0.1:1' }
  const findings = await examine({ ...machine!.profile, local: null, flink: nobody }, machine!.context)
  expect(findings.find(({ check }) => check === 'flink')).toMatchObject({ verdict: 'bad' })
  expect(findings.some(({ check }) => check === 'java')).toBe(false)
})

test('memory is judged against what the engines may take', () => {
  expect(checkMemory(1).verdict).toBe('ok')
  expect(checkMemory(Number.MAX_SAFE_INTEGER).verdict).toBe('bad')
  expect(parseMemory('512m')).toBe(536_870_912)
  expect(parseMemory('2g')).toBe(2_147_483_648)
})

test('a folder that does not exist yet is judged by the one that holds it', async () => {
  createMachine()
  expect((await checkFolder('cache', path.join(machine!.root, 'not', 'yet'), 1)).verdict).toBe('ok')
  expect((await checkFolder('cache', machine!.root, Number.MAX_SAFE_INTEGER)).verdict).toBe('bad')
})

test.each([
  ['agrees with the cluster', Date.UTC(2026, 5, 1), [400, -700], 'ok'],
  ['is ahead of one server', Date.UTC(2026, 5, 1), [100, 5_000], 'warn'],
  ['is behind', Date.UTC(2026, 5, 1), [-90_000], 'warn'],
  ['was never set', Date.UTC(1970, 0, 2), [], 'warn'],
] as const)('a clock that %s is judged %s', (_, nowMs, differences, verdict) => {
  expect(judgeClock(nowMs, differences).verdict).toBe(verdict)
})
