import type { HiveClient } from 'hive-driver'

interface ThriftTransport {
  new (buffer: Buffer): object
  receiver(callback: (transport: object) => void): (data: Buffer) => void
}

const frameHeadBytes = 4

/**
 * The transports of the driver's Thrift library. Its framed one collects each byte of an answer as an element of an array,
 * which costs eight times the memory and most of the time of a large page; this one joins the pieces.
 */
export function createTransports(client: HiveClient): { readonly framed: ThriftTransport; readonly buffered: ThriftTransport } {
  // the driver keeps its copy of the library here, which is no dependency of ours
  const { TFramedTransport, TBufferedTransport } = (client as unknown as { thrift: { TFramedTransport: ThriftTransport; TBufferedTransport: ThriftTransport } }).thrift
  class JoiningTransport extends TFramedTransport {
    static override receiver(callback: (transport: object) => void): (data: Buffer) => void {
      const read = createFrameReader()
      return (data) => {
        for (const frame of read(data)) callback(new TFramedTransport(frame))
      }
    }
  }
  return { framed: JoiningTransport, buffered: TBufferedTransport }
}

/** Collects pieces of a stream and returns the frames that are complete with each: four bytes of length, big endian, then the frame. */
export function createFrameReader(): (piece: Buffer) => Buffer[] {
  let pieces: Buffer[] = []
  let size = 0
  let needed = frameHeadBytes
  return (piece) => {
    pieces.push(piece)
    size += piece.length
    const frames: Buffer[] = []
    while (size >= needed) {
      const all = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size)
      const end = frameHeadBytes + all.readUInt32BE(0)
      pieces = [all]
      needed = end
      if (size < end) break
      frames.push(all.subarray(frameHeadBytes, end))
      const rest = all.subarray(end)
      pieces = rest.length === 0 ? [] : [rest]
      size = rest.length
      needed = frameHeadBytes
    }
    return frames
  }
}
