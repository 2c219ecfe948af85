import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitBatches } from '../../../src/stores/kafka/produce.ts'
import type { KafkaRecord } from '../../../src/stores/kafka/records.ts'

test('batches hold all records in order and never more than their number or size allow', () => {
  const record = fc.record({ key: fc.option(fc.string({ maxLength: 20 })), value: fc.integer({ min: 0, max: 400_000 }).map((length) => 'x'.repeat(length)) })
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (records, batchSize) => {
      const batches = splitBatches(records, batchSize)
      expect(batches.flat()).toEqual(records)
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0)
        expect(batch.length).toBeLessThanOrEqual(batchSize)
        if (batch.length > 1) expect(batch.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)).toBeLessThan(1_048_576)
      }
    }),
    { numRuns: 100 },
  )
})

test('the size of a record counts bytes, not characters, and its headers too', () => {
  const wide: KafkaRecord = { key: null, value: '停'.repeat(200_000) }
  const headed: KafkaRecord = { key: null, value: null, headers: { trace: Buffer.alloc(600_000) } }
  expect(splitBatches([wide, wide], 10)).toHaveLength(2)
  expect(splitBatches([headed, headed], 10)).toHaveLength(2)
})

test('no records make no batch', () => {
  expect(splitBatches([], 10)).toEqual([])
})
