import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { meets, protocolOfFile, runVectors } from '../../src/protocols/vectors.ts'

const fixtures = path.join(import.meta.dirname, '../fixtures/protocols')
const files = readdirSync(fixtures).filter((name) => name.endsWith('.json'))

describe.each(files)('%s', (fileName) => {
  const results = runVectors({ fileName, text: readFileSync(path.join(fixtures, fileName), 'utf8') })
  test.each(results)('vector $id is met', ({ ok, actual }) => {
    expect(ok, JSON.stringify(actual)).toBe(true)
  })
})

describe('comparing a vector with what was decoded', () => {
  test.each([
    ['named fields must match, others are free', { a: 1 }, { a: 1, b: 2 }, true],
    ['a field that is not there does not match', { a: null }, {}, false],
    ['null equals only null', { a: null }, { a: 0 }, false],
    ['numbers agree within 1e-9', { a: 0.3 }, { a: 0.1 + 0.2 }, true],
    ['numbers further apart do not', { a: 0.3 }, { a: 0.300001 }, false],
    ['a number is not its text', { a: 1 }, { a: '1' }, false],
    ['arrays have the same length', { a: [1] }, { a: [1, 2] }, false],
    ['objects inside arrays may have more fields', { a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }] }, true],
    ['an array is no object', { a: {} }, { a: [] }, false],
    ['the reason is only for people', { valid: false, reason: 'x' }, { valid: false, reason: 'y' }, true],
  ])('%s', (_, expected, actual, ok) => {
    expect(meets(expected, actual)).toBe(ok)
  })

  test('what a vector expects does not change what is decoded', () => {
    const vector = { id: 'x', hex: '68610100000000681104333334331416' }
    const [first] = runVectors({ fileName: 'dlt645.json', text: JSON.stringify([{ ...vector, expect: { valid: true } }]) })
    const [second] = runVectors({ fileName: 'dlt645.json', text: JSON.stringify([{ ...vector, expect: { valid: false } }]) })
    expect(second?.actual).toEqual(first?.actual)
    expect([first?.ok, second?.ok]).toEqual([true, false])
  })

  test('a vector without hex gets its line and fails', () => {
    expect(runVectors({ fileName: 'dlt645.json', text: '[{"id":"a","expect":{"valid":true}}, {"id":"b","hex":"zz","expect":{"valid":false}}]' }).map(({ id, ok }) => [id, ok])).toEqual([['a', false], ['b', true]])
  })

  test('the protocol is the base name up to the first dash or dot, else it is detected', () => {
    expect(['dlt698-constructed.json', '/a/b.c/gdw1376.json', 'dlt645.x.json', 'unseen.json'].map(protocolOfFile)).toEqual(['dlt698', 'gdw1376', 'dlt645', null])
    const text = JSON.stringify([{ id: 'a', hex: '683200320068c900023412000271000001008516', expect: { valid: true, afn: 2 } }, { id: 'b', hex: '68610100000000681104333334331416', expect: { valid: true, di: '00010000' } }])
    expect(runVectors({ fileName: 'unseen.json', text }).every(({ ok }) => ok)).toBe(true)
  })

  test.each(['{', '{"a":1}'])('a file that holds %s is refused', (text) => {
    expect(() => runVectors({ fileName: 'x.json', text })).toThrow(/x\.json/)
  })
})
