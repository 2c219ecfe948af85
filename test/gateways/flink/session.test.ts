import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createContext, systemClock, type Context } from '../../../src/core/context.ts'
import { usingFlinkSession, type FlinkSession } from '../../../src/gateways/flink/session.ts'
import type { SessionOptions } from '../../../src/gateways/flink/live-session.ts'
import { startFlinkFake, type FakeGateway } from '../../fakes/flink-gateway.ts'
import { startServer } from '../../fakes/flink-server.ts'

const bigint = { type: 'BIGINT', nullable: true }
const string = { type: 'VARCHAR', nullable: true, length: 2_147_483_647 }
const ltz = { type: 'TIMESTAMP_WITH_LOCAL_TIME_ZONE', nullable: true, precision: 3 }
const columns = [{ name: 'n', logicalType: bigint }]

/** The real clock, but pauses between polls and retries pass quickly; seconds are deadlines and stay what they are. */
const quickClock = (maximumMs: number): Context['clock'] => ({ now: () => systemClock.now(), sleep: (ms, signal) => systemClock.sleep(ms > 2_000 ? ms : Math.min(ms, maximumMs), signal) })
const context = createContext({ clock: quickClock(20) })

let fake: FakeGateway
beforeEach(async () => {
  fake = await startFlinkFake()
  fake.script('SELECT n', { columns, pages: [[], ['[9007199254740993]', '[null]'], ['[-1]']] })
  fake.script('SELECT n FROM endless', { columns, pages: [['[1]'], ['[2]', '[3]'], ['[4]']], endless: true })
})
afterEach(async () => {
  expect(fake.violations).toEqual([])
  await fake.stop()
})

/** Calls back when results are fetched for the n-th time from now. */
function onFetch(times: number, action: () => void): void {
  let seen = 0
  fake.interfere = (_method, path) => {
    if (path.includes('/result/') && ++seen === times) action()
    return undefined
  }
}

function within<T>(body: (session: FlinkSession) => Promise<T>, options: Partial<SessionOptions> = {}): Promise<T> {
  return usingFlinkSession(fake, { name: 'test', signal: context.signal, context, ...options }, body)
}

