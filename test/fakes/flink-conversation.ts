import http from 'node:http'

/*
  A fixed conversation with a SQL Gateway and a JobManager, over plain HTTP. It is held with the real ones to record test/fixtures/flink/bodies,
  with the fake in unit tests and with the real ones again in integration tests: all three must answer alike.
*/

export interface Exchange {
  readonly status: number
  readonly text: string
}

export interface Conversation {
  readonly [name: string]: Exchange
}

export function ask(baseUrl: string, method: string, path: string, body?: unknown): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const data = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    const request = http.request(new URL(path, baseUrl), { method, headers: data === undefined ? {} : { 'content-type': 'application/json', 'content-length': data.length } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    request.on('error', reject)
    request.end(data)
  })
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const nobody = '00000000-0000-0000-0000-000000000000'
const noJob = '0'.repeat(32)

export async function converse(gateway: string, jobManager: string): Promise<Conversation> {
  const said: Record<string, Exchange> = {}
  const keep = (name: string, exchange: Exchange): Exchange => (said[name] = exchange)
  const gw = (method: string, path: string, body?: unknown): Promise<Exchange> => ask(gateway, method, `/v4${path}`, body)
  const field = (exchange: Exchange, name: string): string => String((JSON.parse(exchange.text) as Record<string, unknown>)[name])
  const open = async (properties: Record<string, string>): Promise<string> => `/sessions/${field(await gw('POST', '/sessions', { sessionName: 'conversation', properties }), 'sessionHandle')}`

  keep('api_versions', await ask(gateway, 'GET', '/api_versions'))
  keep('info', await gw('GET', '/info'))
  keep('unknown_route', await gw('GET', '/nope'))
  keep('session_open', await gw('POST', '/sessions', { sessionName: 'conversation', properties: { 'execution.runtime-mode': 'batch' } }))
  keep('session_open_no_body', await gw('POST', '/sessions'))
  keep('session_malformed', await gw('GET', '/sessions/abc'))
  keep('session_unknown_get', await gw('GET', `/sessions/${nobody}`))
  keep('session_unknown_heartbeat', await gw('POST', `/sessions/${nobody}/heartbeat`, {}))
  keep('session_unknown_statement', await gw('POST', `/sessions/${nobody}/statements`, { statement: 'SELECT 1' }))

  const session = `/sessions/${field(said['session_open']!, 'sessionHandle')}`
  keep('heartbeat', await gw('POST', `${session}/heartbeat`, {}))
  keep('complete_statement', await gw('GET', `${session}/complete-statement`, { statement: 'SELECT * FR', position: 11 }))
  keep('bad_json', await gw('POST', `${session}/statements`, '{"statement":"SELECT 1"'))
  keep('execution_timeout_positive', await gw('POST', `${session}/statements`, { statement: 'SELECT 1', executionTimeout: 1000 }))

  const post = async (statement: string | undefined, where = session): Promise<string> => `${where}/operations/${field(await gw('POST', `${where}/statements`, statement === undefined ? {} : { statement }), 'operationHandle')}`
  const fetch = (operation: string, token: number, format = 'JSON'): Promise<Exchange> => gw('GET', `${operation}/result/${token}?rowFormat=${format}`)
  /** The first answer that is neither NOT_READY nor an empty page, and its token. */
  const firstRows = async (operation: string, format = 'JSON'): Promise<{ readonly exchange: Exchange; readonly token: number }> => {
    for (let token = 0; ; ) {
      const exchange = await fetch(operation, token, format)
      const ready = !exchange.text.includes('"NOT_READY"')
      const empty = exchange.text.includes('"PAYLOAD"') && exchange.text.includes('"data":[]')
      if (ready && !empty) return { exchange, token }
      if (ready) token++
      await pause(20)
    }
  }

  const select = await post("SELECT 1 AS a, 'x' AS b")
  const rows = await firstRows(select)
  keep('select_rows', rows.exchange)
  keep('select_rows_again', await fetch(select, rows.token))
  keep('select_rows_plain', await fetch(select, rows.token, 'PLAIN_TEXT'))
  keep('select_previous', await fetch(select, rows.token - 1))
  keep('select_future', await fetch(select, rows.token + 9))
  keep('select_too_old', await fetch(select, rows.token - 2))
  keep('select_end', await fetch(select, rows.token + 1))
  keep('select_status', await gw('GET', `${select}/status`))
  keep('select_close', await gw('DELETE', `${select}/close`))
  keep('select_closed_fetch', await fetch(select, rows.token))

  const map = await post("SELECT MAP[1, 'a'] AS m")
  const plain = await firstRows(map, 'PLAIN_TEXT')
  keep('map_json', await fetch(map, plain.token))
  keep('map_plain', await fetch(map, plain.token, 'PLAIN_TEXT'))

  for (const [name, sql] of Object.entries({
    table: 'SELECT a\nFROM nope',
    column: 'SELECT x',
    parse: 'SELECT FROM WHERE',
    two_statements: 'SELECT 1; SELECT 2',
    job: "SELECT CAST(s AS INT) FROM (VALUES ('1'), ('x')) AS t(s)",
  })) {
    const operation = await post(sql)
    keep(`bad_${name}`, (await firstRows(operation)).exchange)
    keep(`bad_${name}_status`, await gw('GET', `${operation}/status`))
  }
  keep('missing_statement', (await firstRows(await post(undefined))).exchange)
  keep('operation_unknown_result', await fetch(`${session}/operations/${nobody}`, 0))
  keep('operation_unknown_status', await gw('GET', `${session}/operations/${nobody}/status`))
  keep('operation_unknown_close', await gw('DELETE', `${session}/operations/${nobody}/close`))

  const streaming = await open({})
  keep('ddl', (await firstRows(await post("CREATE TABLE numbers (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '10')", streaming))).exchange)
  await firstRows(await post("CREATE TABLE nowhere (a INT) WITH ('connector' = 'blackhole')", streaming))
  keep('explain', (await firstRows(await post('EXPLAIN INSERT INTO nowhere SELECT a FROM numbers', streaming))).exchange)

  const running = await post('SELECT a FROM numbers', streaming)
  let page = await fetch(running, 0)
  for (; page.text.includes('"NOT_READY"'); page = await fetch(running, 0)) await pause(20)
  // closing a query whose job is still starting ends the TaskManager of Flink 2.3.0
  for (let job = ''; !/"vertices":\[.*"status":"RUNNING".*\]/.test(job) || /"status":"(CREATED|SCHEDULED|DEPLOYING|INITIALIZING)"/.test(job); ) {
    await pause(50)
    job = (await ask(jobManager, 'GET', `/jobs/${field(page, 'jobID')}`)).text
  }
  keep('running_cancel', await gw('POST', `${running}/cancel`, {}))
  keep('running_close', await gw('DELETE', `${running}/close`))
  keep('running_closed_fetch', await fetch(running, 0))

  const insert = await post('INSERT INTO nowhere SELECT a FROM numbers', streaming)
  const job = keep('insert_job', (await firstRows(insert)).exchange)
  keep('insert_end', await fetch(insert, 1))
  await converseAboutJob(jobManager, field(job, 'jobID'), keep)

  keep('session_close', await gw('DELETE', session))
  keep('session_closed_statement', await gw('POST', `${session}/statements`, { statement: 'SELECT 1' }))
  keep('session_close_again', await gw('DELETE', session))
  await gw('DELETE', streaming)
  return said
}

