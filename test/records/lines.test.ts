import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from '../../src/core/time.ts'
import { createCallRequestFormatter, formatCallAnswer, parseCallAnswerLine, parseCallRequestLine } from '../../src/records/call.ts'
import { createEventFormatter, eventLineSchema, formatEventValue, parseEventLine } from '../../src/records/event.ts'
import { createInstantFormatter, parseInstantFast } from '../../src/records/instants.ts'
import { createOutageFormatter, parseOutageLine, parseOutageValue } from '../../src/records/outage.ts'
import { createTruthFormatter, parseTruthLine } from '../../src/records/truth.ts'

const eventLine =
  '{"eventId":"e-000001","deviceKind":"METER","deviceId":"M00012","areaId":"A0003","feederId":"F001","kind":"OFF","occurredAt":"2026-03-05T10:00:03.000+08:00","endedAt":null,"receivedAt":"2026-03-05T10:00:41.220+08:00","normal":null,"valid":null,"source":"dlt698"}'
const outageLine =
  '{"outageId":"o-1","version":3,"state":"CONFIRMED","nodeId":"B00071","level":"BOX","phase":null,"feederId":"F001","areaId":"A0003","startAt":"2026-03-05T10:00:03.000+08:00","confirmedAt":"2026-03-05T10:01:03.000+08:00","restoredAt":null,"affectedUsers":5,"probability":0.987,"evidence":{"off":5,"expected":6,"alive":0,"terminalOff":false,"pings":0},"decidedAt":"2026-03-05T10:01:03.000+08:00","topologyVersion":17}'
const truthLine = '{"faultId":"g-1","kind":"FAULT","nodeId":"B00071","level":"BOX","phase":"AB","startAt":"2026-03-05T10:00:00.000+08:00","endAt":"2026-03-05T11:00:00.000+08:00"}'

describe('instants', () => {
  it('are read and written as by the slow way, in any zone', () => {
    const anyInstant = fc.integer({ min: -1_000_000_000_000, max: 4_000_000_000_000 })
    fc.assert(
      fc.property(anyInstant, fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'UTC'), (instantMs, zone) => {
        const text = createInstantFormatter(zone)(instantMs)
        expect(text).toBe(formatInstant(instantMs, zone))
        expect(parseInstantFast(text)).toBe(instantMs)
      }),
    )
  })

  it('that are none are refused as by the slow way', () => {
    const digits = '2026-03-05T10:00:03.000+08:00'
    fc.assert(
      fc.property(fc.nat(digits.length - 1), fc.constantFrom(...'0123456789:-+TZ. x'), (at, char) => {
        const text = digits.slice(0, at) + char + digits.slice(at + 1)
        expect(parseInstantFast(text)).toBe(parseInstant(text))
      }),
      { numRuns: 500 },
    )
  })
})