describe('a session at the SQL Gateway', () => {
  it('reads all pages of a statement to their end, exactly, and closes what it opened', async () => {
    const result = await within((session) => session.execute('SELECT n'))
    expect(result).toMatchObject({ kind: 'SUCCESS_WITH_CONTENT', columns: [{ name: 'n', type: 'BIGINT' }], truncated: false })
    expect(result.rows).toEqual([9007199254740993n, null, -1n].map((value) => ({ kind: 'INSERT', fields: [value] })))
    expect(result.jobId).toMatch(/^[0-9a-f]{32}$/)
    expect(fake.closedOperations).toEqual(['SELECT n'])
    expect(fake.sessions.size).toBe(0)
  })

  it('stops an endless query at a number of rows', async () => {
    const result = await within((session) => session.execute('SELECT n FROM endless', { maximumRows: 2 }))
    expect(result.rows.map((row) => row.fields[0])).toEqual([1n, 2n])
    expect(result.truncated).toBe(true)
    expect(fake.closedOperations).toEqual(['SELECT n FROM endless'])
  })

  it('streams rows and ends the query when the loop is left', async () => {
    const seen: unknown[] = []
    await within(async (session) => {
      for await (const rows of session.stream('SELECT n FROM endless', { onColumns: (found) => seen.push(found[0]!.name) })) {
        seen.push(...rows.map((row) => row.fields[0]))
        if (seen.includes(3n)) break
      }
      // the session serves others while and after a stream
      await session.execute('SELECT n')
    })
    expect(seen).toEqual(['n', 1n, 2n, 3n])
    expect(fake.closedOperations).toEqual(['SELECT n FROM endless', 'SELECT n'])
  })

  it('does not close a query whose job is still starting, which would end the TaskManager', async () => {
    fake.script('SELECT quiet', { columns, endless: true })
    fake.script('SELECT planned', { columns, notReady: 8, endless: true })
    for (const [sql, fetches] of [['SELECT quiet', 3], ['SELECT planned', 2]] as const) {
      const interrupt = new AbortController()
      onFetch(fetches, () => interrupt.abort(new Error('enough')))
      await expect(within((session) => session.execute(sql, { signal: interrupt.signal }))).rejects.toThrow('enough')
    }
    expect(fake.closedOperations).toEqual(['SELECT quiet', 'SELECT planned'])
  })

  it('lets a statement run while a stream of the same session goes on', async () => {
    await within(async (session) => {
      for await (const _ of session.stream('SELECT n FROM endless')) {
        await session.execute('SELECT n')
        break
      }
    })
    expect(fake.statements.map((statement) => statement.sql)).toEqual(['SELECT n FROM endless', 'SELECT n'])
  })

  it('posts statements one after the other, however many are asked for at once', async () => {
    fake.script('SELECT slow', { columns, notReady: 5 })
    await within((session) => Promise.all([session.execute('SELECT slow'), session.execute('SELECT n'), session.execute('SELECT slow'), session.execute('SELECT n')]))
    expect(fake.statements.map((statement) => statement.sql)).toEqual(['SELECT slow', 'SELECT n', 'SELECT slow', 'SELECT n'])
  })

  it('keeps the session in UTC and gives each statement its zone, so that JSON carries true instants', async () => {
    fake.script('SELECT t', { columns: [{ name: 't', logicalType: ltz }], pages: [['["1970-01-01T00:00:00Z"]']] })
    await within(
      async (session) => {
        expect((await session.execute('SELECT t')).rows[0]!.fields[0]).toBe('1970-01-01T00:00:00.000Z')
        expect([...fake.sessions.values()][0]!.properties).toMatchObject({ 'table.local-time-zone': 'UTC', 'parallelism.default': '2' })
        expect(fake.statements.at(-1)!.executionConfig).toEqual({ 'table.local-time-zone': 'Europe/Berlin' })
        await session.execute("SET 'table.local-time-zone' = 'Asia/Shanghai'")
        expect([...fake.sessions.values()][0]!.properties['table.local-time-zone']).toBe('UTC')
        await session.execute('SELECT t')
        expect(fake.statements.at(-1)!.executionConfig).toEqual({ 'table.local-time-zone': 'Asia/Shanghai' })
        await session.execute('RESET')
        await session.execute('SELECT t', { executionConfig: { 'pipeline.name': 'x' } })
        expect(fake.statements.at(-1)!.executionConfig).toEqual({ 'table.local-time-zone': 'Europe/Berlin', 'pipeline.name': 'x' })
      },
      { properties: { 'table.local-time-zone': 'Europe/Berlin', 'parallelism.default': '2' } },
    )
  })

  it('falls back to text for columns that JSON cannot carry', async () => {
    const map = { type: 'MAP', nullable: false, keyType: { type: 'INTEGER', nullable: false }, valueType: bigint }
    fake.script('SELECT m', { columns: [{ name: 'm', logicalType: map }], pages: [[], ['[{"1":9007199254740993}]']], plain: [[], ['["{1=9007199254740993, 2=NULL}"]']], unmappable: true })
    const { rows } = await within((session) => session.execute('SELECT m'))
    expect(rows[0]!.fields[0]).toEqual(new Map([[1, 9007199254740993n], [2, null]]))
  })

  it('asks for the text of a page when a key of a map is NULL or the text null', async () => {
    const map = { type: 'MAP', nullable: false, keyType: { type: 'INTEGER', nullable: true }, valueType: bigint }
    fake.script('SELECT m', { columns: [{ name: 'm', logicalType: map }], pages: [['[{"null":1}]']], plain: [['["{NULL=1}"]']] })
    const { rows } = await within((session) => session.execute('SELECT m'))
    expect(rows[0]!.fields[0]).toEqual(new Map([[null, 1n]]))
    const texts = { ...map, keyType: string }
    fake.script('SELECT s', { columns: [{ name: 's', logicalType: texts }], pages: [['[{"null":1}]']], plain: [['["{NULL=1}"]']] })
    await expect(within((session) => session.execute('SELECT s'))).rejects.toMatchObject({ code: 'GATEWAY_PROTOCOL', message: expect.stringContaining("column 's'") })
  })

  it('turns a rejection into SQL_REJECTED with the place inside the statement', async () => {
    fake.script('SELECT a\nFROM nope', { failure: 'bad_table' })
    await expect(within((session) => session.execute('SELECT a\nFROM nope'))).rejects.toMatchObject({ code: 'SQL_REJECTED', message: "Object 'nope' not found", where: { line: 2, column: 6 } })
    await expect(within((session) => session.execute(' ; '))).rejects.toMatchObject({ code: 'SQL_REJECTED' })
  })

  it('explains a statement set and counts columns in it, not in what it sent', async () => {
    fake.script('EXPLAIN SELECT x', { failure: 'bad_column' })
    await expect(within((session) => session.explain('SELECT x'))).rejects.toMatchObject({ code: 'SQL_REJECTED', where: { line: 1, column: 1 } })
    fake.script('EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END', { columns: [{ name: 'result', logicalType: string }], isQuery: false, pages: [['["the plan"]']] })
    expect(await within((session) => session.explain('EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END'))).toBe('the plan')
  })

  it('submits a job with its own settings and does not wait for its end', async () => {
    fake.script('INSERT INTO a SELECT 1', { columns: [{ name: 'job id', logicalType: string }], isQuery: false, pages: [['["<job>"]']], startsJob: true, endless: true })
    const { jobId } = await within((session) => session.submit('INSERT INTO a SELECT 1', { executionConfig: { 'execution.state-recovery.path': 'file:/flink/savepoint-1' } }))
    expect(fake.jobManager.jobs.has(jobId)).toBe(true)
    expect(fake.statements[0]!.executionConfig).toEqual({ 'table.local-time-zone': 'UTC', 'table.dml-sync': 'false', 'execution.state-recovery.path': 'file:/flink/savepoint-1' })
    await expect(within((session) => session.submit("SET 'a' = 'b'"))).rejects.toMatchObject({ code: 'SQL_REJECTED', message: 'the statement started no job' })
  })

  it('completes a statement', async () => {
    expect(await within((session) => session.completeStatement('SELECT * FR', 11))).toEqual(['FROM'])
  })

  it('keeps an idle session alive', async () => {
    await within(
      async () => {
        while (fake.heartbeats < 3) await systemClock.sleep(5)
      },
      { heartbeatIntervalMs: 1 },
    )
  })
})

