import { StationError } from '../../core/errors.ts'

/** A type as the gateway describes it in a result. */
export interface LogicalType {
  readonly root: string
  readonly nullable: boolean
  readonly length?: number
  readonly precision?: number
  readonly scale?: number
  readonly resolution?: string
  readonly fractionalPrecision?: number
  readonly element?: LogicalType
  readonly key?: LogicalType
  readonly value?: LogicalType
  readonly fields?: readonly { readonly name: string; readonly type: LogicalType }[]
}

const maximumLength = 2_147_483_647

/** Reads `logicalType` of a column. Throws GATEWAY_PROTOCOL when it is none. */
export function readLogicalType(json: unknown): LogicalType {
  const body = asObject(json)
  const root = body['type']
  if (typeof root !== 'string') throw notAType(json)
  const numbers = Object.fromEntries(['length', 'precision', 'scale', 'fractionalPrecision'].filter((name) => body[name] !== undefined).map((name) => [name, Number(String(body[name]))]))
  return {
    root,
    nullable: body['nullable'] !== false,
    ...numbers,
    ...(typeof body['resolution'] === 'string' ? { resolution: body['resolution'] } : {}),
    ...(body['elementType'] === undefined ? {} : { element: readLogicalType(body['elementType']) }),
    ...(body['keyType'] === undefined ? {} : { key: readLogicalType(body['keyType']) }),
    ...(body['valueType'] === undefined ? {} : { value: readLogicalType(body['valueType']) }),
    ...(Array.isArray(body['fields']) ? { fields: body['fields'].map(readField) } : {}),
  }
}

function readField(json: unknown): { name: string; type: LogicalType } {
  const body = asObject(json)
  if (typeof body['name'] !== 'string') throw notAType(json)
  return { name: body['name'], type: readLogicalType(body['fieldType']) }
}

function asObject(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw notAType(json)
  return json as Readonly<Record<string, unknown>>
}

function notAType(json: unknown): StationError {
  return new StationError('GATEWAY_PROTOCOL', `the gateway described a column by ${String(JSON.stringify(json)).slice(0, 80)}`)
}

/** SQL text of a type: `DECIMAL(38, 10) NOT NULL`, `ROW<id INT, name STRING>`. */
export function formatLogicalType(type: LogicalType): string {
  return type.nullable || type.root === 'NULL' ? formatBare(type) : `${formatBare(type)} NOT NULL`
}

function formatBare(type: LogicalType): string {
  const { root, length, precision } = type
  switch (root) {
    case 'VARCHAR':
      return length === maximumLength ? 'STRING' : `VARCHAR(${length ?? 1})`
    case 'VARBINARY':
      return length === maximumLength ? 'BYTES' : `VARBINARY(${length ?? 1})`
    case 'CHAR':
    case 'BINARY':
      return `${root}(${length ?? 1})`
    case 'INTEGER':
      return 'INT'
    case 'DECIMAL':
      return `DECIMAL(${precision ?? 10}, ${type.scale ?? 0})`
    case 'TIME_WITHOUT_TIME_ZONE':
      return `TIME(${precision ?? 0})`
    case 'TIMESTAMP_WITHOUT_TIME_ZONE':
      return `TIMESTAMP(${precision ?? 6})`
    case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
      return `TIMESTAMP_LTZ(${precision ?? 6})`
    case 'INTERVAL_YEAR_MONTH':
      return 'INTERVAL YEAR TO MONTH'
    case 'INTERVAL_DAY_TIME':
      return `INTERVAL DAY TO SECOND(${type.fractionalPrecision ?? 6})`
    case 'ARRAY':
    case 'MULTISET':
      return `${root}<${formatInner(type.element)}>`
    case 'MAP':
      return `MAP<${formatInner(type.key)}, ${formatInner(type.value)}>`
    case 'ROW':
      return `ROW<${(type.fields ?? []).map((field) => `\`${field.name.replaceAll('`', '``')}\` ${formatLogicalType(field.type)}`).join(', ')}>`
    default:
      return root
  }
}

function formatInner(type: LogicalType | undefined): string {
  return type === undefined ? 'NULL' : formatLogicalType(type)
}
