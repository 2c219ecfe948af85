import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findJava, javaMajor } from '../../src/engines/java.ts'
import { createFakeMachine, type FakeMachine } from './fake-engine.ts'

let machine: FakeMachine
afterEach(() => machine.remove())

test.each([
  ['1.8.0_402', 8],
  ['11.0.22', 11],
  ['17', 17],
  ['17.0.15', 17],
  ['21-ea', 21],
])('version %s is Java %i', (version, major) => {
  machine = createFakeMachine()
  expect(javaMajor(version)).toBe(major)
})

test('the Java on PATH is found with its version', async () => {
  machine = createFakeMachine({ javaVersion: '21.0.2' })
  expect(await findJava(machine.context)).toMatchObject({ command: path.join(machine.root, 'bin', 'java'), home: machine.root, version: '21.0.2', major: 21 })
})

test('the home that Java tells of itself wins over the place of the command', async () => {
  machine = createFakeMachine()
  machine.script('java', `printf '    java.home = /opt/jdk-17\\nopenjdk version "17.0.9"\\n' >&2`)
  expect((await findJava(machine.context)).home).toBe('/opt/jdk-17')
})

test('JAVA_HOME wins over PATH, also when it is the wrong one', async () => {
  machine = createFakeMachine({ javaVersion: '17.0.9' })
  machine.file('old/bin/java', '')
  machine.script('../old/bin/java', `echo 'openjdk version "11.0.2"' >&2`)
  const context = { ...machine.context, env: { ...machine.context.env, JAVA_HOME: path.join(machine.root, 'old') } }
  await expect(findJava(context)).rejects.toMatchObject({ code: 'JAVA_MISSING', facts: { origin: 'JAVA_HOME', version: '11.0.2' } })
})

test.each([
  ['no java anywhere', {}, 'no java on PATH and no JAVA_HOME'],
  ['a JAVA_HOME without Java', { JAVA_HOME: '/nowhere' }, 'JAVA_HOME holds no Java: /nowhere/bin/java does not exist'],
])('%s is said with what to install', async (_, env, message) => {
  machine = createFakeMachine()
  await expect(findJava({ ...machine.context, env: { PATH: path.join(machine.root, 'empty'), ...env } })).rejects.toMatchObject({ code: 'JAVA_MISSING', message, hint: expect.stringContaining('JDK 17') as string })
})

test('a java that does not tell its version is no Java', async () => {
  machine = createFakeMachine()
  machine.script('java', 'echo broken; exit 1')
  await expect(findJava(machine.context)).rejects.toMatchObject({ code: 'JAVA_MISSING' })
})