describe('a session that the gateway lost', () => {
  const init = ["CREATE TEMPORARY TABLE t (n BIGINT) WITH ('connector' = 'datagen')", "SET 'a' = 'b'"]

  it('is opened again with its init, and the statement that never began is sent again', async () => {
    fake.script('INSERT INTO a SELECT 1', { columns: [{ name: 'job id', logicalType: string }], isQuery: false, pages: [['["<job>"]']], startsJob: true })
    await within(
      async (session) => {
        fake.forgetSessions()
        await session.submit('INSERT INTO a SELECT 1')
      },
      { init },
    )
    expect(fake.statements.map((statement) => statement.sql)).toEqual([...init, ...init, 'INSERT INTO a SELECT 1'])
    expect(fake.jobManager.jobs.size).toBe(1)
  })

  it('repeats a query that was running, and not an INSERT that may have run', async () => {
    let times = 0
    fake.script('SELECT once', { columns, notReady: 3, pages: [['[1]']], onPost: () => void times++ })
    const query = (session: FlinkSession): ReturnType<FlinkSession['execute']> => {
      onFetch(2, () => fake.forgetSessions())
      return session.execute('SELECT once')
    }
    expect((await within(query, { init })).rows).toHaveLength(1)
    expect(times).toBe(2)
    fake.script('INSERT INTO a SELECT 1', { columns, notReady: 3 })
    onFetch(2, () => fake.forgetSessions())
    await expect(within((session) => session.submit('INSERT INTO a SELECT 1'))).rejects.toMatchObject({ code: 'SESSION_LOST', message: expect.stringContaining('may have run') })
  })

  it('is not replaced when statements beyond init had changed it', async () => {
    await expect(
      within(async (session) => {
        await session.execute("CREATE TEMPORARY VIEW v AS SELECT 1")
        fake.forgetSessions()
        await session.execute('SELECT n')
      }),
    ).rejects.toMatchObject({ code: 'SESSION_LOST' })
  })

  it('gives up when every new session is lost as well', async () => {
    fake.script('SELECT cursed', { columns, notReady: 2, onPost: () => fake.forgetSessions() })
    await expect(within((session) => session.execute('SELECT cursed'))).rejects.toMatchObject({ code: 'SESSION_LOST' })
  })

  it('names the statement of init that the gateway rejects', async () => {
    fake.script('SELECT a\nFROM nope', { failure: 'bad_table' })
    await expect(within(() => Promise.resolve(), { init: ["SET 'a' = 'b'", 'SELECT a\nFROM nope'] })).rejects.toMatchObject({ code: 'SQL_REJECTED', facts: { initStatement: 1 }, where: { line: 2, column: 6 } })
    expect(fake.sessions.size).toBe(0)
  })
})

