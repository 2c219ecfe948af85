import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { loadDescription } from '../../src/engines/description.ts'
import { checkJars, installEngine } from '../../src/engines/install.ts'
import { createFakeMachine, type FakeMachine } from './fake-engine.ts'

let machine: FakeMachine
afterEach(() => machine.remove())

const digest = (content: string): string => createHash('sha256').update(content).digest('hex')

/** Maven that "downloads" two jars into the folder it is told. */
function machineWithMaven(jars: Readonly<Record<string, string>>): FakeMachine {
  machine = createFakeMachine()
  machine.file('infra/engines/kafka.yaml', 'name: kafka\ntitle: Fake Kafka\nversion: 1.0.0\nmaven:\n  pom: pom.xml\n  hashes: kafka.sha256\n  into:\n    - { prefix: gate-, folder: opt }\n    - { prefix: "", folder: lib }\n')
  machine.file('infra/engines/pom.xml', '<project/>')
  machine.file('infra/engines/kafka.sha256', `${digest('one')}  gate-1.jar\n${digest('two')}  other-2.jar\n`)
  const writes = Object.entries(jars).map(([name, content]) => `printf %s '${content}' > "$out/${name}"`)
  machine.script('mvn', ['for a in "$@"; do case $a in -DoutputDirectory=*) out=${a#*=};; esac; done', 'mkdir -p "$out"', ...writes].join('\n'))
  return machine
}

const install = async () => {
  const { context, profile } = machine
  return installEngine(await loadDescription('kafka', context), { cacheDirectory: profile.cacheDirectory, context, signal: context.signal })
}

test('checked jars are put where the description says, and the second install does nothing', async () => {
  machineWithMaven({ 'gate-1.jar': 'one', 'other-2.jar': 'two' })
  const home = await install()
  expect(readFileSync(path.join(home, 'opt', 'gate-1.jar'), 'utf8')).toBe('one')
  expect(readFileSync(path.join(home, 'lib', 'other-2.jar'), 'utf8')).toBe('two')
  machine.script('mvn', 'exit 1')
  expect(await install()).toBe(home)
})

test('two installs at once make one home', async () => {
  machineWithMaven({ 'gate-1.jar': 'one', 'other-2.jar': 'two' })
  const homes = await Promise.all([install(), install(), install()])
  expect(new Set(homes).size).toBe(1)
  expect(readdirSync(path.dirname(homes[0])).filter((name) => name.startsWith('kafka-1.0.0') || name.endsWith('.lock') || name.endsWith('.partial'))).toHaveLength(1)
})

test('a jar that is not the pinned one, one too many and one missing are all named, and nothing is installed', async () => {
  machineWithMaven({ 'gate-1.jar': 'tampered', 'extra-3.jar': 'three' })
  const failure: unknown = await install().catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'ENGINE_INSTALL_FAILED' })
  expect((failure as { problems: { message: string }[] }).problems.map(({ message }) => message)).toEqual(['extra-3.jar is not expected', 'gate-1.jar is not the pinned file', 'other-2.jar is missing'])
  expect(readdirSync(path.join(machine.profile.cacheDirectory, 'engines')).filter((name) => !name.endsWith('.log'))).toEqual([])
})

test('what a killed install left behind is removed by the next one', async () => {
  machineWithMaven({ 'gate-1.jar': 'one', 'other-2.jar': 'two' })
  const leftover = path.join(machine.profile.cacheDirectory, 'engines', '.kafka-123.partial')
  mkdirSync(leftover, { recursive: true })
  writeFileSync(path.join(machine.profile.cacheDirectory, 'engines', 'kafka.lock'), JSON.stringify({ pid: 999_999_999, startedAt: 'x', purpose: 'installing' }))
  await install()
  expect(existsSync(leftover)).toBe(false)
})

test('a package client that fails is reported with its last lines', async () => {
  machineWithMaven({})
  machine.script('mvn', 'echo "Could not transfer artifact"; exit 1')
  await expect(install()).rejects.toMatchObject({ code: 'ENGINE_INSTALL_FAILED', message: 'Fake Kafka could not be installed: mvn ended with 1', problems: [{ message: 'Could not transfer artifact' }], retry: 'later' })
})

test('a package client that is not there is said so', async () => {
  machineWithMaven({})
  const { context, profile } = machine
  const bare = { ...context, env: { ...context.env, PATH: path.join(machine.root, 'empty') } }
  await expect(installEngine(await loadDescription('kafka', context), { cacheDirectory: profile.cacheDirectory, context: bare, signal: context.signal })).rejects.toMatchObject({ code: 'ENGINE_INSTALL_FAILED', message: 'mvn is needed to install Fake Kafka' })
})

test('a changed pin gets a fresh home', async () => {
  machineWithMaven({ 'gate-1.jar': 'one', 'other-2.jar': 'two' })
  const before = await install()
  machine.file('infra/engines/kafka.sha256', `${digest('one')}  gate-1.jar\n${digest('two')}  other-2.jar\n\n`)
  expect(await install()).not.toBe(before)
})

test('an interrupted install ends its package client and leaves nothing half done', async () => {
  machineWithMaven({})
  machine.script('mvn', 'sleep 1000')
  const { context, profile } = machine
  const controller = new AbortController()
  const running = installEngine(await loadDescription('kafka', context), { cacheDirectory: profile.cacheDirectory, context, signal: controller.signal })
  await expect.poll(() => existsSync(path.join(profile.cacheDirectory, 'engines', 'install-kafka.log'))).toBe(true)
  controller.abort(new Error('interrupted'))
  await expect(running).rejects.toThrow('interrupted')
  expect(readdirSync(path.join(profile.cacheDirectory, 'engines')).filter((name) => name.endsWith('.partial') || name.endsWith('.lock'))).toEqual([])
})

test('the list of digests may be written by sha256sum in text or binary mode', async () => {
  machine = createFakeMachine()
  machine.file('jars/a.jar', 'a')
  machine.file('list', `${digest('a')} *a.jar\n`)
  expect(await checkJars(path.join(machine.root, 'jars'), path.join(machine.root, 'list'), { name: 'x', title: 'X' })).toEqual(['a.jar'])
})
