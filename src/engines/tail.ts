import { open, stat } from 'node:fs/promises'

/** The last lines of a file, read from its end; empty when it does not exist. What stands before `fromByte` does not count. */
export async function lastLines(file: string, count: number, fromByte = 0): Promise<readonly string[]> {
  const tailBytes = 16_384
  try {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      const length = Math.min(size < fromByte ? size : size - fromByte, tailBytes) // smaller than before: a new file
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

export async function fileSize(file: string): Promise<number> {
  return stat(file).then(({ size }) => size, () => 0)
}
