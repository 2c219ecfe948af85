import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createContext, findPackageRoot } from '../../src/core/context.ts'
import { resolveConfig } from '../../src/core/config.ts'
import { engineNames, type EngineName } from '../../src/engines/addresses.ts'
import type { EngineRun } from '../../src/engines/definition.ts'
import { loadDescription } from '../../src/engines/description.ts'
import { engineDefinitions } from '../../src/engines/registry.ts'
import { fillTemplate } from '../../src/engines/template.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'station-configuration-'))
})
afterEach(() => rm(root, { recursive: true }))

const ports = { kafka: 21_001, kafkaController: 21_002, flinkRest: 21_003, flinkGateway: 21_004, flinkRpc: 21_005, sparkConnect: 21_006, sparkThrift: 21_007, sparkUi: 21_008 }

async function generate(name: EngineName, classArchive: EngineRun['classArchive'] = null): Promise<{ readonly files: Readonly<Record<string, string>>; readonly run: EngineRun }> {
  const context = createContext({ env: { STATION_STATE: root, HOME: root } })
  const { profile } = resolveConfig({}, context)
  const description = await loadDescription(name, context)
  const directory = path.join(root, name)
  const run: EngineRun = { home: '/home/of/it', java: { command: '/java', home: '/jdk', version: '17.0.1', major: 17 }, profile, local: profile.local!, description, directory, configDirectory: path.join(directory, 'conf'), logDirectory: path.join(directory, 'log'), ports, classArchive, context, signal: context.signal }
  const values = await engineDefinitions[name].templateValues(run)
  const files = description.templates.map(({ from, to }) => [to, fillTemplate(readFileSync(path.join(description.directory, from), 'utf8'), values, from)] as const)
  return { files: Object.fromEntries(files), run }
}

/** Lines `key=value` or `key value`. */
function properties(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.split(/[= ]/, 1)[0]!, line.replace(/^[^= ]+[= ]\s*/, '')]))
}

test.each(engineNames)('no placeholder of %s is left open, and only the loopback address is used', async (name) => {
  const { files } = await generate(name)
  const text = Object.values(files).join('\n')
  expect(text).not.toContain('{{')
  expect(text).not.toContain('0.0.0.0')
})

test('Kafka keeps records of any age and writes into the state folder', async () => {
  const { files, run } = await generate('kafka')
  const server = properties(files['server.properties']!)
  expect(server.get('listeners')).toBe('BROKER://127.0.0.1:21001,CONTROLLER://127.0.0.1:21002')
  expect(server.get('log.dirs')).toBe(path.join(run.directory, 'data'))
  expect(server.get('log.retention.ms')).toBe('-1')
  expect(server.get('log.message.timestamp.after.max.ms')).toBe('9223372036854775807')
})

test('the configuration of Flink is YAML with the sizes and ports of the profile', async () => {
  const { files, run } = await generate('flink')
  expect(parse(files['config.yaml']!)).toMatchObject({
    'rest.port': 21_003,
    'sql-gateway.endpoint.rest.port': 21_004,
    'jobmanager.rpc.port': 21_005,
    'rest.bind-address': '127.0.0.1',
    'taskmanager.numberOfTaskSlots': run.local.taskSlots,
    'jobmanager.memory.process.size': run.local.memory.flinkJobManager,
    'taskmanager.memory.process.size': run.local.memory.flinkTaskManager,
    'execution.checkpointing.savepoint-dir': pathToFileURL(path.join(run.directory, 'savepoints')).href,
  })
  expect(files['config.yaml']).not.toContain('rest.bind-port') // the gateway would take it for its own
})

test('the TaskManager is the only supervised process', async () => {
  const { run } = await generate('flink')
  expect(engineDefinitions.flink.processes(run).filter(({ supervised }) => supervised === true).map(({ name }) => name)).toEqual(['taskmanager'])
})

test('Spark serves both transports from one JVM, in the zone of the profile, with copies of the function jars', async () => {
  const { files, run } = await generate('spark')
  const defaults = properties(files['spark-defaults.conf']!)
  expect(defaults.get('spark.connect.grpc.binding.port')).toBe('21006')
  expect(defaults.get('spark.sql.session.timeZone')).toBe('Asia/Shanghai')
  expect(defaults.get('spark.plugins')).toContain('SparkConnectPlugin')
  const plans = engineDefinitions.spark.processes(run)
  expect(plans).toHaveLength(1)
  expect(plans[0]!.args).toContain('hive.server2.thrift.port=21007')
  expect(plans[0]!.env['SPARK_DIST_CLASSPATH']).toBe(path.join(run.directory, 'jars', '*'))
})

test('Spark reads its archive of classes behind the settings of the profile, and writes it without the function jars', async () => {
  const options = async (use: 'read' | 'write') => {
    const { files, run } = await generate('spark', { file: '/a cache/spark.jsa', use })
    return { java: properties(files['spark-defaults.conf']!).get('spark.driver.extraJavaOptions'), env: engineDefinitions.spark.processes(run)[0]!.env }
  }
  const [reading, writing] = [await options('read'), await options('write')]
  expect(reading.java).toContain('-XX:SharedArchiveFile="/a cache/spark.jsa"')
  expect(writing.java).toContain('-XX:ArchiveClassesAtExit="/a cache/spark.jsa"')
  expect(writing.env).not.toHaveProperty('SPARK_DIST_CLASSPATH')
  // the same class path up to there, or the JVM refuses the archive
  expect(reading.env).toMatchObject(writing.env)
})

test('a template with a name nobody gives a value is refused', () => {
  expect(() => fillTemplate('a={{known}} b={{unknown}}', { known: 1 }, 'x.template')).toThrow('no value for {{unknown}}')
})

test('every file that a description names exists, and every pinned artifact has a digest', async () => {
  const directory = path.join(findPackageRoot(), 'infra', 'engines')
  const present = new Set(readdirSync(directory))
  for (const name of engineNames) {
    const description = await loadDescription(name, createContext())
    for (const { from } of description.templates) expect(present).toContain(from)
    const requirements = description.pip === undefined ? '' : readFileSync(path.join(directory, description.pip.requirements), 'utf8')
    for (const line of requirements.split('\n').filter((line) => line.includes('=='))) expect(line).toMatch(/==\S+ --hash=sha256:[0-9a-f]{64}$/)
    const hashes = description.maven === undefined ? '' : readFileSync(path.join(directory, description.maven.hashes), 'utf8')
    for (const line of hashes.split('\n').filter((line) => line !== '')) expect(line).toMatch(/^[0-9a-f]{64} {2}\S+\.jar$/)
  }
})
