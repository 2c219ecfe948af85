import { open, rename, rm } from 'node:fs/promises'

export interface LineWriterOptions {
  readonly signal?: AbortSignal
}

const chunkChars = 1 << 20

/** A text file written line by line in large pieces. It has its name only when it is complete: a killed writer leaves `NAME.part`. */
export interface LineWriter {
  /** Takes a line without its line end; waits only when a piece is full. */
  write(line: string): Promise<void> | undefined
  /** Writes the rest and gives the file its name. */
  close(): Promise<void>
  /** Throws away what was written. */
  abandon(): Promise<void>
}

export async function createLineWriter(file: string, options: LineWriterOptions = {}): Promise<LineWriter> {
  const part = `${file}.part`
  const handle = await open(part, 'w')
  let pieces: string[] = []
  let chars = 0
  async function flush(): Promise<void> {
    options.signal?.throwIfAborted()
    const text = pieces.join('')
    pieces = []
    chars = 0
    if (text !== '') await handle.writeFile(text)
  }
  return {
    write(line) {
      pieces.push(line, '\n')
      chars += line.length + 1
      return chars >= chunkChars ? flush() : undefined
    },
    async close() {
      await flush()
      await handle.close()
      await rename(part, file)
    },
    async abandon() {
      await handle.close()
      await rm(part, { force: true })
    },
  }
}

/** Writes all lines to a file; the file appears only when it is complete. Returns their number. */
export async function writeLines(file: string, lines: Iterable<string> | AsyncIterable<string>, options: LineWriterOptions = {}): Promise<number> {
  const writer = await createLineWriter(file, options)
  let count = 0
  try {
    for await (const line of lines) {
      const wait = writer.write(line)
      if (wait !== undefined) await wait
      count++
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
  await writer.close()
  return count
}
