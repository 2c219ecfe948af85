import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import axios from 'axios'
import type { EngineDefinition, EngineRun, ProbeRun, ProcessPlan } from './definition.ts'

export const savepointDirectory = (directory: string): string => path.join(directory, 'savepoints')

/** A session cluster: JobManager, one supervised TaskManager, SQL Gateway. */
export const flinkEngine: EngineDefinition = {
  name: 'flink',
  ports: ['flinkRest', 'flinkGateway', 'flinkRpc'],

  async templateValues(run) {
    const temporaryDirectory = path.join(run.directory, 'tmp')
    await mkdir(temporaryDirectory, { recursive: true })
    await mkdir(savepointDirectory(run.directory), { recursive: true })
    const { memory, taskSlots } = run.local
    return {
      ...run.ports,
      taskSlots,
      jobManagerMemory: memory.flinkJobManager,
      taskManagerMemory: memory.flinkTaskManager,
      gatewayMemory: memory.flinkGateway,
      checkpointUri: JSON.stringify(pathToFileURL(path.join(run.directory, 'checkpoints')).href),
      savepointUri: JSON.stringify(pathToFileURL(savepointDirectory(run.directory)).href),
      temporaryDirectory: JSON.stringify(temporaryDirectory),
    }
  },

  processes(run) {
    return [script(run, 'jobmanager', 'jobmanager.sh'), { ...script(run, 'taskmanager', 'taskmanager.sh'), supervised: true }, script(run, 'sql-gateway', 'sql-gateway.sh')]
  },

  async probe(run) {
    const [overview, info] = await Promise.all([get(run, `http://127.0.0.1:${run.ports['flinkRest']}/overview`), get(run, `http://127.0.0.1:${run.ports['flinkGateway']}/info`)])
    if (overview === null) return 'its JobManager does not answer yet'
    const slots = overview['slots-total']
    if (typeof slots !== 'number' || slots < run.local.taskSlots) return 'its TaskManager has not registered yet'
    if (info === null || info['productName'] === undefined) return 'its SQL Gateway does not answer yet'
    return null
  },
}

function script(run: EngineRun, name: string, file: string): ProcessPlan {
  const logFile = path.join(run.logDirectory, `${name}.log`)
  return {
    name,
    command: path.join(run.home, 'bin', file),
    args: ['start-foreground'],
    env: {
      FLINK_CONF_DIR: run.configDirectory,
      FLINK_LOG_DIR: run.logDirectory,
      FLINK_PID_DIR: path.join(run.directory, 'pids'),
      FLINK_IDENT_STRING: 'station',
      STATION_LOG_FILE: logFile,
    },
    logFile,
  }
}

async function get(run: ProbeRun, url: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const response = await axios.get<unknown>(url, { timeout: 3_000, signal: run.signal, proxy: false })
    return typeof response.data === 'object' ? (response.data as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}
