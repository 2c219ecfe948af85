import { intervalType, stringType, type SparkField, type SparkType } from '../spark-type.ts'

/** `spark.connect.DataType` as the .proto loader gives it: `kind` names the member that is set; values of 0 and "" may be absent. */
export interface ConnectDataType {
  readonly kind?: string
  readonly string?: { readonly collation?: string }
  readonly decimal?: { readonly precision?: number; readonly scale?: number }
  readonly time?: { readonly precision?: number }
  readonly yearMonthInterval?: { readonly startField?: number; readonly endField?: number }
  readonly dayTimeInterval?: { readonly startField?: number; readonly endField?: number }
  readonly array?: { readonly elementType?: ConnectDataType }
  readonly map?: { readonly keyType?: ConnectDataType; readonly valueType?: ConnectDataType }
  readonly struct?: { readonly fields?: readonly { readonly name?: string; readonly dataType?: ConnectDataType }[] }
  readonly udt?: { readonly sqlType?: ConnectDataType }
}

const plainKinds: Readonly<Record<string, SparkType>> = {
  null: { kind: 'void' },
  boolean: { kind: 'boolean' },
  byte: { kind: 'tinyint' },
  short: { kind: 'smallint' },
  integer: { kind: 'int' },
  long: { kind: 'bigint' },
  float: { kind: 'float' },
  double: { kind: 'double' },
  char: { kind: 'string' },
  varChar: { kind: 'string' },
  binary: { kind: 'binary' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp' },
  timestampNtz: { kind: 'timestamp_ntz' },
  calendarInterval: { kind: 'interval' },
  variant: { kind: 'variant' },
}

const yearMonthUnits = ['year', 'month']
const dayTimeUnits = ['day', 'hour', 'minute', 'second']

export function readConnectType(type: ConnectDataType | undefined): SparkType {
  const kind = type?.kind ?? ''
  const plain = plainKinds[kind]
  if (plain !== undefined) return plain
  switch (kind) {
    case 'string':
      return stringType(type?.string?.collation)
    case 'decimal':
      return { kind: 'decimal', precision: type?.decimal?.precision ?? 10, scale: type?.decimal?.scale ?? 0 }
    case 'time':
      return { kind: 'time', precision: type?.time?.precision ?? 6 }
    case 'yearMonthInterval':
      return interval(yearMonthUnits, type?.yearMonthInterval)
    case 'dayTimeInterval':
      return interval(dayTimeUnits, type?.dayTimeInterval)
    case 'array':
      return { kind: 'array', element: readConnectType(type?.array?.elementType) }
    case 'map':
      return { kind: 'map', key: readConnectType(type?.map?.keyType), value: readConnectType(type?.map?.valueType) }
    case 'struct':
      return { kind: 'struct', fields: readConnectFields(type) }
    case 'udt':
      return type?.udt?.sqlType === undefined ? { kind: 'other', text: 'udt' } : readConnectType(type.udt.sqlType)
    default:
      return { kind: 'other', text: kind === '' ? 'unknown' : kind }
  }
}

export function readConnectFields(type: ConnectDataType | undefined): SparkField[] {
  return (type?.struct?.fields ?? []).map((field) => ({ name: field.name ?? '', type: readConnectType(field.dataType) }))
}

function interval(units: readonly string[], bounds: { readonly startField?: number; readonly endField?: number } | undefined): SparkType {
  const first = units[bounds?.startField ?? 0] ?? units[0] ?? ''
  return intervalType(first, units[bounds?.endField ?? units.length - 1] ?? first)
}
