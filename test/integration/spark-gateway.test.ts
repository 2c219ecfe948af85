import net from 'node:net'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { createContext } from '../../src/core/context.ts'
import { isStationError, type StationError } from '../../src/core/errors.ts'
import { sparkTransports, type SparkSession, type SparkTarget, type SparkTransport } from '../../src/gateways/spark/spark-session.ts'
import { usingSparkSession } from '../../src/gateways/spark/using-spark-session.ts'
import type { SessionOptions } from '../../src/gateways/spark/session-shell.ts'
import { loadConnectProtocol, callUnary } from '../../src/gateways/spark/connect/connect-stub.ts'
import { everyCase } from '../gateways/spark/type-table.ts'

const context = createContext()
const signal = new AbortController().signal
/** Two tasks that sleep instead of counting, so that they take their time on any machine: `rows` × 50 ms. */
const sleepy = (rows: number): string => `SELECT count(*) AS n FROM range(0, ${rows}, 1, 2) WHERE java_method('java.lang.Thread', 'sleep', 100L) = 'null'`
const longQuery = sleepy(100_000)
const slowQuery = sleepy(80)

function targetOf(transport: SparkTransport, port?: number): SparkTarget {
  const { connect, thrift } = inject('engines').spark
  if (connect === null || thrift === null) throw new Error('the tests need both doors of spark')
  return { transport, connect: { ...connect, port: port ?? connect.port }, thrift: { ...thrift, port: port ?? thrift.port } }
}

const optionsOf = (more: Partial<SessionOptions> = {}): SessionOptions => ({ name: 'gateway-test', context, signal, ...more })