describe('lines of events', () => {
  it('are written as they were read', () => {
    const read = parseEventLine(eventLine)
    expect(read.ok && createEventFormatter()(read.value)).toBe(eventLine)
  })

  it('are read as they were written, whatever letters their identifiers have', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'M', '0', '"', '\\', '\n', '\u0001', '\u007f', '台', '\ud83d'), minLength: 1, maxLength: 6 })
    const read = parseEventLine(eventLine)
    if (!read.ok) throw new Error('not read')
    fc.assert(fc.property(id, id, fc.option(id), (eventId, deviceId, areaId) => {
      const event = { ...read.value, eventId, deviceId, areaId }
      expect(parseEventLine(createEventFormatter()(event))).toEqual({ ok: true, value: event })
    }))
  })

  it('may lack what may be null, and hold more than we know', () => {
    expect(parseEventLine('{"eventId":"1","deviceKind":"TERMINAL","deviceId":"T","kind":"ON","receivedAt":"2026-03-05T10:00:41Z","normal":true,"more":[1]}')).toMatchObject({ ok: true, value: { occurredAtMs: null, areaId: null, normal: true, receivedAtMs: Date.parse('2026-03-05T10:00:41Z') } })
  })

  it('with an impossible date of a confused clock have an unknown time', () => {
    expect(parseEventLine(eventLine.replace('2026-03-05T10:00:03', '2000-00-00T00:00:00'))).toMatchObject({ ok: true, value: { occurredAtMs: null } })
    expect(parseEventLine(eventLine.replace('2026-03-05T10:00:03', '2000-01-01T00:00:00'))).toMatchObject({ ok: true, value: { occurredAtMs: Date.parse('2000-01-01T00:00:00+08:00') } })
  })

  it.each([
    ['an unknown kind', eventLine.replace('"OFF"', '"GONE"'), 'kind:'],
    ['a received time without offset', eventLine.replace('41.220+08:00', '41.220'), 'receivedAt:'],
    ['a time that is no time', eventLine.replace('2026-03-05T10:00:03.000+08:00', 'yesterday'), 'occurredAt:'],
    ['a number as id', eventLine.replace('"M00012"', '12'), 'deviceId:'],
    ['no id', eventLine.replace('"eventId":"e-000001",', ''), 'eventId:'],
    ['a flag as text', eventLine.replace('"normal":null', '"normal":"1"'), 'normal:'],
    ['half a line', eventLine.slice(0, 80), 'truncated'],
    ['a list', '[1]', 'not a JSON object'],
  ])('with %s are refused by name', (_, line, expected) => {
    const read = parseEventLine(line)
    expect(read.ok ? 'accepted' : read.problems.join()).toContain(expected)
  })

  it('are accepted exactly when the schema accepts them', () => {
    const values = fc.constantFrom<unknown>('x', '', 1, null, true, '2026-03-05T10:00:03.000+08:00', '2000-00-00T00:00:00+08:00', 'OFF', 'METER', undefined)
    const names = ['eventId', 'deviceKind', 'deviceId', 'areaId', 'feederId', 'kind', 'occurredAt', 'endedAt', 'receivedAt', 'normal', 'valid', 'source']
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...names), values, values, (one, two, first, second) => {
        const object = { ...(JSON.parse(eventLine) as object), [one]: first, [two]: second }
        expect(parseEventLine(JSON.stringify(object)).ok).toBe(eventLineSchema.safeParse(JSON.parse(JSON.stringify(object))).success)
      }),
      { numRuns: 2_000 },
    )
  })

  it('become topic values with epoch milliseconds and the place of the device', () => {
    const read = parseEventLine(eventLine)
    if (!read.ok) throw new Error('not read')
    const value = JSON.parse(formatEventValue({ ...read.value, branchId: null, lineId: 'L"1', boxId: 'B1', phase: 'A', topologyVersion: 17 })) as unknown
    expect(value).toEqual({
      eventId: 'e-000001', deviceKind: 'METER', deviceId: 'M00012', areaId: 'A0003', feederId: 'F001', branchId: null, lineId: 'L"1', boxId: 'B1', phase: 'A', kind: 'OFF',
      occurredAtMs: Date.parse('2026-03-05T10:00:03+08:00'), endedAtMs: null, receivedAtMs: Date.parse('2026-03-05T10:00:41.220+08:00'), normal: null, valid: null, source: 'dlt698', topologyVersion: 17,
    })
  })
})

describe('lines of outages, truth and calls', () => {
  it('are written as they were read', () => {
    const outage = parseOutageLine(outageLine)
    expect(outage.ok && createOutageFormatter()(outage.value)).toBe(outageLine)
    const truth = parseTruthLine(truthLine)
    expect(truth.ok && createTruthFormatter()(truth.value)).toBe(truthLine)
    const whole = { ...(JSON.parse(truthLine) as object), sameAs: ['M1'], nestedIn: 'g-0', darkSince: '2026-03-05T09:00:00.000+08:00', offInTime: 0, terminalOff: false }
    const nested = parseTruthLine(JSON.stringify(whole))
    expect(nested.ok && JSON.parse(createTruthFormatter()(nested.value))).toEqual(whole)
    const request = parseCallRequestLine('{"callId":"c1","deviceId":"M1","askedAt":"2026-03-05T10:00:03.000+08:00"}')
    expect(request.ok && createCallRequestFormatter()(request.value)).toBe('{"callId":"c1","deviceId":"M1","askedAt":"2026-03-05T10:00:03.000+08:00"}')
    const answer = parseCallAnswerLine('{"callId":"c1","kind":"PING_FAIL","delayMs":2500}')
    expect(answer.ok && formatCallAnswer(answer.value)).toBe('{"callId":"c1","kind":"PING_FAIL","delayMs":2500}')
  })

  it('read the topic value of an outage as its line', () => {
    const line = JSON.parse(outageLine) as Record<string, unknown>
    const value = Object.fromEntries(Object.entries(line).map(([name, entry]) => (name.endsWith('At') ? [`${name}Ms`, entry === null ? null : Date.parse(entry as string)] : [name, entry])))
    expect(parseOutageValue(JSON.stringify(value))).toEqual(parseOutageLine(outageLine))
  })

  it.each([
    ['an unknown state', () => parseOutageLine(outageLine.replace('CONFIRMED', 'SURE')), 'state:'],
    ['a phase out of order', () => parseOutageLine(outageLine.replace('"phase":null', '"phase":"BA"')), 'phase:'],
    ['an end before its start', () => parseTruthLine(truthLine.replace('T11:00', 'T09:00')), 'endAt:'],
    ['an unknown answer', () => parseCallAnswerLine('{"callId":"c1","kind":"MAYBE","delayMs":1}'), 'kind:'],
    ['a negative delay', () => parseCallAnswerLine('{"callId":"c1","kind":null,"delayMs":-1}'), 'delayMs:'],
  ])('refuse %s', (_, read, expected) => {
    const result = read()
    expect(result.ok ? 'accepted' : result.problems.join()).toContain(expected)
  })
})