async function converseAboutJob(jobManager: string, id: string, keep: (name: string, exchange: Exchange) => Exchange): Promise<void> {
  const jm = (method: string, path: string, body?: unknown): Promise<Exchange> => ask(jobManager, method, path, body)
  const until = async (path: string, done: (text: string) => boolean): Promise<Exchange> => {
    for (;;) {
      const exchange = await jm('GET', path)
      if (exchange.status !== 200 || done(exchange.text)) return exchange
      await pause(50)
    }
  }
  keep('jm_overview', await jm('GET', '/overview'))
  keep('jm_config', await jm('GET', '/config'))
  keep('jm_job_running', await until(`/jobs/${id}`, (text) => (JSON.parse(text) as { vertices: { status: string }[] }).vertices.every((vertex) => vertex.status === 'RUNNING')))
  keep('jm_jobs', await jm('GET', '/jobs/overview'))
  keep('jm_exceptions', await jm('GET', `/jobs/${id}/exceptions`))
  const trigger = (exchange: Exchange): string => (JSON.parse(exchange.text) as { 'request-id': string })['request-id']
  const savepoint = keep('jm_savepoint_trigger', await jm('POST', `/jobs/${id}/savepoints`, { 'cancel-job': false }))
  keep('jm_savepoint', await until(`/jobs/${id}/savepoints/${trigger(savepoint)}`, (text) => text.includes('"COMPLETED"')))
  keep('jm_checkpoints', await jm('GET', `/jobs/${id}/checkpoints`))
  keep('jm_savepoint_unknown', await jm('GET', `/jobs/${id}/savepoints/${noJob}`))
  const bad = await jm('POST', `/jobs/${id}/savepoints`, { 'cancel-job': false, 'target-directory': 'file:///proc/nope' })
  keep('jm_savepoint_failed', await until(`/jobs/${id}/savepoints/${trigger(bad)}`, (text) => text.includes('"COMPLETED"')))
  keep('jm_stop_trigger', await jm('POST', `/jobs/${id}/stop`, { drain: false }))
  keep('jm_job_ended', await until(`/jobs/${id}`, (text) => text.includes('"state":"FINISHED"')))
  keep('jm_cancel_ended', await jm('PATCH', `/jobs/${id}?mode=cancel`))
  const late = keep('jm_stop_ended', await jm('POST', `/jobs/${id}/stop`, { drain: false }))
  keep('jm_stop_ended_result', await until(`/jobs/${id}/savepoints/${trigger(late)}`, (text) => text.includes('"COMPLETED"')))
  keep('jm_job_unknown', await jm('GET', `/jobs/${noJob}`))
  keep('jm_job_malformed', await jm('GET', '/jobs/abc'))
}