describe('a gateway in trouble', () => {
  const never = { name: 'test', signal: context.signal, context }

  it('that is not there is unreachable', async () => {
    await fake.stop()
    await expect(within(() => Promise.resolve())).rejects.toMatchObject({ code: 'GATEWAY_UNREACHABLE', hint: expect.any(String) })
    await fake.start()
  })

  it('that dies in mid-query is gone', async () => {
    fake.script('SELECT slow', { columns, notReady: 1_000 })
    onFetch(3, () => void fake.stop())
    await expect(within((session) => session.execute('SELECT slow'))).rejects.toMatchObject({ code: 'GATEWAY_GONE', hint: expect.stringContaining('go on') })
    await fake.start()
  })

  it('that dies leaves no job of a query behind', async () => {
    await expect(
      within(async (session) => {
        for await (const rows of session.stream('SELECT n FROM endless')) if (rows.length === 2) await fake.stop()
      }),
    ).rejects.toMatchObject({ code: 'GATEWAY_GONE' })
    expect([...fake.jobManager.jobs.values()].map((job) => job.state)).toEqual(['CANCELED'])
    await fake.start()
  })

  it('that breaks single connections is asked again for the same page', async () => {
    let breaks = 0
    fake.interfere = (_method, path) => (path.includes('/result/') && ++breaks % 3 !== 0 ? (breaks % 3 === 1 ? 'reset' : 'half') : undefined)
    const { rows } = await within((session) => session.execute('SELECT n'))
    expect(rows).toHaveLength(3)
    expect(breaks).toBeGreaterThan(6)
  })

  it('whose answer to a statement is lost does not get the statement twice', async () => {
    fake.interfere = (method, path) => (method === 'POST' && path.endsWith('/statements') ? 'reset' : undefined)
    await expect(within((session) => session.execute('SELECT n'))).rejects.toMatchObject({ code: 'GATEWAY_GONE' })
    expect(fake.statements).toEqual([])
  })

  it.each([
    ['a web page', { status: 200, text: '<!doctype html><title>Login</title>' }, 'GATEWAY_PROTOCOL', 'but a web page'],
    ['half of JSON', { status: 200, text: '{"resultType":"PAYLOAD","results":{' }, 'GATEWAY_PROTOCOL', 'no JSON'],
    ['another JSON', { status: 200, text: '{"hello":1}' }, 'GATEWAY_PROTOCOL', 'resultType'],
    ['a foreign next address', { status: 200, text: '{"resultType":"NOT_READY","nextResultUri":"//evil.example/v4/x"}' }, 'GATEWAY_PROTOCOL', 'address'],
    ['a bare 502', { status: 502, text: 'bad gateway' }, 'GATEWAY_PROTOCOL', '502'],
    ['a refusal', { status: 401, text: '' }, 'GATEWAY_DENIED', 'credentials'],
  ])('that answers %s is not believed', async (_, reply, code, message) => {
    fake.interfere = (_method, path) => (path.includes('/result/') ? reply : undefined)
    await expect(within((session) => session.execute('SELECT n'))).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('that answers a session with anything else is no gateway', async () => {
    const other = await startServer(() => ({ status: 404, text: '{"errors":["Not found: /v4/sessions"]}' }))
    await expect(usingFlinkSession({ gatewayUrl: other.url, jobManagerUrl: '' }, never, () => Promise.resolve())).rejects.toMatchObject({ code: 'GATEWAY_PROTOCOL' })
    await other.stop()
  })

  it('that never answers ends at the deadline', async () => {
    fake.interfere = (_method, path) => (path.includes('/result/') ? 'silent' : undefined)
    const late = { deadlineAtMs: systemClock.now() + 60 }
    await expect(within((session) => session.execute('SELECT n', late))).rejects.toMatchObject({ code: 'WAIT_TIMED_OUT' })
    await expect(
      within(async (session) => {
        for await (const _ of session.stream('SELECT n', late)) void _
      }),
    ).rejects.toMatchObject({ code: 'WAIT_TIMED_OUT' })
  })

  it('is told to end a query that was interrupted', async () => {
    const interrupt = new AbortController()
    const reason = new Error('interrupted')
    fake.script('SELECT slow', { columns, notReady: 6 })
    onFetch(3, () => interrupt.abort(reason))
    await expect(within((session) => session.execute('SELECT slow', { signal: interrupt.signal }))).rejects.toBe(reason)
    expect(fake.closedOperations).toEqual(['SELECT slow'])
  })

  it('gets the credentials with every request, and errors never show them', async () => {
    const seen = new Set<string | undefined>()
    const proxy = await startServer((request) => {
      seen.add(request.headers.authorization)
      return { status: 403, text: '' }
    })
    const error: unknown = await usingFlinkSession({ gatewayUrl: proxy.url, jobManagerUrl: '', authorization: () => 'Bearer s3cret' }, never, () => Promise.resolve()).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'GATEWAY_DENIED' })
    expect([...seen]).toEqual(['Bearer s3cret'])
    await proxy.stop()
    const gone: unknown = await usingFlinkSession({ gatewayUrl: proxy.url, jobManagerUrl: '', authorization: () => 'Bearer s3cret' }, never, () => Promise.resolve()).catch((caught: unknown) => caught)
    expect(JSON.stringify(gone, Object.getOwnPropertyNames(gone as object)) + String((gone as Error).cause)).not.toContain('s3cret')
  })
})
