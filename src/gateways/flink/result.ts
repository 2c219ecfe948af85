import { parse } from 'lossless-json'
import { StationError } from '../../core/errors.ts'
import { formatLogicalType, readLogicalType, type LogicalType } from './logical-type.ts'
import { decodePlainValue } from './plain-values.ts'
import { AmbiguousValue, decodeJsonValue, type FlinkValue } from './values.ts'

export interface FlinkColumn {
  readonly name: string
  /** SQL text of the type: `DECIMAL(38, 10) NOT NULL`. */
  readonly type: string
}

export const rowKinds = ['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE'] as const
export type RowKind = (typeof rowKinds)[number]

export interface FlinkRow {
  readonly kind: RowKind
  readonly fields: readonly FlinkValue[]
}

/** An answer to a fetch of results, values not yet decoded. */
export type ResultAnswer =
  | { readonly type: 'NOT_READY'; readonly next: string }
  | {
      readonly type: 'PAYLOAD' | 'EOS'
      /** Path of the next fetch; null at the end. */
      readonly next: string | null
      readonly jobId: string | null
      readonly kind: 'SUCCESS' | 'SUCCESS_WITH_CONTENT'
      readonly columns: readonly (FlinkColumn & { readonly logicalType: LogicalType })[]
      readonly rows: readonly RawRow[]
    }

export interface RawRow {
  readonly kind: RowKind
  readonly fields: readonly unknown[]
}

export type ResultPage = Extract<ResultAnswer, { type: 'PAYLOAD' | 'EOS' }>

const resultPath = /^\/v\d+\/sessions\/[\w-]+\/operations\/[\w-]+\/result\/\d+\?rowFormat=(?:JSON|PLAIN_TEXT)$/

/** Reads the body of a fetch. Throws GATEWAY_PROTOCOL when it is not of the gateway's form. */
export function parseResult(text: string): ResultAnswer {
  const body = parseObject(text)
  const next = body['nextResultUri']
  if (next !== undefined && (typeof next !== 'string' || !resultPath.test(next))) throw unreadable('an unknown address of the next page', text)
  const type = body['resultType']
  if (type === 'NOT_READY' && next !== undefined) return { type, next }
  if (type !== 'PAYLOAD' && type !== 'EOS') throw unreadable('no resultType', text)
  if (type === 'PAYLOAD' && next === undefined) throw unreadable('a page without an address of the next', text)
  const results = body['results'] as Readonly<Record<string, unknown>> | null | undefined
  if (typeof results !== 'object' || results === null || !Array.isArray(results['columns']) || !Array.isArray(results['data'])) throw unreadable('no results', text)
  const columns = results['columns'].map((column: unknown) => {
    const { name, logicalType } = column as { readonly name?: unknown; readonly logicalType?: unknown }
    const known = readLogicalType(logicalType)
    return { name: String(name), type: formatLogicalType(known), logicalType: known }
  })
  return {
    type,
    next: next ?? null,
    jobId: typeof body['jobID'] === 'string' ? body['jobID'] : null,
    kind: body['resultKind'] === 'SUCCESS' ? 'SUCCESS' : 'SUCCESS_WITH_CONTENT',
    columns,
    rows: results['data'].map((row: unknown) => readRow(row, columns.length, text)),
  }
}

function readRow(row: unknown, width: number, text: string): RawRow {
  const { kind, fields } = (row ?? {}) as { readonly kind?: unknown; readonly fields?: unknown }
  if (!rowKinds.includes(kind as RowKind) || !Array.isArray(fields) || fields.length !== width) throw unreadable('a row of another form', text)
  return { kind: kind as RowKind, fields }
}

/** Decodes a page; `plain` is the same page as PLAIN_TEXT, asked for only when JSON has no exact form. */
export async function decodePage(page: ResultPage, zone: string, format: 'JSON' | 'PLAIN_TEXT', plain: () => Promise<ResultPage>): Promise<readonly FlinkRow[]> {
  if (format === 'PLAIN_TEXT') return page.rows.map((row) => ({ kind: row.kind, fields: row.fields.map((field, index) => decodePlainField(page, index, field, zone)) }))
  const rows: FlinkRow[] = []
  let other: ResultPage | undefined
  for (const [rowIndex, row] of page.rows.entries()) {
    const fields: FlinkValue[] = []
    for (const [index, field] of row.fields.entries()) {
      try {
        fields.push(decodeJsonValue(page.columns[index]!.logicalType, field))
      } catch (error) {
        if (!(error instanceof AmbiguousValue)) throw error
        other ??= await plain()
        fields.push(decodePlainField(page, index, other.rows[rowIndex]?.fields[index], zone))
      }
    }
    rows.push({ kind: row.kind, fields })
  }
  return rows
}

function decodePlainField(page: ResultPage, index: number, field: unknown, zone: string): FlinkValue {
  const column = page.columns[index]!
  if (field !== null && typeof field !== 'string') throw new StationError('GATEWAY_PROTOCOL', `the gateway gave no text for column '${column.name}'`)
  try {
    return decodePlainValue(column.logicalType, field, zone)
  } catch (error) {
    if (!(error instanceof AmbiguousValue)) throw error
    throw new StationError('GATEWAY_PROTOCOL', `column '${column.name}' (${column.type}) cannot be read exactly: ${error.message}`, {
      hint: 'Select MAP_KEYS(…) and MAP_VALUES(…) instead of the map, or cast its keys to STRING.',
      cause: error,
    })
  }
}

/** A JSON object with numbers kept as their digits. Throws GATEWAY_PROTOCOL. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  let body: unknown
  try {
    body = parse(text)
  } catch (error) {
    throw unreadable('no JSON', text, error)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unreadable('no JSON object', text)
  return body as Readonly<Record<string, unknown>>
}

export function unreadable(what: string, text: string, cause?: unknown): StationError {
  const looksLikePage = /^\s*</.test(text)
  return new StationError('GATEWAY_PROTOCOL', `the gateway answered with ${what}${looksLikePage ? ' but a web page' : ''}`, {
    facts: { answer: text.slice(0, 200) },
    hint: looksLikePage ? 'Something else answers at this address: check gatewayUrl and any proxy before it.' : 'See whether gatewayUrl is a Flink SQL Gateway of a supported version.',
    ...(cause === undefined ? {} : { cause }),
  })
}
