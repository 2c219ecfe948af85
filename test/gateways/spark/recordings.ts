import { readFileSync } from 'node:fs'
import type { ConnectDataType } from '../../../src/gateways/spark/connect/connect-schema.ts'
import type { ThriftColumn } from '../../../src/gateways/spark/thrift/hive-protocol.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../fixtures/spark/${name}`, import.meta.url), 'utf8'))

export const connectRecording = read('connect-types.json') as { schema: ConnectDataType; arrow: string }
export const errorRecording = (read('errors.json') as { errors: { transport: string; sql: string; text: string }[] }).errors

const thrift = read('thrift-types.json') as { described: { name: string; type: string }[]; columns: Record<string, { values: unknown[]; nulls: string }>[] }
export const thriftDescription = thrift.described

/** Columns in the form that hive-driver gives: 64-bit integers as bytes inside a larger buffer, binary as bytes. */
export const thriftColumns: ThriftColumn[] = thrift.columns.map((column) =>
  Object.fromEntries(Object.entries(column).map(([part, { values, nulls }]) => [part, { values: values.map((value) => revive(part, value)), nulls: Buffer.from(nulls, 'hex') }])),
)

function revive(part: string, value: unknown): unknown {
  if (part === 'i64Val') return { buffer: Buffer.concat([Buffer.of(7), Buffer.from(String(value), 'hex')]), offset: 1 }
  if (part === 'binaryVal') return Buffer.from(String(value), 'hex')
  return typeof value === 'object' && value !== null && 'number' in value ? Number(value.number) : value
}
