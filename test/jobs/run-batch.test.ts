import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createContext } from '../../src/core/context.ts'
import { StationError } from '../../src/core/errors.ts'
import type { SparkResult, SparkSession } from '../../src/gateways/spark/spark-session.ts'
import { renderJob } from '../../src/jobs/render.ts'
import { runBatch } from '../../src/jobs/run-batch.ts'
import { loadJob } from '../../src/jobs/spec.ts'

/** Answers by the text of the statement; whatever is not foreseen succeeds without rows. The real engine runs in the integration tests. */
function scripted(answers: Readonly<Record<string, StationError | readonly (readonly [name: string, value: boolean | string | number])[]>>): SparkSession & { readonly sent: string[] } {
  const sent: string[] = []
  const execute = (sql: string): Promise<SparkResult> => {
    sent.push(sql)
    const fields = answers[sql] ?? []
    if (fields instanceof StationError) return Promise.reject(fields)
    const columns = fields.map(([name]) => ({ name, type: 'string', sparkType: { kind: 'string' } as never }))
    return Promise.resolve({ columns, rows: fields.length === 0 ? [] : [fields.map(([, value]) => value)], truncated: false })
  }
  return { sent, id: 's', transport: 'connect', serverVersion: '4.1.4', execute, stream: () => { throw new Error('not used') }, close: () => Promise.resolve() }
}

function batch(keys = '') {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'station-batch-'))
  const folder = path.join(cwd, 'jobs', 'sql', 'nightly')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'job.yaml'), 'name: nightly\ntitle: T\nowner: o\nengine: spark\nmode: batch\ngrain: g\nreadiness: ready.sql\ndone: done.sql\nstatements: [a.sql]\n' + keys)
  for (const [name, text] of Object.entries({ 'ready.sql': 'SELECT ready;', 'done.sql': 'SELECT done;', 'a.sql': 'INSERT 1; INSERT 2;', 'version.sql': 'SELECT version;' })) writeFileSync(path.join(folder, name), text)
  const context = createContext({ cwd })
  const job = renderJob(loadJob('nightly', context))
  return { context, run: { job, date: '2026-03-01', windowDays: 60, runId: 'r1' } }
}

describe('a batch run', () => {
  it('asks whether it is done, then whether its input is complete, then runs every statement in order', async () => {
    const { context, run } = batch()
    const session = scripted({ 'SELECT ready': [['ready', true], ['shortfall', '']] })
    const report = await runBatch(run, { session, signal: context.signal }, context)
    expect(session.sent).toEqual(['SELECT done', 'SELECT ready', 'INSERT 1', 'INSERT 2'])
    expect(report).toMatchObject({ job: 'nightly', windowFrom: '2026-01-01', windowTo: '2026-03-01', outcome: 'done' })
  })

  it('does nothing when this very run is published, unless forced', async () => {
    const { context, run } = batch()
    const published = { 'SELECT done': [['run_id', 'r0']], 'SELECT ready': [['ready', true]] } as const
    const session = scripted(published)
    expect(await runBatch(run, { session, signal: context.signal }, context)).toMatchObject({ outcome: 'unchanged', statements: [] })
    expect(session.sent).toEqual(['SELECT done'])
    const forced = scripted(published)
    await runBatch(run, { session: forced, signal: context.signal, force: true }, context)
    expect(forced.sent).toEqual(['SELECT ready', 'INSERT 1', 'INSERT 2'])
  })

  it('refuses with exit 11 and the shortfall while the input is not complete, before anything is written', async () => {
    const { context, run } = batch()
    const session = scripted({ 'SELECT ready': [['ready', false], ['shortfall', '12 of 400 areas lack 2026-02-28']] })
    await expect(runBatch(run, { session, signal: context.signal }, context)).rejects.toMatchObject({ code: 'NOT_READY', exitCode: 11, message: expect.stringContaining('12 of 400 areas') })
    expect(session.sent).toEqual(['SELECT done', 'SELECT ready'])
  })

  describe('of a job that names the version of its tables', () => {
    const keys = 'tables: { version: 3, query: version.sql, hint: Load them. }\n'
    const outcome = async (answer: StationError | readonly (readonly [string, number])[]): Promise<{ readonly session: { readonly sent: readonly string[] }; readonly ended: Promise<unknown> }> => {
      const { context, run } = batch(keys)
      const session = scripted({ 'SELECT version': answer, 'SELECT ready': [['ready', true]] })
      const ended = runBatch(run, { session, signal: context.signal, force: true }, context)
      await ended.catch(() => undefined)
      return { session, ended }
    }

    it('runs on tables of that version', async () => {
      const { session, ended } = await outcome([['version', 3]])
      await expect(ended).resolves.toMatchObject({ outcome: 'done' })
      expect(session.sent).toEqual(['SELECT version', 'SELECT ready', 'INSERT 1', 'INSERT 2'])
    })

    it.each([
      ['older ones', [['version', 2]], { code: 'TABLES_UNFIT', exitCode: 6, hint: 'Load them.', message: 'job nightly needs version 3 of its tables and finds 2' }],
      ['newer ones', [['version', 4]], { code: 'TABLES_UNFIT', exitCode: 6, hint: expect.stringContaining('newer station') as unknown }],
      ['none', new StationError('SQL_REJECTED', 'no view', { facts: { condition: 'TABLE_OR_VIEW_NOT_FOUND' } }), { code: 'DATABASE_UNKNOWN', exitCode: 5, hint: 'Load them.' }],
      ['what the engine does not say', new StationError('SQL_REJECTED', 'no right', { facts: { condition: 'DENIED' } }), { code: 'SQL_REJECTED' }],
    ] as const)('refuses %s before anything else, also when forced', async (_, answer, error) => {
      const { session, ended } = await outcome(answer)
      await expect(ended).rejects.toMatchObject(error)
      expect(session.sent).toEqual(['SELECT version'])
    })
  })
})
