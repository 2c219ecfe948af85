import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createContext } from '../../src/core/context.ts'
import { isStationError, type StationError } from '../../src/core/errors.ts'
import { withPlace } from '../../src/jobs/place.ts'
import { renderStreaming } from '../../src/jobs/job-commands.ts'
import { renderJob } from '../../src/jobs/render.ts'
import { parameterValues } from '../../src/jobs/sources.ts'
import { listJobs, loadJob } from '../../src/jobs/spec.ts'
import { StationError as Failure } from '../../src/core/errors.ts'
import { resolveConfig } from '../../src/core/config.ts'

const head = 'title: T\nowner: o\nengine: flink\nmode: streaming\ngrain: one row\n'

function workspace(files: Readonly<Record<string, string>>) {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'station-jobs-'))
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(cwd, 'jobs', 'sql', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return createContext({ cwd, env: { HOME: cwd } })
}

function failureOf(body: () => unknown): StationError {
  try {
    body()
  } catch (error) {
    if (isStationError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a job', () => {
  it('is found in the working directory, beside those of the tool', () => {
    const context = workspace({ 'trip/job.yaml': `name: trip\n${head}statements: [a.sql]\n`, 'trip/a.sql': 'SELECT 1;' })
    expect(listJobs(context)).toContain('trip')
    expect(failureOf(() => loadJob('trap', context))).toMatchObject({ code: 'JOB_UNKNOWN', exitCode: 5, hint: "Did you mean 'trip'?" })
    expect(failureOf(() => loadJob('../trip', context)).code).toBe('JOB_UNKNOWN')
  })

  it('with unknown keys, missing files or files outside of it is refused with all its problems', () => {
    const unknown = workspace({ 'a/job.yaml': `name: a\n${head}statments: [a.sql]\nstatements: [../b.sql]\n` })
    expect(failureOf(() => loadJob('a', unknown)).problems.map((problem) => problem.message).join('\n')).toMatch(/statements\.0.*[\s\S]*statments/)
    const missing = workspace({ 'a/job.yaml': `name: a\n${head}statements: [a.sql, b.sql]\n` })
    expect(failureOf(() => loadJob('a', missing)).problems.map((problem) => problem.message)).toEqual(['a.sql does not exist', 'b.sql does not exist'])
  })

  it('is rendered with values by their types, never with raw text', () => {
    const context = workspace({
      'a/job.yaml': `name: a\n${head}parameters: { brokers: { type: string, from: kafka.brokers }, topic: { type: identifier, default: t }, n: { type: int, default: 3 } }\nstatements: [a.sql]\n`,
      'a/a.sql': "INSERT INTO {{topic}} SELECT {{brokers}}, {{n}};",
    })
    const { profile } = resolveConfig({}, context)
    const job = renderJob(loadJob('a', context), { sources: { ...parameterValues({ profile }), 'kafka.brokers': "x'; DROP TABLE t; --" }, values: { topic: 'a`b' } })
    expect(job.statements.map((statement) => statement.text)).toEqual(["INSERT INTO `a``b` SELECT 'x''; DROP TABLE t; --', 3"])
  })

  it('names a parameter that has no value, one that nobody declared, and one that no file uses', () => {
    const context = workspace({ 'a/job.yaml': `name: a\n${head}parameters: { x: { type: int }, dead: { type: int, default: 1 } }\nstatements: [a.sql]\n`, 'a/a.sql': 'SELECT {{x}};' })
    const spec = loadJob('a', context)
    expect(failureOf(() => renderJob(spec, { values: { xx: 1 } })).problems.map((problem) => problem.message)).toEqual(["job a has no parameter 'xx'", "parameter 'x' has no value"])
    expect(failureOf(() => renderJob(spec, { values: { x: 1 } })).problems.map((problem) => problem.message)).toEqual(["parameter 'dead' is not used"])
  })
})

describe('the fingerprint', () => {
  const files = { 'a/job.yaml': `name: a\n${head.replace('flink', 'spark').replace('streaming', 'batch')}parameters: { d: { type: date, from: run.date }, limit: { type: int, default: 1 } }\nstatements: [a.sql]\n`, 'a/a.sql': 'SELECT {{d}}, {{limit}};' }
  const fingerprint = (date: string, limit: number, sql = files['a/a.sql']): string => renderJob(loadJob('a', workspace({ ...files, 'a/a.sql': sql })), { sources: { 'run.date': date }, values: { limit } }).fingerprint

  it('stays the same from run to run and changes with the SQL and with values', () => {
    expect(fingerprint('2026-01-01', 1)).toBe(fingerprint('2026-02-01', 1))
    expect(fingerprint('2026-01-01', 1)).not.toBe(fingerprint('2026-01-01', 2))
    expect(fingerprint('2026-01-01', 1)).not.toBe(fingerprint('2026-01-01', 1, 'SELECT {{d}}, {{limit}} + 0;'))
  })
})

describe('a streaming job', () => {
  const rendered = (checkpointIntervalSeconds: number, jobSettings = '') => {
    const context = workspace({ 'a/job.yaml': `name: a\n${head}${jobSettings}statements: [a.sql]\n`, 'a/a.sql': 'SELECT 1;' })
    const { profile } = resolveConfig({}, context)
    const addresses = { kafka: { brokers: ['b:1'] }, flink: { gatewayUrl: 'http://g', jobManagerUrl: 'http://j', jarDirectory: '/jars', savepointDirectory: '/savepoints' }, spark: { connect: null, thrift: null } }
    return renderStreaming('a', { profile: { ...profile, checkpointIntervalSeconds }, addresses }, context)
  }

  it('takes checkpoints as often as the profile says and keeps the last one', () => {
    expect(rendered(2.5).settings).toEqual({ 'execution.checkpointing.interval': '2500 ms', 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' })
  })

  it('is another job with another interval', () => {
    expect(rendered(1).clusterName).not.toBe(rendered(2).clusterName)
  })

  it('may know better than the profile', () => {
    expect(rendered(1, "settings: { execution.checkpointing.interval: 1 h }\n").settings['execution.checkpointing.interval']).toBe('1 h')
  })
})

describe('a rejected statement', () => {
  it('is shown at its place in the template, with the line', async () => {
    const context = workspace({ 'a/job.yaml': `name: a\n${head}parameters: { s: { type: string, default: long value } }\nstatements: [a.sql]\n`, 'a/a.sql': '-- first line\nSELECT {{s}},\n  wrng FROM t;\n' })
    const job = renderJob(loadJob('a', context))
    const thrown: unknown = await withPlace(job.statements[0]!, () => Promise.reject(new Failure('SQL_REJECTED', "column 'wrng' not found", { where: { line: 2, column: 3 } }))).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'SQL_REJECTED', exitCode: 3, where: { line: 3, column: 3 } })
    expect((thrown as StationError).where?.file).toMatch(/a\.sql$/)
    expect((thrown as StationError).facts['excerpt']).toContain('3 |   wrng FROM t;')
  })
})
