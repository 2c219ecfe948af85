import { randomBytes, randomUUID } from 'node:crypto'
import { createFakeJobManager, type FakeJobManager } from './flink-job-manager.ts'
import { recorded, startServer, type Handler, type Recording, type Reply } from './flink-server.ts'

/*
  A SQL Gateway that is at least as strict as the real one: same routes, statuses and bodies (recorded), same token protocol, one executing
  statement per session. Statements are scripted by their exact text. test/gateways/flink/fake.test.ts holds it against the recordings,
  test/integration/flink-gateway.test.ts holds the recordings against the real gateway.
*/

export interface Script {
  /** Answers NOT_READY this often before the first page. Default 1. */
  readonly notReady?: number
  readonly columns?: readonly { readonly name: string; readonly logicalType: unknown }[]
  /** Each page: rows as JSON texts of their fields, so that digits stay as written; default one empty page. */
  readonly pages?: readonly (readonly string[])[]
  /** The same pages as PLAIN_TEXT; null when the text of each JSON value will do. */
  readonly plain?: readonly (readonly string[])[]
  readonly kind?: 'SUCCESS' | 'SUCCESS_WITH_CONTENT'
  readonly isQuery?: boolean
  readonly rowKind?: string
  /** Name of the recorded failure that the fetch after the pages brings. */
  readonly failure?: string
  /** The failure comes while rows are fetched: the status of the operation stays FINISHED. */
  readonly failsLate?: boolean
  /** JSON has no form for a column. */
  readonly unmappable?: boolean
  /** Never ends: empty pages after the scripted ones. */
  readonly endless?: boolean
  readonly startsJob?: boolean
  readonly onPost?: () => void
}

interface Operation {
  readonly script: Script
  readonly jobId: string
  notReady: number
  /** Token that the next new page has. */
  next: number
  closed: boolean
  readonly sql: string
  readonly executionConfig: Readonly<Record<string, string>>
}

interface Session {
  readonly properties: Record<string, string>
  readonly operations: Map<string, Operation>
  readonly name: string
}

