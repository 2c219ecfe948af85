import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createContext, systemClock } from '../../src/core/context.ts'
import { isStationError } from '../../src/core/errors.ts'
import { createJobManagerClient, type JobManagerClient } from '../../src/gateways/flink/job-manager.ts'
import type { SessionOptions } from '../../src/gateways/flink/live-session.ts'
import { usingFlinkSession, type FlinkSession } from '../../src/gateways/flink/session.ts'
import type { FlinkTarget } from '../../src/gateways/flink/target.ts'
import type { FlinkValue } from '../../src/gateways/flink/values.ts'
import { formatIdentifier, formatLiteral, type LiteralValue } from '../../src/sql/literals.ts'
import { renderTemplate } from '../../src/sql/render.ts'
import { plainSql } from '../../src/sql/source-map.ts'
import { splitStatements } from '../../src/sql/split.ts'
import { ask, converse, essence } from '../fakes/flink-conversation.ts'
import { recorded } from '../fakes/flink-server.ts'

const context = createContext()
const batch = { 'execution.runtime-mode': 'batch' }
const numbers = "CREATE TEMPORARY TABLE numbers (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '20')"
const nowhere = "CREATE TEMPORARY TABLE nowhere (a INT) WITH ('connector' = 'blackhole')"

let target: FlinkTarget
let jobManager: JobManagerClient
beforeAll(() => {
  const { gatewayUrl, jobManagerUrl } = inject('engines').flink
  target = { gatewayUrl, jobManagerUrl }
  jobManager = createJobManagerClient(target, context)
})
afterAll(() => jobManager.close())

function within<T>(body: (session: FlinkSession) => Promise<T>, options: Partial<SessionOptions> = {}): Promise<T> {
  return usingFlinkSession(target, { name: 'flink-gateway.test', signal: context.signal, context, ...options }, body)
}

const one = async (session: FlinkSession, sql: string): Promise<readonly FlinkValue[]> => (await session.execute(sql)).rows[0]!.fields

describe('the recordings behind the fake', () => {
  it('are what this gateway and this JobManager answer', async () => {
    for (const [name, exchange] of Object.entries(await converse(target.gatewayUrl, target.jobManagerUrl))) {
      expect.soft({ name, ...(essence(name, exchange) as object) }).toEqual({ name, ...(essence(name, recorded(name)) as object) })
    }
  })
})

