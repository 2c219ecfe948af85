/**
 * Every failure a user can meet: its code, its title, the exit code of the process and its page in `docs/errors.md`.
 * Exit codes are a contract for schedulers (docs/errors.md): they never change their meaning.
 */
export interface CodeEntry {
  readonly title: string
  readonly exitCode: ExitCode
}

export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  failed: 3,
  denied: 4,
  missing: 5,
  refused: 6,
  changes: 7,
  jobFailed: 8,
  timedOut: 9,
  unreachable: 10,
  notReady: 11,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const codes = {
  UNEXPECTED: { title: 'unexpected error', exitCode: exitCodes.unexpected },
  INTERRUPTED: { title: 'interrupted by a signal', exitCode: exitCodes.interrupted },
  TERMINATED: { title: 'terminated by a signal', exitCode: exitCodes.terminated },

  // usage, configuration and input files
  USAGE: { title: 'wrong usage of a command', exitCode: exitCodes.usage },
  CONFIG_INVALID: { title: 'station.yaml is not valid', exitCode: exitCodes.usage },
  INPUT_INVALID: { title: 'an input file is not of its form', exitCode: exitCodes.usage },
  FILE_MISSING: { title: 'a file or folder does not exist', exitCode: exitCodes.missing },
  JOB_UNKNOWN: { title: 'no job of this name', exitCode: exitCodes.missing },
  JOB_INVALID: { title: 'job.yaml or its SQL is not valid', exitCode: exitCodes.usage },

  // engines on this machine
  JAVA_MISSING: { title: 'no usable Java', exitCode: exitCodes.usage },
  PORT_TAKEN: { title: 'a port fixed in station.yaml is taken', exitCode: exitCodes.usage },
  ENGINE_INSTALL_FAILED: { title: 'an engine could not be installed', exitCode: exitCodes.unreachable },
  ENGINE_START_FAILED: { title: 'an engine died while starting', exitCode: exitCodes.unreachable },
  ENGINE_UNHEALTHY: { title: 'an engine does not answer', exitCode: exitCodes.unreachable },
  ENGINE_LOCKED: { title: 'another process is changing the engines', exitCode: exitCodes.refused },

  // gateways and clusters
  GATEWAY_UNREACHABLE: { title: 'a gateway is not reachable', exitCode: exitCodes.unreachable },
  GATEWAY_GONE: { title: 'a gateway went away during a statement', exitCode: exitCodes.unreachable },
  GATEWAY_PROTOCOL: { title: 'a gateway answered something unknown', exitCode: exitCodes.unreachable },
  GATEWAY_DENIED: { title: 'a gateway refused the credentials', exitCode: exitCodes.denied },
  SESSION_LOST: { title: 'the session on the gateway is lost', exitCode: exitCodes.unreachable },
  SQL_REJECTED: { title: 'the engine rejected a SQL statement', exitCode: exitCodes.failed },
  KAFKA_UNREACHABLE: { title: 'Kafka is not reachable', exitCode: exitCodes.unreachable },
  KAFKA_FAILED: { title: 'a Kafka operation failed', exitCode: exitCodes.unreachable },

  // jobs
  JOB_FAILED: { title: 'the job ran and failed on the cluster', exitCode: exitCodes.jobFailed },
  JOB_RUNS: { title: 'another version of the job is running', exitCode: exitCodes.refused },
  DATABASE_UNKNOWN: { title: 'no tables of the nightly job in this database', exitCode: exitCodes.missing },
  TABLES_UNFIT: { title: 'the tables are of another version than the job needs', exitCode: exitCodes.refused },
  AREA_UNKNOWN: { title: 'no such area in the published run', exitCode: exitCodes.missing },
  JOB_NOT_RUNNING: { title: 'the job is not running', exitCode: exitCodes.missing },
  JOB_LOCKED: { title: 'the job is being run by another process', exitCode: exitCodes.refused },
  WAIT_TIMED_OUT: { title: 'timed out waiting; the job may still run', exitCode: exitCodes.timedOut },
  DATA_PRESENT: { title: 'the tables already hold these days', exitCode: exitCodes.refused },
  NOT_READY: { title: 'upstream data is not complete', exitCode: exitCodes.notReady },
  CALLS_FAILED: { title: 'the answering program of a replay failed', exitCode: exitCodes.jobFailed },

  // comparisons
  CASES_DIFFER: { title: 'worked cases do not agree', exitCode: exitCodes.failed },
  CHECK_FAILED: { title: 'a check found problems', exitCode: exitCodes.failed },
  VECTORS_DIFFER: { title: 'codec vectors do not agree', exitCode: exitCodes.failed },
} as const satisfies Record<string, CodeEntry>

export type Code = keyof typeof codes
