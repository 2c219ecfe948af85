import { open } from 'node:fs/promises'

/** The last lines of a file, read from its end; empty when it does not exist. */
export async function lastLines(file: string, count: number): Promise<readonly string[]> {
  const tailBytes = 16_384
  try {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      const length = Math.min(size, tailBytes)
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length)
      return buffer
        .toString('utf8')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .slice(-count)
    } finally {
      await handle.close()
    }
  } catch {
    return []
  }
}
