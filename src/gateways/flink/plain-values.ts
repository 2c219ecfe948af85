import { StationError } from '../../core/errors.ts'
import { zoneOffsetMs } from '../../core/time.ts'
import type { LogicalType } from './logical-type.ts'
import { AmbiguousValue, decodeScalar, type FlinkValue } from './values.ts'

/*
  rowFormat=PLAIN_TEXT is what CAST(… AS STRING) prints: TRUE, x'00ff', [a, b], {k=v, k=v}, (a, b), NULL inside nested values, wall clocks of the statement's zone.
  It is read where JSON has no form (maps whose keys are no text). Text inside nested values is not quoted, so that some values allow
  two readings: those are refused, never guessed.
*/

/** Steps of reading one value before it counts as not readable. */
const maximumSteps = 200_000

interface Reading {
  readonly text: string
  readonly zone: string
  steps: number
}

type Outcome = readonly [value: FlinkValue, end: number]

/** Decodes a field of `rowFormat=PLAIN_TEXT`. Throws AmbiguousValue when its text has two readings, GATEWAY_PROTOCOL when it has none. */
export function decodePlainValue(type: LogicalType, text: string | null, zone: string): FlinkValue {
  if (text === null) return null
  if (type.root === 'CHAR' || type.root === 'VARCHAR') return text
  const reading: Reading = { text, zone, steps: 0 }
  let found: Outcome | undefined
  for (const outcome of read(type, 0, reading)) {
    if (outcome[1] !== text.length) continue
    if (found !== undefined) throw new AmbiguousValue('the text of a nested value has two readings')
    found = outcome
  }
  if (found === undefined) throw new StationError('GATEWAY_PROTOCOL', `the gateway gave ${text.slice(0, 80)} for a value of type ${type.root}`)
  return found[0]
}

/** Every way to read a value of a type at an offset. */
function* read(type: LogicalType, at: number, reading: Reading): Generator<Outcome> {
  if (++reading.steps > maximumSteps) throw new AmbiguousValue('the text of a nested value is too involved')
  switch (type.root) {
    case 'ARRAY':
      for (const [items, end] of readList([type.element!], '[', ']', at, reading, true)) yield [items, end]
      return
    case 'ROW':
      for (const [items, end] of readList((type.fields ?? []).map((field) => field.type), '(', ')', at, reading, false)) {
        yield [Object.fromEntries((type.fields ?? []).map((field, index) => [field.name, items[index]!])), end]
      }
      return
    case 'MAP':
      yield* readMap(type.key!, type.value!, at, reading)
      return
    case 'MULTISET':
      yield* readMap(type.element!, { root: 'INTEGER', nullable: false }, at, reading)
      return
    case 'CHAR':
    case 'VARCHAR':
      yield* readText(at, reading)
      return
    default:
      yield* readScalar(type, at, reading)
  }
}

function* readElement(type: LogicalType, at: number, reading: Reading): Generator<Outcome> {
  if (type.nullable && reading.text.startsWith('NULL', at)) yield [null, at + 4]
  yield* read(type, at, reading)
}

function* readList(types: readonly LogicalType[], open: string, close: string, at: number, reading: Reading, repeated: boolean): Generator<readonly [readonly FlinkValue[], number]> {
  if (reading.text[at] !== open) return
  if (reading.text[at + 1] === close && (repeated || types.length === 0)) yield [[], at + 2]
  function* rest(items: readonly FlinkValue[], from: number): Generator<readonly [readonly FlinkValue[], number]> {
    const type = repeated ? types[0]! : types[items.length]
    if (type === undefined) return
    for (const [value, end] of readElement(type, from, reading)) {
      const now = [...items, value]
      if (reading.text[end] === close && (repeated || now.length === types.length)) yield [now, end + 1]
      if (reading.text.startsWith(', ', end)) yield* rest(now, end + 2)
    }
  }
  yield* rest([], at + 1)
}

function* readMap(key: LogicalType, value: LogicalType, at: number, reading: Reading): Generator<Outcome> {
  if (reading.text[at] !== '{') return
  if (reading.text[at + 1] === '}') yield [new Map(), at + 2]
  function* rest(entries: readonly (readonly [FlinkValue, FlinkValue])[], from: number): Generator<Outcome> {
    for (const [name, nameEnd] of readElement(key, from, reading)) {
      if (reading.text[nameEnd] !== '=') continue
      for (const [item, end] of readElement(value, nameEnd + 1, reading)) {
        const now = [...entries, [name, item] as const]
        if (reading.text[end] === '}') yield [new Map(now), end + 1]
        if (reading.text.startsWith(', ', end)) yield* rest(now, end + 2)
      }
    }
  }
  yield* rest([], at + 1)
}