/** What must agree between two conversations: status, structure, values that do not depend on run, machine or configuration. */
export function essence(name: string, exchange: Exchange): unknown {
  const body = JSON.parse(exchange.text) as Record<string, unknown>
  if (Array.isArray(body['errors'])) return { status: exchange.status, errors: body['errors'].map((error: unknown) => causesOf(String(error))) }
  // how many checkpoints there were, and of which kinds, is a matter of time
  delete body['history']
  if (name === 'jm_checkpoints') delete (body['latest'] as Record<string, unknown>)['completed'] // the cluster may take none of its own
  if (name.startsWith('jm_')) return { status: exchange.status, shape: shapeOf(body) }
  return { status: exchange.status, body: JSON.parse(anonymous(exchange.text)) as unknown }
}

/** The heads of a stack trace; frames and the long list of expected words say nothing more. */
function causesOf(error: string): readonly string[] {
  return error
    .split('\n')
    .filter((line) => !/^\s*(at |\.\.\. |")/.test(line) && line.trim() !== '')
    .map((line) => anonymous(line))
}

function anonymous(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\b[0-9a-f]{32}\b/g, '<id>')
    .replace(/result\/\d+/g, 'result/<n>')
    .replace(/token to be \d+ or \d+, but found -?\d+/g, 'token to be <n> or <n>, but found <n>')
}

/** Field names and kinds of values two levels deep; of a list its first element. What may be absent counts as an object. */
function shapeOf(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => shapeOf(item, depth + 1))
  if (typeof value !== 'object' || value === null || depth > 2) return typeof value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, item]) => [name, item === null ? 'object' : depth === 2 && !Array.isArray(item) ? typeof item : shapeOf(item, depth + 1)]),
  )
}