export interface FakeGateway {
  readonly gatewayUrl: string
  readonly jobManagerUrl: string
  readonly jobManager: FakeJobManager
  /** Statements in the order of their POST, with what came along. */
  readonly statements: { readonly session: string; readonly sql: string; readonly executionConfig: Readonly<Record<string, string>> }[]
  readonly sessions: Map<string, Session>
  readonly closedOperations: string[]
  /** What a correct client never does. */
  readonly violations: string[]
  heartbeats: number
  /** Asked before every answer; returns what to do instead. */
  interfere: ((method: string, path: string) => Reply | undefined) | undefined
  script(sql: string, script: Script): void
  /** As after a restart: all handles are unknown. */
  forgetSessions(): void
  stop(): Promise<void>
  start(): Promise<void>
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const nobody = '00000000-0000-0000-0000-000000000000'
const text = (name: string): unknown => ({ name, logicalType: { type: 'VARCHAR', nullable: true, length: 2_147_483_647 } })

export async function startFlinkFake(): Promise<FakeGateway> {
  const jobManager = createFakeJobManager()
  const jobServer = await startServer(jobManager.handle)
  const scripts = new Map<string, Script>()
  const routes = createRoutes(() => fake, scripts)
  const server = await startServer((request) => fake.interfere?.(request.method, request.path) ?? routes(request))
  const fake: FakeGateway = {
    gatewayUrl: server.url,
    jobManagerUrl: jobServer.url,
    jobManager,
    statements: [],
    sessions: new Map(),
    closedOperations: [],
    violations: [],
    heartbeats: 0,
    interfere: undefined,
    script: (sql, script) => void scripts.set(sql, script),
    forgetSessions: () => fake.sessions.clear(),
    stop: () => server.stop(),
    start: () => server.start(),
  }
  return fake
}

function createRoutes(fakeOf: () => FakeGateway, scripts: ReadonlyMap<string, Script>): Handler {
  return (request) => {
    const fake = fakeOf()
    const { method } = request
    if (method === 'GET' && request.path === '/api_versions') return recorded('api_versions')
    const route = new RegExp(`^/v4(?:/(info)|/sessions(?:/([^/]+)(?:/(heartbeat|statements|complete-statement|operations)(?:/(${uuid})/(?:(status|cancel|close)|result/(-?\\d+)))?)?)?)$`).exec(request.path)
    if (route === null) return { status: 404, text: JSON.stringify({ errors: [`Not found: ${request.path}`] }) }
    const [, info, handle, verb, operationHandle, action, token] = route
    if (info !== undefined) return recorded('info')
    if (handle === undefined) return method === 'POST' ? openSession(fake, request.body) : notFound(request.path)
    if (!new RegExp(`^${uuid}$`).test(handle)) return recorded('session_malformed', { abc: handle })
    const session = fake.sessions.get(handle)
    const what = `${method} ${verb ?? ''}`
    if (session === undefined) return lostSession(what, handle)
    switch (what) {
      case 'GET ':
        return ok({ properties: session.properties })
      case 'DELETE ':
        fake.sessions.delete(handle)
        return recorded('session_close')
      case 'POST heartbeat':
        fake.heartbeats++
        return recorded('heartbeat')
      case 'GET complete-statement':
        return request.body === '' ? recorded('bad_json') : recorded('complete_statement')
      case 'POST statements':
        return postStatement(fake, scripts, handle, session, request.body)
    }
    if (operationHandle === undefined) return notFound(request.path)
    const operation = session.operations.get(operationHandle)
    if (action === 'close' && method === 'DELETE') {
      if (operation !== undefined) {
        fake.closedOperations.push(operation.sql)
        // on 2.3.0 this ends the TaskManager process
        const isQuery = operation.script.isQuery ?? true
        if (isQuery && fake.jobManager.isStarting(operation.jobId)) fake.violations.push(`closed a query while its job was starting: ${operation.sql}`)
        if (isQuery) fake.jobManager.end(operation.jobId)
      }
      session.operations.delete(operationHandle)
      return recorded('running_close')
    }
    if (operation === undefined) return recorded(action === 'status' ? 'operation_unknown_status' : 'operation_unknown_result', { [nobody]: operationHandle })
    if (action === 'status') return ok({ status: operation.notReady > 0 ? 'RUNNING' : operation.script.failure !== undefined && operation.script.failsLate !== true ? 'ERROR' : 'FINISHED' })
    if (action === 'cancel' && method === 'POST') return recorded('running_cancel')
    return fetchResult(fake, handle, operationHandle, operation, Number(token), request.query.get('rowFormat') ?? 'JSON')
  }
}

function openSession(fake: FakeGateway, body: string): Reply {
  const { sessionName = '', properties = {} } = (body === '' ? {} : JSON.parse(body)) as { sessionName?: string; properties?: Record<string, string> }
  const handle = randomUUID()
  fake.sessions.set(handle, { name: sessionName, properties: { ...properties }, operations: new Map() })
  return ok({ sessionHandle: handle })
}

function lostSession(what: string, handle: string): Recording {
  if (what === 'POST heartbeat') return recorded('session_unknown_heartbeat', { [nobody]: handle })
  if (what === 'POST statements') return recorded('session_unknown_statement', { [nobody]: handle })
  if (what === 'DELETE ') return recorded('session_close_again', { [sessionOf(recorded('session_close_again').text)]: handle })
  // the other handlers put the trace into the first element, or answer like a fetch
  return what.startsWith('GET operations') ? recorded('session_unknown_statement', { [nobody]: handle, 'Failed to execute statement': 'Failed to fetchResults' }) : recorded('session_unknown_get', { [nobody]: handle })
}

function sessionOf(body: string): string {
  return new RegExp(`Session '(${uuid})'`).exec(body)?.[1] ?? nobody
}

function postStatement(fake: FakeGateway, scripts: ReadonlyMap<string, Script>, handle: string, session: Session, body: string): Reply {
  let request: { statement?: string; executionTimeout?: number; executionConfig?: Record<string, string> }
  try {
    request = JSON.parse(body) as typeof request
  } catch {
    return recorded('bad_json')
  }
  if ((request.executionTimeout ?? 0) > 0) return recorded('execution_timeout_positive')
  const sql = request.statement ?? ''
  if ([...session.operations.values()].some((operation) => operation.notReady > 0)) fake.violations.push(`posted while another statement was executing: ${sql}`)
  fake.statements.push({ session: handle, sql, executionConfig: request.executionConfig ?? {} })
  const set = /^SET '([^']+)' = '([^']*)'$/.exec(sql)
  if (set !== null) session.properties[set[1]!] = set[2]!
  const script = request.statement === undefined ? { failure: 'missing_statement' } : (scripts.get(sql) ?? defaultScript(sql))
  script.onPost?.()
  const jobId = randomBytes(16).toString('hex')
  const operation = randomUUID()
  session.operations.set(operation, { script, jobId, notReady: script.notReady ?? 1, next: 0, closed: false, sql, executionConfig: request.executionConfig ?? {} })
  return ok({ operationHandle: operation })
}

/** DDL, SET and the like; everything else must be scripted. */
function defaultScript(sql: string): Script {
  if (/^(SET|RESET|CREATE|USE|DROP|ADD)\b/.test(sql)) return { kind: 'SUCCESS', isQuery: false, columns: [text('result')] as NonNullable<Script['columns']>, pages: [['["OK"]']] }
  throw new Error(`the fake gateway has no script for: ${sql}`)
}

function fetchResult(fake: FakeGateway, session: string, handle: string, operation: Operation, token: number, format: string): Reply {
  const { script } = operation
  const uri = (at: number): string => `/v4/sessions/${session}/operations/${handle}/result/${at}?rowFormat=${format}`
  if (operation.notReady > 0) {
    operation.notReady--
    return ok({ resultType: 'NOT_READY', nextResultUri: uri(token) })
  }
  // planned now: its job is submitted
  if ((script.startsJob === true || ((script.isQuery ?? true) && script.failure === undefined)) && !fake.jobManager.jobs.has(operation.jobId)) {
    fake.jobManager.start(operation.jobId, operation.executionConfig['pipeline.name'] ?? 'insert-into_default_catalog.default_database.nowhere')
  }
  const pages = script.pages ?? [[]]
  const columns = script.columns ?? [text('result') as { name: string; logicalType: unknown }]
  if (script.failure !== undefined && (script.pages === undefined || token >= pages.length)) return recorded(script.failure)
  // the page fetched last may be fetched again, and the one after it; at the start only the first
  const last = operation.next - 1
  if (token !== operation.next && !(token === last && last >= 0)) {
    const seen = /token to be \d+ or \d+, but found -?\d+/.exec(recorded('select_future').text)![0]
    return recorded('select_future', { [seen]: `token to be ${operation.next} or ${last}, but found ${token}` })
  }
  if (script.unmappable === true && format === 'JSON') return recorded('map_json')
  const ended = token >= pages.length && script.endless !== true
  if (!ended) operation.next = token + 1
  const rows = (format === 'PLAIN_TEXT' && script.plain !== undefined ? script.plain[token] : pages[token]?.map((row) => (format === 'PLAIN_TEXT' ? plainRow(row) : row))) ?? []
  if (rows.length > 0 || ended) fake.jobManager.run(operation.jobId)
  if (ended && (script.isQuery ?? true)) fake.jobManager.end(operation.jobId)
  const data = `[${rows.map((row) => `{"kind":"${script.rowKind ?? 'INSERT'}","fields":${row.replaceAll('<job>', operation.jobId)}}`).join(',')}]`
  const head = { resultType: ended ? 'EOS' : 'PAYLOAD', isQueryResult: script.isQuery ?? true, ...((script.isQuery ?? true) || script.startsJob === true ? { jobID: operation.jobId } : {}), resultKind: script.kind ?? 'SUCCESS_WITH_CONTENT' }
  const results = `{"columns":${JSON.stringify(columns.map((column) => ({ ...column, comment: null })))},"rowFormat":"${format}","data":${data}}`
  return { status: 200, text: `${JSON.stringify(head).slice(0, -1)},"results":${results}${ended ? '' : `,"nextResultUri":${JSON.stringify(uri(token + 1))}`}}` }
}

function plainRow(row: string): string {
  return JSON.stringify((JSON.parse(row) as unknown[]).map((value) => (value === null || typeof value === 'string' ? value : JSON.stringify(value))))
}

function notFound(path: string): Reply {
  return { status: 404, text: JSON.stringify({ errors: [`Not found: ${path}`] }) }
}

function ok(body: unknown): Recording {
  return { status: 200, text: JSON.stringify(body) }
}

/** Scripts of the statements in the recorded conversation. */
export function scriptConversation(fake: FakeGateway): void {
  const from = (name: string): Script => {
    const body = JSON.parse(recorded(name).text) as { resultKind: 'SUCCESS'; isQueryResult: boolean; results: { columns: { name: string; logicalType: unknown }[]; data: { fields: unknown[] }[] } }
    const columns = body.results.columns.map(({ name: column, logicalType }) => ({ name: column, logicalType }))
    return { kind: body.resultKind, isQuery: body.isQueryResult, columns, pages: [body.results.data.map((row) => JSON.stringify(row.fields))] }
  }
  const select = from('select_rows')
  fake.script("SELECT 1 AS a, 'x' AS b", { ...select, pages: [[], [], ...select.pages!] })
  const map = from('map_plain')
  fake.script("SELECT MAP[1, 'a'] AS m", { ...map, pages: [[], ...map.pages!], unmappable: true })
  fake.script('SELECT a\nFROM nope', { failure: 'bad_table' })
  fake.script('SELECT x', { failure: 'bad_column' })
  fake.script('SELECT FROM WHERE', { failure: 'bad_parse' })
  fake.script('SELECT 1; SELECT 2', { failure: 'bad_two_statements' })
  fake.script("SELECT CAST(s AS INT) FROM (VALUES ('1'), ('x')) AS t(s)", { failure: 'bad_job', failsLate: true })
  fake.script('EXPLAIN INSERT INTO nowhere SELECT a FROM numbers', from('explain'))
  fake.script('SELECT a FROM numbers', { columns: [{ name: 'a', logicalType: { type: 'INTEGER', nullable: true } }], endless: true })
  fake.script('INSERT INTO nowhere SELECT a FROM numbers', { ...from('insert_job'), pages: [['["<job>"]']], startsJob: true })
}
