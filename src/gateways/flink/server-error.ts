import { StationError, type Where } from '../../core/errors.ts'
import type { Code } from '../../core/codes.ts'

export const serverErrorKinds = ['session-lost', 'operation-lost', 'json-unmappable', 'token', 'job-unknown', 'cluster', 'job-failed', 'request', 'sql'] as const
export type ServerErrorKind = (typeof serverErrorKinds)[number]

/** What a gateway or JobManager said in an error body. */
export interface ServerError {
  readonly kind: ServerErrorKind
  /** One line, the deepest cause that says something. */
  readonly message: string
  /** Place inside the statement, lines and columns from 1, where the engine named one. */
  readonly where: Where | undefined
  /** Everything that the server sent, stack traces included. */
  readonly trace: string
}

interface Cause {
  readonly className: string
  readonly message: string
}

const wrapper = /(SqlGatewayException|SqlExecutionException|CompletionException|ExecutionException|RetryException|SqlClientException|RestHandlerException)$/
const position = /\b(?:from|at) line (\d+), column (\d+)/i

const kinds: readonly (readonly [RegExp, ServerErrorKind])[] = [
  [/Session '[^']*' does not exist/, 'session-lost'],
  [/Can not find the submitted operation/, 'operation-lost'],
  [/Could not map response to JSON/, 'json-unmappable'],
  [/Expecting token to be/, 'token'],
  [/FlinkJobNotFoundException|Job could not be found/, 'job-unknown'],
  [/java\.net\.ConnectException|UnknownHostException|JobSubmissionException/, 'cluster'],
  [/JobExecutionException|JobInitializationException|Job failed \(JobID/, 'job-failed'],
]

/** Reads an error body `{"errors": […]}`; null when the text is none. The useful part may stand in any element. */
export function parseServerError(status: number, text: string): ServerError | null {
  const errors = readErrors(text)
  if (errors === null) return null
  const trace = errors.join('\n')
  const causes = parseCauses(trace)
  const kind = kinds.find(([pattern]) => pattern.test(trace))?.[1] ?? (status >= 500 ? 'sql' : 'request')
  const deepest = pickCause(causes, kind)
  const message = deepest === undefined ? (errors.find((error) => error.trim() !== '') ?? 'no reason given') : deepest.message
  const place = causes.map((cause) => position.exec(cause.message)).find((match) => match !== null)
  return { kind, message: oneLine(message), where: place === undefined ? undefined : { line: Number(place[1]), column: Number(place[2]) }, trace }
}

const codeOfKind: Readonly<Record<ServerErrorKind, Code>> = {
  'session-lost': 'SESSION_LOST',
  'operation-lost': 'SESSION_LOST',
  'json-unmappable': 'GATEWAY_PROTOCOL',
  token: 'GATEWAY_PROTOCOL',
  'job-unknown': 'JOB_NOT_RUNNING',
  cluster: 'GATEWAY_UNREACHABLE',
  'job-failed': 'JOB_FAILED',
  request: 'GATEWAY_PROTOCOL',
  sql: 'SQL_REJECTED',
}

/** The error for the user; the place is inside the statement, the caller knows the file. */
export function toStationError(error: ServerError, facts: Readonly<Record<string, string | number>> = {}): StationError {
  const hint = hintOf(error)
  return new StationError(codeOfKind[error.kind], error.message, {
    facts,
    cause: new Error(error.trace),
    retry: error.kind === 'cluster' ? 'later' : 'never',
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** One line about a Java stack trace: its deepest cause that says something. */
export function summarizeTrace(trace: string): string {
  const cause = pickCause(parseCauses(trace), 'sql')
  return oneLine(cause === undefined ? trace : cause.message)
}

function hintOf(error: ServerError): string | undefined {
  if (error.kind === 'cluster') return 'The SQL Gateway runs, but it does not reach the JobManager: see whether the cluster runs.'
  if (error.kind === 'session-lost') return 'The gateway was restarted or the session was idle for too long; repeat the command.'
  if (/only single statement supported/.test(error.message)) return 'Send one statement at a time.'
  if (/ON CONFLICT/.test(error.message)) return 'Add ON CONFLICT DO DEDUPLICATE to the INSERT, or let the query keep the primary key of the sink.'
  return undefined
}

function readErrors(text: string): readonly string[] | null {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return null
  return body.errors.map((error: unknown) => String(error))
}

/** The chain of exceptions of a Java stack trace, outermost first; frames are left out. */
export function parseCauses(trace: string): readonly Cause[] {
  const causes: { className: string; lines: string[] }[] = []
  for (const line of trace.split('\n')) {
    if (/^\s*(at .*\(.*\)|\.\.\. \d+ (more|common frames.*))\s*$/.test(line) || /^\s*(<Exception on server side:|End of exception on server side>|])\s*$/.test(line)) continue
    const head = /^\s*(?:Caused by: |Suppressed: )?((?:[a-zA-Z_$][\w$]*\.)+[A-Z][\w$]*)(?:: (.*)|)$/.exec(line)
    if (head !== null) causes.push({ className: head[1]!, lines: [head[2] ?? ''] })
    else causes.at(-1)?.lines.push(line)
  }
  return causes.map(({ className, lines }) => ({ className, message: lines.join('\n').trim() }))
}

function pickCause(causes: readonly Cause[], kind: ServerErrorKind): Cause | undefined {
  // the innermost "Connection refused" does not say to what
  if (kind === 'cluster') return causes.findLast((cause) => /[:/]\d+/.test(cause.message) && !wrapper.test(cause.className)) ?? causes.at(-1)
  return causes.findLast((cause) => cause.message !== '' && cause.message !== 'null' && !wrapper.test(cause.className)) ?? causes.findLast((cause) => cause.message !== '')
}

const maximumMessageLength = 400

/** One line for people: the list of all words that a parser would have liked says nothing, nested class names neither. */
function oneLine(message: string): string {
  const text = message
    .split(/\n?\s*Was expecting (?:one )?of:?/)[0]!
    .replace(/^(?:SQL (?:validation|parse) failed\. )+/, '')
    .replace(/^(?:from|at) line \d+, column \d+(?: to line \d+, column \d+)?: /i, '')
    .replace(/(?:[a-z_][\w$]*\.){2,}(?=[A-Z])/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > maximumMessageLength ? `${text.slice(0, maximumMessageLength - 1)}…` : text
}