/** Text ends anywhere before something that may follow it. */
function* readText(at: number, reading: Reading): Generator<Outcome> {
  const { text } = reading
  for (let end = at; end <= text.length; end++) {
    if (++reading.steps > maximumSteps) throw new AmbiguousValue('the text of a nested value is too involved')
    if (end === text.length || text.startsWith(', ', end) || ']})='.includes(text[end]!)) yield [text.slice(at, end), end]
  }
}

const forms: Readonly<Record<string, RegExp>> = {
  BOOLEAN: /TRUE|FALSE/y,
  TINYINT: /-?\d+/y,
  SMALLINT: /-?\d+/y,
  INTEGER: /-?\d+/y,
  BIGINT: /-?\d+/y,
  DECIMAL: /-?\d+(?:\.\d+)?/y,
  FLOAT: /NaN|-?Infinity|-?\d+(?:\.\d+)?(?:E-?\d+)?/y,
  DOUBLE: /NaN|-?Infinity|-?\d+(?:\.\d+)?(?:E-?\d+)?/y,
  BINARY: /x'[0-9a-f]*'/y,
  VARBINARY: /x'[0-9a-f]*'/y,
  DATE: /[+-]?\d{4,}-\d\d-\d\d/y,
  TIME_WITHOUT_TIME_ZONE: /\d\d:\d\d:\d\d(?:\.\d+)?/y,
  TIMESTAMP_WITHOUT_TIME_ZONE: /[+-]?\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?/y,
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: /[+-]?\d{4,}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?/y,
  INTERVAL_YEAR_MONTH: /([+-])(\d+)-(\d\d)/y,
  INTERVAL_DAY_TIME: /([+-])(\d+) (\d\d):(\d\d):(\d\d)\.(\d{3})/y,
}

function* readScalar(type: LogicalType, at: number, reading: Reading): Generator<Outcome> {
  const form = forms[type.root]
  if (form === undefined) {
    // a type without a form of its own (VARIANT, …) is its text
    yield* readText(at, reading)
    return
  }
  form.lastIndex = at
  const match = form.exec(reading.text)
  if (match !== null) yield [scalarValue(type, match, reading.zone), at + match[0].length]
}

function scalarValue(type: LogicalType, match: RegExpExecArray, zone: string): FlinkValue {
  const text = match[0]
  switch (type.root) {
    case 'BOOLEAN':
      return text === 'TRUE'
    case 'BINARY':
    case 'VARBINARY':
      return new Uint8Array(Buffer.from(text.slice(2, -1), 'hex'))
    case 'INTERVAL_YEAR_MONTH':
      return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 12 + Number(match[3]))
    case 'INTERVAL_DAY_TIME': {
      const [days, hours, minutes, seconds, milliseconds] = match.slice(2).map((part) => BigInt(part)) as [bigint, bigint, bigint, bigint, bigint]
      const length = (((days * 24n + hours) * 60n + minutes) * 60n + seconds) * 1_000n + milliseconds
      return match[1] === '-' ? -length : length
    }
    case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
      return decodeScalar(type, instantOfWallClock(text, zone))
    default:
      return decodeScalar(type, text)
  }
}

/** An instant in UTC from a wall clock. Throws AmbiguousValue in the hour that a change to winter time repeats. */
export function instantOfWallClock(text: string, zone: string): string {
  const [whole, fraction] = text.replace(' ', 'T').split('.') as [string, string?]
  const localMs = Date.parse(`${whole}Z`)
  if (Number.isNaN(localMs)) throw new StationError('GATEWAY_PROTOCOL', `the gateway gave ${text.slice(0, 40)} for an instant`)
  const offsets = new Set([localMs - 86_400_000, localMs, localMs + 86_400_000].map((instantMs) => zoneOffsetMs(instantMs, zone)))
  const instants = [...offsets].map((offsetMs) => localMs - offsetMs).filter((instantMs) => instantMs + zoneOffsetMs(instantMs, zone) === localMs)
  if (instants.length !== 1) throw new AmbiguousValue(`${text} happens twice in ${zone}`)
  return `${new Date(instants[0]!).toISOString().slice(0, -5)}${fraction === undefined ? '' : `.${fraction}`}Z`
}
