import { randomUUID } from 'node:crypto'
import type { ClientReadableStream } from '@grpc/grpc-js'
import { retryDelayMs, type RetryPolicy } from '../../../core/retry.ts'
import { denied, gone, isOperationUnknown, isSessionLost, sessionLost, sqlError, unreachable } from '../spark-error.ts'
import type { RunOptions } from '../session-shell.ts'
import { fetchCause, readLinkFailure, type ConnectLink } from './connect-link.ts'
import { callUnary, type ExecutePlanResponse, type Plan } from './connect-stub.ts'

type ExecutionOptions = Pick<RunOptions, 'signal' | 'onProgress' | 'origin'>

/** About five seconds of reconnecting: a server that is restarted has lost the operation anyway. */
const reattachPolicy: RetryPolicy = { attempts: 6, firstDelayMs: 100, maximumDelayMs: 2_000, factor: 2 }
/** A running operation reports progress every two seconds, so a silence this long means a dead connection. */
const longestSilenceMs = 90_000
const controlTimeoutMs = 5_000

/**
 * Runs one plan as a reattachable operation and yields its responses, each once, across cut connections.
 * Ends the operation on the server when the consumer stops early or the signal aborts.
 */
export async function* executePlan(link: ConnectLink, plan: Plan, options: ExecutionOptions): AsyncGenerator<ExecutePlanResponse> {
  const operationId = randomUUID()
  const attachment: Attachment = { operationId, lastResponseId: null, accepted: false, complete: false, ending: 'interrupt' }
  let call: ClientReadableStream<ExecutePlanResponse> | null = null
  try {
    for (let failures = 0; ; ) {
      options.signal.throwIfAborted()
      call = openCall(link, plan, attachment)
      try {
        for await (const response of responsesOf(call, link, options.signal)) {
          failures = 0
          attachment.lastResponseId = response.responseId ?? attachment.lastResponseId
          if (response.responseType === 'resultComplete') attachment.complete = true
          reportProgress(response, options.onProgress)
          yield response
        }
        if (attachment.complete) {
          attachment.ending = 'release'
          return
        }
        // the server bounds the length of one stream: the rest comes by reattaching
        if (attachment.lastResponseId === null) failures++
      } catch (error) {
        options.signal.throwIfAborted()
        failures++
        await judgeFailure(error, failures, { link, attachment, options })
      }
      if (failures > 0) await link.context.clock.sleep(retryDelayMs(reattachPolicy, failures), options.signal)
    }
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : error
  } finally {
    call?.cancel()
    await endOperation(link, attachment)
  }
}

interface Attachment {
  readonly operationId: string
  lastResponseId: string | null
  /** The server said that it already has the operation, though no response of it came yet. */
  accepted: boolean
  complete: boolean
  /** What the server still has to be told when the loop is left. */
  ending: 'interrupt' | 'release' | 'nothing'
}

function openCall(link: ConnectLink, plan: Plan, attachment: Attachment): ClientReadableStream<ExecutePlanResponse> {
  const { operationId, lastResponseId } = attachment
  if (lastResponseId !== null || attachment.accepted) {
    return link.stub.reattachExecute({ ...link.identity(), operationId, ...(lastResponseId === null ? {} : { lastResponseId }) }, link.metadata)
  }
  // sent again after a broken stream, the same operation id cannot run twice: the server sees to that
  return link.stub.executePlan({ ...link.identity(), operationId, plan, requestOptions: [{ reattachOptions: { reattachable: true } }] }, link.metadata)
}

