import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { createCallRequestFormatter, parseCallAnswerLine, type CallAnswer, type CallRequest } from '../../records/call.ts'

/** A program that answers calls: lines of JSON in, lines of JSON out, in any order. */
export interface AnsweringProgram {
  /** Asks and waits for every answer. Throws CALLS_FAILED when the program ends or prints what is no answer to an open call. */
  ask(requests: readonly CallRequest[]): Promise<readonly CallAnswer[]>
  close(): Promise<void>
}

const endWaitMs = 5_000
const endGraceMs = 2_000

/** Starts the command line by `/bin/sh -c`; its standard error passes through. */
export function startAnsweringProgram(command: string, options: { readonly context: Context; readonly zone: string }): AnsweringProgram {
  const { context, zone } = options
  const format = createCallRequestFormatter(zone)
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...context.env }, cwd: context.cwd, detached: true })
  const waiting = new Map<string, (answer: CallAnswer) => void>()
  let failure: StationError | undefined
  let onFailure: ((error: StationError) => void) | undefined
  let closing = false
  const fail = (message: string): void => {
    if (closing) return
    failure ??= new StationError('CALLS_FAILED', message, { hint: 'The program gets one line {"callId","deviceId","askedAt"} per call and answers each with {"callId","kind","delayMs"}.' })
    onFailure?.(failure)
  }
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fail(`the answering program could not be started: ${error.message}`)
      resolve()
    })
    child.once('close', (code, signal) => {
      fail(`the answering program ended early with ${signal ?? `exit ${code ?? 'unknown'}`}`)
      resolve()
    })
  })
  // mostly it has ended: then its exit tells more
  child.stdin.on('error', () => void context.clock.sleep(endGraceMs, context.signal).then(() => fail('the answering program closed its input'), () => undefined))
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (line === '') return
    const parsed = parseCallAnswerLine(line)
    if (!parsed.ok) return fail(`the answering program printed no answer: ${parsed.problems.join('; ')}`)
    const resolve = waiting.get(parsed.value.callId)
    if (resolve === undefined) return fail(`the answering program answered a call that is not open: ${parsed.value.callId}`)
    waiting.delete(parsed.value.callId)
    resolve(parsed.value)
  })
  const kill = (): void => {
    try {
      if (child.pid !== undefined) globalKill(child.pid)
    } catch {
      // it has gone already
    }
  }
  const globalKill = (pid: number): void => void spawn('/bin/sh', ['-c', 'kill -TERM -- "-$1"', 'kill', String(pid)], { stdio: 'ignore' })
  context.signal.addEventListener('abort', kill, { once: true })

  return {
    async ask(requests) {
      if (requests.length === 0) return []
      return await new Promise<readonly CallAnswer[]>((resolve, reject) => {
        const abort = (): void => reject(context.signal.reason as Error)
        const settle = (finish: () => void): void => {
          onFailure = undefined
          context.signal.removeEventListener('abort', abort)
          finish()
        }
        context.signal.addEventListener('abort', abort, { once: true })
        onFailure = (error) => settle(() => reject(error))
        if (failure !== undefined) return onFailure(failure)
        const answers: CallAnswer[] = []
        for (const request of requests) {
          waiting.set(request.callId, (answer) => {
            answers.push(answer)
            if (answers.length === requests.length) settle(() => resolve(answers))
          })
        }
        child.stdin.write(requests.map((request) => `${format(request)}\n`).join(''))
      })
    },
    async close() {
      closing = true
      child.stdin.end()
      const timeout = AbortSignal.timeout(endWaitMs)
      await Promise.race([ended, context.clock.sleep(endWaitMs, timeout).catch(() => undefined)])
      if (child.exitCode === null && child.signalCode === null) kill()
      context.signal.removeEventListener('abort', kill)
    },
  }
}
