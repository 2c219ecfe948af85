import { formatSparkType, type SparkField, type SparkType } from '../spark-type.ts'
import { withoutTail } from './statement-text.ts'

/**
 * What HiveServer2 carries exactly is sent as it is. The rest is re-expressed by the engine itself before it travels:
 * instants, which would be shown in the session's zone and be ambiguous at the end of summer time, as microseconds;
 * arrays, maps and structs, whose text cannot be read back, as JSON whose leaves are texts; strings of a collation,
 * which the server would put into quotes, as plain strings.
 */
export function needsWrapping(type: SparkType): boolean {
  return type.kind === 'timestamp' || isNested(type) || (type.kind === 'string' && type.collation !== undefined)
}

export function isNested(type: SparkType): boolean {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'struct'
}

/** Lines that stand before the query in the wrapped text: the place of an error moves by them. */
export const wrappedLinesBefore = 2

/** A query over `sql` that gives the same rows in the same order, with columns named by position, `limit` at most. */
export function wrapQuery(sql: string, fields: readonly SparkField[], limit: number | undefined): string {
  const names = fields.map((_, index) => `c${index}`).join(', ')
  const columns = fields.map((field, index) => encodeColumn(`c${index}`, field.type)).join(', ')
  const query = `(\n${withoutTail(sql)}\n) AS t(${names})`
  const source = fields.some((field) => holdsStruct(field.type)) ? `(SELECT ${fields.map(renamed).join(', ')} FROM ${query})` : query
  return `SELECT ${columns}\nFROM ${source}${limit === undefined ? '' : `\nLIMIT ${limit}`}`
}

/** Fields of structs get names by position: the engine refuses to reach a field whose name occurs twice. */
function renamed(field: SparkField, index: number): string {
  return holdsStruct(field.type) ? `CAST(c${index} AS ${formatSparkType(withPositionalNames(field.type))}) AS c${index}` : `c${index}`
}

function encodeColumn(column: string, type: SparkType): string {
  if (type.kind === 'timestamp') return `unix_micros(${column})`
  if (type.kind === 'string' && type.collation !== undefined) return `CAST(${column} AS STRING)`
  return isNested(type) ? `to_json(${encode(column, type, 0)})` : column
}

/** An expression of arrays, structs, strings, booleans and small integers: what JSON carries exactly. */
function encode(value: string, type: SparkType, depth: number): string {
  switch (type.kind) {
    case 'void':
      return 'CAST(NULL AS STRING)'
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
      return value
    case 'float':
      return `CAST(CAST(${value} AS DOUBLE) AS STRING)`
    case 'binary':
      return `hex(${value})`
    case 'timestamp':
      return `CAST(unix_micros(${value}) AS STRING)`
    case 'yearMonth':
      return `CAST(CAST(${value} AS INTERVAL YEAR TO MONTH) AS STRING)`
    case 'dayTime':
      return `CAST(CAST(${value} AS INTERVAL DAY TO SECOND) AS STRING)`
    case 'array': {
      const element = `e${depth}`
      return `transform(${value}, ${element} -> ${encode(element, type.element, depth + 1)})`
    }
    case 'map': {
      const entry = `e${depth}`
      const key = encode(`${entry}.key`, type.key, depth + 1)
      const item = encode(`${entry}.value`, type.value, depth + 1)
      return `transform(map_entries(${value}), ${entry} -> named_struct('k', ${key}, 'v', ${item}))`
    }
    case 'struct': {
      const parts = type.fields.map((field, index) => `'f${index}', ${encode(`${value}.f${index}`, field.type, depth)}`)
      return `IF(${value} IS NULL, NULL, named_struct(${parts.join(', ')}))`
    }
    default:
      return `CAST(${value} AS STRING)`
  }
}

function holdsStruct(type: SparkType): boolean {
  if (type.kind === 'struct') return true
  if (type.kind === 'array') return holdsStruct(type.element)
  return type.kind === 'map' && (holdsStruct(type.key) || holdsStruct(type.value))
}

function withPositionalNames(type: SparkType): SparkType {
  switch (type.kind) {
    case 'array':
      return { kind: 'array', element: withPositionalNames(type.element) }
    case 'map':
      return { kind: 'map', key: withPositionalNames(type.key), value: withPositionalNames(type.value) }
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((field, index) => ({ name: `f${index}`, type: withPositionalNames(field.type) })) }
    default:
      return type
  }
}