describe('values of the real gateway', () => {
  const cases: readonly (readonly [string, FlinkValue])[] = [
    ['CAST(9007199254740993 AS BIGINT)', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ["CAST('12345678901234567890123456789.012345678' AS DECIMAL(38, 9))", '12345678901234567890123456789.012345678'],
    ['CAST(100 AS DECIMAL(38, 10))', '100.0000000000'],
    ['CAST(1.0E-20 AS DECIMAL(38, 30))', '0.000000000000000000010000000000'],
    ['CAST(0.1 AS FLOAT)', 0.1],
    ['CAST(1E300 AS DOUBLE)', 1e300],
    ['TRUE', true],
    ["CAST('a' AS CHAR(3))", 'a  '],
    ["'é中😀'", 'é中😀'],
    ["X'00FF'", new Uint8Array([0, 255])],
    ["DATE '9999-12-31'", '9999-12-31'],
    ["TIME '12:34:56.789'", '12:34:56.789'],
    ["CAST('0001-01-01 00:00:00.123456789' AS TIMESTAMP(9))", '0001-01-01T00:00:00.123456789'],
    ['TO_TIMESTAMP_LTZ(1, 3)', '1970-01-01T00:00:00.001Z'],
    ["INTERVAL '1 02:03:04.5' DAY TO SECOND", 93784500n],
    ["INTERVAL '1-2' YEAR TO MONTH", 14],
    ["ARRAY[CAST(NULL AS STRING), 'NULL', 'a, b']", [null, 'NULL', 'a, b']],
    ['ARRAY[CAST(0 AS DOUBLE) / CAST(0 AS DOUBLE)]', [NaN]],
    ["MAP['__proto__', 1, 'b', CAST(NULL AS INT)]", new Map([['__proto__', 1], ['b', null]])],
    ["CAST(ROW(1, 'x', CAST(NULL AS TIMESTAMP(3))) AS ROW<id INT, name STRING, t TIMESTAMP(3)>)", { id: 1, name: 'x', t: null }],
    ["MAP['k', ARRAY[ROW(9007199254740993, X'0a')]]", new Map([['k', [{ EXPR$0: 9007199254740993n, EXPR$1: new Uint8Array([10]) }]]])],
    ['CAST(NULL AS BIGINT)', null],
    ['CAST(NULL AS TIMESTAMP_LTZ(3))', null],
    ['CAST(NULL AS MAP<INT, INT>)', null],
  ]

  it('are exact for every type, also as NULL', async () => {
    await within(
      async (session) => {
        // two statements: a map with keys that are no text takes the other way for all columns
        const withText = cases.filter(([sql]) => !sql.includes('MAP<INT'))
        expect(await one(session, `SELECT ${withText.map(([sql]) => sql).join(', ')}`)).toEqual(withText.map(([, value]) => value))
        expect(await one(session, "SELECT CAST(NULL AS MAP<INT, INT>), MAP[1, X'00ff'], MAP[TRUE, 1.50], MAP[1, TO_TIMESTAMP_LTZ(1, 3)], 'a, b'")).toEqual([null, new Map([[1, new Uint8Array([0, 255])]]), new Map([[true, '1.50']]), new Map([[1, '1970-01-01T00:00:00.001Z']]), 'a, b'])
        await expect(session.execute("SELECT MAP[1, 'a, 2=b'] AS m")).rejects.toMatchObject({ code: 'GATEWAY_PROTOCOL', message: expect.stringContaining("column 'm'") })
      },
      { properties: batch },
    )
  })

  it('are true instants in every zone, also in the hour that comes twice', async () => {
    const sql = 'SELECT TO_TIMESTAMP_LTZ(1761438600000, 3), TO_TIMESTAMP_LTZ(1761442200000, 3), CAST(TO_TIMESTAMP_LTZ(1761442200000, 3) AS STRING)'
    await within(
      async (session) => {
        expect(await one(session, sql)).toEqual(['2025-10-26T00:30:00.000Z', '2025-10-26T01:30:00.000Z', '2025-10-26 02:30:00.000'])
        await session.execute("SET 'table.local-time-zone' = 'Asia/Shanghai'")
        expect(await one(session, sql)).toEqual(['2025-10-26T00:30:00.000Z', '2025-10-26T01:30:00.000Z', '2025-10-26 09:30:00.000'])
        await session.execute("RESET 'table.local-time-zone'")
        expect((await one(session, sql))[2]).toBe('2025-10-26 02:30:00.000')
      },
      { properties: { ...batch, 'table.local-time-zone': 'Europe/Berlin' } },
    )
  })

  it('keep the kind of a change', async () => {
    await within(async (session) => {
      const { rows } = await session.execute('SELECT COUNT(*) AS n FROM (VALUES (1), (2)) AS t(x)')
      expect(rows.map((row) => [row.kind, row.fields[0]])).toEqual([['INSERT', 1n], ['UPDATE_BEFORE', 1n], ['UPDATE_AFTER', 2n]])
    })
  })
})

describe('SQL text in the real parser', () => {
  it('reads every literal back, whatever it holds', async () => {
    const literals: readonly LiteralValue[] = [
      ...["it's", "'; DROP TABLE t; --", '\\', "\\'", '`"', '/* */ -- //', 'a\nb\r\n\tc', '${env:HOME}', '😀é中', ''].map((value) => ({ type: 'string', value }) as const),
      { type: 'int', value: -5 },
      { type: 'bigint', value: -9223372036854775808n },
      { type: 'decimal', value: '-12345678901234567890.5' },
      { type: 'decimal', value: '1.50' },
      { type: 'double', value: 0.1 },
      { type: 'boolean', value: false },
      { type: 'date', value: '2024-02-29' },
      { type: 'timestamp', value: '2026-03-05T08:30:00.25' },
      { type: 'timestamp', value: '2026-03-05T08:30:00.250+08:00' },
      { type: 'bytes', value: new Uint8Array([1, 171]) },
      { type: 'duration', value: '250ms' },
      { type: 'duration', value: '90s' },
      { type: 'duration', value: '3600s' },
      { type: 'duration', value: '400d' },
    ]
    const expected: readonly FlinkValue[] = [...literals.slice(0, 10).map((literal) => literal.value as string), -5, -9223372036854775808n, '-12345678901234567890.5', '1.50', 0.1, false, '2024-02-29', '2026-03-05T08:30:00.25', '2026-03-05T00:30:00.250Z', new Uint8Array([1, 171]), 250n, 90_000n, 3_600_000n, 34_560_000_000n]
    await within(async (session) => expect(await one(session, `SELECT ${literals.map((literal) => formatLiteral('flink', literal)).join(', ')}`)).toEqual(expected), { properties: batch })
  })

  it('takes every quoted name for a name', async () => {
    const names = ['a`b', 'select', '; DROP', "it's", 'é', 'a b', '${x}', '"']
    await within(
      async (session) => {
        const { columns } = await session.execute(`SELECT ${names.map((name, index) => `${index} AS ${formatIdentifier('flink', name)}`).join(', ')}`)
        expect(columns.map((column) => column.name)).toEqual(names)
      },
      { properties: batch },
    )
  })

  it('splits as the parser reads: each piece is one statement', async () => {
    const text = "SELECT 1 // one;\n; SELECT E'a\\';b', U&'\\00e9;'; /* ; */ SELECT 'x;''y', `c;` FROM (VALUES (1)) AS t(`c;`) -- end;\n"
    await within(
      async (session) => {
        const rows: unknown[] = []
        for (const statement of splitStatements(plainSql({ path: 'a.sql', text }), 'flink')) rows.push(await one(session, statement.text))
        expect(rows).toEqual([[1], ["a';b", 'é;'], ["x;'y", 1]])
      },
      { properties: batch },
    )
  })

  it('finds the place of an error in the file that was written', async () => {
    const call = { path: 'call.sql', text: '(\n  SELECT a, {{name}} AS b\n  FROM numbrs)' }
    const main = { path: 'main.sql', text: '-- a job\nSET {{option}} = \'1\';\nBEGIN STATEMENT SET; INSERT INTO nowhere SELECT a FROM numbers;\n  INSERT INTO nowhere SELECT a FROM {{> call}};\nEND;' }
    const rendered = renderTemplate(main, { dialect: 'flink', parameters: { name: { type: 'string', value: "o'neil\nand sons" }, option: { type: 'string', value: 'parallelism.default' } }, fragments: { call } })
    await within(
      async (session) => {
        const [set, job] = splitStatements(rendered, 'flink')
        await session.execute(set!.text)
        const error: unknown = await session.submit(job!.text).catch((caught: unknown) => caught)
        if (!isStationError(error, 'SQL_REJECTED')) throw error
        expect(error.message).toContain("'numbrs' not found")
        expect(job!.locate(error.where!.line!, error.where!.column!)).toMatchObject({ file: 'call.sql', line: 3, column: 8 })
      },
      { init: [numbers, nowhere] },
    )
  })
})

describe('statements and jobs on the real engines', () => {
  it('a query is explained, streamed, limited and ended; its job ends with it', async () => {
    await within(
      async (session) => {
        expect(await session.explain('EXECUTE STATEMENT SET BEGIN INSERT INTO nowhere SELECT a FROM numbers; INSERT INTO nowhere SELECT a + 1 FROM numbers; END')).toContain('Optimized Execution Plan')
        await expect(session.explain('SELECT x FROM numbers')).rejects.toMatchObject({ code: 'SQL_REJECTED', where: { line: 1, column: 8 } })
        const { rows, truncated, jobId } = await session.execute('SELECT a FROM numbers', { maximumRows: 3 })
        expect([rows.length, truncated]).toEqual([3, true])
        expect((await jobManager.waitForEnd(jobId!)).state).toBe('CANCELED')
        await expect(session.execute('SELECT a FROM numbers', { deadlineAtMs: systemClock.now() + 500 })).rejects.toMatchObject({ code: 'WAIT_TIMED_OUT' })
        let seen = 0
        for await (const page of session.stream('SELECT a FROM numbers')) {
          seen += page.length
          expect(await one(session, "SHOW CURRENT CATALOG")).toEqual(['default_catalog'])
          if (seen > 5) break
        }
        expect(await session.completeStatement('SELECT * FR', 11)).toEqual(['FROM'])
      },
      { init: [numbers, nowhere] },
    )
  })

  it('a job is submitted, watched, stopped with a savepoint and started from it', async () => {
    await within(
      async (session) => {
        const insert = 'INSERT INTO nowhere SELECT a FROM numbers'
        const { jobId } = await session.submit(insert, { executionConfig: { 'pipeline.name': "gateway test ' ; --" } })
        await jobManager.waitUntilRunning(jobId)
        expect(await jobManager.jobs()).toContainEqual(expect.objectContaining({ id: jobId, name: "gateway test ' ; --", state: 'RUNNING' }))
        const [vertex] = (await jobManager.job(jobId)).vertices
        while ((await jobManager.metrics(jobId, vertex!.id, ['numRecordsOut', 'nope'])).get('numRecordsOut') === undefined) await systemClock.sleep(200)
        expect((await jobManager.jobMetrics(jobId, ['uptime'])).get('uptime')).toMatch(/^\d+$/)
        const running = await jobManager.savepoint(jobId)
        await expect(jobManager.savepoint(jobId, { directory: 'file:///proc/nope' })).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('savepoint directory') })
        const stopped = await jobManager.stopWithSavepoint(jobId)
        expect(stopped).not.toBe(running)
        await expect(jobManager.stopWithSavepoint(jobId)).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' })
        await jobManager.cancel(jobId)

        const again = await session.submit(insert, { executionConfig: { 'execution.state-recovery.path': stopped } })
        await jobManager.waitUntilRunning(again.jobId)
        expect((await jobManager.checkpoints(again.jobId)).restored).toMatchObject({ path: stopped, isSavepoint: true })
        await jobManager.cancel(again.jobId)
        expect((await jobManager.job(again.jobId)).state).toBe('CANCELED')
        // the path was that one statement's: the session starts the next job afresh
        const fresh = await session.submit(insert)
        await jobManager.waitUntilRunning(fresh.jobId)
        expect((await jobManager.checkpoints(fresh.jobId)).restored).toBeNull()
        await jobManager.cancel(fresh.jobId)
      },
      { init: [numbers, nowhere] },
    )
  })

  it('a job that cannot start, or fails while it runs, says why', async () => {
    await within(
      async (session) => {
        // refused at once or a moment later, as fast as the cluster is
        const started = session.submit('INSERT INTO nowhere SELECT a FROM numbers', { executionConfig: { 'execution.state-recovery.path': 'file:///no/such/savepoint', 'restart-strategy.type': 'none' } })
        await expect(started.then(({ jobId }) => jobManager.waitUntilRunning(jobId))).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('/no/such/savepoint') })
        await expect(session.execute("SELECT CAST(s AS INT) FROM (VALUES ('1'), ('x')) AS t(s)", { executionConfig: batch })).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining("'x'") })
        await expect(session.execute('SELECT 1', { executionConfig: { ...batch, 'rest.address': '127.0.0.1', 'rest.port': '1', 'rest.retry.max-attempts': '1' } })).rejects.toMatchObject({ code: 'GATEWAY_UNREACHABLE', message: expect.stringContaining('127.0.0.1:1') })
      },
      { init: [numbers, nowhere] },
    )
  })

  it('a session closed behind its back is opened again with its init', async () => {
    const messages: string[] = []
    const watching = createContext({ log: { write: (_level, message) => void messages.push(message) } })
    await within(
      async (session) => {
        expect(await one(session, 'SELECT a FROM fixed')).toEqual([7])
        const before = session.handle
        await ask(target.gatewayUrl, 'DELETE', `/v4/sessions/${before}`)
        expect(await one(session, 'SELECT a FROM fixed')).toEqual([7])
        expect(session.handle).not.toBe(before)
        expect(messages).toContainEqual(expect.stringContaining('lost'))
      },
      { name: 'lost-session', context: watching, properties: batch, init: ['CREATE TEMPORARY VIEW fixed AS SELECT 7 AS a'] },
    )
  })
})
