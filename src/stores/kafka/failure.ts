import { isStationError, StationError } from '../../core/errors.ts'

const unreachableNames = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSBrokerNotFound',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSSASLAuthenticationError',
])

interface KafkaJsError {
  readonly name?: string
  readonly type?: string
  readonly message?: string
  readonly retriable?: boolean
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
}

/** Turns whatever the client library throws into one error of the family. */
export function kafkaFailure(error: unknown, operation: string, brokers: readonly string[]): StationError {
  if (isStationError(error)) return error
  const chain = causes(error)
  const type = chain.map(({ type }) => type).find((value) => value !== undefined)
  const message = chain.map(({ message }) => message).find((value) => value !== undefined && value !== '') ?? 'unknown'
  const facts = { operation, brokers: brokers.join(','), ...(type === undefined ? {} : { type }) }
  if (chain.some(({ name }) => name !== undefined && unreachableNames.has(name))) {
    return new StationError('KAFKA_UNREACHABLE', `Kafka at ${brokers.join(', ')} did not answer to ${operation}: ${firstLine(message)}`, {
      hint: "Check the brokers' address and that Kafka runs (`station engines status`, `station doctor`).",
      facts,
      retry: 'later',
      cause: error,
    })
  }
  return new StationError('KAFKA_FAILED', `Kafka refused to ${operation}: ${firstLine(message)}`, { facts, retry: chain.some(({ retriable }) => retriable === true) ? 'later' : 'never', cause: error })
}

/** The protocol's names of what went wrong, for example TOPIC_ALREADY_EXISTS. */
export function kafkaErrorTypes(error: unknown): readonly string[] {
  return causes(error).flatMap(({ type }) => (type === undefined ? [] : [type]))
}

function causes(error: unknown): readonly KafkaJsError[] {
  const found: KafkaJsError[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found.length > 20) return
    const inner = value as KafkaJsError
    found.push(inner)
    visit(inner.cause)
    for (const part of inner.errors ?? []) visit(part)
  }
  visit(error)
  return found
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}
