import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { usingSparkSession } from '../gateways/spark/using-spark-session.ts'
import { plainSql } from '../sql/source-map.ts'
import { splitStatements } from '../sql/split.ts'
import type { EngineDefinition, EngineRun } from './definition.ts'
import { copyFunctionJars, digestFunctionJars } from './function-jars.ts'
import { isListening } from './ports.ts'
import { pingSparkConnect } from './spark-connect-ping.ts'

/**
 * One JVM: the Thrift server as main class, Spark Connect as its plugin. Both transports therefore share one catalog and one embedded
 * metastore, which allows only one JVM anyway.
 */
export const sparkEngine: EngineDefinition = {
  name: 'spark',
  ports: ['sparkConnect', 'sparkThrift', 'sparkUi'],

  async fingerprint(_, context) {
    return digestFunctionJars(context.packageRoot)
  },

  async templateValues(run) {
    const inside = (name: string): string => path.join(run.directory, name)
    for (const name of ['tmp', 'scratch', 'warehouse']) await mkdir(inside(name), { recursive: true })
    await copyFunctionJars(run.context.packageRoot, functionJars(run))
    return {
      ...run.ports,
      zone: run.profile.zone,
      sparkMemory: run.local.memory.spark,
      temporaryDirectory: inside('tmp'),
      warehouseUri: pathToFileURL(inside('warehouse')).href,
      scratchUri: pathToFileURL(inside('scratch')).href,
      metastoreDirectory: inside('metastore'),
      derbyLog: path.join(run.logDirectory, 'derby.log'),
      classArchiveOptions: classArchiveOptions(run),
      logConfiguration: pathToFileURL(path.join(run.configDirectory, 'log4j2.properties')).href,
      logFile: path.join(run.logDirectory, 'spark.log'),
    }
  },

  processes(run) {
    const thrift = ['--hiveconf', `hive.server2.thrift.port=${run.ports['sparkThrift']}`, '--hiveconf', 'hive.server2.thrift.bind.host=127.0.0.1']
    return [
      {
        name: 'spark',
        command: path.join(run.home, 'bin', 'spark-submit'),
        args: ['--class', 'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2', '--properties-file', path.join(run.configDirectory, 'spark-defaults.conf'), 'spark-internal', ...thrift],
        env: { SPARK_HOME: run.home, SPARK_CONF_DIR: path.join(run.home, 'conf'), SPARK_LOCAL_IP: '127.0.0.1', SPARK_LOCAL_HOSTNAME: 'localhost', ...functionClassPath(run) },
        classArchiveOptions: classArchiveOptions(run),
      logConfiguration: pathToFileURL(path.join(run.configDirectory, 'log4j2.properties')).href,
      logFile: path.join(run.logDirectory, 'spark.log'),
      },
    ]
  },

  async train({ ports, description, context, signal }, statements) {
    const target = { transport: 'connect', connect: { host: '127.0.0.1', port: ports['sparkConnect']! } } as const
    await usingSparkSession(target, { name: 'training', context, signal }, async (session) => {
      for (const { text } of splitStatements(plainSql({ path: description.training!, text: statements }), 'spark')) await session.execute(text, { signal })
    })
  },

  async probe({ ports, signal }) {
    signal.throwIfAborted()
    if (!(await isListening('127.0.0.1', ports['sparkThrift']!, 1_000))) return 'its Thrift server does not listen yet'
    if (!(await pingSparkConnect('127.0.0.1', ports['sparkConnect']!, { sessionId: randomUUID(), timeoutMs: 10_000 }))) return 'Spark Connect does not answer yet'
    return null
  },
}

/** Quoted as Spark's launcher reads it. While an archive is written the JVM would tell of every class that it leaves out. */
function classArchiveOptions({ classArchive }: EngineRun): string {
  if (classArchive === null) return ''
  return classArchive.use === 'read' ? `-XX:SharedArchiveFile="${classArchive.file}"` : `-XX:ArchiveClassesAtExit="${classArchive.file}" -Xlog:cds*=error`
}

/** Behind Spark's own classes, whose archive serves every profile and every build of the functions; it is written without them. */
function functionClassPath(run: EngineRun): Readonly<Record<string, string>> {
  return run.classArchive?.use === 'write' ? {} : { SPARK_DIST_CLASSPATH: path.join(functionJars(run), '*') }
}

function functionJars(run: EngineRun): string {
  return path.join(run.directory, 'jars')
}