/** Throws what is final; returns normally when attaching again makes sense. */
async function judgeFailure(
  error: unknown,
  failures: number,
  at: { readonly link: ConnectLink; readonly attachment: Attachment; readonly options: ExecutionOptions },
): Promise<void> {
  const { link, attachment, options } = at
  const failure = readLinkFailure(error, link.status)
  const started = attachment.lastResponseId !== null || attachment.accepted
  switch (failure.kind) {
    case 'denied':
      throw denied(link.address, failure.detail, error)
    case 'engine': {
      const { condition } = failure.failure
      if (condition === 'INVALID_HANDLE.OPERATION_ALREADY_EXISTS' && !started) {
        attachment.accepted = true
        return
      }
      attachment.ending = 'nothing'
      if (isSessionLost(condition)) throw started ? gone(link.address, 'the server lost the session', error) : sessionLost(link.address, error)
      if (isOperationUnknown(condition)) throw gone(link.address, 'the server does not know the operation any more', error)
      const cause = await fetchCause(link, failure.errorId, error)
      attachment.ending = 'release'
      throw sqlError(failure.failure, { ...(options.origin === undefined ? {} : { origin: options.origin }), cause })
    }
    case 'broken':
      if (!started && failures === 1 && failure.refused) {
        attachment.ending = 'nothing'
        throw unreachable(link.address, failure.detail, error)
      }
      if (failures >= reattachPolicy.attempts) {
        attachment.ending = 'nothing'
        throw gone(link.address, failure.detail, error)
      }
      link.context.log.write('debug', 'spark connect: stream broke, attaching again', { operation: attachment.operationId, failures })
  }
}

async function* responsesOf(call: ClientReadableStream<ExecutePlanResponse>, link: ConnectLink, signal: AbortSignal): AsyncGenerator<ExecutePlanResponse> {
  const cancel = (): void => call.cancel()
  call.on('error', () => undefined) // an error after the loop was left has no other listener
  signal.addEventListener('abort', cancel, { once: true })
  const responses = call[Symbol.asyncIterator]() as AsyncIterator<ExecutePlanResponse>
  try {
    for (;;) {
      const next = await withoutSilence(responses.next(), link, call)
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Cancels the call when nothing comes for too long: the failure then reads as a broken stream. */
async function withoutSilence<T>(next: Promise<T>, link: ConnectLink, call: ClientReadableStream<unknown>): Promise<T> {
  const heard = new AbortController()
  link.context.clock.sleep(longestSilenceMs, heard.signal).then(() => call.cancel(), () => undefined)
  try {
    return await next
  } finally {
    heard.abort()
  }
}

function reportProgress(response: ExecutePlanResponse, report: ExecutionOptions['onProgress']): void {
  const progress = response.executionProgress
  if (report === undefined || progress === undefined) return
  const stages = progress.stages ?? []
  const total = stages.reduce((sum, stage) => sum + Number(stage.numTasks ?? 0), 0)
  const done = stages.reduce((sum, stage) => sum + Number(stage.numCompletedTasks ?? 0), 0)
  if (total === 0) return
  const stageText = `${stages.length} stage${stages.length === 1 ? '' : 's'}`
  report({ fraction: Math.min(1, done / total), text: `${done} of ${total} tasks in ${stageText}, ${Number(progress.numInflightTasks ?? 0)} running` })
}

/** Frees the server's buffers; an operation that is not finished is interrupted first. Failures are of no use to anybody by then. */
async function endOperation(link: ConnectLink, attachment: Attachment): Promise<void> {
  const { operationId, ending } = attachment
  if (ending === 'nothing') return
  const options = { metadata: link.metadata, deadlineAtMs: link.context.clock.now() + controlTimeoutMs }
  const identity = link.identity()
  try {
    if (ending === 'interrupt') {
      await callUnary(link.stub, 'interrupt', { ...identity, interruptType: 'INTERRUPT_TYPE_OPERATION_ID', operationId }, options)
    }
    await callUnary(link.stub, 'releaseExecute', { ...identity, operationId, releaseAll: {} }, options)
  } catch (error) {
    if (ending === 'interrupt') link.context.log.write('debug', 'spark connect: the operation could not be ended', { operation: operationId, reason: error instanceof Error ? error.message : String(error) })
  }
}

