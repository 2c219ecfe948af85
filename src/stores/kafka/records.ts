/** A record to write. */
export interface KafkaRecord {
  readonly key: string | Buffer | null
  /** null deletes the key of a compacted topic. */
  readonly value: string | Buffer | null
  /** Event time, epoch milliseconds; default: now, as the client sees it. */
  readonly timestampMs?: number
  /** Default: by the hash of the key, as the Java client does. */
  readonly partition?: number
  readonly headers?: Readonly<Record<string, string | Buffer>>
}

/** A record as read. */
export interface KafkaReading {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer>>
}

export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  /** Default 1. */
  readonly replicationFactor?: number
  /** Topic settings such as `cleanup.policy`. */
  readonly settings?: Readonly<Record<string, string>>
}
