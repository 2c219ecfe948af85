import type { SparkField, SparkType } from '../spark-type.ts'
import type { ColumnDescription, PrimitiveEntry } from './hive-protocol.ts'

/** TTypeId of TCLIService.thrift, in order from 0. Types that a command's result never has, or only as text, read as string. */
const typeIds: readonly SparkType[] = [
  { kind: 'boolean' },
  { kind: 'tinyint' },
  { kind: 'smallint' },
  { kind: 'int' },
  { kind: 'bigint' },
  { kind: 'float' },
  { kind: 'double' },
  { kind: 'string' },
  { kind: 'string' }, // timestamp: only queries are described, and only those tell an instant exactly
  { kind: 'binary' },
  { kind: 'string' }, // array
  { kind: 'string' }, // map
  { kind: 'string' }, // struct
  { kind: 'string' }, // union
  { kind: 'string' }, // user defined
  { kind: 'decimal', precision: 10, scale: 0 },
  { kind: 'void' },
  { kind: 'date' },
  { kind: 'string' }, // varchar
  { kind: 'string' }, // char
  { kind: 'yearMonth', unit: 'year to month' },
  { kind: 'dayTime', unit: 'day to second' },
]

/** Columns of a command's result (SHOW, SET, EXPLAIN), which cannot be described as a query can. */
export function readThriftFields(columns: readonly ColumnDescription[]): SparkField[] {
  return columns.map((column) => ({ name: column.columnName, type: readEntry(column.typeDesc.types[0]?.primitiveEntry) }))
}

function readEntry(entry: PrimitiveEntry | null | undefined): SparkType {
  const type = typeIds[entry?.type ?? -1] ?? { kind: 'string' }
  if (type.kind !== 'decimal') return type
  const qualifier = (name: string, otherwise: number): number => entry?.typeQualifiers?.qualifiers?.[name]?.i32Value ?? otherwise
  return { kind: 'decimal', precision: qualifier('precision', 10), scale: qualifier('scale', 0) }
}
