import type { SparkValue } from '../../../src/gateways/spark/spark-session.ts'

export interface TypeCase {
  readonly sql: string
  /** Spark SQL type text that the column must show. */
  readonly type: string
  readonly value: SparkValue
}

const struct = (...fields: readonly (readonly [string, SparkValue])[]): SparkValue => ({ kind: 'struct', fields })
const map = (...entries: readonly (readonly [SparkValue, SparkValue])[]): SparkValue => ({ kind: 'map', entries })

/** Every SQL type at its edges, with the exact value that a session must give on both transports. */
export const typeTable: readonly TypeCase[] = [
  { sql: 'true', type: 'boolean', value: true },
  { sql: 'false', type: 'boolean', value: false },
  { sql: '-128Y', type: 'tinyint', value: -128 },
  { sql: '127Y', type: 'tinyint', value: 127 },
  { sql: '-32768S', type: 'smallint', value: -32768 },
  { sql: '32767S', type: 'smallint', value: 32767 },
  { sql: '-2147483648', type: 'int', value: -2147483648 },
  { sql: '2147483647', type: 'int', value: 2147483647 },
  { sql: '-9223372036854775808L', type: 'bigint', value: -9223372036854775808n },
  { sql: '9223372036854775807L', type: 'bigint', value: 9223372036854775807n },
  { sql: '9007199254740993L', type: 'bigint', value: 9007199254740993n },
  { sql: '0L', type: 'bigint', value: 0n },
  { sql: '0.1F', type: 'float', value: Math.fround(0.1) },
  { sql: '3.4028234663852886E38F', type: 'float', value: 3.4028234663852886e38 },
  { sql: 'float(\'NaN\')', type: 'float', value: Number.NaN },
  { sql: 'float(\'-Infinity\')', type: 'float', value: Number.NEGATIVE_INFINITY },
  { sql: '0.1D', type: 'double', value: 0.1 },
  { sql: '5e-324D', type: 'double', value: 5e-324 },
  { sql: '1.7976931348623157E308D', type: 'double', value: Number.MAX_VALUE },
  { sql: 'double(\'NaN\')', type: 'double', value: Number.NaN },
  { sql: 'double(\'Infinity\')', type: 'double', value: Number.POSITIVE_INFINITY },
  { sql: 'double(\'-0.0\')', type: 'double', value: -0 },
  { sql: 'CAST(\'12345678901234567890.123456789012345678\' AS DECIMAL(38,18))', type: 'decimal(38,18)', value: '12345678901234567890.123456789012345678' },
  { sql: 'CAST(\'-0.000000000000000001\' AS DECIMAL(38,18))', type: 'decimal(38,18)', value: '-0.000000000000000001' },
  { sql: 'CAST(\'99999999999999999999999999999999999999\' AS DECIMAL(38,0))', type: 'decimal(38,0)', value: '99999999999999999999999999999999999999' },
  { sql: 'CAST(1.5 AS DECIMAL(5,2))', type: 'decimal(5,2)', value: '1.50' },
  { sql: 'CAST(0 AS DECIMAL(10,9))', type: 'decimal(10,9)', value: '0.000000000' },
  { sql: '\'\'', type: 'string', value: '' },
  { sql: '\'ünï 😀 \\t"\\\\\\n\\\'zwei\\u2028\'', type: 'string', value: 'ünï 😀 \t"\\\n\'zwei\u2028' },
  { sql: 'CAST(\'x\' AS CHAR(3))', type: 'string', value: 'x' },
  { sql: 'CAST(\'abc\' AS STRING COLLATE UNICODE)', type: 'string collate UNICODE', value: 'abc' },
  { sql: 'array(CAST(\'a"c\' AS STRING COLLATE UNICODE))', type: 'array<string collate UNICODE>', value: ['a"c'] },
  { sql: 'X\'00FF80C328\'', type: 'binary', value: Uint8Array.of(0, 255, 128, 195, 40) },
  { sql: 'X\'\'', type: 'binary', value: new Uint8Array() },
  { sql: 'DATE\'0001-01-01\'', type: 'date', value: '0001-01-01' },
  { sql: 'DATE\'1582-10-10\'', type: 'date', value: '1582-10-10' },
  { sql: 'DATE\'1969-12-31\'', type: 'date', value: '1969-12-31' },
  { sql: 'DATE\'2024-02-29\'', type: 'date', value: '2024-02-29' },
  { sql: 'DATE\'9999-12-31\'', type: 'date', value: '9999-12-31' },
  { sql: 'TIMESTAMP\'2024-02-29 12:34:56.123456Z\'', type: 'timestamp', value: '2024-02-29T12:34:56.123456Z' },
  { sql: 'TIMESTAMP\'0001-01-01 00:00:00Z\'', type: 'timestamp', value: '0001-01-01T00:00:00.000000Z' },
  { sql: 'TIMESTAMP\'1969-12-31 23:59:59.999999Z\'', type: 'timestamp', value: '1969-12-31T23:59:59.999999Z' },
  { sql: 'TIMESTAMP\'9999-12-31 23:59:59.999999Z\'', type: 'timestamp', value: '9999-12-31T23:59:59.999999Z' },
  // one wall clock, two instants, at the end of summer time
  { sql: 'TIMESTAMP\'2024-10-27 00:30:00Z\'', type: 'timestamp', value: '2024-10-27T00:30:00.000000Z' },
  { sql: 'TIMESTAMP\'2024-10-27 01:30:00Z\'', type: 'timestamp', value: '2024-10-27T01:30:00.000000Z' },
  { sql: 'TIMESTAMP_NTZ\'2024-03-31 02:30:00.000001\'', type: 'timestamp_ntz', value: '2024-03-31T02:30:00.000001' },
  { sql: 'TIMESTAMP_NTZ\'0001-01-01 00:00:00\'', type: 'timestamp_ntz', value: '0001-01-01T00:00:00.000000' },
  { sql: 'INTERVAL \'2-3\' YEAR TO MONTH', type: 'interval year to month', value: '2-3' },
  { sql: 'INTERVAL \'-7\' MONTH', type: 'interval month', value: '-0-7' },
  { sql: 'INTERVAL \'10\' YEAR', type: 'interval year', value: '10-0' },
  { sql: 'INTERVAL \'1 02:03:04.000005\' DAY TO SECOND', type: 'interval day to second', value: '1 02:03:04.000005' },
  { sql: 'INTERVAL \'-26\' HOUR', type: 'interval hour', value: '-1 02:00:00.000000' },
  { sql: 'make_interval(1, -2, 0, 4, 5, -6, 7.5)', type: 'interval', value: '10 months 4 days 4 hours 54 minutes 7.5 seconds' },
  { sql: 'NULL', type: 'void', value: null },
  { sql: 'array()', type: 'array<void>', value: [] },
  { sql: 'array(NULL)', type: 'array<void>', value: [null] },
  { sql: 'array(1, NULL, 3)', type: 'array<int>', value: [1, null, 3] },
  { sql: 'array(9007199254740993L, NULL)', type: 'array<bigint>', value: [9007199254740993n, null] },
  { sql: 'array(array(\'a,b\', \'c"d\', NULL), NULL, array())', type: 'array<array<string>>', value: [['a,b', 'c"d', null], null, []] },
  { sql: 'array(double(\'NaN\'), -0.0D, 0.1D)', type: 'array<double>', value: [Number.NaN, -0, 0.1] },
  { sql: 'array(0.1F, float(\'Infinity\'))', type: 'array<float>', value: [Math.fround(0.1), Number.POSITIVE_INFINITY] },
  { sql: 'array(X\'00FF\', X\'\', NULL)', type: 'array<binary>', value: [Uint8Array.of(0, 255), new Uint8Array(), null] },
  { sql: 'array(CAST(1.10 AS DECIMAL(38,18)))', type: 'array<decimal(38,18)>', value: ['1.100000000000000000'] },
  { sql: 'array(DATE\'0001-01-01\', NULL)', type: 'array<date>', value: ['0001-01-01', null] },
  { sql: 'array(TIMESTAMP\'2024-10-27 01:30:00.5Z\')', type: 'array<timestamp>', value: ['2024-10-27T01:30:00.500000Z'] },
  { sql: 'array(TIMESTAMP_NTZ\'2024-10-27 02:30:00\')', type: 'array<timestamp_ntz>', value: ['2024-10-27T02:30:00.000000'] },
  { sql: 'array(INTERVAL \'-3:4\' MINUTE TO SECOND)', type: 'array<interval minute to second>', value: ['-0 00:03:04.000000'] },
  { sql: 'array(INTERVAL \'2\' YEAR)', type: 'array<interval year>', value: ['2-0'] },
  { sql: 'map()', type: 'map<void,void>', value: map() },
  { sql: 'map(\'b\', 1, \'a\', NULL)', type: 'map<string,int>', value: map(['b', 1], ['a', null]) },
  { sql: 'map(1Y, \'x\', 2Y, \'y\')', type: 'map<tinyint,string>', value: map([1, 'x'], [2, 'y']) },
  { sql: 'map(struct(1 AS a), array(map(DATE\'2024-01-01\', true)))', type: 'map<struct<a:int>,array<map<date,boolean>>>', value: map([struct(['a', 1]), [map(['2024-01-01', true])]]) },
  { sql: 'named_struct(\'x\', 1, \'x\', \'b\')', type: 'struct<x:int,x:string>', value: struct(['x', 1], ['x', 'b']) },
  {
    sql: 'named_struct(\'n\', NULL, \'i\', named_struct(\'l\', 9007199254740993L, \'b\', CAST(NULL AS BOOLEAN)), \'s\', CAST(NULL AS STRUCT<a: INT>))',
    type: 'struct<n:void,i:struct<l:bigint,b:boolean>,s:struct<a:int>>',
    value: struct(['n', null], ['i', struct(['l', 9007199254740993n], ['b', null])], ['s', null]),
  },
  { sql: 'array(named_struct(\'a\', 1), NULL)', type: 'array<struct<a:int>>', value: [struct(['a', 1]), null] },
]

/** Each type once more as NULL. */
export const nullTable: readonly TypeCase[] = [
  'boolean', 'tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal(38,18)', 'string', 'binary', 'date', 'timestamp', 'timestamp_ntz',
  'interval year to month', 'interval day to second', 'interval', 'array<int>', 'map<string,bigint>', 'struct<a:int,b:array<string>>',
].map((type) => ({ sql: `CAST(NULL AS ${type})`, type, value: null }))

export const everyCase: readonly TypeCase[] = [...typeTable, ...nullTable]
