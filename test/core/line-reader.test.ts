import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLines } from '../../src/core/line-reader.ts'
import { writeLines } from '../../src/core/line-writer.ts'

async function linesOf(file: string, chunkBytes: number): Promise<{ readonly lines: string[]; readonly unfinished: boolean }> {
  const lines: string[] = []
  let unfinished = false
  for await (const batch of readLines(file, { chunkBytes })) {
    expect(batch.firstLine).toBe(lines.length + 1)
    lines.push(...batch.lines)
    unfinished = batch.unfinished
  }
  return { lines, unfinished }
}

it('reads the lines that were written, wherever a read ends, also inside a letter', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lines-'))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '台', '🜁', '') }), { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), async (lines, chunkBytes) => {
      const file = path.join(folder, 'lines.txt')
      expect(await writeLines(file, lines)).toBe(lines.length)
      expect(await linesOf(file, chunkBytes)).toEqual({ lines, unfinished: false })
    }),
    { numRuns: 100 },
  )
})

it('knows a last line without an end, CRLF and a byte-order mark', async () => {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'lines-')), 'lines.txt')
  await writeFile(file, '\uFEFFone\r\ntwo\r\n\r\nthr')
  expect(await linesOf(file, 4)).toEqual({ lines: ['one', 'two', '', 'thr'], unfinished: true })
})

it('takes a byte-order mark inside a file for a letter', async () => {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'lines-')), 'lines.txt')
  await writeFile(file, 'one\n\uFEFFtwo\n')
  for (const chunkBytes of [4, 5, 100]) expect((await linesOf(file, chunkBytes)).lines).toEqual(['one', '\uFEFFtwo'])
})

it('gives a written file its name only when it is complete', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lines-'))
  const file = path.join(folder, 'lines.txt')
  function* broken(): Generator<string> {
    yield 'one'
    throw new Error('in the middle')
  }
  await expect(writeLines(file, broken())).rejects.toThrow('in the middle')
  await expect(linesOf(file, 10)).rejects.toMatchObject({ code: 'FILE_MISSING' })
  await expect(linesOf(`${file}.part`, 10)).rejects.toMatchObject({ code: 'FILE_MISSING' })
})