async function failureOf(work: Promise<unknown>): Promise<StationError> {
  try {
    await work
  } catch (error) {
    if (isStationError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}

/** A road to the gateway that can be cut. */
interface Road {
  readonly port: number
  cut(): void
  close(): void
}
const roads: Road[] = []
afterEach(() => {
  for (const road of roads.splice(0)) road.close()
})

async function openRoad(transport: SparkTransport): Promise<Road> {
  const to = targetOf(transport)[transport]!
  const sockets = new Set<net.Socket>()
  const server = net.createServer((near) => {
    const far = net.connect(to.port, to.host)
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const road = { port: (server.address() as net.AddressInfo).port, cut, close: () => (cut(), server.close()) }
  roads.push(road)
  return road
}

/** Calls `then` as soon as the statement tells that it runs. */
function onceRunning(then: () => void): () => void {
  let told = false
  return () => {
    if (!told) then()
    told = true
  }
}

describe.each(sparkTransports)('spark over %s', (transport) => {
  const using = <T>(body: (session: SparkSession) => Promise<T>, more?: Partial<SessionOptions>, port?: number): Promise<T> =>
    usingSparkSession(targetOf(transport, port), optionsOf(more), body)

  describe('every SQL type', () => {
    let columns: readonly { readonly type: string }[]
    let row: readonly unknown[]
    beforeAll(async () => {
      // a zone with summer time, so that instants cannot pass by being shown in UTC
      const settings = { 'spark.sql.session.timeZone': 'Europe/Berlin' }
      const result = await using((spark) => spark.execute(`SELECT ${everyCase.map((each) => each.sql).join(', ')}`, { signal }), { settings })
      columns = result.columns
      row = result.rows[0]!
    })

    test.each(everyCase.map((each, index) => ({ ...each, index })))('$sql is exact', ({ index, type, value }) => {
      expect(columns[index]!.type).toBe(type)
      expect(row[index]).toStrictEqual(value)
    })
  })

  test('rows keep their order and columns of one name are both there', async () => {
    const result = await using((spark) => spark.execute('SELECT id AS a, -id AS a, timestamp_seconds(id) AS `b.a` FROM range(25000) ORDER BY id DESC -- the last first;', { signal }))
    expect(result.columns.map((column) => column.name)).toEqual(['a', 'a', 'b.a'])
    expect(result.rows).toHaveLength(25_000)
    expect(result.rows[0]).toEqual([24_999n, -24_999n, '1970-01-01T06:56:39.000000Z'])
    expect(result.rows.at(-1)).toEqual([0n, 0n, '1970-01-01T00:00:00.000000Z'])
  })

  test('a query without rows has columns, a command that gives nothing has none', async () => {
    await using(async (spark) => {
      const empty = await spark.execute("SELECT 1 AS a, CAST('x' AS STRING) AS b WHERE false", { signal })
      expect(empty).toMatchObject({ rows: [], truncated: false, columns: [{ name: 'a', type: 'int' }, { name: 'b', type: 'string' }] })
      const command = await spark.execute('CREATE TEMPORARY VIEW gateway_view AS SELECT 7 AS a', { signal })
      expect(command).toMatchObject({ rows: [], columns: [] })
      expect((await spark.execute('SELECT * FROM gateway_view;\n', { signal })).rows).toEqual([[7]])
      expect((await spark.execute('SHOW COLUMNS IN gateway_view', { signal })).rows).toEqual([['a']])
    })
  })

  test('rows beyond the maximum are cut, and that is told', async () => {
    await using(async (spark) => {
      const query = 'SELECT id FROM range(100000) ORDER BY id'
      expect(await spark.execute(query, { signal, maximumRows: 3 })).toMatchObject({ rows: [[0n], [1n], [2n]], truncated: true })
      expect(await spark.execute('SELECT id FROM range(3) ORDER BY id', { signal, maximumRows: 3 })).toMatchObject({ rows: [[0n], [1n], [2n]], truncated: false })
    })
  })

  test('large results come page by page and can be left early', async () => {
    await using(async (spark) => {
      let rows = 0
      let pages = 0
      for await (const page of spark.stream("SELECT id, repeat('x', 100) FROM range(200000)", { signal })) {
        rows += page.rows.length
        pages++
      }
      expect(rows).toBe(200_000)
      expect(pages).toBeGreaterThan(1)
      for await (const page of spark.stream("SELECT id, repeat('x', 100) FROM range(200000)", { signal })) {
        expect(page.columns).toHaveLength(2)
        break
      }
      expect((await spark.execute('SELECT 1', { signal })).rows).toEqual([[1]])
    })
  })

  test('settings and init statements hold, and statements of one session run side by side', async () => {
    const more = { settings: { 'spark.sql.session.timeZone': 'Asia/Shanghai', 'spark.sql.shuffle.partitions': '3' }, init: ['CREATE TEMPORARY VIEW seven AS SELECT 7 AS a'] }
    await using(async (spark) => {
      expect(spark.serverVersion).toMatch(/^\d+\.\d+\.\d+/)
      const results = await Promise.all(['SELECT current_timezone()', 'SELECT a FROM seven', 'SET spark.sql.shuffle.partitions'].map((sql) => spark.execute(sql, { signal })))
      expect(results.map((result) => result.rows)).toEqual([[['Asia/Shanghai']], [[7]], [['spark.sql.shuffle.partitions', '3']]])
    }, more)
  })

  test('a setting that the engine refuses is told', async () => {
    const error = await failureOf(using(() => Promise.resolve(), { settings: { 'spark.sql.shuffle.partitions': 'many' } }))
    expect(error.code).toBe('SQL_REJECTED')
    expect(error.message).toContain('spark.sql.shuffle.partitions')
  })

  test.each([
    ['a syntax error', 'SELECT 1\n  FRO x y', { line: 2, column: 7 }, { condition: 'PARSE_SYNTAX_ERROR', sqlState: '42601' }],
    ['an unknown table', 'SELECT *\n  FROM no_such_table', { line: 2, column: 8 }, { condition: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01' }],
    ['a fault while running', 'SELECT current_timestamp(),\n  1 / (id - id) FROM range(3)', { line: 2, column: 3 }, { condition: 'DIVIDE_BY_ZERO', sqlState: '22012' }],
  ])('%s shows condition, SQLSTATE and place', async (_, sql, where, facts) => {
    const error = await failureOf(using((spark) => spark.execute(sql, { signal, origin: { file: 'job.sql', line: 11 } })))
    expect(error.code).toBe('SQL_REJECTED')
    expect(error.where).toMatchObject({ ...where, file: 'job.sql', line: where.line + 10 })
    expect(error.facts).toMatchObject(facts)
    expect(error.message).not.toContain('\n')
    expect(error.cause).toBeInstanceOf(Error)
  })

  test('a VARIANT is refused with what to do', async () => {
    const error = await failureOf(using((spark) => spark.execute("SELECT 1 AS a, array(parse_json('{}')) AS v", { signal })))
    expect(error).toMatchObject({ code: 'SQL_REJECTED', message: 'column v is or holds a VARIANT, which results do not carry' })
    expect(error.hint).toContain('to_json')
  })

  test('fields of a struct may have any name over Spark Connect and are refused over Thrift when they cannot be told apart', async () => {
    const work = using((spark) => spark.execute("SELECT named_struct('a:b', 1, 'c d', 2) AS s", { signal }))
    if (transport === 'connect') expect((await work).columns[0]!.type).toBe('struct<`a:b`:int,`c d`:int>')
    else expect((await failureOf(work)).message).toContain('column s cannot be told over thrift')
  })

  test('progress grows while a statement runs', async () => {
    const texts: string[] = []
    const result = await using((spark) => spark.execute(slowQuery, { signal, onProgress: (progress) => texts.push(progress.text) }))
    expect(result.rows).toEqual([[80n]])
    expect(texts.length).toBeGreaterThan(0)
  })

  test('an abort ends the statement with its reason and the session goes on', async () => {
    await using(async (spark) => {
      const controller = new AbortController()
      const reason = new Error('enough')
      const work = spark.execute(longQuery, { signal: controller.signal, onProgress: onceRunning(() => controller.abort(reason)) })
      await expect(work).rejects.toBe(reason)
      expect((await spark.execute('SELECT 1', { signal })).rows).toEqual([[1]])
    })
  })

  test('a deadline interrupts the statement', async () => {
    const error = await failureOf(using((spark) => spark.execute(longQuery, { signal, deadlineAtMs: context.clock.now() + 2_000 })))
    expect(error.code).toBe('WAIT_TIMED_OUT')
  })

  test('a gateway that nobody serves is unreachable', async () => {
    const error = await failureOf(using(() => Promise.resolve(), {}, 1))
    expect(error).toMatchObject({ code: 'GATEWAY_UNREACHABLE', retry: 'later' })
    expect(error.message).toContain('ECONNREFUSED')
  })

  test('a gateway that goes away in mid-query ends the wait', async () => {
    const road = await openRoad(transport)
    const error = await failureOf(using((spark) => spark.execute(slowQuery, { signal, onProgress: onceRunning(() => road.close()) }), {}, road.port))
    expect(error.code).toBe('GATEWAY_GONE')
  })

  test('a session that is lost between queries is opened again with its init statements', async () => {
    const road = await openRoad(transport)
    await using(async (spark) => {
      expect((await spark.execute('SELECT a FROM seven', { signal })).rows).toEqual([[7]])
      const before = spark.id
      await loseSession(transport, spark, road)
      expect((await spark.execute('SELECT a FROM seven', { signal })).rows).toEqual([[7]])
      expect(spark.id).not.toBe(before)
    }, { init: ['CREATE TEMPORARY VIEW seven AS SELECT 7 AS a'] }, road.port)
  })

  test('a session that is lost with state of its own is told instead of replaced', async () => {
    const road = await openRoad(transport)
    const error = await failureOf(using(async (spark) => {
      await spark.execute('SET spark.sql.shuffle.partitions=3', { signal })
      await loseSession(transport, spark, road)
      await spark.execute('SET spark.sql.shuffle.partitions', { signal })
    }, {}, road.port))
    expect(error.code).toBe('SESSION_LOST')
  })
})

test('a cut connection is survived over Spark Connect', async () => {
  const road = await openRoad('connect')
  const result = await usingSparkSession(targetOf('connect', road.port), optionsOf(), (spark) => spark.execute(slowQuery, { signal, onProgress: onceRunning(() => road.cut()) }))
  expect(result.rows).toEqual([[80n]])
})

test('a large result is complete and without doubles though its connection is cut again and again', async () => {
  const road = await openRoad('connect')
  const seen: bigint[] = []
  await usingSparkSession(targetOf('connect', road.port), optionsOf(), async (spark) => {
    for await (const page of spark.stream("SELECT id, repeat('x', 200) FROM range(0, 200000, 1, 16)", { signal })) {
      seen.push(...page.rows.map((row) => row[0] as bigint))
      road.cut()
    }
  })
  expect(seen).toEqual(Array.from({ length: 200_000 }, (_, index) => BigInt(index)))
})

/** What makes a server forget a session: over Thrift its connection closes, over Connect somebody releases it. */
async function loseSession(transport: SparkTransport, spark: SparkSession, road: Road): Promise<void> {
  if (transport === 'thrift') {
    road.cut()
    await context.clock.sleep(100)
    return
  }
  const target = targetOf('connect').connect!
  const protocol = loadConnectProtocol(context.packageRoot)
  const stub = protocol.createStub(target)
  const identity = { sessionId: spark.id, userContext: { userId: 'station', userName: 'station' }, clientType: 'test' }
  await callUnary(stub, 'releaseSession', identity, { metadata: protocol.metadata(target), deadlineAtMs: context.clock.now() + 10_000 })
  stub.close()
}
