import { describe, expect, it } from 'vitest'
import { parseServerError, toStationError } from '../../../src/gateways/flink/server-error.ts'
import { recorded } from '../../fakes/flink-server.ts'

const errorOf = (name: string) => {
  const { status, text } = recorded(name)
  return parseServerError(status, text)!
}
const withCauses = (...lines: readonly string[]) => parseServerError(500, JSON.stringify({ errors: ['Internal server error.', `<Exception on server side:\n${lines.join('\n\tat a.b.C(D.java:1)\n')}\n\tat x.Y.z(W.java:2)\n\t... 9 more\n\nEnd of exception on server side>`] }))!

describe('errors of the SQL Gateway', () => {
  it.each([
    ['bad_table', 'sql', "Object 'nope' not found", { line: 2, column: 6 }],
    ['bad_column', 'sql', "Column 'x' not found in any table", { line: 1, column: 8 }],
    ['bad_parse', 'sql', "Incorrect syntax near the keyword 'FROM' at line 1, column 8.", { line: 1, column: 8 }],
    ['bad_two_statements', 'sql', 'only single statement supported', undefined],
    ['missing_statement', 'sql', expect.stringContaining('"statement" is null'), undefined],
    ['bad_job', 'job-failed', "For input string: 'x'. Invalid character found.", undefined],
    ['session_unknown_get', 'session-lost', expect.stringContaining('does not exist'), undefined],
    ['session_unknown_statement', 'session-lost', expect.stringContaining('does not exist'), undefined],
    ['operation_unknown_status', 'operation-lost', expect.stringContaining('Can not find'), undefined],
    ['operation_unknown_result', 'operation-lost', expect.stringContaining('Can not find'), undefined],
    ['select_future', 'token', expect.stringContaining('Expecting token'), undefined],
    ['map_json', 'json-unmappable', expect.stringContaining('Could not map'), undefined],
    ['bad_json', 'request', expect.any(String), undefined],
    ['unknown_route', 'request', 'Not found: /v4/nope', undefined],
    ['jm_job_unknown', 'job-unknown', expect.stringContaining('Could not find Flink job'), undefined],
  ])('%s is of kind %s', (name, kind, message, where) => {
    expect(errorOf(name)).toMatchObject({ kind, message })
    expect(errorOf(name).where).toEqual(where)
  })

  it('reads a cause of several lines as one line, and the end of a range is not its place', () => {
    const error = withCauses(
      'org.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetchResults.',
      'Caused by: org.apache.flink.table.api.ValidationException: Column types of query result and sink for \'c.d.t\' do not match.\nCause: Incompatible types for sink column \'a\' at position 1.\n\nQuery schema: [x: CHAR(1)]\nSink schema:  [a: INT]',
    )
    expect(error.message).toBe("Column types of query result and sink for 'c.d.t' do not match. Cause: Incompatible types for sink column 'a' at position 1. Query schema: [x: CHAR(1)] Sink schema: [a: INT]")
    expect(withCauses('org.apache.calcite.runtime.CalciteContextException: From line 3, column 5 to line 4, column 9: bad').where).toEqual({ line: 3, column: 5 })
  })

  it('says which address the gateway could not reach', () => {
    const error = withCauses(
      'org.apache.flink.table.gateway.service.utils.SqlExecutionException: Failed to execute the operation 1.',
      'Caused by: org.apache.flink.runtime.client.JobSubmissionException: Failed to submit ExecutionPlan.',
      'Caused by: io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: localhost/127.0.0.1:8081',
      'Caused by: java.net.ConnectException: Connection refused',
    )
    expect(toStationError(error)).toMatchObject({ code: 'GATEWAY_UNREACHABLE', message: 'Connection refused: localhost/127.0.0.1:8081', retry: 'later' })
  })

  it('keeps everything the server sent as the cause, and one short line as the message', () => {
    const error = toStationError(errorOf('bad_parse'), { initStatement: 2 })
    expect(error).toMatchObject({ code: 'SQL_REJECTED', facts: { initStatement: 2 } })
    expect(error.message).not.toMatch(/\n/)
    expect((error.cause as Error).message).toContain('Was expecting one of')
    expect(toStationError(withCauses(`x.y.Z: ${'long '.repeat(500)}`)).message.length).toBeLessThanOrEqual(400)
  })

  it('takes no other body for an error', () => {
    for (const text of ['<html>', '', '{"error":1}', '[]', 'null', '{"errors":"x"}']) expect(parseServerError(500, text)).toBeNull()
    expect(parseServerError(500, '{"errors":[]}')).toMatchObject({ message: 'no reason given' })
  })
})
