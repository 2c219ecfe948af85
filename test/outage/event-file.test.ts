import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StationError } from '../../src/core/errors.ts'
import { readEventFile } from '../../src/outage/event-file.ts'
import { createEventFormatter, type EventRecord } from '../../src/records/event.ts'

const startMs = Date.UTC(2026, 2, 5, 2)
const format = createEventFormatter()
const line = (id: string, atMs: number): string =>
  format({ eventId: id, deviceKind: 'METER', deviceId: 'M1', areaId: 'A1', feederId: 'F1', kind: 'OFF', occurredAtMs: startMs, endedAtMs: null, receivedAtMs: startMs + atMs, normal: null, valid: null, source: null })

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'events-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function write(name: string, text: string | Buffer): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, text)
  return file
}

async function readAll(file: string): Promise<EventRecord[]> {
  const events: EventRecord[] = []
  for await (const batch of readEventFile(file)) events.push(...batch)
  return events
}

async function failure(file: string): Promise<StationError> {
  return readAll(file).then(() => { throw new Error('the file was accepted') }, (error: unknown) => error as StationError)
}

describe('the file of events', () => {
  it('is sorted when lines are up to two seconds out of order, equal instants in the order of the file', async () => {
    const file = await write('two.ndjson', [line('a', 5_000), line('b', 3_000), line('c', 5_000), line('d', 4_000)].join('\n') + '\n')
    expect((await readAll(file)).map((event) => event.eventId)).toEqual(['b', 'd', 'a', 'c'])
  })

  it('is refused when a line is more than two seconds behind, naming the line', async () => {
    const error = await failure(await write('late.ndjson', [line('a', 5_000), line('b', 2_999)].join('\n') + '\n'))
    expect(error.code).toBe('INPUT_INVALID')
    expect(error.exitCode).toBe(2)
    expect(error.where).toMatchObject({ line: 2 })
    expect(error.problems[0]?.message).toContain('2.001 s before that of line 1')
  })

  it('reports all bad lines at once', async () => {
    const error = await failure(await write('bad.ndjson', [line('a', 0), 'x', line('b', 1).replace('"OFF"', '"GONE"'), line('c', 2).slice(0, 60)].join('\n')))
    expect(error.problems.map((problem) => problem.where?.line)).toEqual([2, 3, 4])
    expect(error.problems[2]?.message).toContain('truncated')
  })

  it('is read over many chunks in exact order', async () => {
    const shuffled = Array.from({ length: 20_000 }, (_, index) => index * 10 + ((index * 7_919) % 1_900))
    const file = await write('many.ndjson', shuffled.map((atMs, index) => line(`e${index}`, atMs)).join('\n') + '\n')
    const instants = (await readAll(file)).map((event) => event.receivedAtMs)
    expect(instants).toEqual([...instants].sort((left, right) => left - right))
    expect(instants).toHaveLength(20_000)
  })

  it('names a gzip file that was cut short', async () => {
    const packed = gzipSync(`${line('a', 0)}\n${line('b', 1)}\n`)
    expect(await readAll(await write('whole.ndjson.gz', packed))).toHaveLength(2)
    expect((await failure(await write('cut.ndjson.gz', packed.subarray(0, packed.length - 12)))).message).toContain('not a complete gzip file')
  })

  it('says that a file does not exist', async () => {
    expect((await failure(path.join(folder, 'none.ndjson'))).code).toBe('FILE_MISSING')
  })
})
