import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readLines } from '../../../src/core/line-reader.ts'
import { createLineWriter } from '../../../src/core/line-writer.ts'

const tables = ['feeder', 'branch', 'area', 'line', 'box', 'terminal', 'user', 'meter', 'rated', 'membership', 'contract', 'application', 'planned', 'controlled']

/** Joins simulations on disjoint grids (ids prefixed) into one grid, one stream of events in order of arrival, one truth. */
export async function poolSimulations(directories: readonly string[], out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  for (const table of tables) {
    const target = path.join(out, `${table}.csv`)
    for (const [index, directory] of directories.entries()) {
      const text = await readFile(path.join(directory, `${table}.csv`), 'utf8')
      if (index === 0) await writeFile(target, text)
      else await appendFile(target, text.slice(text.indexOf('\n') + 1))
    }
  }
  const truth: string[] = []
  for (const directory of directories) {
    const prefix = `${path.basename(directory)}-`
    const text = await readFile(path.join(directory, 'truth.ndjson'), 'utf8')
    truth.push(text.replaceAll(/"(faultId|nestedIn)":"/g, `"$1":"${prefix}`))
  }
  await writeFile(path.join(out, 'truth.ndjson'), truth.join(''))
  const writer = await createLineWriter(path.join(out, 'events.ndjson'))
  const sources = await Promise.all(directories.map((directory) => Cursor.open(path.join(directory, 'events.ndjson'))))
  for (;;) {
    let first: Cursor | undefined
    for (const source of sources) if (source.at !== null && (first?.at == null || source.at < first.at)) first = source
    if (first === undefined) break
    const wait = writer.write(first.line)
    if (wait !== undefined) await wait
    await first.next()
  }
  await writer.close()
}

class Cursor {
  line = ''
  /** Text of receivedAt: one zone, so that text order is time order. */
  at: string | null = null
  private lines: readonly string[] = []
  private index = 0
  private readonly batches: AsyncGenerator<{ readonly lines: readonly string[] }>

  private constructor(file: string) {
    this.batches = readLines(file)
  }

  static async open(file: string): Promise<Cursor> {
    const cursor = new Cursor(file)
    await cursor.next()
    return cursor
  }

  async next(): Promise<void> {
    while (this.index >= this.lines.length) {
      const batch = await this.batches.next()
      if (batch.done === true) {
        this.at = null
        return
      }
      this.lines = batch.value.lines
      this.index = 0
    }
    this.line = this.lines[this.index++] ?? ''
    if (this.line === '') return this.next()
    const from = this.line.indexOf('"receivedAt":"') + 14
    this.at = this.line.slice(from, this.line.indexOf('"', from))
  }
}
