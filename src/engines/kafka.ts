import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import { createKafkaClient } from '../stores/kafka/client.ts'
import type { EngineDefinition, EngineRun } from './definition.ts'
import { runTool } from './run-tool.ts'
import { lastLines } from './tail.ts'

const dataDirectory = (run: EngineRun): string => path.join(run.directory, 'data')
const logFile = (run: EngineRun): string => path.join(run.logDirectory, 'kafka.log')
const javaOptions = (run: EngineRun): readonly string[] => ['-Djava.awt.headless=true', `-Dlog4j.configuration=file:${path.join(run.configDirectory, 'log4j.properties')}`, '-cp', path.join(run.home, 'libs', '*')]

/** One Kafka node, broker and controller in one JVM. */
export const kafkaEngine: EngineDefinition = {
  name: 'kafka',
  ports: ['kafka', 'kafkaController'],

  templateValues(run) {
    return { ...run.ports, dataDirectory: dataDirectory(run), logFile: logFile(run) }
  },

  async prepare(run) {
    if (existsSync(path.join(dataDirectory(run), 'meta.properties'))) return
    const formatLog = path.join(run.logDirectory, 'format.out')
    const format = ['-XX:TieredStopAtLevel=1', ...javaOptions(run), 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', path.join(run.configDirectory, 'server.properties')]
    const outcome = await runTool({ command: run.java.command, args: format, env: {}, logFile: formatLog, signal: run.signal })
    if (outcome.kind === 'missing' || outcome.exitCode !== 0) {
      throw new StationError('ENGINE_START_FAILED', 'the storage of Kafka could not be formatted', {
        hint: `The output is in ${formatLog}.`,
        facts: { engine: 'kafka', log: formatLog },
        problems: (await lastLines(formatLog, 8)).map((message) => ({ message })),
      })
    }
  },

  processes(run) {
    const heap = run.local.memory.kafka
    return [
      {
        name: 'kafka',
        command: run.java.command,
        args: [`-Xmx${heap}`, '-XX:+UseG1GC', ...javaOptions(run), 'kafka.Kafka', path.join(run.configDirectory, 'server.properties')],
        env: {},
        logFile: logFile(run),
      },
    ]
  },

  async probe({ ports, context, signal }) {
    const client = createKafkaClient({ brokers: [`127.0.0.1:${ports['kafka']}`] }, context, { connectTimeoutMs: 1_000, requestTimeoutMs: 3_000, attempts: 1 })
    try {
      await client.listTopics(signal)
      return null
    } catch {
      return 'its broker does not answer yet'
    } finally {
      await client.close()
    }
  },
}

/** 16 random bytes in URL-safe base64, as Kafka writes them; a leading hyphen would be read as an option. */
function clusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}
