import { open, rename, rm } from 'node:fs/promises'

export interface LineWriterOptions {
  readonly signal?: AbortSignal
}

/** Small enough that lines are written before the garbage collector has moved them. */
const chunkChars = 1 << 16

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
    const take = (line: string): Promise<void> | undefined => {
      count++
      return writer.write(line)
    }
    if (Symbol.iterator in lines) {
      // a plain iterable is not made to wait at every line
      for (const line of lines) {
        const wait = take(line)
        if (wait !== undefined) await wait
      }
    } else for await (const line of lines) await take(line)
  } catch (error) {
    await writer.abandon()
    throw error
  }
  await writer.close()
  return count
}
